using System.Buffers;
using HealthGrains.Accounts;
using HealthGrains.Delivery;
using HealthGrains.Hosting;

namespace HealthGrains.Embedded;

/// <summary>The writer's statements, prepared once. Only the journal thread uses it, and recovery before that thread starts.</summary>
internal sealed class JournalStore : IDisposable
{
    private readonly Database _database;
    private readonly List<Statement> _all = [];
    private readonly Dictionary<string, (long Number, CloseShape Shape)> _shapes = new(StringComparer.Ordinal);
    private readonly Statement _begin, _commit, _entry, _account, _row, _rowWithProfile, _close, _alert, _name, _identity, _held;
    private readonly Statement _evidence;
    private readonly Statement _desk, _work, _dispatch, _auditKey, _practice;
    private readonly Statement _audit, _activation, _heldOf, _releaseHeld, _waiting, _settle;
    private byte[] _scratch = new byte[64 * 1024];

    public JournalStore(Database database)
    {
        _database = database;
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _entry = Prepare("INSERT INTO journal (seq, kind, at, total, account, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _account = Prepare("INSERT INTO accounts (number, id, seq, turn) VALUES (?1, ?2, ?3, 0)");
        _row = Prepare("UPDATE accounts SET seq = ?2, turn = ?3, state = ?4 WHERE number = ?1");
        _rowWithProfile = Prepare("UPDATE accounts SET seq = ?2, turn = ?3, state = ?4, profile = ?5 WHERE number = ?1");
        _close = Prepare("INSERT OR REPLACE INTO closes (day, account, shape, body) VALUES (?1, ?2, ?3, ?4)");
        _alert = Prepare("INSERT OR REPLACE INTO alerts (id, account, state, owner, raised, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _evidence = Prepare("INSERT OR IGNORE INTO evidence (account, at, kind, url) VALUES (?1, ?2, ?3, ?4)");
        _name = Prepare("INSERT OR IGNORE INTO names (id, text) VALUES (?1, ?2)");
        _identity = Prepare("INSERT OR REPLACE INTO identities (source, external, target) VALUES (?1, ?2, ?3)");
        _held = Prepare("INSERT OR IGNORE INTO held (source, external, event, format, at, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _audit = Prepare("INSERT INTO audit (at, actor, action, subject, detail) VALUES (?1, ?2, ?3, ?4, ?5)");
        _activation = Prepare("INSERT OR REPLACE INTO activations (version, at, actor) VALUES (?1, ?2, ?3)");
        _heldOf = Prepare("SELECT event, format, body, linked FROM held WHERE source = ?1 AND external = ?2 ORDER BY number");
        _releaseHeld = Prepare("UPDATE held SET linked = ?3 WHERE source = ?1 AND external = ?2 AND linked IS NULL");
        _waiting = Prepare("SELECT event, format, body FROM held WHERE source = ?1 AND external = ?2 AND linked IS NULL ORDER BY number");
        _settle = Prepare("DELETE FROM held WHERE source = ?1 AND event = ?2 AND linked IS NULL");
        _desk = Prepare("INSERT OR REPLACE INTO desks (account, body) VALUES (?1, ?2)");
        _work = Prepare(
            "INSERT OR REPLACE INTO work (id, kind, account, state, over, owner, sort, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        _dispatch = Prepare(SqliteDeliveries.Insert);
        _auditKey = Prepare("INSERT OR IGNORE INTO audit_keys (key) VALUES (?1)");
        _practice = Prepare("INSERT INTO practice (seq, body) VALUES (?1, ?2)");
        using var shapes = database.Prepare("SELECT number, text FROM shapes");
        while (shapes.Step()) _shapes[shapes.Text(1)] = (shapes.Long(0), Json.Read<CloseShape>(shapes.Text(1), "a close's shape"));
    }

    public Database Database => _database;

    public void Begin() => _begin.Run();

    public void Commit() => _commit.Run();

    public void Entry(long sequence, EntryKind kind, long at, long total, int? account, ReadOnlySpan<byte> body)
    {
        _entry.Bind(1, sequence).Bind(2, (long)kind).Bind(3, at).Bind(4, total).Bind(5, (long?)account).Bind(6, body).Run();
    }

    public void Signals(long sequence, long at, long total, ReadOnlySpan<NumberedSignal> signals)
    {
        var size = SignalBlob.Size(signals.Length);
        if (_scratch.Length < size) _scratch = new byte[Math.Max(size, _scratch.Length * 2)];
        var blob = _scratch.AsSpan(0, size);
        SignalBlob.Write(signals, blob);
        Entry(sequence, EntryKind.Signals, at, total, null, blob);
    }

    /// <summary>A JSON body with its checksum.</summary>
    public void Sealed(long sequence, EntryKind kind, long at, long total, int? account, ReadOnlySpan<byte> json)
    {
        var blob = ArrayPool<byte>.Shared.Rent(json.Length + Checksum.Length);
        json.CopyTo(blob);
        Checksum.Seal(blob.AsSpan(0, json.Length + Checksum.Length));
        Entry(sequence, kind, at, total, account, blob.AsSpan(0, json.Length + Checksum.Length));
        ArrayPool<byte>.Shared.Return(blob, clearArray: true);
    }

    public void NewAccount(int number, string id, long sequence) => _account.Bind(1, number).Bind(2, id).Bind(3, sequence).Run();

    public void State(in StateRow row, ReadOnlySpan<byte> state)
    {
        var statement = row.Profile is null ? _row : _rowWithProfile.Bind(5, row.Profile);
        statement.Bind(1, row.Account).Bind(2, row.Sequence).Bind(3, row.Turn).Bind(4, state).Run();
        if (row.Desk is not null) _desk.Bind(1, row.Account).Bind(2, row.Desk).Run();
    }

    /// <summary>A play, draft or task as it is now.</summary>
    public void Work(int account, WorkRow row) =>
        _work.Bind(1, row.Id).Bind(2, (long)row.Kind).Bind(3, account).Bind(4, row.State).Bind(5, row.IsOver ? 1L : 0L).Bind(6, row.Owner)
            .Bind(7, row.Sort).Bind(8, row.Body).Run();

    /// <summary>Something that is to leave the house; one that is known is not written again.</summary>
    public void Dispatch(int account, Dispatch dispatch) => SqliteDeliveries.Bind(_dispatch, account, dispatch).Run();

    /// <summary>An entry of the audit that a turn made, once.</summary>
    public void Audit(string key, AuditView entry)
    {
        if (_auditKey.Bind(1, key).Run() > 0)
            Audit(entry.At.ToUnixTimeMilliseconds(), entry.Actor, entry.Action, entry.Subject, entry.Detail);
    }

    public void Practice(long sequence, PracticeEdit edit) => _practice.Bind(1, sequence).Bind(2, Json.Write(edit)).Run();

    public void Close(int account, DailyClose close)
    {
        var shape = CloseBlob.ShapeOf(close.Point);
        var text = Json.Write(shape);
        if (!_shapes.TryGetValue(text, out var known))
        {
            known = (_shapes.Count + 1, shape);
            using var insert = _database.Prepare("INSERT INTO shapes (number, text) VALUES (?1, ?2)");
            insert.Bind(1, known.Number).Bind(2, text).Run();
            _shapes.Add(text, known);
        }

        _close.Bind(1, close.Day.DayNumber).Bind(2, account).Bind(3, known.Number).Bind(4, CloseBlob.Write(close, known.Shape)).Run();
    }

    public void Alert(int account, AlertView alert) =>
        _alert.Bind(1, alert.Id).Bind(2, account).Bind(3, (long)alert.State).Bind(4, alert.Owner)
            .Bind(5, alert.RaisedAt.ToUnixTimeMilliseconds()).Bind(6, Json.Write(alert)).Run();

    public void Evidence(int account, EvidenceLink link) =>
        _evidence.Bind(1, account).Bind(2, link.At).Bind(3, (long)link.Kind).Bind(4, link.Url).Run();

    public void Name(uint id, string text) => _name.Bind(1, (long)id).Bind(2, text).Run();

    public void Identity(string source, string external, string target) =>
        _identity.Bind(1, source).Bind(2, external).Bind(3, target).Run();

    /// <summary>Keeps an event until its account is known. False when it was kept before.</summary>
    public bool Hold(HeldEvent held, long at) =>
        _held.Bind(1, held.Source).Bind(2, held.ExternalId).Bind(3, held.EventId).Bind(4, held.Format).Bind(5, at)
            .Bind(6, held.Body).Run() > 0;

    /// <summary>The events that waited for an identity, and marks them as read.</summary>
    public (IReadOnlyList<HeldEvent> Events, int Released, long Bytes) Release(string source, string external, long at)
    {
        var events = new List<HeldEvent>();
        var bytes = 0L;
        _heldOf.Bind(1, source).Bind(2, external);
        while (_heldOf.Step())
        {
            events.Add(new HeldEvent(source, external, _heldOf.Text(0), _heldOf.Text(1), _heldOf.Blob(2).ToArray()));
            // Those that were released before have been counted off then.
            if (_heldOf.IsNull(3)) bytes += events[^1].Body.Length;
        }

        var released = _releaseHeld.Bind(1, source).Bind(2, external).Bind(3, at).Run();
        return (events, released, bytes);
    }

    /// <summary>Adds the events that wait for an identity. They go on to wait until they are settled.</summary>
    public void FindHeld(string source, string external, List<HeldEvent> found)
    {
        _waiting.Bind(1, source).Bind(2, external);
        while (_waiting.Step())
            found.Add(new HeldEvent(source, external, _waiting.Text(0), _waiting.Text(1), _waiting.Blob(2).ToArray()));
    }

    /// <summary>An event waits no longer, for its signals are in the same commit. False when it did not wait.</summary>
    public bool Settle(HeldEvent held) => _settle.Bind(1, held.Source).Bind(2, held.EventId).Run() > 0;

    public void Audit(long at, string actor, string action, string subject, string? detail) =>
        _audit.Bind(1, at).Bind(2, actor).Bind(3, action).Bind(4, subject).Bind(5, detail).Run();

    public void Activation(string version, long at, string actor) => _activation.Bind(1, version).Bind(2, at).Bind(3, actor).Run();

    public void Dispose()
    {
        foreach (var statement in _all) statement.Dispose();
    }

    private Statement Prepare(string sql)
    {
        var statement = _database.Prepare(sql);
        _all.Add(statement);
        return statement;
    }
}
