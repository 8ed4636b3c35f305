namespace HealthGrains.Decline;

/// <summary>
/// Tells a decline, and a decline that gets steeper, from noise. A line that may bend once (<see
/// cref="DeclineSettings.KnotDays"/>) is fitted to
/// 42 daily closes and the weekly means before them. The slope after the bend in standard errors tells
/// <see cref="DeclineState.Declining"/>; the bend itself, against the account's own slow slope, tells
/// <see cref="DeclineState.Accelerating"/>. Errors are in units of the account's own noise, and a weekday profile is taken out
/// where there is one. A pure function, free of allocation; a shift of all scores changes nothing.
/// </summary>
/// <remarks>Why this and not a filter with random-walk slope, and what both measure: docs/decisions/0002-decline-detector.md.</remarks>
public static class DeclineDetector
{
    /// <summary>Closes that count, days.</summary>
    public const int CalendarDays = 42;

    /// <summary>A value beyond this, either way, is no score and counts as not observed.</summary>
    const double Absurd = 1e6;

    const int DaysInWeek = 7;

    /// <summary>The z of a slope that goes on falling.</summary>
    const double StillFalling = -1;

    /// <summary>Weekly means from which noise is estimated, at most.</summary>
    const int MostWeeks = 26;

    /// <summary>Assesses the trend of a score.</summary>
    /// <param name="closes">Daily closes of the uncapped score, points, oldest first; of more than 42 the newest 42 count. NaN is a
    /// day not observed.</param>
    /// <param name="weeklyMeans">Means of the whole weeks before the calendar of 42 days, points, oldest first, so that the last is
    /// the week of days 42 to 48 back. NaN is a week not observed; may be empty.</param>
    /// <param name="scoreNow">The uncapped score now, points; NaN when not known.</param>
    /// <param name="daysSinceLastClose">Days from the last close to now, 0..1; it counts as that share of a day's information, so
    /// that at zero <paramref name="scoreNow"/> says nothing new.</param>
    /// <param name="settings">Thresholds and priors; a <c>default</c> of the structure, which has none, stands for
    /// <see cref="DeclineSettings.Default"/>.</param>
    /// <param name="weeklyGapDays">Days between the end of the newest weekly mean and the oldest day of the calendar, 0..6, where
    /// weeks are not cut at the calendar's edge.</param>
    /// <returns>The trend; steady with zeros when fewer than three closes were observed.</returns>
    public static Trend Assess(
        ReadOnlySpan<double> closes, ReadOnlySpan<double> weeklyMeans, double scoreNow, double daysSinceLastClose,
        in DeclineSettings settings, int weeklyGapDays = 0)
    {
        if (!(settings.NoisePrior > 0))
            return Assess(closes, weeklyMeans, scoreNow, daysSinceLastClose, DeclineSettings.Default, weeklyGapDays);
        if (closes.Length > CalendarDays)
            closes = closes[^CalendarDays..];
        Span<double> scores = stackalloc double[CalendarDays];
        scores = scores[..closes.Length];
        var observed = Observe(closes, scores, out var origin);
        if (observed < 3)
            return default;

        Span<double> weekdays = stackalloc double[WeekdayProfile.Days];
        var hasWeekdays = WeekdayProfile.Estimate(scores, weekdays);
        if (hasWeekdays)
        {
            for (var day = 0; day < scores.Length; day++)
                scores[day] -= weekdays[day % DaysInWeek];
        }

        var sinceClose = daysSinceLastClose > 0 ? Math.Min(daysSinceLastClose, DaysInWeek) : 0;
        var lastDay = scores.Length - 1;
        var line = new BentLine(settings.KnotDays);
        var jolt = new BentLine(settings.ShortKnotDays);
        if (weeklyMeans.Length > settings.SlowWeeks)
            weeklyMeans = weeklyMeans[^settings.SlowWeeks..];
        // The middle of the newest week: seven days, of which the newest is the first before the calendar.
        var newestWeek = -sinceClose - CalendarDays - weeklyGapDays - 3;
        for (var week = 0; week < weeklyMeans.Length; week++)
        {
            var mean = weeklyMeans[week] - origin;
            if (!(Math.Abs(mean) < Absurd))
                continue;
            var at = newestWeek - DaysInWeek * (weeklyMeans.Length - 1 - week);
            line.Add(at, mean, DaysInWeek);
            jolt.Add(at, mean, DaysInWeek);
        }
        for (var day = 0; day < scores.Length; day++)
        {
            if (double.IsNaN(scores[day]))
                continue;
            line.Add(day - lastDay - sinceClose, scores[day], 1);
            jolt.Add(day - lastDay - sinceClose, scores[day], 1);
        }
        var now = scoreNow - origin;
        if (sinceClose > 0 && Math.Abs(now) < Absurd)
        {
            var share = Math.Min(1, sinceClose);
            now -= (1 - share) * weekdays[lastDay % DaysInWeek] + share * weekdays[scores.Length % DaysInWeek];
            line.Add(0, now, share);
            jolt.Add(0, now, share);
        }

        // What the line leaves is the account's own noise, and that says what the line is worth.
        var fit = line.Fit(OwnNoise.Expected(settings), settings.SlowSlopeSpread);
        Span<double> weekResiduals = stackalloc double[Math.Min(weeklyMeans.Length, MostWeeks)];
        for (var week = 0; week < weekResiduals.Length; week++)
        {
            var back = weekResiduals.Length - 1 - week;
            var mean = weeklyMeans[^(back + 1)] - origin;
            weekResiduals[week] = Math.Abs(mean) < Absurd ? mean - fit.At(newestWeek - DaysInWeek * back) : double.NaN;
        }
        for (var day = 0; day < scores.Length; day++)
            scores[day] -= fit.At(day - lastDay - sinceClose);
        var noise = OwnNoise.Estimate(scores, weekResiduals, settings);
        return Judge(fit, jolt.Fit(OwnNoise.Expected(settings), settings.SlowSlopeSpread), noise, observed, settings);
    }

    /// <summary>Copies closes as distances from the last one observed, so that large levels cost no precision.</summary>
    static int Observe(ReadOnlySpan<double> closes, Span<double> scores, out double origin)
    {
        origin = double.NaN;
        var observed = 0;
        for (var day = closes.Length - 1; day >= 0; day--)
        {
            var seen = Math.Abs(closes[day]) < Absurd;
            if (seen && observed++ == 0)
                origin = closes[day];
            scores[day] = seen ? closes[day] - origin : double.NaN;
        }
        return observed;
    }

    static Trend Judge(in Bend line, in Bend jolt, double noise, int observed, in DeclineSettings settings)
    {
        var error = noise * line.SlopeError;
        var z = line.Slope / error;
        var bendZ = line.Change / (noise * line.ChangeError);
        var joltZ = jolt.Change / (noise * jolt.ChangeError);
        var slowError = noise * line.SlowError;
        var slowZ = line.Slow / Math.Sqrt(slowError * slowError + settings.HealthySlope * settings.HealthySlope);
        var state = DeclineState.Steady;
        if (observed >= settings.MinimumCloses)
        {
            // A rise that levels off bends down too; only a fall can accelerate.
            if (observed >= settings.MinimumClosesToAccelerate && line.Slope < 0
                && Math.Min(bendZ, joltZ) < -settings.AcceleratingZ)
                state = DeclineState.Accelerating;
            else if (Evidence(z, slowZ) < -settings.DecliningZ)
                state = DeclineState.Declining;
            else if (Evidence(-z, -slowZ) < -settings.DecliningZ)
                state = DeclineState.Improving;
        }
        return new Trend(line.Slope, error, z, line.Change, bendZ, joltZ, line.Slow, slowZ, noise, state);
    }

    /// <summary>Two weeks say little of half a point a day, but months of it say enough: while the slope now does not speak against
    /// it, the slow slope tells a decline as well.</summary>
    static double Evidence(double z, double slowZ) => z < StillFalling ? Math.Min(z, slowZ) : z;
}
