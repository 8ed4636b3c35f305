using Microsoft.Extensions.Logging;

namespace HealthGrains.Embedded;

/// <summary>
/// What the journal thread does when nothing else waits, in slices: takes erased accounts' signals out of the journal, and drops
/// what is older than it is kept.
/// </summary>
internal sealed class Housekeeping
{
    private const int SliceEntries = 32;
    private const int SliceRows = 2_000;
    private const long Day = 86_400_000;

    private readonly Database _database;
    private readonly EmbeddedOptions _options;
    private readonly ILogger _logger;
    private readonly Queue<Erasing> _erasures = [];
    private Pruning? _pruning;
    private long _prunedTo;

    public Housekeeping(Database database, EmbeddedOptions options, ILogger logger)
    {
        _database = database;
        _options = options;
        _logger = logger;
        using var open = database.Prepare("SELECT account, next, last FROM erasures");
        while (open.Step()) _erasures.Enqueue(new Erasing(open.Int(0), open.Long(1), open.Long(2), null));
    }

    public bool Pending => _pruning is not null || _erasures.Any(erasure => !erasure.Waits);

    /// <summary>Begins to take an account's signals out of the journal, within the commit that erases its rows.</summary>
    public void Begin(Erase erase, long last)
    {
        using var insert = _database.Prepare("INSERT INTO erasures (account, next, last) VALUES (?1, 0, ?2)");
        insert.Bind(1, erase.Number).Bind(2, last).Run();
        _erasures.Enqueue(new Erasing(erase.Number, 0, last, erase) { Waits = true });
    }

    /// <summary>The turn thread has let go of the account.</summary>
    public void Applied(Erase erase)
    {
        foreach (var erasure in _erasures)
            if (erasure.Command == erase) erasure.Waits = false;
    }

    /// <summary>Begins to drop what is too old, after a checkpoint.</summary>
    public void Prune(long through, long now) => _pruning ??= new Pruning(through, now);

    public void FailAll(Exception reason)
    {
        foreach (var erasure in _erasures) erasure.Command?.Fail(reason);
    }

    public void Step(long total)
    {
        if (_erasures.TryPeek(out var erasure) && !erasure.Waits) Step(erasure);
        else if (_pruning is not null) Step(_pruning, total);
        else if (_erasures.Count > 1) _erasures.Enqueue(_erasures.Dequeue());
    }

    private void Step(Erasing erasure)
    {
        var rewritten = new List<(long Sequence, byte[] Body)>();
        var entries = 0;
        _database.Execute("BEGIN IMMEDIATE");
        using (var read = _database.Prepare("SELECT seq, kind, body FROM journal WHERE seq >= ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3"))
        {
            read.Bind(1, erasure.Next).Bind(2, erasure.Last).Bind(3, SliceEntries);
            while (read.Step())
            {
                entries++;
                erasure.Next = read.Long(0) + 1;
                if (read.Int(1) != (int)EntryKind.Signals) continue;
                if (Without(erasure.Account, read.Long(0), read.Blob(2), out var removed) is not { } body) continue;
                rewritten.Add((read.Long(0), body));
                erasure.Removed += removed;
            }
        }

        using (var update = _database.Prepare("UPDATE journal SET body = ?2 WHERE seq = ?1"))
            foreach (var (sequence, body) in rewritten) update.Bind(1, sequence).Bind(2, body).Run();
        var done = entries < SliceEntries;
        var sql = done ? "DELETE FROM erasures WHERE account = ?1" : "UPDATE erasures SET next = ?2 WHERE account = ?1";
        using (var note = _database.Prepare(sql))
        {
            note.Bind(1, erasure.Account);
            if (!done) note.Bind(2, erasure.Next);
            note.Run();
        }

        _database.Execute("COMMIT");
        if (!done) return;
        // The write-ahead log still holds pages from before: fold it in and cut it off.
        _database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        _erasures.Dequeue();
        Log.Erased(_logger, erasure.Removed, erasure.Command?.Closes ?? 0);
        erasure.Command?.Finish(erasure.Removed);
    }

    private static byte[]? Without(int account, long sequence, ReadOnlySpan<byte> blob, out int removed)
    {
        removed = 0;
        var count = SignalBlob.Open(blob, out var records);
        if (count < 0) throw StorageException.Damaged($"journal entry {sequence}");
        for (var i = 0; i < count; i++)
            if (SignalBlob.Account(records, i) == account) removed++;
        if (removed == 0) return null;
        var kept = new NumberedSignal[count - removed];
        for (int i = 0, to = 0; i < count; i++)
            if (SignalBlob.Account(records, i) != account) kept[to++] = SignalBlob.Read(records, i);
        var body = new byte[SignalBlob.Size(kept.Length)];
        SignalBlob.Write(kept, body);
        return body;
    }

    private void Step(Pruning pruning, long total)
    {
        _database.Execute("BEGIN IMMEDIATE");
        var changed = PruneJournal(pruning, total);
        pruning.Changed += ForgetIds(total);
        changed += Delete(
            "DELETE FROM closes WHERE (day, account) IN (SELECT day, account FROM closes WHERE day < ?1 LIMIT ?2)",
            DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(pruning.Now).UtcDateTime).DayNumber - _options.CloseDays);
        changed += Delete(
            "DELETE FROM alerts WHERE id IN (SELECT id FROM alerts WHERE state IN (3, 4) AND raised < ?1 LIMIT ?2)",
            pruning.Now - _options.CloseDays * Day);
        changed += Delete(
            "DELETE FROM evidence WHERE (account, at, kind, url) IN (SELECT account, at, kind, url FROM evidence WHERE at < ?1 LIMIT ?2)",
            pruning.Now - _options.CloseDays * Day);
        changed += Delete(
            "DELETE FROM pushes WHERE (owner, key) IN (SELECT owner, key FROM pushes WHERE at < ?1 LIMIT ?2)",
            pruning.Now - _options.CloseDays * Day);
        changed += Delete(
            "DELETE FROM held WHERE number IN (SELECT number FROM held WHERE linked < ?1 LIMIT ?2)", pruning.Now - Day);
        changed += PruneWork(_options.Retention.WorkBefore(pruning.Now));
        changed += Delete(
            """
            DELETE FROM deliveries WHERE number IN
                (SELECT number FROM deliveries WHERE state <> 0 AND settled_at < ?1 AND due_since < ?1 LIMIT ?2)
            """, _options.Retention.DeliveriesBefore(pruning.Now));
        _database.Execute("COMMIT");
        pruning.Changed += changed;
        if (changed > 0) return;
        if (pruning.Changed > 0) Log.Pruned(_logger, pruning.Changed, _options.JournalDays);
        _pruning = null;
    }

    private int PruneJournal(Pruning pruning, long total)
    {
        var drop = new List<(long Sequence, byte[]? Ids)>();
        var entries = 0;
        using (var read = _database.Prepare(
            "SELECT seq, kind, at, total, body FROM journal WHERE seq > ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3"))
        {
            read.Bind(1, _prunedTo).Bind(2, pruning.Through).Bind(3, SliceEntries);
            while (read.Step())
            {
                if (read.Long(2) >= pruning.Now - _options.JournalDays * Day) break;
                _prunedTo = read.Long(0);
                entries++;
                if (read.Int(1) == (int)EntryKind.Ids) continue;
                byte[]? ids = null;
                if (read.Int(1) == (int)EntryKind.Signals && read.Long(3) > total - _options.DuplicateMemory)
                {
                    var count = SignalBlob.Open(read.Blob(4), out var records);
                    if (count < 0) throw StorageException.Damaged($"journal entry {read.Long(0)}");
                    ids = IdBlob.From(records, count);
                }

                drop.Add((read.Long(0), ids));
            }
        }

        using var delete = _database.Prepare("DELETE FROM journal WHERE seq = ?1");
        using var reduce = _database.Prepare("UPDATE journal SET kind = 7, account = NULL, body = ?2 WHERE seq = ?1");
        foreach (var (sequence, ids) in drop)
        {
            if (ids is null) delete.Bind(1, sequence).Run();
            else reduce.Bind(1, sequence).Bind(2, ids).Run();
        }

        return entries;
    }

    // Entries of ids alone stand at the head of the journal, so this looks at a few rows.
    private int ForgetIds(long total)
    {
        using var delete = _database.Prepare(
            "DELETE FROM journal WHERE seq IN "
            + "(SELECT seq FROM journal WHERE seq <= ?1 AND total <= ?2 AND kind = 7 ORDER BY seq LIMIT ?3)");
        return delete.Bind(1, _prunedTo).Bind(2, total - _options.DuplicateMemory).Bind(3, SliceRows).Run();
    }

    private int PruneWork(long before)
    {
        using var delete = _database.Prepare(
            """
            DELETE FROM work WHERE id IN (SELECT id FROM work
                WHERE over = 1 AND coalesce(body ->> 'endedAt', body ->> 'sentAt', body ->> 'decidedAt') < ?1 LIMIT ?2)
            """);
        return delete.Bind(1, Archive.Time(before)).Bind(2, SliceRows).Run();
    }

    private int Delete(string sql, long before)
    {
        using var delete = _database.Prepare(sql);
        return delete.Bind(1, before).Bind(2, SliceRows).Run();
    }

    private sealed class Erasing(int account, long next, long last, Erase? command)
    {
        public int Account { get; } = account;
        public long Next { get; set; } = next;
        public long Last { get; } = last;
        public Erase? Command { get; } = command;
        public bool Waits { get; set; }
        public int Removed { get; set; }
    }

    private sealed record Pruning(long Through, long Now)
    {
        public int Changed { get; set; }
    }
}
