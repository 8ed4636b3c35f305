using HealthGrains.Decline;
using HealthGrains.Health;
using HealthGrains.Hosting;

namespace HealthGrains.Accounts;

/// <summary>
/// An account's numbers at a moment: a row of the list without what only the profile changes. Holds no references, so that a host
/// may keep those of all accounts side by side and renew them thousands of times a second with nothing for the collector to do.
/// </summary>
public readonly record struct AccountFigures
{
    /// <summary>0..100.</summary>
    public required double Score { get; init; }
    /// <summary>Lower end of the 80 % interval.</summary>
    public required double Low { get; init; }
    /// <summary>Upper end of the 80 % interval.</summary>
    public required double High { get; init; }
    /// <summary>0..1.</summary>
    public required double Coverage { get; init; }
    /// <summary>Change of the score in 7 days, points.</summary>
    public required double Change7Days { get; init; }
    /// <summary>Slope, points a day.</summary>
    public required double SlopePerDay { get; init; }
    /// <summary>0..1 within the model's horizon.</summary>
    public required double ChurnProbability { get; init; }
    /// <summary>ARR times probability; null when the ARR is not known.</summary>
    public required decimal? ArrAtRisk { get; init; }
    /// <summary>Lower bound of the money.</summary>
    public required decimal? ArrAtRiskLow { get; init; }
    /// <summary>Upper bound of the money.</summary>
    public required decimal? ArrAtRiskHigh { get; init; }
    /// <summary>Version of the account.</summary>
    public required long Version { get; init; }
    /// <summary>When it was evaluated, Unix milliseconds.</summary>
    public required long AsOf { get; init; }
    /// <summary>How many alerts are open or acknowledged.</summary>
    public required int OpenAlerts { get; init; }
    /// <summary>Red, yellow or green.</summary>
    public required Band Band { get; init; }
    /// <summary>Trend.</summary>
    public required DeclineState Decline { get; init; }
    /// <summary>Active or churned.</summary>
    public required AccountStatus Status { get; init; }

    /// <summary>The row of the list.</summary>
    /// <param name="profile">The account's profile.</param>
    /// <param name="model">The version of the model that judged.</param>
    public AccountSummary Summary(AccountProfile profile, string model) => new()
    {
        Id = profile.Id, Name = profile.Name, Tier = profile.Tier, Segment = profile.Segment, Arr = profile.Arr,
        Currency = profile.Currency, Owner = profile.Owner, RenewalDate = profile.RenewalDate,
        Status = Status, Score = Score, Low = Low, High = High, Band = Band, Coverage = Coverage, Change7Days = Change7Days,
        Decline = Decline, SlopePerDay = SlopePerDay, ChurnProbability = ChurnProbability,
        ArrAtRisk = ArrAtRisk, ArrAtRiskLow = ArrAtRiskLow, ArrAtRiskHigh = ArrAtRiskHigh,
        OpenAlerts = OpenAlerts, Version = Version, Model = model, AsOf = DateTimeOffset.FromUnixTimeMilliseconds(AsOf),
    };
}
