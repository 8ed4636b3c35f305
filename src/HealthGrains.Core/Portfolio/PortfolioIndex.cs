using HealthGrains.Accounts;
using HealthGrains.Hosting;

namespace HealthGrains.Portfolio;

/// <summary>
/// The rows of all accounts, for lists, search and totals. The host puts rows in as accounts change; any number of readers ask
/// snapshots, which never change while they are asked and are at most <see cref="Freshness"/> old.
/// </summary>
/// <remarks>
/// Rows lie in chunks. A snapshot holds the chunks as they are; the next write to a chunk that a snapshot holds copies it first. So
/// a snapshot costs a pointer a chunk, a write costs at most one copy of a chunk, and neither waits for a query. Chunks that nobody
/// holds any longer serve again: at 20,000 changes a second, copies made anew are what a collector would spend its pauses on.
/// </remarks>
public sealed class PortfolioIndex
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<PortfolioChunk> _chunks = [];
    private readonly Stack<PortfolioChunk> _spare = new();
    private readonly LabelTable _labels = new();
    private readonly TenantKeys _keys;
    private long _version;
    private PortfolioSnapshot _current;

    /// <summary>An empty index.</summary>
    /// <param name="keys">The tenant's secret: cursors are sealed with it.</param>
    /// <param name="freshness">How old a snapshot may get while rows change; one second when not given.</param>
    public PortfolioIndex(TenantKeys keys, TimeSpan? freshness = null)
    {
        _keys = keys;
        Freshness = freshness ?? TimeSpan.FromSeconds(1);
        _current = new PortfolioSnapshot([], 0, 0, 0, _labels, keys);
    }

    /// <summary>How old a snapshot may get while rows change.</summary>
    public TimeSpan Freshness { get; }

    /// <summary>How many accounts it holds, churned ones too.</summary>
    public int Count
    {
        get { lock (_gate) return _places.Count; }
    }

    /// <summary>A page of accounts, as they were at most <see cref="Freshness"/> before <paramref name="nowMs"/>.</summary>
    /// <param name="query">Which accounts. Throws <see cref="InvalidQueryException"/> for a sort, limit or cursor that is none.</param>
    /// <param name="nowMs">The host's clock, Unix milliseconds.</param>
    public Page<AccountSummary> List(AccountQuery query, long nowMs)
    {
        var snapshot = Current(nowMs);
        try
        {
            return snapshot.List(query);
        }
        finally
        {
            Return(snapshot);
        }
    }

    /// <summary>Totals of the whole book, or of one owner's. Churned accounts are not part of it.</summary>
    /// <param name="owner">The CSM; null for all.</param>
    /// <param name="nowMs">The host's clock, Unix milliseconds.</param>
    public PortfolioView Totals(string? owner, long nowMs)
    {
        var snapshot = Current(nowMs);
        try
        {
            return snapshot.Totals(owner);
        }
        finally
        {
            Return(snapshot);
        }
    }

    /// <summary>Owners, segments and tiers, with how many active accounts each has.</summary>
    /// <param name="nowMs">The host's clock, Unix milliseconds.</param>
    public PortfolioFacets Facets(long nowMs)
    {
        var snapshot = Current(nowMs);
        try
        {
            return snapshot.Facets();
        }
        finally
        {
            Return(snapshot);
        }
    }

    /// <summary>An account's row as it is now; null when it has none.</summary>
    public AccountSummary? Find(string id)
    {
        PortfolioRow row;
        PortfolioEntry entry;
        lock (_gate)
        {
            if (!_places.TryGetValue(id, out var place)) return null;
            var chunk = _chunks[place >> PortfolioChunk.Shift];
            row = chunk.Rows[place % PortfolioChunk.Size];
            entry = chunk.Entries[place % PortfolioChunk.Size];
        }
        return entry.Summary(row);
    }

    /// <summary>Puts an account's row in, in place of the one it had. Allocates nothing while profile and model are the same.</summary>
    /// <param name="profile">Who it is.</param>
    /// <param name="figures">How it stands.</param>
    /// <param name="model">The version of the model that judged.</param>
    public void Upsert(AccountProfile profile, in AccountFigures figures, string model)
    {
        lock (_gate)
        {
            if (!_places.TryGetValue(profile.Id, out var place))
            {
                place = _places.Count;
                _places.Add(profile.Id, place);
                if (place >> PortfolioChunk.Shift == _chunks.Count) _chunks.Add(new PortfolioChunk());
            }
            var chunk = ForWriting(place >> PortfolioChunk.Shift);
            var at = place % PortfolioChunk.Size;
            var entry = chunk.Entries[at];
            if (entry is null || !ReferenceEquals(entry.Profile, profile) || entry.Model != model)
            {
                var folded = entry?.Profile.Name == profile.Name ? entry.FoldedName : profile.Name.ToUpperInvariant();
                entry = new PortfolioEntry(profile, model, folded);
                chunk.SetEntry(at, entry);
                chunk.Rows[at] = PortfolioRow.From(entry, _labels);
            }
            chunk.Rows[at].Set(figures);
            _version++;
        }
    }

    /// <summary>Takes an account's row out. False when it has none.</summary>
    public bool Remove(string id)
    {
        lock (_gate)
        {
            if (!_places.Remove(id, out var place)) return false;
            var last = _places.Count;
            var lastChunk = ForWriting(last >> PortfolioChunk.Shift);
            var lastAt = last % PortfolioChunk.Size;
            if (place != last)
            {
                var moved = lastChunk.Entries[lastAt];
                var chunk = ForWriting(place >> PortfolioChunk.Shift);
                chunk.Rows[place % PortfolioChunk.Size] = lastChunk.Rows[lastAt];
                chunk.SetEntry(place % PortfolioChunk.Size, moved);
                _places[moved.Id] = place;
            }
            lastChunk.Rows[lastAt] = default;
            lastChunk.SetEntry(lastAt, null);
            if (lastAt == 0)
            {
                Release(lastChunk);
                _chunks.RemoveAt(last >> PortfolioChunk.Shift);
            }
            _version++;
            return true;
        }
    }

    /// <summary>
    /// The rows as they were at most <see cref="Freshness"/> before <paramref name="nowMs"/>; as they are, when the last snapshot
    /// is older than that. One that is not given back by <see cref="Return"/> is the collector's.
    /// </summary>
    internal PortfolioSnapshot Current(long nowMs)
    {
        lock (_gate)
        {
            // A clock that was set back makes the snapshot as stale as one that ran on.
            var fresh = _current.Version > 0 && Math.Abs(nowMs - _current.AsOfMs) < Freshness.TotalMilliseconds;
            if (!fresh && (_current.Version != _version || _current.AsOfMs != nowMs))
            {
                var before = _current;
                var same = before.Version == _version;
                _current = same ? before.StillTrueAt(nowMs)
                    : new PortfolioSnapshot([.. _chunks], _places.Count, nowMs, _version, _labels, _keys);
                foreach (var chunk in _current.Chunks) chunk.Holders++;
                if (before.Readers == 0) Release(before);
            }
            _current.Readers++;
            return _current;
        }
    }

    /// <summary>Says that a reader has done with a snapshot.</summary>
    internal void Return(PortfolioSnapshot snapshot)
    {
        lock (_gate)
        {
            if (--snapshot.Readers == 0 && snapshot != _current) Release(snapshot);
        }
    }

    private void Release(PortfolioSnapshot snapshot)
    {
        foreach (var chunk in snapshot.Chunks) Release(chunk);
    }

    private void Release(PortfolioChunk chunk)
    {
        // As many in reserve as are in use: what one snapshot can take in copies.
        if (--chunk.Holders > 0 || _spare.Count >= _chunks.Count) return;
        chunk.Entries = [];
        _spare.Push(chunk);
    }

    private PortfolioChunk ForWriting(int index)
    {
        var chunk = _chunks[index];
        if (chunk.Holders == 1) return chunk;
        if (_spare.TryPop(out var copy)) copy.Holders = 1;
        else copy = new PortfolioChunk();
        chunk.CopyTo(copy);
        Release(chunk);
        return _chunks[index] = copy;
    }
}
