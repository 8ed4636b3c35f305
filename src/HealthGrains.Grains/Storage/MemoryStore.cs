using System.Globalization;
using System.Text;
using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Grains.Accounts;
using HealthGrains.Grains.Time;
using HealthGrains.Hosting;
using HealthGrains.Portfolio;
using HealthGrains.Tenants;

namespace HealthGrains.Grains.Storage;

/// <summary>
/// Keeps everything in the memory of one process, and nothing beyond it: for trying the cluster without a server, and for tests.
/// Shared by all silos of the process.
/// </summary>
public sealed partial class MemoryStore : IAccountStore, IBookStore, IDirectoryStore, ILogPlaceStore, IDeskStore, IOwnerStore
{
    private const long Day = 86_400_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, AccountWrite> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (byte[] Intake, DateTimeOffset At)> _erased = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Account, DateOnly Day), HistoryPoint> _closes = [];
    private readonly Dictionary<string, AlertView> _alerts = new(StringComparer.Ordinal);
    private readonly List<AuditView> _audit = [];
    private readonly HashSet<EvidenceLink> _evidence = [];
    private readonly Dictionary<uint, string> _names = [];
    private readonly Dictionary<(string Source, string External), string> _links = [];
    private readonly List<(HeldEvent Event, long At, long? Released)> _held = [];
    private readonly Dictionary<string, ModelActivation> _activations = new(StringComparer.Ordinal);
    private readonly List<Func<DirectoryChanges, DirectoryChanges>> _directory = [];
    private readonly Dictionary<(string Topic, int Partition), long> _places = [];
    private readonly PortfolioIndex _index = new(TenantKeys.Repeatable);

    /// <inheritdoc/>
    public Task<AccountRow?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_rows.TryGetValue(id, out var write)) return Task.FromResult<AccountRow?>(write.Row with { Desk = _desks.HeadOf(id) });
            // Nothing in memory outlives the log of a test, so a key that everybody knows will do.
            var isErased = _erased.TryGetValue(ErasedAccount.Pseudonym(TenantKeys.Repeatable, id), out var erased);
            return Task.FromResult(isErased ? AccountRow.Erased(erased.Intake) : null);
        }
    }

    /// <inheritdoc/>
    public Task<bool[]> WriteAsync(IReadOnlyList<AccountWrite> writes, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult<bool[]>([.. writes.Select(Write)]);
    }

    /// <inheritdoc/>
    public Task<ErasedRows?> EraseAsync(string id, string pseudonym, AuditView entry, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_rows.Remove(id, out var row)) return Task.FromResult<ErasedRows?>(null);
            if (IntakeMarks.OfErased(row.Row.Intake) is { } kept) _erased[pseudonym] = (kept, entry.At);
            _index.Remove(id);
            _desks.Erase(id);
            _evidence.RemoveWhere(link => link.Account == id);
            ErasePushes(id);
            var closes = _closes.Keys.Where(key => key.Account == id).ToArray();
            foreach (var key in closes) _closes.Remove(key);
            foreach (var alert in _alerts.Values.Where(alert => alert.Account == id).ToArray()) _alerts.Remove(alert.Id);
            var links = new List<(string Source, string External)>();
            // A user's link leads to a group's id, and that one to the account: both go.
            for (var targets = new Queue<string>([id]); targets.TryDequeue(out var target);)
            {
                foreach (var link in _links.Where(link => link.Value == target).Select(link => link.Key).ToArray())
                {
                    _links.Remove(link);
                    links.Add(link);
                    targets.Enqueue(link.External);
                }
            }
            _held.RemoveAll(held => links.Contains((held.Event.Source, held.Event.ExternalId)));
            for (var i = 0; i < _audit.Count; i++)
                if (_audit[i].Subject == id) _audit[i] = _audit[i] with { Subject = pseudonym, Detail = null };
            _audit.Add(entry);
            _directory.Add(changes => changes with
            {
                Accounts = [.. changes.Accounts, (id, false)],
                Links = [.. changes.Links, .. links.Select(link => (link.Source, link.External, (string?)null))],
            });
            return Task.FromResult<ErasedRows?>(new ErasedRows(closes.Length, links));
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> DueAsync(int shard, long now, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<string>>([.. _rows.Values
                .Where(row => row.Row.DueAt <= now && Shards.Of(row.Id) == shard)
                .OrderBy(row => row.Row.DueAt).Take(limit).Select(row => row.Id)]);
        }
    }

    /// <inheritdoc/>
    public Task MakeDueAsync(long now, CancellationToken cancellationToken)
    {
        lock (_gate)
            foreach (var (id, row) in _rows.ToArray()) _rows[id] = row with { Row = row.Row with { DueAt = Math.Min(row.Row.DueAt, now) } };
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPlace>> PlacesAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<StoredPlace>>(
                [.. _places.Select(place => new StoredPlace(place.Key.Topic, place.Key.Partition, place.Value))]);
        }
    }

    /// <inheritdoc/>
    public Task<bool[]> MovePlacesAsync(IReadOnlyList<PlaceMove> moves, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult<bool[]>([.. moves.Select(Move)]);

        bool Move(PlaceMove move)
        {
            var place = _places.GetValueOrDefault((move.Topic, move.Partition));
            if (place < move.From) return false;
            _places[(move.Topic, move.Partition)] = Math.Max(place, move.Next);
            return true;
        }
    }

    /// <inheritdoc/>
    public Task<Page<AccountSummary>> ListAsync(AccountQuery query, long now, CancellationToken cancellationToken) =>
        Task.FromResult(_index.List(query, now));

    /// <inheritdoc/>
    public Task<PortfolioView> TotalsAsync(string? owner, long now, CancellationToken cancellationToken) =>
        Task.FromResult(_index.Totals(owner, now));

    /// <inheritdoc/>
    public Task<PortfolioFacets> FacetsAsync(long now, CancellationToken cancellationToken) => Task.FromResult(_index.Facets(now));

    /// <inheritdoc/>
    public Task<Page<AlertView>> AlertsAsync(AlertQuery query, long now, CancellationToken cancellationToken)
    {
        var from = From(query.Cursor);
        lock (_gate)
        {
            var all = _alerts.Values
                .Where(alert => query.State is { } state ? alert.State == state
                    : alert.State is not (AlertState.Resolved or AlertState.Closed))
                .Where(alert => query.Owner is null || alert.Owner == query.Owner)
                .Where(alert => query.Account is null || alert.Account == query.Account)
                .Where(alert => query.Severity is null || alert.Severity == query.Severity)
                .OrderByDescending(alert => alert.RaisedAt).ThenByDescending(alert => alert.Id, StringComparer.Ordinal)
                .Select(WithPush).ToArray();
            return Task.FromResult(PageOf(all, from, query.Limit, now));
        }
    }

    /// <inheritdoc/>
    public Task<AlertView?> AlertAsync(string id, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_alerts.TryGetValue(id, out var alert) ? WithPush(alert) : null);
    }

    /// <inheritdoc/>
    public Task<string?> PruneAsync(string after, DateOnly before, int accounts, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var midnight = new DateTimeOffset(before, default, TimeSpan.Zero);
            var part = _closes.Keys.Select(key => key.Account).Concat(_evidence.Select(link => link.Account))
                .Where(id => string.CompareOrdinal(id, after) > 0)
                .Distinct().Order(StringComparer.Ordinal).Take(accounts).ToHashSet(StringComparer.Ordinal);
            var old = _closes.Keys.Where(key => key.Day < before && part.Contains(key.Account)).ToArray();
            foreach (var key in old) _closes.Remove(key);
            _evidence.RemoveWhere(link => link.At < midnight.ToUnixTimeMilliseconds() && part.Contains(link.Account));
            foreach (var alert in _alerts.Values.ToArray())
            {
                if (alert.State >= AlertState.Resolved && alert.RaisedAt < midnight && old.Any(key => key.Account == alert.Account))
                    _alerts.Remove(alert.Id);
            }
            return Task.FromResult(part.Max(StringComparer.Ordinal));
        }
    }

    /// <inheritdoc/>
    public Task<int> PruneErasuresAsync(DateTimeOffset before, int most, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var old = _erased.Where(erased => erased.Value.At < before).Take(most).Select(erased => erased.Key).ToArray();
            return Task.FromResult(old.Count(_erased.Remove));
        }
    }

    /// <inheritdoc/>
    public Task<List<HistoryPoint>> ClosesAsync(string id, DateOnly first, DateOnly last, CancellationToken cancellationToken)
    {
        var points = new List<HistoryPoint>();
        lock (_gate)
            for (var day = first; day <= last; day = day.AddDays(1))
                if (_closes.TryGetValue((id, day), out var point)) points.Add(point);
        return Task.FromResult(points);
    }

    /// <inheritdoc/>
    public Task<Page<AuditView>> AuditAsync(AuditQuery query, string? pseudonym, long now, CancellationToken cancellationToken)
    {
        var from = From(query.Cursor);
        lock (_gate)
        {
            var all = _audit.AsEnumerable().Reverse()
                .Where(entry => query.Since is not { } since || entry.At >= since)
                .Where(entry => query.Actor is null || entry.Actor == query.Actor)
                .Where(entry => query.Account is null || ((entry.Subject == query.Account || entry.Subject == pseudonym)
                    && !entry.Action.StartsWith("model.", StringComparison.Ordinal))).ToArray();
            return Task.FromResult(PageOf(all, from, query.Limit, now));
        }
    }

    /// <inheritdoc/>
    public Task AddEvidenceAsync(IReadOnlyList<EvidenceLink> links, CancellationToken cancellationToken)
    {
        lock (_gate) _evidence.UnionWith(links);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<EvidenceLink>> EvidenceAsync(
        IReadOnlyCollection<string> accounts, long since, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<EvidenceLink>>([.. _evidence
                .Where(link => link.At >= since && accounts.Contains(link.Account)).OrderByDescending(link => link.At).Take(limit)]);
    }

    /// <inheritdoc/>
    public Task<int> CountPulsesAsync(TenantCount count, CancellationToken cancellationToken)
    {
        var pulse = new AccountPulse();
        var counted = 0;
        lock (_gate)
        {
            foreach (var row in _rows.Values)
            {
                if (row.Pulse is null) continue;
                pulse.Read(row.Pulse);
                count.Add(pulse);
                counted++;
            }
        }
        return Task.FromResult(counted);
    }

    /// <inheritdoc/>
    public Task<int> CountAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_rows.Count);
    }

    /// <inheritdoc/>
    public Task<DirectoryChanges> ChangesAsync(long mark, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var changes = new DirectoryChanges(_directory.Count, [], [], []);
            for (var i = (int)mark; i < _directory.Count; i++) changes = _directory[i](changes);
            return Task.FromResult(changes);
        }
    }

    /// <inheritdoc/>
    public Task AddNamesAsync(IReadOnlyList<NewName> names, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            NewName[] fresh = [.. names.Where(name => _names.TryAdd(name.Id, name.Text))];
            _directory.Add(changes => changes with { Names = [.. changes.Names, .. fresh] });
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool[]> SetLinksAsync(IReadOnlyList<IdentityLink> links, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var changed = new bool[links.Count];
            for (var i = 0; i < links.Count; i++)
            {
                var key = (links[i].Source, links[i].ExternalId);
                changed[i] = _links.GetValueOrDefault(key) != links[i].Target;
                _links[key] = links[i].Target;
            }
            _directory.Add(changes => changes with
            {
                Links = [.. changes.Links, .. links.Select(link => (link.Source, link.ExternalId, (string?)link.Target))],
            });
            return Task.FromResult(changed);
        }
    }

    /// <inheritdoc/>
    public Task<bool[]> HoldAsync(IReadOnlyList<HeldEvent> events, long now, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var isNew = new bool[events.Count];
            for (var i = 0; i < events.Count; i++)
            {
                var (source, id) = (events[i].Source, events[i].EventId);
                isNew[i] = !_held.Any(held => held.Event.Source == source && held.Event.EventId == id);
                if (isNew[i]) _held.Add((events[i], now, null));
            }
            return Task.FromResult(isNew);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<HeldEvent>> WaitingAsync(string source, string externalId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<HeldEvent>>([.. _held
                .Where(held => held.Released is null && held.Event.Source == source && held.Event.ExternalId == externalId)
                .Select(held => held.Event)]);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<HeldEvent>> ReleaseAsync(string source, string externalId, long now, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _held.RemoveAll(held => held.Released < now - Day);
            var released = new List<HeldEvent>();
            for (var i = 0; i < _held.Count; i++)
            {
                if (_held[i].Event.Source != source || _held[i].Event.ExternalId != externalId) continue;
                released.Add(_held[i].Event);
                _held[i] = _held[i] with { Released = _held[i].Released ?? now };
            }
            return Task.FromResult<IReadOnlyList<HeldEvent>>(released);
        }
    }

    /// <inheritdoc/>
    public Task SettleAsync(IReadOnlyList<HeldEvent> events, CancellationToken cancellationToken)
    {
        lock (_gate)
            foreach (var one in events) _held.RemoveAll(held => held.Event.Source == one.Source && held.Event.EventId == one.EventId);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<Page<HeldView>> HeldAsync(int limit, string? cursor, long now, CancellationToken cancellationToken)
    {
        var from = From(cursor);
        lock (_gate)
        {
            var all = _held.Where(held => held.Released is null)
                .GroupBy(held => (held.Event.Source, held.Event.ExternalId))
                .OrderBy(group => group.Key.Source, StringComparer.Ordinal).ThenBy(group => group.Key.ExternalId, StringComparer.Ordinal)
                .Select(group => new HeldView(group.Key.Source, group.Key.ExternalId, group.Count(),
                    DateTimeOffset.FromUnixTimeMilliseconds(group.Min(held => held.At)))).ToArray();
            return Task.FromResult(PageOf(all, from, limit, now));
        }
    }

    /// <inheritdoc/>
    public Task AuditAsync(AuditView entry, CancellationToken cancellationToken)
    {
        lock (_gate) _audit.Add(entry);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ActivatedAsync(ModelActivation activation, CancellationToken cancellationToken)
    {
        lock (_gate) _activations[activation.Version] = activation;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ModelActivation>> ActivationsAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult<IReadOnlyList<ModelActivation>>([.. _activations.Values]);
    }

    private bool Write(AccountWrite write)
    {
        if ((_rows.TryGetValue(write.Id, out var before) ? before.Row.Version : 0) != write.Replaces) return false;
        _rows[write.Id] = write with { Pulse = write.Pulse ?? before?.Pulse };
        _index.Upsert(write.Profile, write.Figures, write.Row.Model);
        foreach (var close in write.Closes) _closes[(write.Id, close.Day)] = close.Point;
        foreach (var alert in write.Alerts) _alerts[alert.Id] = alert;
        _audit.AddRange(write.Audit);
        if (before is null) _directory.Add(changes => changes with { Accounts = [.. changes.Accounts, (write.Id, true)] });
        return true;
    }

    private static Page<T> PageOf<T>(T[] all, int from, int limit, long now)
    {
        var next = from + limit < all.Length
            ? System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes((from + limit).ToString(CultureInfo.InvariantCulture)))
            : null;
        return new Page<T>([.. all.Skip(from).Take(limit)], next, all.Length, DateTimeOffset.FromUnixTimeMilliseconds(now));
    }

    // Positions, for nothing here outlives the process that hands them out.
    private static int From(string? cursor)
    {
        if (cursor is null) return 0;
        var bytes = new byte[64];
        return cursor.Length < 64 && System.Buffers.Text.Base64Url.IsValid(cursor)
            && System.Buffers.Text.Base64Url.TryDecodeFromChars(cursor, bytes, out var count)
            && int.TryParse(Encoding.UTF8.GetString(bytes, 0, count), NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            ? from : throw new InvalidQueryException("cursor", "not a cursor of this list");
    }
}
