using HealthGrains.Accounts;
using HealthGrains.Plays;

namespace HealthGrains.Delivery;

/// <summary>Hours in which a person is not written to, in that person's own time zone.</summary>
/// <param name="From">When they begin; with <paramref name="To"/> the same, there are none but weekends.</param>
/// <param name="To">When they are over; before <paramref name="From"/>: on the next day.</param>
/// <param name="Weekends">Whether Saturdays and Sundays are quiet as a whole.</param>
/// <param name="TimeZone">An IANA name; null, or one that is not known here, counts as UTC.</param>
public sealed record QuietTime(TimeOnly From, TimeOnly To, bool Weekends, string? TimeZone)
{
    private readonly TimeZoneInfo _zone = LocalTime.ZoneOf(TimeZone);

    /// <summary>When the quiet hours that hold at a moment are over, Unix milliseconds; the moment itself when none hold.</summary>
    public long EndAt(long now)
    {
        var at = now;
        // A weekend after an evening, and a night after that weekend.
        for (var k = 0; k < 8; k++)
        {
            var end = Next(at);
            if (end <= at) return at;
            at = end;
        }
        return at;
    }

    /// <summary>When all of several are over; the moment itself when none holds.</summary>
    public static long EndAt(IReadOnlyList<QuietTime> times, long now)
    {
        var at = now;
        // One may end within another.
        for (var (again, k) = (true, 0); again && k < 8; k++)
        {
            var before = at;
            foreach (var time in times) at = time.EndAt(at);
            again = at > before;
        }
        return at;
    }

    private long Next(long at)
    {
        var local = TimeZoneInfo.ConvertTime(Days.Time(at), _zone);
        if (Weekends && local.DayOfWeek is (DayOfWeek.Saturday or DayOfWeek.Sunday))
            return LocalTime.At(DateOnly.FromDateTime(local.DateTime).AddDays(1), TimeOnly.MinValue, _zone);
        var time = TimeOnly.FromDateTime(local.DateTime);
        if (From == To || !IsQuiet(time)) return at;
        var today = DateOnly.FromDateTime(local.DateTime);
        return LocalTime.At(time < To ? today : today.AddDays(1), To, _zone);
    }

    private bool IsQuiet(TimeOnly time) => From < To ? time >= From && time < To : time >= From || time < To;
}
