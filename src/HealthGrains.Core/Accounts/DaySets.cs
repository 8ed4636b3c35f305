namespace HealthGrains.Accounts;

/// <summary>The days of the ring as bits: bit k stands for slot k.</summary>
internal readonly struct DayMask(ulong low, uint high)
{
    public readonly ulong Low = low;
    public readonly uint High = high;

    // By slot, those before it.
    private static readonly DayMask[] Below = [.. Enumerable.Range(0, Calendar.Rows + 1).Select(static slot =>
        slot < 64 ? new DayMask((1ul << slot) - 1, 0) : new DayMask(ulong.MaxValue, (1u << (slot - 64)) - 1))];

    /// <summary>All days of the ring.</summary>
    public static readonly DayMask All = Below[Calendar.Rows];

    public bool IsEmpty => (Low | High) == 0;

    public static DayMask Slot(int slot) => slot < 64 ? new(1ul << slot, 0) : new(0, 1u << (slot - 64));

    /// <summary>A run of slots, going on from slot 0 after the last.</summary>
    public static DayMask Run(int firstSlot, int count)
    {
        var end = firstSlot + count;
        return end <= Calendar.Rows ? Below[end] & ~Below[firstSlot] : (All & ~Below[firstSlot]) | Below[end - Calendar.Rows];
    }

    public bool Overlaps(DayMask other) => ((Low & other.Low) | (High & other.High)) != 0;

    public static DayMask operator |(DayMask a, DayMask b) => new(a.Low | b.Low, a.High | b.High);
    public static DayMask operator &(DayMask a, DayMask b) => new(a.Low & b.Low, a.High & b.High);
    public static DayMask operator ~(DayMask a) => new(~a.Low, ~a.High);
}

/// <summary>Somebody (or some feature) and the days it was seen on. 16 bytes.</summary>
internal struct DaySet(uint id, DayMask days)
{
    private ulong _low = days.Low;
    private uint _high = days.High;

    public readonly uint Id = id;

    public DayMask Days
    {
        readonly get => new(_low, _high);
        set { _low = value.Low; _high = value.High; }
    }
}

/// <summary>
/// Who was seen on which days: exact up to a limit, above it a bottom-k sketch (the ids with the smallest hashes; Cohen and
/// Kaplan, 2007), which is the same whatever the order of arrival. The error of a count then is about 1/sqrt(limit).
/// </summary>
internal struct DaySets
{
    private DaySet[] _items; // sorted by id
    private int _count;
    private uint _highestCounted;
    private uint _highestAdmitted;
    private DayMask _missed;

    public DaySets()
    {
        _items = [];
        _highestCounted = _highestAdmitted = uint.MaxValue;
    }

    /// <summary>Who is counted: all, or the sample that stands for all.</summary>
    public readonly ReadOnlySpan<DaySet> Items => _items.AsSpan(0, Counted());

    /// <summary>Who is remembered, counted or not yet.</summary>
    public readonly ReadOnlySpan<DaySet> Kept => _items.AsSpan(0, _count);

    /// <summary>How many stand for one in the sketch: 1 while exact.</summary>
    public readonly double Scale => _highestCounted == uint.MaxValue ? 1 : 4294967296.0 / (_highestCounted + 1.0);

    /// <summary>Ids up to here are remembered of every day of the ring, and so counted.</summary>
    public readonly uint HighestCounted => _highestCounted;

    /// <summary>Ids up to here are remembered from now on. They are counted once nothing is left of the days that missed them.</summary>
    public readonly uint HighestAdmitted => _highestAdmitted;

    /// <summary>The days that missed the ids between the two.</summary>
    public readonly DayMask Missed => _missed;

    public readonly DaySets Clone() => this with { _items = _items.AsSpan(0, _count).ToArray() };

    public void Mark(uint id, DayMask day, int limit)
    {
        if (id > _highestAdmitted) return;
        var index = IndexOf(id);
        if (index >= 0)
        {
            _items[index].Days |= day;
            return;
        }
        index = ~index;
        if (_count == limit)
        {
            if (index == _count)
            {
                Admit(_items[_count - 1].Id);
                return;
            }
            _count--;
            Admit(index == _count ? id : _items[_count - 1].Id);
        }
        else if (_count == _items.Length) Array.Resize(ref _items, Math.Min(limit, Math.Max(4, _count + _count / 2)));
        Array.Copy(_items, index, _items, index + 1, _count - index);
        _items[index] = new DaySet(id, day);
        _count++;
    }

    /// <summary>Forgets days; who was seen on no other day is forgotten too.</summary>
    public void Forget(DayMask days, int limit)
    {
        var kept = 0;
        for (var k = 0; k < _count; k++)
        {
            var item = _items[k];
            item.Days &= ~days;
            if (!item.Days.IsEmpty) _items[kept++] = item;
        }
        _count = kept;
        if (_highestCounted == uint.MaxValue) return;
        // Far below the limit again, more are admitted. What is remembered of the days so far lacks them, so until these days have
        // left the sample goes on to stand for all: otherwise its people alone would count, and most of a company would be gone.
        if (_highestAdmitted == _highestCounted)
        {
            if (_count > limit / 2) return;
            (_highestAdmitted, _missed) = (uint.MaxValue, DayMask.All);
        }
        _missed &= ~days;
        if (_missed.IsEmpty) _highestCounted = _highestAdmitted;
    }

    private void Admit(uint highest)
    {
        _highestAdmitted = highest;
        if (_highestCounted < highest) return;
        (_highestCounted, _missed) = (highest, default);
    }

    private readonly int Counted()
    {
        if (_highestCounted == _highestAdmitted) return _count;
        var index = IndexOf(_highestCounted);
        return index >= 0 ? index + 1 : ~index;
    }

    /// <summary>Asks for where a search goes: all of a small set, the beginnings in a large one.</summary>
    public readonly void Warm()
    {
        const int perLine = 4, lines = 8;
        var step = Math.Max(perLine, _count / lines);
        for (var k = 0; k < _count; k += step) Prefetch.Line(ref _items[k]);
    }

    public static DaySets Restore(DaySet[] items, uint counted, uint admitted, DayMask missed) =>
        new() { _items = items, _count = items.Length, _highestCounted = counted, _highestAdmitted = admitted, _missed = missed };

    private readonly int IndexOf(uint id)
    {
        int low = 0, high = _count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var candidate = _items[middle].Id;
            if (candidate == id) return middle;
            if (candidate < id) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }
}
