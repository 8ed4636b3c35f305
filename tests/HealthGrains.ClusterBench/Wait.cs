namespace HealthGrains.ClusterBench;

/// <summary>What the mock brokers' helpers wait for at most.</summary>
internal static class Wait
{
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);
}
