using HealthGrains.Signals;

namespace HealthGrains.Accounts;

/// <summary>A signal that is remembered by itself rather than counted, in 20 bytes and with its exact time.</summary>
internal readonly record struct Happening(uint Second, uint Subject, uint Name, float Value, SignalKind Kind, sbyte Sentiment)
    : IComparable<Happening>
{
    public long At => Second * 1000L;

    public static Happening Of(in Signal signal, long at)
    {
        // Intake refuses what is out of range; here it only must not spoil a sum.
        var rule = signal.Kind.Rule();
        var value = rule.Unit is null || !signal.HasValue ? float.NaN : Math.Clamp(signal.Value, rule.Min, rule.Max);
        return new Happening(
            (uint)Math.Clamp(at / 1000, 0, uint.MaxValue), Fold(signal.Subject), signal.Name, value, signal.Kind, signal.Sentiment);
    }

    /// <summary>Within one account 32 bits tell subjects apart: two of a thousand meet once in eight thousand accounts.</summary>
    public static uint Fold(ulong subject) => (uint)(subject >> 32);

    /// <summary>By time, then by everything else: a total order, so that a sorted list is the same whatever the order of arrival.</summary>
    public int CompareTo(Happening other)
    {
        var order = Second.CompareTo(other.Second);
        // An enum's own CompareTo boxes.
        if (order == 0) order = ((byte)Kind).CompareTo((byte)other.Kind);
        if (order == 0) order = Subject.CompareTo(other.Subject);
        if (order == 0) order = Name.CompareTo(other.Name);
        if (order == 0) order = Value.CompareTo(other.Value);
        if (order == 0) order = Sentiment.CompareTo(other.Sentiment);
        return order;
    }
}

/// <summary>
/// Happenings in the order of their times, at most a limit: above it the oldest give way. The k latest of a set
/// are the same whatever the order of arrival.
/// </summary>
internal struct Happenings
{
    private Happening[] _items;
    private int _count;

    public Happenings() => _items = [];

    public readonly ReadOnlySpan<Happening> Items => _items.AsSpan(0, _count);

    /// <summary>Whether any gave way to the limit. Not how many: one that comes again after it gave way would count twice.</summary>
    public bool HasDropped { get; private set; }

    public readonly Happenings Clone() => this with { _items = _items.AsSpan(0, _count).ToArray() };

    /// <summary>Adds one; the very same one twice is one.</summary>
    public void Add(in Happening item, int limit)
    {
        var index = _count;
        while (index > 0 && _items[index - 1].CompareTo(item) > 0) index--;
        if (index > 0 && _items[index - 1] == item) return;
        if (_count == limit)
        {
            HasDropped = true;
            if (index == 0) return;
            index--;
            Array.Copy(_items, 1, _items, 0, index);
            _items[index] = item;
            return;
        }
        if (_count == _items.Length) Array.Resize(ref _items, Math.Min(limit, Math.Max(8, _count + _count / 2)));
        Array.Copy(_items, index, _items, index + 1, _count - index);
        _items[index] = item;
        _count++;
    }

    /// <summary>Drops the happenings before a second that are not kept.</summary>
    public void Expire(uint before, Keeps keeps)
    {
        var gone = 0;
        while (gone < _count && _items[gone].Second < before) gone++;
        if (gone == 0) return;
        // All are judged before any is dropped: one may be kept for the sake of another.
        Span<bool> kept = stackalloc bool[gone];
        var items = Items;
        for (var k = 0; k < gone; k++) kept[k] = keeps(items, gone, before, k);
        var count = 0;
        for (var k = 0; k < gone; k++)
            if (kept[k]) _items[count++] = _items[k];
        if (count == gone) return;
        Array.Copy(_items, gone, _items, count, _count - gone);
        _count -= gone - count;
    }

    /// <summary>
    /// Whether the k-th of happenings is kept, of which the first so many have left the calendar, which begins at a second.
    /// </summary>
    public delegate bool Keeps(ReadOnlySpan<Happening> items, int gone, uint before, int k);

    public static Happenings Restore(Happening[] items, bool hasDropped) =>
        new() { _items = items, _count = items.Length, HasDropped = hasDropped };
}
