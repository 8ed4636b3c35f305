using System.Numerics;
using HealthGrains.Accounts;
using HealthGrains.Signals;

namespace HealthGrains.Tenants;

/// <summary>
/// How an account usually sends from a source, by the days of twelve weeks on which it was heard: after how long its silence is longer
/// than is usual for it. A function of the calendar.
/// </summary>
internal static class SourceRhythm
{
    // Of fewer days it is not known what is usual; who may be silent for three weeks tells nothing of a connection.
    private const int FewestDays = 6;
    private const int MostWeekdays = 15;

    // Half again as long as all its silences but one. One of twelve weeks may have been a holiday of its own.
    private const double Longer = 1.5;

    private const long Hour = 3_600_000;

    /// <summary>The days of the ring on which each source was heard, by source.</summary>
    public static void DaysHeard(Calendar calendar, Span<DayMask> heard)
    {
        heard.Clear();
        if (calendar.Today == int.MinValue) return;
        ref readonly var counters = ref calendar.Counters;
        for (var slot = 0; slot < Calendar.Rows; slot++)
        {
            if ((counters.Get(DayColumn.Logins, slot) | counters.Get(DayColumn.FeatureUses, slot)
                | counters.Get(DayColumn.Sessions, slot) | counters.Get(DayColumn.Workflows, slot)) != 0)
                heard[(int)SignalSource.Usage] |= DayMask.Slot(slot);
            if ((counters.Get(DayColumn.EmailsSent, slot) | counters.Get(DayColumn.EmailsOpened, slot)) != 0)
                heard[(int)SignalSource.Engagement] |= DayMask.Slot(slot);
        }
        Add(calendar, calendar.Events.Items, heard);
        Add(calendar, calendar.Facts.Items, heard);
        foreach (ref readonly var gauge in calendar.Gauges.Items)
            if (IsInRing(calendar, gauge.Day)) heard[(int)gauge.Kind.Source()] |= DayMask.Slot(Calendar.Slot(gauge.Day));
    }

    /// <summary>
    /// When the account's silence becomes longer than is usual for it, Unix milliseconds; <see cref="long.MaxValue"/> when it does not
    /// usually send from the source. Weekends pass in no time, and neither do days that were lost.
    /// </summary>
    public static long SilentAt(Calendar calendar, DayMask heard, long lastAt, LostDays lost)
    {
        if (lastAt == long.MinValue || BitOperations.PopCount(heard.Low) + BitOperations.PopCount(heard.High) < FewestDays)
            return long.MaxValue;
        int longest = 0, second = 0, gap = 0;
        var last = Days.Of(lastAt);
        var begun = false;
        for (var day = calendar.Today - Calendar.Rows + 1; day <= last; day++)
        {
            if (!Days.IsWeekend(day) && !lost.Contains(day)) gap++;
            if (!heard.Overlaps(DayMask.Slot(Calendar.Slot(day)))) continue;
            if (begun && gap > second) (longest, second) = gap > longest ? (gap, longest) : (longest, gap);
            (begun, gap) = (true, 0);
        }
        var patience = Longer * Math.Max(1, second);
        if (patience > MostWeekdays) return long.MaxValue;
        // To the hour, which is all that is stored of it.
        var at = Days.AddWeekdays(lastAt, patience);
        return lastAt + (at - lastAt + Hour - 1) / Hour * Hour;
    }

    private static void Add(Calendar calendar, ReadOnlySpan<Happening> items, Span<DayMask> heard)
    {
        foreach (ref readonly var item in items)
            if (Days.Of(item.At) is var day && IsInRing(calendar, day))
                heard[(int)item.Kind.Source()] |= DayMask.Slot(Calendar.Slot(day));
    }

    private static bool IsInRing(Calendar calendar, int day) => day <= calendar.Today && day > calendar.Today - Calendar.Rows;
}
