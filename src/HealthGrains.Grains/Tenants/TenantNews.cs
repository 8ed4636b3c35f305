using HealthGrains.Delivery;
using HealthGrains.Hosting;
using HealthGrains.Tenants;

namespace HealthGrains.Grains.Tenants;

/// <summary>What a count of the tenant leaves to be stored elsewhere and told: once, for ids are stable.</summary>
/// <param name="Dispatches">What is to leave the house.</param>
/// <param name="Audit">What was found: of each dispatch the entry with its number.</param>
/// <param name="Changed">Sources that fell silent for all accounts, or are back.</param>
public sealed record TenantNews(
    IReadOnlyList<Dispatch> Dispatches, IReadOnlyList<AuditView> Audit, IReadOnlyList<SourceView> Changed)
{
    /// <summary>What a turn leaves; null when that is nothing.</summary>
    public static TenantNews? Of(TenantTurn turn) => turn.Changed.Count == 0 ? null
        : new TenantNews(turn.Dispatches, [.. turn.Audit.Select(entry => entry.Entry)], turn.Changed);
}
