namespace HealthGrains.Decline;

/// <summary>
/// The account's own noise, from how much its closes differ from one day to the next and over two days. Differences do not mind
/// a trend, and a step is one difference among forty. For AR(1) noise the first have variance 2 sigma^2 (1 - phi) and the
/// second 2 sigma^2 (1 - phi^2), so their ratio less one is phi; a score of sliding windows, far smoother, shows as a phi near 1.
/// </summary>
internal static class OwnNoise
{
    /// <summary>Fewest differences from which anything is estimated.</summary>
    const int FewestPairs = 12;

    /// <summary>Differences beyond so many standard deviations count as just that many (Huber).</summary>
    const double Clip = 2.5;

    /// <summary>What clipping leaves of a normal variance: E min(z^2, 2.5^2).</summary>
    const double ClippedVariance = 0.97756;

    /// <summary>About two and a half standard errors of 42 closes' own estimates of atanh(phi) and of ln(sigma).</summary>
    const double CorrelationDoubt = 0.45, SpreadDoubt = 0.35;

    /// <summary>Estimates sigma sqrt((1 + phi) / (1 - phi)): the noise of a close as a trend feels it.</summary>
    /// <param name="closes">Closes, NaN where not observed.</param>
    /// <param name="settings">Priors.</param>
    /// <returns>Points, above zero.</returns>
    public static double Estimate(ReadOnlySpan<double> closes, in DeclineSettings settings)
    {
        var sigma = settings.NoisePrior;
        var phi = settings.CorrelationPrior;
        var daily = DifferenceVariance(closes, 1);
        var twoDaily = DifferenceVariance(closes, 2);
        if (!double.IsNaN(daily) && !double.IsNaN(twoDaily))
        {
            if (daily > 0)
            {
                var seen = Math.Clamp(twoDaily / daily - 1, -0.6, 0.9);
                phi = Math.Tanh(Believe(Math.Atanh(seen), Math.Atanh(phi), CorrelationDoubt));
            }
            var own = Math.Max(settings.NoiseFloor, Math.Sqrt(daily / (2 * (1 - phi))));
            sigma = Math.Exp(Believe(Math.Log(own), Math.Log(sigma), SpreadDoubt));
        }
        return Math.Max(settings.NoiseFloor, sigma) * Math.Sqrt((1 + phi) / (1 - phi));
    }

    /// <summary>Keeps to the prior while the estimate is within its doubt, and goes over to the estimate beyond: an account like
    /// the others is judged as the others are, and one that is plainly quieter or wilder by its own measure.</summary>
    static double Believe(double estimate, double prior, double doubt)
    {
        var off = estimate - prior;
        return prior + off * off * off / (off * off + doubt * doubt);
    }

    /// <summary>Robust variance of the differences over a lag about their mean; NaN when there are too few.</summary>
    static double DifferenceVariance(ReadOnlySpan<double> closes, int lag)
    {
        Span<double> differences = stackalloc double[DeclineDetector.CalendarDays];
        var count = 0;
        var mean = 0.0;
        for (var day = lag; day < closes.Length; day++)
        {
            var difference = closes[day] - closes[day - lag];
            if (double.IsNaN(difference))
                continue;
            differences[count++] = difference;
            mean += difference;
        }
        if (count < FewestPairs)
            return double.NaN;
        mean /= count;
        var variance = double.PositiveInfinity;
        for (var round = 0; round < 4; round++)
        {
            var most = Clip * Clip * variance;
            var sum = 0.0;
            foreach (var difference in differences[..count])
                sum += Math.Min(most, (difference - mean) * (difference - mean));
            variance = sum / (count - 1) / (round == 0 ? 1 : ClippedVariance);
        }
        return variance;
    }
}
