using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using HealthGrains.Accounts;
using HealthGrains.Hosting;

namespace HealthGrains.Portfolio;

/// <summary>All accounts at a moment. Never changes while it is read; asked from many threads.</summary>
internal sealed class PortfolioSnapshot
{
    /// <summary>The most rows a page may have.</summary>
    public const int MaxLimit = 500;

    private readonly LabelTable _labels;
    private readonly TenantKeys _keys;
    private readonly ConcurrentDictionary<int, PortfolioView> _totals;

    internal PortfolioSnapshot(
        PortfolioChunk[] chunks, int count, long asOfMs, long version, LabelTable labels, TenantKeys keys,
        ConcurrentDictionary<int, PortfolioView>? totals = null)
    {
        Chunks = chunks;
        _labels = labels;
        _keys = keys;
        _totals = totals ?? [];
        Count = count;
        AsOfMs = asOfMs;
        Version = version;
    }

    /// <summary>How many accounts it holds, churned ones too.</summary>
    public int Count { get; }

    /// <summary>When it was taken.</summary>
    public DateTimeOffset AsOf => DateTimeOffset.FromUnixTimeMilliseconds(AsOfMs);

    /// <summary>Grows with every change of a row: equal versions hold equal rows.</summary>
    public long Version { get; }

    internal long AsOfMs { get; }

    internal PortfolioChunk[] Chunks { get; }

    /// <summary>How many read it. Changes under the index's lock alone.</summary>
    internal int Readers { get; set; }

    internal ref readonly PortfolioRow Row(int place) => ref Chunks[place >> PortfolioChunk.Shift].Rows[place % PortfolioChunk.Size];

    internal PortfolioEntry Entry(int place) => Chunks[place >> PortfolioChunk.Shift].Entries[place % PortfolioChunk.Size];

    /// <summary>
    /// A page of accounts. Throws <see cref="InvalidQueryException"/> for a sort field, a limit or a cursor that is none.
    /// One pass over the rows keeps the first ones only; nothing is sorted but the page.
    /// </summary>
    public Page<AccountSummary> List(AccountQuery query)
    {
        if (query.Limit is < 1 or > MaxLimit) throw new InvalidQueryException("limit", $"{query.Limit} is not within 1..{MaxLimit}");
        var order = AccountOrder.Parse(query.Sort);
        var filter = new RowFilter(query, _labels);
        var after = query.Cursor is { Length: > 0 } cursor ? PageCursor.Read(cursor, order, _keys) : (PageCursor?)null;
        var first = new FirstRows(this, order, query.Limit, after);

        var total = 0;
        foreach (var index in ChunkOrder())
        {
            var start = index << PortfolioChunk.Shift;
            var chunk = Chunks[index];
            var rows = RowsOf(index);
            for (var i = 0; i < rows.Length; i++)
            {
                ref readonly var row = ref rows[i];
                if (!filter.Passes(row) || (filter.Searches && !filter.Finds(chunk.Entries[i]))) continue;
                total++;
                first.Offer(row, start + i);
            }
        }

        var items = first.Take(out var last);
        var next = first.More ? last.Write(order, _keys) : null;
        return new Page<AccountSummary>(items, next, total, AsOf);
    }

    /// <summary>Totals of the whole book, or of one owner's. Churned accounts are not part of it.</summary>
    public PortfolioView Totals(string? owner)
    {
        var number = owner is null ? 0 : _labels.Find(owner);
        // An owner without accounts is not worth remembering, and could be any text.
        if (number < 0) return new PortfolioTotals().View(AsOf, owner);
        var view = _totals.GetOrAdd(number, static (number, self) => self.Sum(number), this);
        return view with { AsOf = AsOf, Owner = owner };
    }

    /// <summary>Owners, segments and tiers, with how many active accounts each has.</summary>
    public PortfolioFacets Facets()
    {
        var (owners, segments, tiers) = (new Dictionary<int, int>(), new Dictionary<int, int>(), new Dictionary<int, int>());
        var accounts = 0;
        for (var index = 0; index < Chunks.Length; index++)
        {
            foreach (ref readonly var row in RowsOf(index))
            {
                if (row.Status != AccountStatus.Active) continue;
                accounts++;
                CollectionsMarshal.GetValueRefOrAddDefault(owners, row.Owner, out _)++;
                CollectionsMarshal.GetValueRefOrAddDefault(segments, row.Segment, out _)++;
                CollectionsMarshal.GetValueRefOrAddDefault(tiers, (int)row.Tier, out _)++;
            }
        }
        return new PortfolioFacets(AsOf, accounts, Named(owners), Named(segments),
            [.. tiers.OrderBy(tier => tier.Key).Select(tier => PortfolioFacets.OfTier((Tier)tier.Key, tier.Value))]);
    }

    private IReadOnlyList<FacetCount> Named(Dictionary<int, int> counts) => PortfolioFacets.ByName(
        counts.Where(count => count.Key != 0).Select(count => new FacetCount(_labels.Text(count.Key), count.Value)));

    internal PortfolioSnapshot StillTrueAt(long nowMs) => new(Chunks, Count, nowMs, Version, _labels, _keys, _totals);

    private PortfolioView Sum(int owner)
    {
        var totals = new PortfolioTotals();
        for (var index = 0; index < Chunks.Length; index++)
        {
            var chunk = Chunks[index];
            var rows = RowsOf(index);
            for (var i = 0; i < rows.Length; i++)
                if (rows[i].Status == AccountStatus.Active && (owner == 0 || rows[i].Owner == owner))
                    totals.Add(rows[i], chunk.Entries[i]);
        }
        return totals.View(AsOf, null);
    }

    private ReadOnlySpan<PortfolioRow> RowsOf(int index) =>
        Chunks[index].Rows.AsSpan(0, Math.Min(PortfolioChunk.Size, Count - (index << PortfolioChunk.Shift)));

    /// <summary>
    /// Chunks in a scattered order: rows that came in sorted the wrong way round would otherwise each displace the one before.
    /// </summary>
    private IEnumerable<int> ChunkOrder()
    {
        const int prime = 7919;
        var count = Chunks.Length;
        if (count % prime == 0)
        {
            for (var i = 0; i < count; i++) yield return i;
            yield break;
        }
        for (long i = 0, at = 0; i < count; i++, at = (at + prime) % count) yield return (int)at;
    }

    private readonly struct RowFilter(AccountQuery query, LabelTable labels)
    {
        private readonly int _owner = query.Owner is null ? 0 : labels.Find(query.Owner);
        private readonly int _segment = query.Segment is null ? 0 : labels.Find(query.Segment);
        private readonly int _band = query.Band is { } band ? (int)band : -1;
        private readonly int _tier = query.Tier is { } tier ? (int)tier : -1;
        private readonly int _decline = query.Decline is { } decline ? (int)decline : -1;
        private readonly bool _churned = query.IncludeChurned;
        private readonly string? _search = string.IsNullOrEmpty(query.Search) ? null : query.Search;

        public bool Searches => _search is not null;

        public bool Passes(in PortfolioRow row) =>
            (_churned || row.Status == AccountStatus.Active)
            && (_owner == 0 || row.Owner == _owner)
            && (_segment == 0 || row.Segment == _segment)
            && (_band < 0 || (int)row.Band == _band)
            && (_tier < 0 || (int)row.Tier == _tier)
            && (_decline < 0 || (int)row.Decline == _decline);

        public bool Finds(PortfolioEntry entry) => Contains(entry.Id, _search!) || Contains(entry.Profile.Name, _search!);

        private static bool Contains(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
    }
}
