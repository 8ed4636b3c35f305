using HealthGrains.Health;
using HealthGrains.Hosting;

namespace HealthGrains.Cli.Replay;

/// <summary>What a replay came to. The first four add up to what was in the files.</summary>
internal sealed record ReplayReport
{
    public required long Accepted { get; init; }
    public required long Duplicates { get; init; }
    public required long Held { get; init; }
    public required long Rejected { get; init; }
    /// <summary>Those of the accepted that were older than the calendar when they came.</summary>
    public required long Late { get; init; }
    public required int Accounts { get; init; }
    public required int Churned { get; init; }
    /// <summary>Active accounts by band at the end.</summary>
    public required IReadOnlyDictionary<Band, int> Bands { get; init; }
    /// <summary>Alerts raised along the way.</summary>
    public required long Alerts { get; init; }
    public required IReadOnlyDictionary<string, long> AlertsByRule { get; init; }
    public required int OpenAlerts { get; init; }
    public required DateTimeOffset? From { get; init; }
    public required DateTimeOffset? Until { get; init; }
    public required TimeSpan Took { get; init; }
    public required IReadOnlyList<ReplayError> Errors { get; init; }
    /// <summary>Every account at the end, worst first.</summary>
    public required IReadOnlyList<AccountSummary> Final { get; init; }

    public long Sent => Accepted + Duplicates + Held + Rejected;

    public double SignalsPerSecond => Sent / Math.Max(Took.TotalSeconds, 1e-9);
}

/// <summary>An event that was refused.</summary>
internal sealed record ReplayError(string File, long Line, string Field, string Reason);
