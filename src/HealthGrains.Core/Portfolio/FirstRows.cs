using HealthGrains.Hosting;

namespace HealthGrains.Portfolio;

/// <summary>
/// Keeps the first rows in an order of all that it is offered: a heap with the last of them on top, so that a row that comes
/// after it is refused by one comparison.
/// </summary>
/// <param name="snapshot">Where the rows are.</param>
/// <param name="order">The order.</param>
/// <param name="limit">How many are kept.</param>
/// <param name="after">Only rows after this position count.</param>
internal sealed class FirstRows(PortfolioSnapshot snapshot, AccountOrder order, int limit, PageCursor? after)
{
    private readonly (ulong Place, int Row)[] _heap = new (ulong, int)[limit];
    private int _count;
    private long _offered;

    /// <summary>Whether there are rows beyond those kept.</summary>
    public bool More => _offered > _count;

    public void Offer(in PortfolioRow row, int number)
    {
        var offered = (Place: order.Place(row), Row: number);
        if (after is { } cursor && !ComesAfter(offered, cursor)) return;
        _offered++;
        if (_count < _heap.Length)
        {
            _heap[_count++] = offered;
            if (_count == _heap.Length)
                for (var i = _count / 2 - 1; i >= 0; i--) SiftDown(i);
        }
        else if (Compare(offered, _heap[0]) < 0)
        {
            _heap[0] = offered;
            SiftDown(0);
        }
    }

    /// <summary>The rows kept, in order, and where the last of them stands.</summary>
    public AccountSummary[] Take(out PageCursor last)
    {
        var kept = _heap.AsSpan(0, _count);
        kept.Sort(Compare);
        var items = new AccountSummary[_count];
        for (var i = 0; i < items.Length; i++) items[i] = snapshot.Entry(kept[i].Row).Summary(snapshot.Row(kept[i].Row));
        last = default;
        if (_count > 0)
        {
            var entry = snapshot.Entry(kept[^1].Row);
            last = new PageCursor(kept[^1].Place, entry.FoldedName, entry.Id);
        }
        return items;
    }

    private int Compare((ulong Place, int Row) a, (ulong Place, int Row) b)
    {
        if (a.Place != b.Place) return a.Place < b.Place ? -1 : 1;
        if (order.ByName && order.CompareNames(snapshot.Entry(a.Row).FoldedName, snapshot.Entry(b.Row).FoldedName) is var names and not 0)
            return names;
        // Ids by their characters' numbers, mostly without following the pointer to the text.
        ref readonly var x = ref snapshot.Row(a.Row);
        ref readonly var y = ref snapshot.Row(b.Row);
        if (x.IdPrefix != y.IdPrefix) return x.IdPrefix < y.IdPrefix ? -1 : 1;
        if (x.IdRest != y.IdRest) return x.IdRest < y.IdRest ? -1 : 1;
        return string.CompareOrdinal(snapshot.Entry(a.Row).Id, snapshot.Entry(b.Row).Id);
    }

    private bool ComesAfter((ulong Place, int Row) row, in PageCursor cursor)
    {
        if (row.Place != cursor.Place) return row.Place > cursor.Place;
        var entry = snapshot.Entry(row.Row);
        var names = order.CompareNames(entry.FoldedName, cursor.FoldedName);
        return names != 0 ? names > 0 : string.CompareOrdinal(entry.Id, cursor.Id) > 0;
    }

    private void SiftDown(int at)
    {
        var moving = _heap[at];
        for (; ; )
        {
            var child = 2 * at + 1;
            if (child >= _count) break;
            if (child + 1 < _count && Compare(_heap[child + 1], _heap[child]) > 0) child++;
            if (Compare(moving, _heap[child]) >= 0) break;
            _heap[at] = _heap[child];
            at = child;
        }
        _heap[at] = moving;
    }
}
