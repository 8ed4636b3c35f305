namespace HealthGrains.Decline;

/// <summary>
/// A line through an account's history that may bend once, at a knot some days before now, fitted by weighted least squares:
/// score = level + slow x t + bend x max(0, t + knot), with t in days, zero now, negative before. It is the local-linear-trend
/// filter whose slope noise is all spent at the knot; being a sum over observations, gaps and irregular steps cost nothing.
/// </summary>
/// <param name="knot">Days before now of the bend.</param>
internal struct BentLine(double knot)
{
    /// <summary>Standard deviation of bends expected, points a day: so wide that it only keeps the fit from being singular.</summary>
    const double BendSpread = 5;

    double w, t, p, y, tt, tp, pp, ty, py;

    /// <summary>Adds an observation.</summary>
    /// <param name="at">Days, zero now, negative before.</param>
    /// <param name="value">The score.</param>
    /// <param name="weight">Its information, in days: 1 for a close, 7 for a week's mean, a fraction for a day begun.</param>
    public void Add(double at, double value, double weight)
    {
        var past = Math.Max(0, at + knot);
        var weightedAt = weight * at;
        var weightedPast = weight * past;
        w += weight;
        t += weightedAt;
        p += weightedPast;
        y += weight * value;
        tt += weightedAt * at;
        tp += weightedAt * past;
        pp += weightedPast * past;
        ty += weightedAt * value;
        py += weightedPast * value;
    }

    /// <summary>Solves the normal equations. The level is free, so a shift of all scores changes nothing.</summary>
    /// <param name="noise">Standard deviation expected of one day's observation, points: the ridge's unit. The account's own plays no
    /// part in the line, which stays linear in the scores, but scales the errors.</param>
    /// <param name="slowSpread">Standard deviation of slow slopes expected, points a day.</param>
    public readonly Bend Fit(double noise, double slowSpread)
    {
        var variance = noise * noise;
        // Sums about the means take the level out; the priors of slow slope and bend are ridges in the same units.
        var a = tt - t * t / w + variance / (slowSpread * slowSpread);
        var b = tp - t * p / w;
        var c = pp - p * p / w + variance / (BendSpread * BendSpread);
        var u = ty - t * y / w;
        var v = py - p * y / w;
        var determinant = a * c - b * b;
        var slow = (c * u - b * v) / determinant;
        var bend = (a * v - b * u) / determinant;
        var level = (y - slow * t - bend * p) / w;
        return new Bend(knot, level, slow, bend, Math.Sqrt(c / determinant), Math.Sqrt((a + c - 2 * b) / determinant),
            Math.Sqrt(a / determinant));
    }
}

/// <summary>What a bent line found, points a day; errors are for a noise of one point.</summary>
/// <param name="Knot">Days before now of the bend.</param>
/// <param name="Level">What the slow line comes to now, points.</param>
/// <param name="Slow">Slope before the knot.</param>
/// <param name="Change">Slope after the knot less the slope before.</param>
/// <param name="SlowError">Standard error of the slope before the knot.</param>
/// <param name="SlopeError">Standard error of the slope after the knot.</param>
/// <param name="ChangeError">Standard error of the change.</param>
internal readonly record struct Bend(
    double Knot, double Level, double Slow, double Change, double SlowError, double SlopeError, double ChangeError)
{
    /// <summary>Slope after the knot.</summary>
    public double Slope => Slow + Change;

    /// <summary>The line's score at a time.</summary>
    public double At(double days) => Level + Slow * days + Change * Math.Max(0, days + Knot);
}
