namespace HealthGrains.Cli.Bench;

/// <summary>How much is measured.</summary>
internal sealed record BenchScale
{
    /// <summary>Accounts of the large book.</summary>
    public int Accounts { get; init; } = 100_000;

    /// <summary>How long the load lasts after its warm-up.</summary>
    public int Seconds { get; init; } = 15;

    /// <summary>Accounts of the made-up company whose signals are replayed from a file and sent one by one.</summary>
    public int CompanyAccounts { get; init; } = 2_000;

    /// <summary>Whether it is small: it then says so, and its figures are rough.</summary>
    public bool Quick { get; init; }

    public static BenchScale Full { get; } = new();

    public static BenchScale Tenth { get; } = new() { Accounts = 10_000, Seconds = 4, CompanyAccounts = 200, Quick = true };

    /// <summary>Six weeks of signals, sent before anything is measured.</summary>
    public int History => Accounts * 60;

    /// <summary>Signals of the measured intake: two checkpoints' worth at full scale.</summary>
    public int Intake => Accounts * 20;

    /// <summary>Signals that are only in the journal when the process is killed.</summary>
    public int Journaled => Accounts * 12;

    /// <summary>Signals a second while questions are asked.</summary>
    public int LoadPerSecond => Math.Max(Accounts / 5, 40);

    /// <summary>Accounts that have a stream of their own.</summary>
    public int Watched => Math.Min(10, Accounts / 10);

    /// <summary>Signals sent alone, one request after the other.</summary>
    public int Singles => Math.Clamp(Accounts / 25, 20, 2_000);
}
