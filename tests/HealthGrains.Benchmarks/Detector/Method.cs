using HealthGrains.Decline;

namespace HealthGrains.Benchmarks.Detector;

/// <summary>A way to detect: evidence for every watched day, the lower the worse; it alarms below a threshold.</summary>
/// <param name="Name">As the table names it.</param>
/// <param name="Read">Reads an account's scores from the first watched day on into the evidence of each day.</param>
public sealed record Method(string Name, Method.Reader Read)
{
    public delegate void Reader(ReadOnlySpan<double> scores, int watched, Span<double> evidence);

    public static readonly Method Naive = new("y(t) - y(t-7)", (y, from, evidence) =>
    {
        for (var day = from; day < y.Length; day++)
            evidence[day - from] = y[day] - y[day - 7];
    });

    public static readonly Method SevenDays = new("7-day mean - prior", (y, from, evidence) =>
    {
        for (var day = from; day < y.Length; day++)
        {
            var change = 0.0;
            for (var back = 0; back < 7; back++)
                change += y[day - back] - y[day - back - 7];
            evidence[day - from] = change / 7;
        }
    });

    public static readonly Method Ewma = new("EWMA 5 d - 30 d", (y, from, evidence) =>
    {
        double fast = y[0], slow = y[0];
        for (var day = 1; day < y.Length; day++)
        {
            fast += (y[day] - fast) / 5;
            slow += (y[day] - slow) / 30;
            if (day >= from)
                evidence[day - from] = fast - slow;
        }
    });

    public static readonly Method Kalman = new("Kalman slope, all days", KalmanSlope.AllDays);

    public static readonly Method KalmanCalendar = new("Kalman slope, 42 d", KalmanSlope.Calendar);

    public static readonly Method Declining = Detector("declining", DeclineSettings.DecliningAlone, Slope);

    public static readonly Method Accelerating = Detector("accelerating", DeclineSettings.AcceleratingAlone, Acceleration);

    /// <summary>Both states with thresholds in a fixed proportion; a threshold of -1 is the proportion itself.</summary>
    public static Method Both(double declining, double accelerating) => Detector("both, sharing", DeclineSettings.Default,
        (in Trend trend) => Math.Min(Slope(trend) / declining, Acceleration(trend) / accelerating));

    /// <summary>The states as the product tells them by default: -1 is an alarm.</summary>
    public static readonly Method AsShipped = Detector("states by default", DeclineSettings.Default,
        (in Trend trend) => trend.State is DeclineState.Declining or DeclineState.Accelerating ? -1 : 0);

    delegate double Evidence(in Trend trend);

    static double Slope(in Trend trend) => trend.Z < -1 ? Math.Min(trend.Z, trend.SlowZ) : trend.Z;

    static double Acceleration(in Trend trend) => trend.SlopePerDay < 0 ? Math.Min(trend.AccelerationZ, trend.JoltZ) : 0;

    static Method Detector(string name, DeclineSettings settings, Evidence of) => new(name, (y, from, evidence) =>
    {
        const int calendar = DeclineDetector.CalendarDays;
        Span<double> weeks = stackalloc double[12];
        for (var day = from; day < y.Length; day++)
        {
            var first = Math.Max(0, day + 1 - calendar);
            var kept = Math.Min(weeks.Length, first / 7);
            for (var week = 0; week < kept; week++)
            {
                var sum = 0.0;
                foreach (var score in y.Slice(first - 7 * (kept - week), 7))
                    sum += score;
                weeks[week] = sum / 7;
            }
            evidence[day - from] = of(DeclineDetector.Assess(y[first..(day + 1)], weeks[..kept], y[day], 0, settings));
        }
    });
}
