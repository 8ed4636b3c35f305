namespace HealthGrains.Accounts;

/// <summary>UTC days as whole numbers since 1970-01-01, and moments as Unix milliseconds.</summary>
public static class Days
{
    /// <summary>Milliseconds in a day.</summary>
    public const long Millis = 86_400_000;

    /// <summary>The day that a moment falls on.</summary>
    public static int Of(long at) =>
        (int)Math.Clamp(Math.DivRem(at, Millis).Quotient - (at % Millis < 0 ? 1 : 0), int.MinValue, int.MaxValue);

    /// <summary>Midnight at the beginning of a day.</summary>
    public static long Start(int day) => day * Millis;

    /// <summary>How much of its day has passed at a moment: 0 at midnight, 1 in its last millisecond, which completes it.</summary>
    public static double Fraction(long at) => at - Start(Of(at)) is var passed && passed == Millis - 1 ? 1 : passed / (double)Millis;

    /// <summary>The day as a date.</summary>
    public static DateOnly Date(int day) => DateOnly.FromDayNumber(day + Epoch);

    /// <summary>The day's number.</summary>
    public static int Number(DateOnly date) => date.DayNumber - Epoch;

    /// <summary>The moment as a UTC time.</summary>
    public static DateTimeOffset Time(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at);

    /// <summary>
    /// Weekdays (Monday to Friday) that passed between two moments, in days; weekend days pass in no time. Continuous, so a score
    /// built on it does not jump.
    /// </summary>
    public static double WeekdaysBetween(long from, long to) => to <= from ? 0 : WeekdaysSinceEpoch(to) - WeekdaysSinceEpoch(from);

    /// <summary>Whether a day is a Saturday or a Sunday.</summary>
    public static bool IsWeekend(int day) => ((day + DaysFromMondayToEpoch) % 7 + 7) % 7 >= 5;

    /// <summary>The moment when so many weekdays, in days, will have passed since another.</summary>
    public static long AddWeekdays(long from, double weekdays)
    {
        var week = Math.DivRem((long)Math.Floor(WeekdaysSinceEpoch(from) + weekdays), 5, out var weekday);
        var fraction = WeekdaysSinceEpoch(from) + weekdays - Math.Floor(WeekdaysSinceEpoch(from) + weekdays);
        return Start((int)(week * 7 + weekday - DaysFromMondayToEpoch)) + (long)(fraction * Millis);
    }

    // 1970-01-01 was a Thursday; counting from the Monday before it makes every week begin at a multiple of seven.
    private const int DaysFromMondayToEpoch = 3;
    private static readonly int Epoch = new DateOnly(1970, 1, 1).DayNumber;

    private static double WeekdaysSinceEpoch(long at)
    {
        var day = Of(at) + DaysFromMondayToEpoch;
        var week = Math.DivRem(day, 7, out var weekday);
        if (weekday < 0) { weekday += 7; week--; }
        return week * 5.0 + (weekday < 5 ? weekday + Fraction(at) : 5);
    }
}
