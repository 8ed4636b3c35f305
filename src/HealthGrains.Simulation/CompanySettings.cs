namespace HealthGrains.Simulation;

/// <summary>
/// What kind of company to simulate. The life of an account depends on <see cref="Seed"/>, <see cref="Start"/> and the settings
/// about accounts; never on <see cref="Accounts"/> or <see cref="Days"/>, so a larger company or a longer window only adds.
/// </summary>
public sealed record CompanySettings
{
    /// <summary>The seed of all chance.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many customer accounts. 1 to 1,000,000.</summary>
    public int Accounts { get; init; } = 200;

    /// <summary>
    /// Mean annual recurring revenue of an account in USD. Revenue is log-normal and spread evenly over its quantiles, so that the
    /// first 200 accounts already come to 200 times this within a few per cent.
    /// </summary>
    public decimal ArrPerAccount { get; init; } = 20_000m;

    /// <summary>Annual recurring revenue that the company aims at: <see cref="Accounts"/> times <see cref="ArrPerAccount"/>.</summary>
    public decimal TotalArr => ArrPerAccount * Accounts;

    /// <summary>Customer success managers. 1 to 50.</summary>
    public int Csms { get; init; } = 5;

    /// <summary>Midnight (UTC) of day 0; a later time of day is cut off.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Days of the window that files cover and truth is told for. A simulator goes on beyond it.</summary>
    public int Days { get; init; } = 120;

    /// <summary>
    /// Share of accounts that leave within a year, 0 to below 1. At 0.18, about 6 of 100 accounts end within 120 days. Small accounts
    /// leave more often than this, enterprises less.
    /// </summary>
    public double AnnualChurn { get; init; } = 0.18;

    /// <summary>How the leaving accounts leave.</summary>
    public ChurnShares Shapes { get; init; } = new();

    /// <summary>Share of accounts whose usage comes in Segment's shape; and, independently, whose billing comes in Stripe's.</summary>
    public double ForeignShare { get; init; } = 0.2;

    /// <summary>
    /// Share of signals that arrive dirty, 0 to 1: a third of them twice, half of them out of order within hours, the rest days late.
    /// </summary>
    public double Dirt { get; init; }

    /// <summary>Midnight of day 0 in Unix milliseconds.</summary>
    internal long StartMilliseconds => new DateTimeOffset(Start.UtcDateTime.Date, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>The date of a day.</summary>
    internal DateOnly Date(int day) => DateOnly.FromDateTime(Start.UtcDateTime).AddDays(day);

    /// <summary>The day of a date.</summary>
    internal int Day(DateOnly date) => date.DayNumber - DateOnly.FromDateTime(Start.UtcDateTime).DayNumber;

    /// <summary>Throws <see cref="ArgumentException"/> for settings that describe no company.</summary>
    internal void Validate()
    {
        if (Accounts is < 1 or > 1_000_000) throw new ArgumentException($"accounts must be 1 to 1,000,000, not {Accounts}");
        if (Csms is < 1 or > 50) throw new ArgumentException($"CSMs must be 1 to 50, not {Csms}");
        if (Days < 1) throw new ArgumentException($"days must be positive, not {Days}");
        if (ArrPerAccount is < 100 or > 100_000_000) throw new ArgumentException("revenue per account must be 100 to 100,000,000");
        if (AnnualChurn is not (>= 0 and < 1)) throw new ArgumentException($"annual churn must be 0 to below 1, not {AnnualChurn}");
        if (ForeignShare is not (>= 0 and <= 1)) throw new ArgumentException($"the foreign share must be 0 to 1, not {ForeignShare}");
        if (Dirt is not (>= 0 and <= 1)) throw new ArgumentException($"dirt must be 0 to 1, not {Dirt}");
        Shapes.Validate();
    }
}
