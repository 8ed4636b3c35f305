namespace HealthGrains.ClusterBench;

/// <summary>How much is measured.</summary>
internal sealed record BenchScale
{
    /// <summary>Accounts that signals are about.</summary>
    public int Accounts { get; init; } = 50_000;

    /// <summary>Seconds of each measurement, after its warm-up.</summary>
    public int Seconds { get; init; } = 20;

    /// <summary>How often one silo and three are measured by turns.</summary>
    public int Turns { get; init; } = 4;

    /// <summary>Accounts that the database holds when memory is measured.</summary>
    public int Known { get; init; } = 1_000_000;

    /// <summary>How many of them are active.</summary>
    public int Active { get; init; } = 100_000;

    /// <summary>Signals a second while latencies are measured.</summary>
    public int LoadPerSecond { get; init; } = 10_000;

    /// <summary>Questions a second.</summary>
    public int PollsPerSecond { get; init; } = 1_000;

    /// <summary>Plays that run when ticks are measured.</summary>
    public int Plays { get; init; } = 100_000;

    /// <summary>Ticks a second while their lateness is measured.</summary>
    public int TicksPerSecond { get; init; } = 100;

    /// <summary>Whether it is small: its figures are rough.</summary>
    public bool Quick { get; init; }

    public static BenchScale Tenth { get; } = new()
    {
        Accounts = 5_000, Seconds = 5, Known = 100_000, Active = 10_000, LoadPerSecond = 1_000, PollsPerSecond = 100, Plays = 10_000,
        Turns = 2, Quick = true,
    };

    /// <summary>Signals of six weeks that every account has before anything is measured.</summary>
    public const int HistoryPerAccount = 20;
}
