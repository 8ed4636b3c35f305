namespace HealthGrains.Benchmarks.Detector;

/// <summary>The local-linear-trend Kalman filter of the reference figures, as a rival: slope in standard errors.</summary>
static class KalmanSlope
{
    const double LevelNoise = 0.01, ObservationNoise = 16 * 1.3 / 0.7;

    /// <summary>With all days since the first, and slope noise at the upper end of the range published.</summary>
    public static void AllDays(ReadOnlySpan<double> scores, int watched, Span<double> evidence)
    {
        var filter = new Filter(scores[0], 0.005);
        for (var day = 1; day < scores.Length; day++)
        {
            filter.Step(scores[day]);
            if (day >= watched)
                evidence[day - watched] = filter.Z;
        }
    }

    /// <summary>Run afresh over the last 42 days.</summary>
    public static void Calendar(ReadOnlySpan<double> scores, int watched, Span<double> evidence)
    {
        for (var day = watched; day < scores.Length; day++)
        {
            var filter = new Filter(scores[day - 41], 0.003);
            foreach (var score in scores[(day - 40)..(day + 1)])
                filter.Step(score);
            evidence[day - watched] = filter.Z;
        }
    }

    struct Filter(double first, double slopeNoise)
    {
        double level = first, slope, p11 = ObservationNoise, p12, p22 = 0.25;

        public readonly double Z => slope / Math.Sqrt(p22);

        public void Step(double score)
        {
            level += slope;
            p11 += 2 * p12 + p22 + LevelNoise;
            p12 += p22;
            p22 += slopeNoise;
            var innovation = score - level;
            var total = p11 + ObservationNoise;
            var (gain, slopeGain) = (p11 / total, p12 / total);
            level += gain * innovation;
            slope += slopeGain * innovation;
            p22 -= slopeGain * p12;
            p12 -= gain * p12;
            p11 -= gain * p11;
        }
    }
}
