namespace HealthGrains.Decline;

/// <summary>
/// Settings of <see cref="DeclineDetector"/>. Thresholds are in standard errors, and each comes from a false-alarm budget: 10 % of
/// healthy accounts (a third each sloping by -0.1, 0 and +0.1 a day, under AR(1) noise of phi 0.3 and sigma 4) alarm at least once
/// in a year, which is an alarm in 9.5 account-years. They were measured on 20,000 accounts by the benchmarks' verb
/// <c>detector</c>, which prints them; how and why: docs/decisions/0002-decline-detector.md.
/// </summary>
/// <remarks>
/// The budget holds for accounts whose noise is as <see cref="NoisePrior"/> and <see cref="CorrelationPrior"/> say. A company whose
/// scores are quieter or wilder as a whole sets them from its own accounts; <see cref="Trend.Noise"/> tells each one's.
/// </remarks>
public readonly record struct DeclineSettings
{
    /// <summary>Settings in which declining and accelerating both alert and share the budget of 10 % a year.</summary>
    public static readonly DeclineSettings Default = new();

    /// <summary>Settings in which only declining (and improving) is told, with the whole budget of 10 % a year.</summary>
    public static readonly DeclineSettings DecliningAlone = new() { DecliningZ = 3.30, AcceleratingZ = double.PositiveInfinity };

    /// <summary>Settings in which only accelerating is told, with the whole budget of 10 % a year.</summary>
    public static readonly DeclineSettings AcceleratingAlone = new() { DecliningZ = double.PositiveInfinity, AcceleratingZ = 3.18 };

    /// <summary>The defaults.</summary>
    public DeclineSettings()
    {
    }

    /// <summary>Standard errors below zero at which the slope is declining; above zero, improving.</summary>
    public double DecliningZ { get; init; } = 3.43;

    /// <summary>Standard errors below the slow slope at which a falling account is accelerating.</summary>
    public double AcceleratingZ { get; init; } = 3.31;

    /// <summary>Days before now at which the line may bend, 2..28. Two weeks: the delay that the budget affords for a bend of
    /// one point a day, and a whole number of weeks.</summary>
    public double KnotDays { get; init; } = 14;

    /// <summary>Days before now of the short knot, 2..28, for steps and dives.</summary>
    public double ShortKnotDays { get; init; } = 5;

    /// <summary>How many weekly means before the calendar count, 0..: 12 weeks and 42 closes reach 126 days back.</summary>
    public int SlowWeeks { get; init; } = 12;

    /// <summary>Standard deviation of slow slopes among accounts, points a day. With little history the slow slope is shrunk
    /// toward zero by it; with four months of history it has no say.</summary>
    public double SlowSlopeSpread { get; init; } = 0.3;

    /// <summary>Slopes that healthy accounts keep up for months, points a day. A slow slope is called a decline for exceeding
    /// these, however exactly it is known.</summary>
    public double HealthySlope { get; init; } = 0.1;

    /// <summary>Expected standard deviation of the daily noise, points.</summary>
    public double NoisePrior { get; init; } = 4;

    /// <summary>Expected correlation of one day's noise with the next, 0..1.</summary>
    public double CorrelationPrior { get; init; } = 0.3;

    /// <summary>How far an account's own noise must be above the prior, as a difference of logarithms, to be half believed. Twelve
    /// weeks and 42 closes tell it with a standard error of about 0.17.</summary>
    public double WilderDoubt { get; init; } = 0.35;

    /// <summary>The same below the prior. It takes more to be believed quiet, since a quiet spell taken for a quiet account makes
    /// a false alarm.</summary>
    public double QuieterDoubt { get; init; } = 1.0;

    /// <summary>The least noise believed, points: a score that never moved may not turn a point's fall into an alarm.</summary>
    public double NoiseFloor { get; init; } = 1;

    /// <summary>Observed closes before any state other than steady is told.</summary>
    public int MinimumCloses { get; init; } = 14;

    /// <summary>Observed closes before accelerating is told; with fewer there is no slow slope to compare with.</summary>
    public int MinimumClosesToAccelerate { get; init; } = 28;
}
