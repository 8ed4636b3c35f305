namespace HealthGrains.Benchmarks.Detector;

/// <summary>Published figures of one method: median days and share found within 14 days, a scenario each.</summary>
/// <param name="Cells">In the order of <see cref="Scenario.Changes"/>.</param>
/// <param name="Steady">Share of accounts that alarm in a year under steady declines; empty where not published.</param>
public sealed record Reference((int Median, double Within14)[] Cells, double[] Steady)
{
    public static readonly Reference Naive = new([(61, .02), (60, .12), (60, .11), (10, .77), (61, .27)], []);

    public static readonly Reference SevenDays = new([(61, .06), (16, .41), (16, .43), (8, 1), (7, .70)], []);

    public static readonly Reference Ewma = new([(23, .03), (13, .74), (10, .98), (8, 1), (9, .74)], []);

    /// <summary>Kalman local linear trend, slope z: the figures that declining must not fall behind.</summary>
    public static readonly Reference Slope = new([(20, .14), (11, .92), (10, .97), (7, 1), (6, .94)], []);

    public static readonly Reference SlopeInCalendar = new([(20, .10), (12, .90), (10, .98), (7, 1), (6, .94)], []);

    /// <summary>Slope minus slow slope: the figures that accelerating must not fall behind.</summary>
    public static readonly Reference Acceleration =
        new([(18, .26), (11, .96), (11, .91), (7, 1), (4, .98)], [.11, .14, .17, .25]);
}
