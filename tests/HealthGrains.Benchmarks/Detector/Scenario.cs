namespace HealthGrains.Benchmarks.Detector;

/// <summary>
/// A population of accounts: y(t) = slope x t + AR(1) noise with phi 0.3 and a marginal standard deviation of 4, unbounded.
/// </summary>
/// <param name="Name">As the table names it.</param>
/// <param name="Before">Slopes a day before the change, taken in turn by the accounts.</param>
/// <param name="After">Slope a day after the change.</param>
/// <param name="Step">Points added from the day after the change on.</param>
/// <param name="Watched">First day on which alarms count: the burn-in, or the day after the change.</param>
/// <param name="Days">Days in all.</param>
public sealed record Scenario(string Name, double[] Before, double? After, double Step, int Watched, int Days)
{
    const double Phi = 0.3, Sigma = 4;

    /// <summary>Healthy accounts: 60 days of burn-in, then a year.</summary>
    public static readonly Scenario Healthy = new("healthy", [-0.1, 0, 0.1], null, 0, 60, 60 + 365);

    /// <summary>Changes after 180 days; found within 60 days or not at all.</summary>
    public static readonly Scenario[] Changes =
    [
        Change("0 to -0.5", 0, -0.5), Change("0 to -1", 0, -1), Change("-0.1 to -1", -0.1, -1), Change("0 to -2", 0, -2),
        Change("step -10", 0, 0, -10),
    ];

    /// <summary>A steady decline over the same days as the healthy ones: alarms of accelerating are false here.</summary>
    public static readonly Scenario[] SteadyDeclines =
        [.. new[] { -0.1, -0.3, -0.5, -1 }.Select(slope => new Scenario($"steady {slope}", [slope], null, 0, 60, 60 + 365))];

    static Scenario Change(string name, double before, double after, double step = 0) =>
        new(name, [before], after, step, 181, 180 + 61);

    public int WatchedDays => Days - Watched;

    /// <summary>Draws an account's scores.</summary>
    public void Draw(Xoshiro random, int account, Span<double> scores)
    {
        var slope = Before[account % Before.Length];
        var innovation = Sigma * Math.Sqrt(1 - Phi * Phi);
        var noise = Sigma * random.Normal();
        var level = 0.0;
        for (var day = 0; day < Days; day++)
        {
            if (day > 0)
            {
                noise = Phi * noise + innovation * random.Normal();
                level += After is { } after && day >= Watched ? after : slope;
            }
            scores[day] = level + noise + (After is not null && day >= Watched ? Step : 0);
        }
    }
}
