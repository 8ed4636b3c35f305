using System.Buffers.Text;
using System.Globalization;
using System.Text;
using HealthGrains.Hosting;

namespace HealthGrains.Delivery;

/// <summary>
/// Dispatches in memory, for tests and for a silo that keeps nothing. Of those that are settled only the latest are remembered.
/// </summary>
/// <param name="settledLimit">How many settled ones are remembered.</param>
public sealed class MemoryDeliveryStore(int settledLimit = 10_000) : IDeliveryStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Row> _byId = new(StringComparer.Ordinal);
    // In the order in which they fall due, so that the first of a line is found first.
    private readonly SortedDictionary<(string Receiver, string Line), SortedSet<Row>> _lines = [];
    private readonly Queue<(Row Row, long Order)> _settled = [];
    private long _sequence;
    private long _settlements;

    /// <summary>Keeps what is new; a repeated id is dropped. Throws <see cref="ArgumentException"/> for an id that cannot be.</summary>
    public void Add(params IEnumerable<Dispatch> dispatches)
    {
        lock (_gate)
            foreach (var dispatch in dispatches)
            {
                if (!Dispatch.IsValidId(dispatch.Id))
                    throw new ArgumentException($"'{dispatch.Id}': {Dispatch.IdRule}", nameof(dispatches));
                var row = new Row(++_sequence, dispatch);
                if (_byId.TryAdd(dispatch.Id, row)) Queue(row);
            }
    }

    /// <summary>Forgets all that is about an account that is erased.</summary>
    public void Remove(string account)
    {
        lock (_gate)
            foreach (var row in _byId.Values.Where(row => row.Dispatch.IsAbout(account)).ToList())
            {
                if (row.State == DeliveryState.Pending) Settle(row, DeliveryState.Cancelled, row.Dispatch.At);
                _byId.Remove(row.Dispatch.Id);
            }
    }

    /// <summary>Forgets what was settled, and due, before a moment. Returns how many.</summary>
    public int Prune(long before)
    {
        lock (_gate)
        {
            var old = _byId.Values
                .Where(row => row.State != DeliveryState.Pending && row.SettledAt < before && row.DueSince < before).ToList();
            foreach (var row in old) _byId.Remove(row.Dispatch.Id);
            return old.Count;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ClaimedDispatch>> ClaimAsync(DeliveryClaim claim, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var due = _lines.Where(line => line.Key.Receiver == claim.Receiver).Select(line => line.Value.Min!)
                .Where(row => row.NextAttempt <= claim.Now && !(row.LeasedUntil > claim.Now))
                .OrderBy(row => row.NextAttempt).ThenBy(row => row.Sequence).Take(claim.Most).ToList();
            foreach (var row in due)
            {
                row.Attempts++;
                row.LeasedUntil = claim.LeasedUntil;
            }
            return new([.. due.Select(row => new ClaimedDispatch(row.Dispatch, row.Attempts, row.DueSince))]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> SettleAsync(string id, int attempt, Settlement settlement, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(id, out var row) || row.State != DeliveryState.Pending || row.Attempts != attempt) return new(false);
            row.LeasedUntil = null;
            row.Error = settlement.Error;
            row.DeliveredTo = settlement.DeliveredTo;
            row.NextAttempt = settlement.NextAttempt;
            if (settlement.State != DeliveryState.Pending) Settle(row, settlement.State, settlement.Now);
            return new(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> ExpireAsync(string receiver, long dueBefore, long now, string error, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var late = _lines.Where(line => line.Key.Receiver == receiver).SelectMany(line => line.Value)
                .Where(row => row.DueSince < dueBefore && !(row.LeasedUntil > now)).ToList();
            foreach (var row in late)
            {
                row.Error ??= error;
                Settle(row, DeliveryState.Dead, now);
            }
            return new(late.Count);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Page<DeliveryRecord>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken)
    {
        if (query.Limit is < 1 or > 500) throw new InvalidQueryException("limit", $"{query.Limit} is not within 1..500");
        var after = After(query.Cursor);
        lock (_gate)
        {
            var all = _byId.Values.Where(row => (query.State is null || row.State == query.State)
                    && (query.Receiver is null || row.Dispatch.Receiver == query.Receiver)
                    && (query.Account is null || row.Dispatch.Account == query.Account)
                    && (query.Owner is null || row.Dispatch.Owner == query.Owner))
                .OrderByDescending(row => row.Sequence).ToList();
            var rest = all.Where(row => row.Sequence < after).ToList();
            var page = rest.Take(query.Limit).ToList();
            var next = rest.Count > page.Count ? Cursor(page[^1].Sequence) : null;
            var asOf = all.Count == 0 ? 0 : all.Max(row => row.SettledAt ?? row.Dispatch.At);
            return new(new Page<DeliveryRecord>(
                [.. page.Select(row => row.ToRecord())], next, all.Count, DateTimeOffset.FromUnixTimeMilliseconds(asOf)));
        }
    }

    /// <inheritdoc/>
    public ValueTask<DeliveryRecord?> RetryAsync(string id, string actor, long now, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(id, out var row)) return new((DeliveryRecord?)null);
            if (row.State != DeliveryState.Dead)
                throw new InvalidTransitionException($"delivery {id} is {Word(row.State)}; only a dead one is tried again");
            (row.State, row.DueSince, row.NextAttempt, row.SettledAt) = (DeliveryState.Pending, now, now, null);
            Queue(row);
            return new(row.ToRecord());
        }
    }

    /// <inheritdoc/>
    public ValueTask<DeliveryRecord?> CancelAsync(string id, string reason, long now, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(id, out var row)) return new((DeliveryRecord?)null);
            if (row.State == DeliveryState.Cancelled) return new(row.ToRecord());
            if (row.State == DeliveryState.Delivered || row.LeasedUntil > now)
                throw new InvalidTransitionException(row.State == DeliveryState.Delivered
                    ? $"delivery {id} has been delivered" : $"delivery {id} is being sent; ask again in a moment");
            row.Error = reason;
            Settle(row, DeliveryState.Cancelled, now);
            return new(row.ToRecord());
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeliveryCount>> CountAsync(long now, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var counts = _byId.Values.Where(row => row.State is DeliveryState.Pending or DeliveryState.Dead)
                .GroupBy(row => row.Dispatch.Receiver)
                .OrderBy(rows => rows.Key, StringComparer.Ordinal).Select(rows =>
                {
                    var pending = rows.Where(row => row.State == DeliveryState.Pending).ToList();
                    var due = pending.Where(row => row.DueSince <= now).ToList();
                    return new DeliveryCount(
                        rows.Key, pending.Count, rows.Count() - pending.Count, due.Count == 0 ? null : due.Min(row => row.DueSince));
                });
            return new([.. counts]);
        }
    }

    private void Queue(Row row)
    {
        var key = (row.Dispatch.Receiver, row.Dispatch.Line);
        if (!_lines.TryGetValue(key, out var line)) _lines.Add(key, line = new SortedSet<Row>(Row.ByDue));
        line.Add(row);
    }

    private void Settle(Row row, DeliveryState state, long now)
    {
        if (row.State == DeliveryState.Pending)
        {
            var key = (row.Dispatch.Receiver, row.Dispatch.Line);
            _lines[key].Remove(row);
            if (_lines[key].Count == 0) _lines.Remove(key);
        }
        (row.State, row.SettledAt, row.NextAttempt, row.LeasedUntil) = (state, now, null, null);
        row.Settlement = ++_settlements;
        _settled.Enqueue((row, row.Settlement));
        while (_settled.Count > settledLimit)
        {
            // One that a person had tried again is remembered until it is settled again, and from then on.
            var (oldest, order) = _settled.Dequeue();
            var isLast = oldest.State != DeliveryState.Pending && oldest.Settlement == order;
            // One of an erased account may have the id of a later one.
            if (isLast && _byId.GetValueOrDefault(oldest.Dispatch.Id) == oldest) _byId.Remove(oldest.Dispatch.Id);
        }
    }

    private static string Cursor(long sequence) =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(sequence.ToString(CultureInfo.InvariantCulture)));

    private static long After(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor)) return long.MaxValue;
        if (cursor.Length <= 64 && Base64Url.IsValid(cursor)
            && long.TryParse(
                Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor)), NumberStyles.None, CultureInfo.InvariantCulture, out var at))
            return at;
        throw new InvalidQueryException("cursor", "not a cursor of this list; start again without one");
    }

    private static string Word(DeliveryState state) => state.ToString().ToLowerInvariant();

    private sealed class Row(long sequence, Dispatch dispatch)
    {
        public static readonly Comparer<Row> ByDue = Comparer<Row>.Create((a, b) =>
            a.DueSince != b.DueSince ? a.DueSince.CompareTo(b.DueSince) : a.Sequence.CompareTo(b.Sequence));

        public long Sequence { get; } = sequence;
        public Dispatch Dispatch { get; } = dispatch;
        public DeliveryState State { get; set; }
        public int Attempts { get; set; }
        public string? Error { get; set; }
        public long DueSince { get; set; } = dispatch.NotBefore;
        public long? NextAttempt { get; set; } = dispatch.NotBefore;
        public long? LeasedUntil { get; set; }
        public long? SettledAt { get; set; }
        public long Settlement { get; set; }
        public string? DeliveredTo { get; set; }

        public DeliveryRecord ToRecord() => new(Dispatch, State, Attempts, Error, DueSince, NextAttempt, SettledAt, DeliveredTo);
    }
}
