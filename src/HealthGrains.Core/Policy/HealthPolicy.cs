using HealthGrains.Accounts;
using HealthGrains.Decline;
using HealthGrains.Health;
using HealthGrains.Tenants;

namespace HealthGrains.Policy;

/// <summary>Moves the limits of the bands for a tier or for young accounts.</summary>
/// <param name="Tier">Only for this tier; null for all.</param>
/// <param name="MaxAgeDays">Only for accounts younger than this; null for all.</param>
/// <param name="Points">Added to both limits: positive is stricter.</param>
public sealed record BandShift(Tier? Tier, int? MaxAgeDays, double Points);

/// <summary>What the company decides about bands, caps and alerts: data, versioned.</summary>
public sealed record HealthPolicy
{
    /// <summary>The name of this version.</summary>
    public required string Version { get; init; }
    /// <summary>What it is, for people.</summary>
    public required string Title { get; init; }
    /// <summary>Scores below are red.</summary>
    public double RedBelow { get; init; } = 40;
    /// <summary>Scores below are yellow.</summary>
    public double YellowBelow { get; init; } = 65;
    /// <summary>Moves of the bands' limits; all that apply add up.</summary>
    public IReadOnlyList<BandShift> BandShifts { get; init; } = [];

    /// <summary>The highest score with an invoice unpaid for <see cref="UnpaidDays"/>.</summary>
    public double UnpaidLimit { get; init; } = 35;
    /// <summary>Days unpaid at which that cap is reached; it comes down over the four days before.</summary>
    public double UnpaidDays { get; init; } = 14;
    /// <summary>The highest score after the champion left and no other joined.</summary>
    public double ChampionGoneLimit { get; init; } = 60;
    /// <summary>Days after which that cap is over; it goes up over the last thirty.</summary>
    public double ChampionGoneDays { get; init; } = 90;
    /// <summary>The highest score once cancellation is requested, until a renewal or a deal.</summary>
    public double CancelRequestedLimit { get; init; } = 20;

    /// <summary>No alert below this coverage, 0..1.</summary>
    public double AlertCoverage { get; init; } = 0.3;
    /// <summary>Points above the limit that end a risk episode ...</summary>
    public double RecoveryMargin { get; init; } = 5;
    /// <summary>... when kept for so many days.</summary>
    public int RecoveryDays { get; init; } = 3;
    /// <summary>How far, in points, a yellow score must have fallen within the calendar to be a risk rather than a habit.</summary>
    public double YellowDrop { get; init; } = 28;
    /// <summary>A decline alone raises a risk episode only below this score.</summary>
    public double DeclineAlertBelow { get; init; } = 85;
    /// <summary>Where users are known and speak for themselves, a decline alone raises a risk only from so many standard errors.</summary>
    public double DeclineAlertZ { get; init; } = 7;
    /// <summary>Days unpaid that raise a risk before the cap comes down: a week, and half a day for the seventh day's attempt.</summary>
    public double UnpaidAlertDays { get; init; } = 7.5;
    /// <summary>Days without a champion that raise a risk: most successors are named sooner. The cap shows at once.</summary>
    public double ChampionAlertDays { get; init; } = 13;
    /// <summary>When fading use raises a risk; null for never.</summary>
    public UsageRule? Usage { get; init; } = new();
    /// <summary>Categories that raise a risk alone.</summary>
    public IReadOnlyList<CategoryRule> Categories { get; init; } = [new("support", 50, 38, 28)];
    /// <summary>
    /// The decline detector's thresholds, from the false-alarm budget. The closes come from sliding windows, so that their noise is
    /// small and smooth, and its tails are long (holidays, small teams): other priors and higher thresholds than
    /// <see cref="DeclineSettings.Default"/>, measured by the benchmarks' verb <c>risk</c>.
    /// </summary>
    public DeclineSettings Decline { get; init; } =
        new() { NoisePrior = 3.0, CorrelationPrior = 0.85, DecliningZ = 5.6, AcceleratingZ = 5.4 };

    /// <summary>When a source is thought dead for all accounts; null for never.</summary>
    public ConnectorRule? Connector { get; init; } = new();

    /// <summary>The limits of red and yellow for an account at a moment.</summary>
    public (double Red, double Yellow) Limits(AccountProfile profile, long at)
    {
        var shift = 0.0;
        foreach (var move in BandShifts)
        {
            if (move.Tier is { } tier && tier != profile.Tier) continue;
            if (move.MaxAgeDays is { } days
                && !(profile.StartedAt is { } started && at - started.ToUnixTimeMilliseconds() < days * Days.Millis)) continue;
            shift += move.Points;
        }
        return (RedBelow + shift, YellowBelow + shift);
    }

    /// <summary>The band of a score.</summary>
    public Band BandOf(double score, AccountProfile profile, long at)
    {
        var (red, yellow) = Limits(profile, at);
        return score < red ? Band.Red : score < yellow ? Band.Yellow : Band.Green;
    }
}
