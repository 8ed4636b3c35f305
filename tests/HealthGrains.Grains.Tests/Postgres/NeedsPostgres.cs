using HealthGrains.HostContract;
using Xunit.Sdk;

namespace HealthGrains.Grains.Tests.Postgres;

/// <summary>On a class whose tests are skipped, with the reason, where there is no PostgreSQL.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgresAttribute : RequirementAttribute
{
    public override string? Missing => PostgresServer.Missing;
}

// By these names, so that the tests of this folder are marked as tests are everywhere.

[XunitTestCaseDiscoverer("HealthGrains.HostContract.RequiringFactDiscoverer", "HealthGrains.HostContract")]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactAttribute : Xunit.FactAttribute;

[XunitTestCaseDiscoverer("HealthGrains.HostContract.RequiringTheoryDiscoverer", "HealthGrains.HostContract")]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TheoryAttribute : Xunit.TheoryAttribute;
