namespace HealthGrains.Accounts;

/// <summary>Times of the day where people are. A zone that is not known here counts as UTC.</summary>
internal static class LocalTime
{
    public static TimeZoneInfo ZoneOf(string? timeZone) =>
        timeZone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var known) ? known : TimeZoneInfo.Utc;

    public static DateOnly DayAt(long at, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Days.Time(at), zone).DateTime);

    public static long At(DateOnly day, TimeOnly time, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(time);
        // An hour that the clocks leap over: the first moment after it.
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(15);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUnixTimeMilliseconds();
    }
}
