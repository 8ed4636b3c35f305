using HealthGrains.Accounts;

namespace HealthGrains.Plays;

/// <summary>Quiet hours in a contact's own time zone. A zone that is not known here counts as UTC.</summary>
internal static class QuietHours
{
    /// <summary>When the quiet hours that hold at a moment are over; the moment itself when none hold.</summary>
    public static long EndAt(Guardrail rule, string? timeZone, long now)
    {
        var zone = LocalTime.ZoneOf(timeZone);
        var at = now;
        // A weekend after an evening, and a night after that weekend.
        for (var k = 0; k < 8; k++)
        {
            var end = Next(rule, zone, at);
            if (end <= at) return at;
            at = end;
        }
        return at;
    }

    private static long Next(Guardrail rule, TimeZoneInfo zone, long at)
    {
        var local = TimeZoneInfo.ConvertTime(Days.Time(at), zone);
        if (rule.Weekends && local.DayOfWeek is (DayOfWeek.Saturday or DayOfWeek.Sunday))
            return LocalTime.At(DateOnly.FromDateTime(local.DateTime).AddDays(1), TimeOnly.MinValue, zone);
        var time = TimeOnly.FromDateTime(local.DateTime);
        if (rule.From == rule.To || !IsQuiet(rule, time)) return at;
        var today = DateOnly.FromDateTime(local.DateTime);
        return LocalTime.At(time < rule.To ? today : today.AddDays(1), rule.To, zone);
    }

    private static bool IsQuiet(Guardrail rule, TimeOnly time) =>
        rule.From < rule.To ? time >= rule.From && time < rule.To : time >= rule.From || time < rule.To;
}
