using HealthGrains.Accounts;

namespace HealthGrains.Tenants;

/// <summary>
/// The days on which nothing of a source was told for a whole tenant, though the accounts went on: its connection was broken. What was not
/// told is neither silence nor bad news: of what is counted by days the same weekday of the week before stands for a lost one. Immutable.
/// </summary>
public sealed class LostDays
{
    private readonly int[] _days;
    private readonly int _openFrom;
    private Standins _standins = new(int.MinValue, []);

    private LostDays(int[] days, int openFrom) => (_days, _openFrom) = (days, openFrom);

    /// <summary>None: the connection never broke.</summary>
    public static LostDays None { get; } = new([], int.MaxValue);

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _days.Length == 0 && _openFrom == int.MaxValue;

    /// <summary>These days, and with <paramref name="openFrom"/> all from that day on: the connection is broken still.</summary>
    public static LostDays Of(IEnumerable<int> days, int openFrom = int.MaxValue)
    {
        var sorted = days.Where(day => day < openFrom).Distinct().Order().ToArray();
        return sorted.Length == 0 && openFrom == int.MaxValue ? None : new LostDays(sorted, openFrom);
    }

    /// <summary>Whether a day was lost.</summary>
    public bool Contains(int day) => day >= _openFrom || (_days.Length > 0 && Array.BinarySearch(_days, day) >= 0);

    /// <summary>Whether one of the days from one to another was lost.</summary>
    public bool AnyOf(int first, int last)
    {
        if (IsEmpty) return false;
        for (var day = first; day <= last; day++)
            if (Contains(day)) return true;
        return false;
    }

    /// <summary>Up to when it is known what happened: the moment itself, or the beginning of the loss that it lies in.</summary>
    public long LastKnown(long at)
    {
        var day = Days.Of(at);
        if (IsEmpty || !Contains(day)) return at;
        if (day > _openFrom) day = _openFrom;
        while (Contains(day - 1)) day--;
        return Days.Start(day);
    }

    /// <summary>The lost days of a calendar's ring, each with the day that stands for it.</summary>
    internal ReadOnlySpan<Standin> Standins(Calendar calendar)
    {
        if (IsEmpty || calendar.Today == int.MinValue) return [];
        // Nearly all accounts have the same today; two threads that write this write the same.
        var known = Volatile.Read(ref _standins);
        if (known.Today != calendar.Today) Volatile.Write(ref _standins, known = new(calendar.Today, [.. Made(calendar.Today)]));
        return known.All;
    }

    /// <summary>The days on which somebody was seen, with those that stand for lost ones in their place.</summary>
    internal static DayMask Fill(DayMask seen, ReadOnlySpan<Standin> standins)
    {
        foreach (ref readonly var lost in standins)
        {
            var day = DayMask.Slot(Calendar.Slot(lost.Day));
            seen = seen.Overlaps(DayMask.Slot(Calendar.Slot(lost.For))) ? seen | day : seen & ~day;
        }
        return seen;
    }

    private IEnumerable<Standin> Made(int today)
    {
        var oldest = today - Calendar.Rows + 1;
        for (var day = oldest; day <= today; day++)
        {
            if (!Contains(day)) continue;
            var before = day - 7;
            while (before >= oldest && Contains(before)) before -= 7;
            // Of the ring's first weeks nothing may be left that could stand for it.
            if (before >= oldest) yield return new Standin(day, before);
        }
    }

    internal void AddTo(ref HashCode64 hash)
    {
        hash.Add((ulong)_openFrom);
        hash.Add((ulong)_days.Length);
        foreach (var day in _days) hash.Add((ulong)day);
    }
}

/// <summary>A lost day, and the one that stands for it.</summary>
internal readonly record struct Standin(int Day, int For);

/// <summary>The stand-ins of a ring whose newest day is <paramref name="Today"/>.</summary>
internal sealed record Standins(int Today, Standin[] All);
