using HealthGrains.Hosting;

namespace HealthGrains.Portfolio;

/// <summary>
/// Keeps the first rows in an order of all that it is offered: a heap with the last of them on top, so that a row that comes
/// after it is refused by one comparison.
/// </summary>
internal sealed class FirstRows(AccountOrder order, int limit)
{
    private readonly Entry[] _heap = new Entry[limit];
    private int _count;
    private Entry? _after;
    private long _offered;

    /// <summary>Whether there are rows beyond those kept.</summary>
    public bool More => _offered > _count;

    /// <summary>Only rows after the cursor's position count.</summary>
    public void StartAfter(PageCursor cursor)
    {
        var row = new PortfolioRow
        {
            Summary = NameOnly(cursor.Id),
            FoldedName = cursor.FoldedName,
            IdPrefix = PortfolioRow.PrefixOfId(cursor.Id),
            IdRest = cursor.Id.Length > 8 ? PortfolioRow.PrefixOfId(cursor.Id.AsSpan(8)) : 0,
        };
        _after = new Entry(cursor.Place, row);
    }

    public void Offer(in PortfolioRow row)
    {
        var place = order.Place(row);
        if (_after is not null && Compare(place, row, _after) <= 0) return;
        _offered++;
        if (_count < _heap.Length)
        {
            _heap[_count++] = new Entry(place, row);
            if (_count == _heap.Length)
                for (var i = _count / 2 - 1; i >= 0; i--) SiftDown(i);
        }
        else if (Compare(place, row, _heap[0]) < 0)
        {
            _heap[0] = new Entry(place, row);
            SiftDown(0);
        }
    }

    /// <summary>The rows kept, in order, and where the last of them stands.</summary>
    public AccountSummary[] Take(out PageCursor last)
    {
        var kept = _heap.AsSpan(0, _count);
        kept.Sort((a, b) => Compare(a.Place, a.Row, b));
        var items = new AccountSummary[_count];
        for (var i = 0; i < items.Length; i++) items[i] = kept[i].Row.Summary;
        last = _count == 0 ? default : new PageCursor(kept[^1].Place, kept[^1].Row.FoldedName, kept[^1].Row.Summary.Id);
        return items;
    }

    private int Compare(ulong place, in PortfolioRow row, Entry other)
    {
        if (place != other.Place) return place < other.Place ? -1 : 1;
        return order.CompareTied(row, other.Row);
    }

    private void SiftDown(int at)
    {
        var moving = _heap[at];
        for (; ; )
        {
            var child = 2 * at + 1;
            if (child >= _count) break;
            if (child + 1 < _count && Compare(_heap[child + 1].Place, _heap[child + 1].Row, _heap[child]) > 0) child++;
            if (Compare(moving.Place, moving.Row, _heap[child]) >= 0) break;
            _heap[at] = _heap[child];
            at = child;
        }
        _heap[at] = moving;
    }

    private static AccountSummary NameOnly(string id) => new()
    {
        Id = id, Name = id, Tier = default, Currency = "", Status = default, Score = 0, Low = 0, High = 0, Band = default, Coverage = 0,
        Change7Days = 0, Decline = default, SlopePerDay = 0, ChurnProbability = 0, OpenAlerts = 0, Version = 0, Model = "", AsOf = default,
    };

    private sealed class Entry(ulong place, in PortfolioRow row)
    {
        public readonly ulong Place = place;
        public readonly PortfolioRow Row = row;
    }
}
