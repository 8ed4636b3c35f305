using HealthGrains.Decline;

namespace HealthGrains.Core.Tests.Decline;

/// <summary>Histories of a score, drawn from a seeded generator: level, slopes, AR(1) noise with phi 0.3 and sigma 4.</summary>
sealed class Histories(ulong seed)
{
    // Mixed once, so that neighbouring seeds do not walk the same sequence a step apart.
    ulong state = Mix(seed + 0x9E3779B97F4A7C15);

    public const int Days = DeclineDetector.CalendarDays + 12 * 7;

    static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    double Uniform() => ((Mix(state += 0x9E3779B97F4A7C15) >> 11) + 0.5) / (1ul << 53);

    public double Normal() => Math.Sqrt(-2 * Math.Log(Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    /// <summary>A path of days under noise; the path is asked for each day of the history, 0 the oldest.</summary>
    public double[] Noisy(int days, Func<int, double> path, double sigma = 4)
    {
        var noise = sigma * Normal();
        var scores = new double[days];
        for (var day = 0; day < days; day++)
        {
            if (day > 0)
                noise = 0.3 * noise + sigma * Math.Sqrt(1 - 0.09) * Normal();
            scores[day] = path(day) + noise;
        }
        return scores;
    }

    /// <summary>Means of the last twelve weeks before the calendar that ends with the last score.</summary>
    public static double[] WeeksBefore(ReadOnlySpan<double> scores)
    {
        var before = scores.Length - DeclineDetector.CalendarDays;
        var weeks = new double[Math.Clamp(before / 7, 0, 12)];
        for (var week = 0; week < weeks.Length; week++)
        {
            foreach (var score in scores.Slice(before - 7 * (weeks.Length - week), 7))
                weeks[week] += score / 7;
        }
        return weeks;
    }

    /// <summary>Assesses a whole history at its last close.</summary>
    public static Trend Assess(ReadOnlySpan<double> scores) => Assess(scores, DeclineSettings.Default);

    public static Trend Assess(ReadOnlySpan<double> scores, DeclineSettings settings)
    {
        var first = Math.Max(0, scores.Length - DeclineDetector.CalendarDays);
        return DeclineDetector.Assess(scores[first..], WeeksBefore(scores), scores[^1], 0, settings);
    }
}
