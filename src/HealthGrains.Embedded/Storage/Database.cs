using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HealthGrains.Embedded.Storage;

/// <summary>What a journal entry is. The values are stored and never change.</summary>
internal enum EntryKind
{
    /// <summary>The signals of a commit.</summary>
    Signals = 1,
    /// <summary>Turns that time made.</summary>
    Turns = 2,
    /// <summary>A profile was set.</summary>
    Profile = 3,
    /// <summary>An alert was acknowledged or resolved.</summary>
    Alert = 4,
    /// <summary>A model was activated.</summary>
    Model = 5,
    /// <summary>An account was erased.</summary>
    Erase = 6,
    /// <summary>What is left of signals after the journal's days: their ids.</summary>
    Ids = 7,
    /// <summary>A person asked something of a desk.</summary>
    Desk = 8,
    /// <summary>A file of the practice was added, replaced or taken away.</summary>
    Practice = 9,
    /// <summary>What was counted of the tenant in a turn.</summary>
    Pulse = 10,
}

/// <summary>The one SQLite file: opened, checked and given its tables.</summary>
internal sealed class Database : IDisposable
{
    private const long Schema = 3;
    private const string FileName = "healthgrains.db";

    private const string Tables = """
        CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        -- seq, turn: how far along the journal and the turns the state is.
        CREATE TABLE IF NOT EXISTS accounts (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, seq INTEGER NOT NULL, turn INTEGER NOT NULL, profile TEXT, state BLOB);
        -- The desks of accounts, as far along as the account's row: they are written with it.
        CREATE TABLE IF NOT EXISTS desks (account INTEGER PRIMARY KEY, body TEXT NOT NULL);
        -- Plays, drafts and tasks for lists; sort: when it began, was prepared or is due.
        CREATE TABLE IF NOT EXISTS work (
            id TEXT PRIMARY KEY, kind INTEGER NOT NULL, account INTEGER NOT NULL, state TEXT NOT NULL, over INTEGER NOT NULL, owner TEXT,
            sort INTEGER NOT NULL, body TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS work_open ON work (kind, over, sort, id);
        CREATE INDEX IF NOT EXISTS work_account ON work (account);
        CREATE INDEX IF NOT EXISTS work_ended
            ON work (coalesce(body ->> 'endedAt', body ->> 'sentAt', body ->> 'decidedAt')) WHERE over = 1;
        -- What is to leave the house; see IDeliveryStore.
        CREATE TABLE IF NOT EXISTS deliveries (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account INTEGER NOT NULL, owner TEXT, receiver TEXT NOT NULL,
            line TEXT NOT NULL,
            state INTEGER NOT NULL, attempts INTEGER NOT NULL, due_since INTEGER NOT NULL, next_at INTEGER NOT NULL, leased_until INTEGER,
            error TEXT, settled_at INTEGER, delivered_to TEXT, body TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (receiver, next_at, number) WHERE state = 0;
        CREATE INDEX IF NOT EXISTS deliveries_line ON deliveries (receiver, line, due_since, number) WHERE state = 0;
        CREATE INDEX IF NOT EXISTS deliveries_account ON deliveries (account);
        CREATE INDEX IF NOT EXISTS deliveries_settled ON deliveries (settled_at) WHERE state <> 0;
        -- Keys of audit entries that turns make, so that a replay makes none twice.
        CREATE TABLE IF NOT EXISTS audit_keys (key TEXT PRIMARY KEY) WITHOUT ROWID;
        -- Every change of the practice's files that ever was, with its journal entry, which is not kept as long.
        CREATE TABLE IF NOT EXISTS practice (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
        -- total: signals accepted up to and with this entry, over all time.
        CREATE TABLE IF NOT EXISTS journal (
            seq INTEGER PRIMARY KEY, kind INTEGER NOT NULL, at INTEGER NOT NULL, total INTEGER NOT NULL, account INTEGER,
            body BLOB NOT NULL);
        CREATE INDEX IF NOT EXISTS journal_accounts ON journal (account) WHERE account IS NOT NULL;
        -- By day first: a midnight appends, and pruning drops a range.
        CREATE TABLE IF NOT EXISTS closes (
            day INTEGER NOT NULL, account INTEGER NOT NULL, shape INTEGER NOT NULL, body BLOB NOT NULL,
            PRIMARY KEY (day, account)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS shapes (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
        CREATE TABLE IF NOT EXISTS alerts (
            id TEXT PRIMARY KEY, account INTEGER NOT NULL, state INTEGER NOT NULL, owner TEXT, raised INTEGER NOT NULL, body TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS alerts_raised ON alerts (state, raised, id);
        CREATE INDEX IF NOT EXISTS alerts_account ON alerts (account);
        -- Where signals can be seen in their own system.
        CREATE TABLE IF NOT EXISTS evidence (
            account INTEGER NOT NULL, at INTEGER NOT NULL, kind INTEGER NOT NULL, url TEXT NOT NULL,
            PRIMARY KEY (account, at, kind, url)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS evidence_at ON evidence (at);
        CREATE INDEX IF NOT EXISTS alerts_owner ON alerts (owner, state);
        CREATE INDEX IF NOT EXISTS alerts_acknowledged ON alerts (body ->> 'acknowledgedAt') WHERE body ->> 'acknowledgedAt' IS NOT NULL;
        CREATE INDEX IF NOT EXISTS alerts_resolved ON alerts (body ->> 'resolvedAt') WHERE body ->> 'resolvedAt' IS NOT NULL;
        -- What owners were told, and what is remembered of telling them; the owner '' is nobody. Of an erased account a push counts on.
        CREATE TABLE IF NOT EXISTS pushes (
            owner TEXT NOT NULL, key TEXT NOT NULL, alert TEXT, account INTEGER, at INTEGER NOT NULL, urgent INTEGER NOT NULL,
            PRIMARY KEY (owner, key)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS pushes_alert ON pushes (alert);
        CREATE INDEX IF NOT EXISTS pushes_account ON pushes (account);
        CREATE INDEX IF NOT EXISTS pushes_at ON pushes (at);
        CREATE TABLE IF NOT EXISTS owners (owner TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS names (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS identities (
            source TEXT NOT NULL, external TEXT NOT NULL, target TEXT NOT NULL, PRIMARY KEY (source, external)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS identities_target ON identities (target);
        -- linked: when the identity became known; the event is then kept for a day, so that a caller that failed can ask again.
        CREATE TABLE IF NOT EXISTS held (
            number INTEGER PRIMARY KEY, source TEXT NOT NULL, external TEXT NOT NULL, event TEXT NOT NULL, format TEXT NOT NULL,
            at INTEGER NOT NULL, linked INTEGER, body BLOB NOT NULL, UNIQUE (source, event));
        CREATE INDEX IF NOT EXISTS held_external ON held (source, external);
        CREATE TABLE IF NOT EXISTS audit (
            number INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT);
        CREATE INDEX IF NOT EXISTS audit_subject ON audit (subject);
        CREATE TABLE IF NOT EXISTS activations (version TEXT PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL) WITHOUT ROWID;
        -- Erasures whose signals are still being taken out of the journal; next is the first entry not yet looked at.
        CREATE TABLE IF NOT EXISTS erasures (account INTEGER PRIMARY KEY, next INTEGER NOT NULL, last INTEGER NOT NULL);
        """;

    private readonly SqliteConnection _connection;

    private Database(SqliteConnection connection, string path)
    {
        _connection = connection;
        Path = path;
    }

    public string Path { get; }

    public sqlite3 Handle => _connection.Handle!;

    /// <summary>Opens the file for the one writer, and creates what is missing.</summary>
    public static Database Open(string directory)
    {
        var path = System.IO.Path.Combine(directory, FileName);
        var connection = Connect(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            var database = new Database(connection, path);
            // The page size only matters before the first table: a state of 2 KB should not take a page of its own.
            database.Execute("PRAGMA page_size = 8192");
            database.Execute("PRAGMA journal_mode = WAL");
            database.Execute("PRAGMA synchronous = FULL");
            // What is deleted is overwritten: erasure is a promise.
            database.Execute("PRAGMA secure_delete = ON");
            database.Execute("PRAGMA wal_autocheckpoint = 4000");
            database.Execute("PRAGMA cache_size = -65536");
            database.Migrate(directory);
            return database;
        }
        catch (SqliteException fault)
        {
            connection.Dispose();
            throw Translate(fault, path);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Another connection that only reads; it sees what is committed and never stops the writer.</summary>
    public static SqliteConnection OpenReader(string path)
    {
        var connection = Connect(path, SqliteOpenMode.ReadOnly);
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA cache_size = -8192";
        command.ExecuteNonQuery();
        return connection;
    }

    public Statement Prepare(string sql) => new(Handle, sql);

    public void Execute(string sql)
    {
        var code = raw.sqlite3_exec(Handle, sql);
        if (code != raw.SQLITE_OK) throw StorageException.From(Handle, code);
    }

    public string? Meta(string key)
    {
        using var read = Prepare("SELECT value FROM meta WHERE key = ?1");
        return read.Bind(1, key).Step() ? read.Text(0) : null;
    }

    public long MetaLong(string key, long otherwise) =>
        long.TryParse(Meta(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    public void SetMeta(string key, string value)
    {
        using var write = Prepare("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
        write.Bind(1, key).Bind(2, value).Run();
    }

    public void SetMeta(string key, long value) => SetMeta(key, value.ToString(CultureInfo.InvariantCulture));

    public void Dispose() => _connection.Dispose();

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = 5,
        }.ToString());
        try
        {
            connection.Open();
        }
        catch (SqliteException fault)
        {
            connection.Dispose();
            throw Translate(fault, path);
        }

        raw.sqlite3_busy_timeout(connection.Handle!, 5_000);
        return connection;
    }

    private void Migrate(string directory)
    {
        Execute("BEGIN IMMEDIATE");
        Execute(Tables);
        var schema = MetaLong("schema", 0);
        if (schema > Schema)
        {
            throw new StorageException(
                $"the data in {directory} was written by a newer version (schema {schema}, this one knows {Schema}). "
                + "Run that version, or choose another data directory");
        }

        // Up to here a new schema has new tables and indices only, which were made above.
        if (schema < Schema) SetMeta("schema", Schema);
        Execute("COMMIT");
    }

    private static StorageException Translate(SqliteException fault, string path) => fault.SqliteErrorCode switch
    {
        raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM =>
            new($"{path} cannot be opened ({fault.Message}). Give the user that runs this process write access to the directory", fault),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => StorageException.Damaged($"{path} is no SQLite file ({fault.Message})"),
        _ => new($"{path} cannot be opened: {fault.Message}", fault),
    };
}
