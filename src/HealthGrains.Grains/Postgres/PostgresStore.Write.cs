using System.Globalization;
using System.Text;
using HealthGrains.Grains.Storage;
using HealthGrains.Grains.Time;
using HealthGrains.Hosting;
using Npgsql;
using NpgsqlTypes;

namespace HealthGrains.Grains.Postgres;

/// <content>The writes of accounts.</content>
public sealed partial class PostgresStore
{
    // Arrays of thousands of rows look alike to the planner: one plan for all of them is found at once and walks them in order,
    // so that two writers lock rows in one order.
    private const string OnePlan = "SET LOCAL plan_cache_mode = force_generic_plan";

    private const string ReplaceRows = """
        UPDATE accounts a
        SET version = u.version, due_at = u.due_at, model = u.model, profile = u.profile, intake = u.intake, state = u.state
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) AS u(id, replaces, version, due_at, model, profile, intake, state)
        WHERE a.id = u.id AND a.version = u.replaces
        RETURNING a.id
        """;

    private const string InsertRows = """
        INSERT INTO accounts (id, version, due_at, model, profile, intake, state, shard)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT DO NOTHING
        RETURNING id
        """;

    /// <summary>A seam for tests of what happens when a node dies at its worst moment.</summary>
    internal Func<WriteStep, Task>? Seam { get; set; }

    /// <summary>Where a write is.</summary>
    internal enum WriteStep
    {
        /// <summary>Everything is written, nothing is committed.</summary>
        Written,
        /// <summary>Committed, and nobody knows yet.</summary>
        Committed,
    }

    /// <inheritdoc/>
    public async Task<bool[]> WriteAsync(IReadOnlyList<AccountWrite> writes, CancellationToken cancellationToken)
    {
        if (writes.Count == 0) return [];
        var ordered = writes.OrderBy(write => write.Id, StringComparer.Ordinal).ToArray();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var written = await WriteRowsAsync(connection, transaction, ordered, cancellationToken);
        var kept = written.Count == ordered.Length ? ordered : [.. ordered.Where(write => written.Contains(write.Id))];
        if (kept.Length > 0) await WriteEffectsAsync(connection, transaction, kept, cancellationToken);
        if (Seam is { } before) await before(WriteStep.Written);
        await transaction.CommitAsync(cancellationToken);
        if (Seam is { } after) await after(WriteStep.Committed);
        return [.. writes.Select(write => written.Contains(write.Id))];
    }

    private static async Task<HashSet<string>> WriteRowsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, AccountWrite[] writes, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add(OnePlan);
        var fresh = Array.FindAll(writes, write => write.Replaces == 0);
        var known = fresh.Length == 0 ? writes : Array.FindAll(writes, write => write.Replaces != 0);
        if (known.Length > 0)
        {
            batch.Add(ReplaceRows,
                Sql.Texts(Column(known, write => write.Id)),
                Sql.Longs(Column(known, write => write.Replaces)),
                Sql.Longs(Column(known, write => write.Row.Version)),
                Sql.Longs(Column(known, write => write.Row.DueAt)),
                Sql.Texts(Column(known, write => write.Row.Model)),
                Sql.Blobs(Column(known, write => write.Row.Profile)),
                Sql.Blobs(Column(known, write => write.Row.Intake)),
                Sql.Blobs(Column(known, write => write.Row.State)));
        }
        if (fresh.Length > 0)
        {
            batch.Add(InsertRows,
                Sql.Texts(Column(fresh, write => write.Id)),
                Sql.Longs(Column(fresh, write => write.Row.Version)),
                Sql.Longs(Column(fresh, write => write.Row.DueAt)),
                Sql.Texts(Column(fresh, write => write.Row.Model)),
                Sql.Blobs(Column(fresh, write => write.Row.Profile)),
                Sql.Blobs(Column(fresh, write => write.Row.Intake)),
                Sql.Blobs(Column(fresh, write => write.Row.State)),
                Sql.Shorts(Column(fresh, write => (short)Shards.Of(write.Id))));
        }
        var written = new HashSet<string>(writes.Length, StringComparer.Ordinal);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        do
            while (await reader.ReadAsync(cancellationToken)) written.Add(reader.GetString(0));
        while (await reader.NextResultAsync(cancellationToken));
        return written;
    }

    private static async Task WriteEffectsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, AccountWrite[] writes, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        SummaryRows.Add(batch, writes);
        AddPulses(batch, writes);
        AddCloses(batch, writes);
        AddAlerts(batch, [.. writes.SelectMany(write => write.Alerts)]);
        AddAudit(batch, [.. writes.SelectMany(write => write.Audit)]);
        var came = Array.FindAll(writes, write => write.Replaces == 0);
        if (came.Length > 0)
        {
            batch.Add("INSERT INTO changes (kind, key) SELECT 3, id FROM unnest($1) AS u(id)", Sql.Texts(Column(came, write => write.Id)));
        }
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void AddCloses(NpgsqlBatch batch, AccountWrite[] writes)
    {
        // A day that was closed twice counts as it was closed last; one statement may not write a row twice.
        var closes = writes
            .SelectMany(write => write.Closes.Select(close => (write.Id, Close: close)))
            .Reverse().DistinctBy(one => (one.Id, one.Close.Day)).Reverse().ToArray();
        if (closes.Length == 0) return;
        const string sql = """
            INSERT INTO closes (account, day, score, low, high, coverage, model, categories, counts)
            SELECT account, day, score, low, high, coverage, model, categories::json, counts::bigint[]
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) AS u(account, day, score, low, high, coverage, model, categories, counts)
            ON CONFLICT (account, day) DO UPDATE
            SET score = excluded.score, low = excluded.low, high = excluded.high, coverage = excluded.coverage,
                model = excluded.model, categories = excluded.categories, counts = excluded.counts
            """;
        batch.Add(sql,
            Sql.Texts(Column(closes, one => one.Id)),
            Sql.Of(Column(closes, one => one.Close.Day), NpgsqlDbType.Array | NpgsqlDbType.Date),
            Sql.Of(Column(closes, one => one.Close.Point.Score), NpgsqlDbType.Array | NpgsqlDbType.Double),
            Sql.Of(Column(closes, one => one.Close.Point.Low), NpgsqlDbType.Array | NpgsqlDbType.Double),
            Sql.Of(Column(closes, one => one.Close.Point.High), NpgsqlDbType.Array | NpgsqlDbType.Double),
            Sql.Of(Column(closes, one => one.Close.Point.Coverage), NpgsqlDbType.Array | NpgsqlDbType.Double),
            Sql.Texts(Column(closes, one => one.Close.Point.Model)),
            Sql.Texts(Column(closes, one => Encoding.UTF8.GetString(StoredJson.WriteBytes(one.Close.Point.Categories)))),
            Sql.Texts(Column(closes, one => ArrayText(one.Close.Counts))));
    }

    private static void AddAlerts(NpgsqlBatch batch, AlertView[] effects)
    {
        // Oldest change first: the last word counts.
        var alerts = effects.AsEnumerable().Reverse().DistinctBy(alert => alert.Id).Reverse().ToArray();
        if (alerts.Length == 0) return;
        const string sql = """
            INSERT INTO alerts (id, account, owner, state, raised_at, body)
            SELECT id, account, owner, state, raised_at, body::json
            FROM unnest($1, $2, $3, $4, $5, $6) AS u(id, account, owner, state, raised_at, body)
            ON CONFLICT (id) DO UPDATE
            SET owner = excluded.owner, state = excluded.state, raised_at = excluded.raised_at, body = excluded.body
            """;
        batch.Add(sql,
            Sql.Texts(Column(alerts, alert => alert.Id)),
            Sql.Texts(Column(alerts, alert => alert.Account)),
            Sql.Texts(Column(alerts, alert => StoredText.Of(alert.Owner))),
            Sql.Shorts(Column(alerts, alert => (short)alert.State)),
            Sql.Longs(Column(alerts, alert => alert.RaisedAt.ToUnixTimeMilliseconds())),
            Sql.Texts(Column(alerts, alert => Encoding.UTF8.GetString(StoredJson.WriteBytes(alert)))));
    }

    private static void AddAudit(NpgsqlBatch batch, AuditView[] entries)
    {
        if (entries.Length == 0) return;
        const string sql = """
            INSERT INTO audit (at, actor, action, subject, detail) SELECT * FROM unnest($1, $2, $3, $4, $5)
            """;
        batch.Add(sql,
            Sql.Of(Column(entries, entry => entry.At.UtcDateTime), NpgsqlDbType.Array | NpgsqlDbType.TimestampTz),
            Sql.Texts(Column(entries, entry => StoredText.Of(entry.Actor))),
            Sql.Texts(Column(entries, entry => StoredText.Of(entry.Action))),
            Sql.Texts(Column(entries, entry => StoredText.Of(entry.Subject))),
            Sql.Texts(Column(entries, entry => StoredText.Of(entry.Detail))));
    }

    private static string ArrayText(IReadOnlyList<uint> counts)
    {
        var text = new StringBuilder("{");
        for (var i = 0; i < counts.Count; i++) text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ",")}{counts[i]}");
        return text.Append('}').ToString();
    }

    private static TColumn[] Column<TRow, TColumn>(TRow[] rows, Func<TRow, TColumn> value) => Array.ConvertAll(rows, row => value(row));
}
