using HealthGrains.Tenants;

namespace HealthGrains.Embedded.Storage;

/// <summary>What was counted of the tenant, as it is journaled.</summary>
/// <param name="Turn">The number of the turn in which it began to count.</param>
/// <param name="Pulse">What was counted.</param>
internal sealed record CountedTenant(long Turn, TenantPulse Pulse);
