namespace HealthGrains.Cluster.Tests;

/// <summary>
/// How often a test of survival runs. In the suite once; with <c>HEALTHGRAINS_LONG=1</c> in the environment often, each time with
/// another seed, which moves what is sent and when the accident happens. The seed is in the test's name.
/// </summary>
public static class Runs
{
    /// <summary>Kills and rebalances.</summary>
    public static TheoryData<int> OfKills => Seeds(20);

    /// <summary>All else.</summary>
    public static TheoryData<int> OfTheRest => Seeds(5);

    /// <summary>How long the database is gone.</summary>
    internal static TimeSpan Outage => TimeSpan.FromSeconds(AreMany ? 60 : 5);

    private static bool AreMany => Environment.GetEnvironmentVariable("HEALTHGRAINS_LONG") == "1";

    private static TheoryData<int> Seeds(int count) => [.. Enumerable.Range(1, AreMany ? count : 1)];
}
