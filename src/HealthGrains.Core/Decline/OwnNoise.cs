namespace HealthGrains.Decline;

/// <summary>
/// The account's own noise, from what its bent line leaves unexplained. What matters to a slope is the long-run noise
/// sigma sqrt((1 + phi) / (1 - phi)), whose logarithm is ln sigma + atanh phi. The closes give both; the weekly means, whose
/// variance is a seventh of its square, give it again and know of waves that a calendar is too short to show.
/// </summary>
internal static class OwnNoise
{
    /// <summary>Fewest closes from which anything is estimated.</summary>
    const int FewestCloses = 20;

    /// <summary>Residuals beyond so many standard deviations count as just that many (Huber's proposal 2).</summary>
    const double Clip = 2.5;

    /// <summary>What clipping leaves of a normal variance: E min(z^2, 2.5^2).</summary>
    const double ClippedVariance = 0.97756;

    /// <summary>Parameters that the line takes from the closes, near enough.</summary>
    const double Parameters = 3;

    /// <summary>The smoothest noise believed. Scores of sliding windows come near it.</summary>
    const double HighestCorrelation = 0.9;

    /// <summary>How much a week's mean tells of the logarithm beside a close: twelve weeks about as much as 42 closes.</summary>
    const double WeekInCloses = 3.5;

    /// <summary>A full calendar with twelve weeks before it, in closes.</summary>
    const double FullHistory = 42 + 12 * WeekInCloses;

    /// <summary>The noise that the priors expect, points.</summary>
    public static double Expected(in DeclineSettings settings) =>
        settings.NoisePrior * Math.Sqrt((1 + settings.CorrelationPrior) / (1 - settings.CorrelationPrior));

    /// <summary>Estimates sigma sqrt((1 + phi) / (1 - phi)): the noise of a close as a trend feels it.</summary>
    /// <param name="closes">Residuals of the closes, points, NaN where not observed.</param>
    /// <param name="weeks">Residuals of the weekly means, points, NaN where not observed.</param>
    /// <param name="settings">Priors.</param>
    /// <returns>Points, above zero.</returns>
    public static double Estimate(ReadOnlySpan<double> closes, ReadOnlySpan<double> weeks, in DeclineSettings settings)
    {
        var expected = Expected(settings);
        var days = Count(closes);
        if (days < FewestCloses)
            return expected;
        var sigma = Math.Sqrt(Variance(closes, days) * days / (days - Parameters));
        var phi = Correlation(closes, Clip * sigma, days);
        var own = Math.Log(Math.Max(settings.NoiseFloor, sigma)) + Math.Atanh(phi);
        var worth = 0.0;
        var weekly = Count(weeks);
        if (weekly > 3)
        {
            var ofWeeks = Math.Sqrt(WeekdayProfile.Days * Variance(weeks, weekly) * weekly / (weekly - 2));
            worth = WeekInCloses * weekly;
            own = (own * days + Math.Log(Math.Max(settings.NoiseFloor, ofWeeks)) * worth) / (days + worth);
        }
        var off = own - Math.Log(expected);
        var doubt = (off > 0 ? settings.WilderDoubt : settings.QuieterDoubt) * Math.Sqrt(Math.Max(1, FullHistory / (days + worth)));
        return expected * Math.Exp(Believe(off, doubt));
    }

    /// <summary>Keeps to the prior while the estimate is within its doubt, and goes over to the estimate beyond: an account like
    /// the others is judged as the others are, and one that is plainly quieter or wilder by its own measure.</summary>
    static double Believe(double off, double doubt)
    {
        var ratio = off * off / (doubt * doubt);
        return off * ratio * ratio / (1 + ratio * ratio);
    }

    static int Count(ReadOnlySpan<double> values)
    {
        var count = 0;
        foreach (var value in values)
            count += double.IsNaN(value) ? 0 : 1;
        return count;
    }

    static double Variance(ReadOnlySpan<double> residuals, int count)
    {
        var variance = double.PositiveInfinity;
        for (var round = 0; round < 4; round++)
        {
            var most = Clip * Clip * variance;
            var sum = 0.0;
            foreach (var residual in residuals)
            {
                if (!double.IsNaN(residual))
                    sum += Math.Min(most, residual * residual);
            }
            variance = sum / count / (round == 0 ? 1 : ClippedVariance);
        }
        return variance;
    }

    static double Correlation(ReadOnlySpan<double> residuals, double most, int count)
    {
        double products = 0, squares = 0;
        for (var day = 1; day < residuals.Length; day++)
        {
            var product = Math.Clamp(residuals[day], -most, most) * Math.Clamp(residuals[day - 1], -most, most);
            if (double.IsNaN(product))
                continue;
            products += product;
            squares += (residuals[day] * residuals[day] + residuals[day - 1] * residuals[day - 1]) / 2;
        }
        if (!(squares > 0))
            return 0;
        var phi = products / squares;
        // Residuals of a fitted line correlate less than the noise they come from (Kendall 1954, with one slope more).
        phi += (1.5 + 4 * phi) / count;
        return Math.Clamp(phi, -0.5, HighestCorrelation);
    }
}
