using HealthGrains.Signals;

namespace HealthGrains.Accounts;

/// <summary>A reading of what has a value at any time (seats, the share of a limit): of one day, only the latest is kept.</summary>
internal readonly record struct Gauge(int Day, SignalKind Kind, uint Name, uint SecondOfDay, float Value)
{
    public long At => Days.Start(Day) + SecondOfDay * 1000L;

    public static Gauge Of(in Signal signal, long at)
    {
        var rule = signal.Kind.Rule();
        var value = signal.HasValue ? Math.Clamp(signal.Value, rule.Min, rule.Max) : float.NaN;
        var day = Days.Of(at);
        return new Gauge(day, signal.Kind, signal.Name, (uint)((at - Days.Start(day)) / 1000), value);
    }

    /// <summary>By day, kind and name: what makes it the same gauge of the same day.</summary>
    public int CompareKey(in Gauge other)
    {
        var order = Day.CompareTo(other.Day);
        if (order == 0) order = ((byte)Kind).CompareTo((byte)other.Kind);
        return order != 0 ? order : Name.CompareTo(other.Name);
    }

    /// <summary>Later within the day, or the larger of two at one time.</summary>
    public bool Supersedes(in Gauge other) =>
        SecondOfDay != other.SecondOfDay ? SecondOfDay > other.SecondOfDay : Value.CompareTo(other.Value) > 0;
}

/// <summary>
/// Gauges by day, kind and name, at most a limit: above it the oldest keys give way. Which keys stay depends on the keys alone, and
/// which reading of a key stays on the readings alone, so the order of arrival leaves no trace.
/// </summary>
internal struct Gauges
{
    private Gauge[] _items;
    private int _count;

    public Gauges() => _items = [];

    public readonly ReadOnlySpan<Gauge> Items => _items.AsSpan(0, _count);

    public readonly Gauges Clone() => this with { _items = _items.AsSpan(0, _count).ToArray() };

    public void Put(in Gauge item, int limit)
    {
        var index = _count;
        while (index > 0 && _items[index - 1].CompareKey(item) > 0) index--;
        if (index > 0 && _items[index - 1].CompareKey(item) == 0)
        {
            if (item.Supersedes(_items[index - 1])) _items[index - 1] = item;
            return;
        }
        if (_count == limit)
        {
            if (index == 0) return;
            index--;
            Array.Copy(_items, 1, _items, 0, index);
            _items[index] = item;
            return;
        }
        if (_count == _items.Length) Array.Resize(ref _items, Math.Min(limit, Math.Max(4, _count + _count / 2)));
        Array.Copy(_items, index, _items, index + 1, _count - index);
        _items[index] = item;
        _count++;
    }

    /// <summary>Of the readings before a day, keeps the latest of each gauge: it still stands.</summary>
    public void Expire(int before)
    {
        var expired = 0;
        while (expired < _count && _items[expired].Day < before) expired++;
        var kept = 0;
        for (var k = 0; k < _count; k++)
        {
            var stands = k >= expired;
            for (var later = k + 1; !stands && later <= expired; later++)
            {
                if (later == expired) stands = true;
                else if (_items[later].Kind == _items[k].Kind && _items[later].Name == _items[k].Name) break;
            }
            if (stands) _items[kept++] = _items[k];
        }
        _count = kept;
    }

    public static Gauges Restore(Gauge[] items) => new() { _items = items, _count = items.Length };
}
