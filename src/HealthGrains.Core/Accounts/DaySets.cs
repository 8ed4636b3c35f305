namespace HealthGrains.Accounts;

/// <summary>The days of the ring as bits: bit k stands for slot k.</summary>
internal readonly struct DayMask(ulong low, uint high)
{
    public readonly ulong Low = low;
    public readonly uint High = high;

    public bool IsEmpty => (Low | High) == 0;

    public static DayMask Slot(int slot) => slot < 64 ? new(1ul << slot, 0) : new(0, 1u << (slot - 64));

    /// <summary>A run of slots, going on from slot 0 after the last.</summary>
    public static DayMask Run(int firstSlot, int count)
    {
        var run = ((UInt128.One << count) - 1) << firstSlot;
        run = (run & ((UInt128.One << Calendar.Rows) - 1)) | (run >> Calendar.Rows);
        return new DayMask((ulong)run, (uint)(run >> 64));
    }

    public bool Overlaps(DayMask other) => (Low & other.Low) != 0 || (High & other.High) != 0;

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
    private uint _highestAdmitted;

    public DaySets()
    {
        _items = [];
        _highestAdmitted = uint.MaxValue;
    }

    public readonly ReadOnlySpan<DaySet> Items => _items.AsSpan(0, _count);

    /// <summary>How many stand for one in the sketch: 1 while exact.</summary>
    public readonly double Scale => _highestAdmitted == uint.MaxValue ? 1 : 4294967296.0 / (_highestAdmitted + 1.0);

    public readonly uint HighestAdmitted => _highestAdmitted;

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
                _highestAdmitted = _items[_count - 1].Id;
                return;
            }
            _count--;
            _highestAdmitted = index == _count ? id : _items[_count - 1].Id;
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
        // Far below the limit again, the sketch is given up for exactness.
        if (_count <= limit / 2) _highestAdmitted = uint.MaxValue;
    }

    /// <summary>Loads where a search begins.</summary>
    public readonly int Touch()
    {
        var items = _items;
        return items.Length == 0 ? 0 : (int)(items[_count / 2].Id + items[_count / 4].Id + items[_count * 3 / 4].Id);
    }

    public static DaySets Restore(DaySet[] items, uint highestAdmitted) =>
        new() { _items = items, _count = items.Length, _highestAdmitted = highestAdmitted };

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
