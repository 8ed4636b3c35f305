using HealthGrains.Hosting;

namespace HealthGrains.Portfolio;

/// <summary>
/// The rows of all accounts, for lists, search and totals. The host puts rows in as accounts change; any number of readers ask
/// snapshots, which never change and are at most <see cref="Freshness"/> old.
/// </summary>
/// <remarks>
/// Rows lie in chunks. A snapshot takes the chunks as they are and marks them as shared; the next write to a shared chunk copies
/// it first. So a snapshot costs a pointer a chunk, a write costs at most one copy of a chunk, and neither waits for a query.
/// </remarks>
public sealed class PortfolioIndex
{
    internal const int ChunkRows = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<Chunk> _chunks = [];
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

    /// <summary>Puts an account's row in, in place of the one it had.</summary>
    public void Upsert(AccountSummary summary)
    {
        lock (_gate)
        {
            if (!_places.TryGetValue(summary.Id, out var place))
            {
                place = _places.Count;
                _places.Add(summary.Id, place);
                if (place / ChunkRows == _chunks.Count) _chunks.Add(new Chunk(new PortfolioRow[ChunkRows]));
            }
            ref var row = ref RowForWriting(place);
            row = PortfolioRow.From(summary, row, _labels);
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
            if (place != last)
            {
                var moved = _chunks[last / ChunkRows].Rows[last % ChunkRows];
                RowForWriting(place) = moved;
                _places[moved.Summary.Id] = place;
            }
            RowForWriting(last) = default;
            if (last % ChunkRows == 0) _chunks.RemoveAt(last / ChunkRows);
            _version++;
            return true;
        }
    }

    /// <summary>
    /// The rows as they were at most <see cref="Freshness"/> before <paramref name="nowMs"/>; as they are, when the last
    /// snapshot is older than that.
    /// </summary>
    /// <param name="nowMs">The host's clock, Unix milliseconds.</param>
    public PortfolioSnapshot Current(long nowMs)
    {
        var current = Volatile.Read(ref _current);
        // A clock that was set back makes the snapshot as stale as one that ran on.
        if (current.Version > 0 && Math.Abs(nowMs - current.AsOfMs) < Freshness.TotalMilliseconds) return current;
        lock (_gate)
        {
            if (_current.Version == _version)
            {
                if (_current.AsOfMs != nowMs) _current = _current.StillTrueAt(nowMs);
                return _current;
            }
            var rows = new PortfolioRow[_chunks.Count][];
            for (var i = 0; i < rows.Length; i++)
            {
                _chunks[i].Shared = true;
                rows[i] = _chunks[i].Rows;
            }
            _current = new PortfolioSnapshot(rows, _places.Count, nowMs, _version, _labels, _keys);
            return _current;
        }
    }

    private ref PortfolioRow RowForWriting(int place)
    {
        var chunk = _chunks[place / ChunkRows];
        if (chunk.Shared) _chunks[place / ChunkRows] = chunk = new Chunk((PortfolioRow[])chunk.Rows.Clone());
        return ref chunk.Rows[place % ChunkRows];
    }

    private sealed class Chunk(PortfolioRow[] rows)
    {
        public readonly PortfolioRow[] Rows = rows;
        public bool Shared;
    }
}
