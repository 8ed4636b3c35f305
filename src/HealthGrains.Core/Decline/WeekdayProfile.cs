namespace HealthGrains.Decline;

/// <summary>
/// What weekdays have to do with an account's closes, by classical decomposition: a close less the mean of the seven days
/// around it has no trend left; averaged by weekday and shrunk, that is the profile. The shrinkage is 1 - (3 / F)^2, F being the
/// variance between weekdays over the variance within, so that a profile no clearer than chance is exactly none.
/// </summary>
internal static class WeekdayProfile
{
    /// <summary>Days in a week.</summary>
    public const int Days = 7;

    const double ChanceRatio = 3;

    /// <summary>Estimates the profile.</summary>
    /// <param name="closes">Closes, oldest first, NaN where not observed.</param>
    /// <param name="profile">Seven effects in points, for the closes whose index modulo 7 they stand at.</param>
    /// <returns>Whether there is a profile; when not, all are zero.</returns>
    public static bool Estimate(ReadOnlySpan<double> closes, Span<double> profile)
    {
        profile.Clear();
        Span<int> counts = stackalloc int[Days];
        counts.Clear();
        var squares = 0.0;
        var total = 0;
        var around = 0.0;
        var missing = 0;
        for (var newest = 0; newest < closes.Length; newest++)
        {
            Enter(closes[newest], 1, ref around, ref missing);
            if (newest >= Days)
                Enter(closes[newest - Days], -1, ref around, ref missing);
            if (newest < Days - 1 || missing > 0)
                continue;
            var day = newest - Days / 2;
            var deviation = closes[day] - around / Days;
            profile[day % Days] += deviation;
            squares += deviation * deviation;
            counts[day % Days]++;
            total++;
        }
        var between = 0.0;
        var centre = 0.0;
        for (var weekday = 0; weekday < Days; weekday++)
        {
            // A weekday seen fewer than three times says too little about weekdays.
            if (counts[weekday] < 3)
            {
                profile.Clear();
                return false;
            }
            between += profile[weekday] * profile[weekday] / counts[weekday];
            profile[weekday] /= counts[weekday];
            centre += profile[weekday] / Days;
        }
        var ratio = between / (Days - 1) / Math.Max(1e-12, (squares - between) / (total - Days));
        var kept = 1 - ChanceRatio * ChanceRatio / (ratio * ratio);
        if (!(kept > 0))
        {
            profile.Clear();
            return false;
        }
        for (var weekday = 0; weekday < Days; weekday++)
            profile[weekday] = kept * (profile[weekday] - centre);
        return true;
    }

    /// <summary>Lets a day into the seven days' sum, or out of it.</summary>
    static void Enter(double close, int sign, ref double sum, ref int missing)
    {
        if (double.IsNaN(close))
            missing += sign;
        else
            sum += sign * close;
    }
}
