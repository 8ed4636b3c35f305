using System.Globalization;
using System.Text;
using HealthGrains.Alerts;
using HealthGrains.Delivery;
using HealthGrains.Grains.Desks;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using Npgsql;
using NpgsqlTypes;

namespace HealthGrains.Grains.Postgres;

/// <content>What desks leave, and the practice.</content>
public sealed partial class PostgresStore
{
    /// <inheritdoc/>
    public IDeliveryStore Deliveries => new PostgresDeliveries(database, keys);

    /// <inheritdoc/>
    public async Task<DeskWritten> WriteDeskAsync(string account, DeskMessage left, CancellationToken cancellationToken)
    {
        // An erasure waits for this, or this finds the account gone; its own writes are not held up.
        const string lockAccount = "SELECT 1 FROM accounts WHERE id = $1 FOR KEY SHARE";
        const string head = """
            INSERT INTO desks (account, version, open_alerts) VALUES ($1, $2, $3)
            ON CONFLICT (account) DO UPDATE SET version = excluded.version, open_alerts = excluded.open_alerts
            WHERE desks.version < excluded.version
            """;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await connection.Command(transaction, lockAccount, Sql.Text(account)).ValueAsync<int>(cancellationToken) == 0)
            return DeskWritten.NoAccount;
        var isNew = await connection.Command(transaction, head, Sql.Text(account), Sql.Long(left.Version), Sql.Int(left.OpenAlerts))
            .RunAsync(cancellationToken) > 0;
        if (!isNew) return DeskWritten.Before;
        await using var batch = new NpgsqlBatch(connection, transaction);
        AddWork(batch, account, WorkRow.Of(left));
        AddAlerts(batch, [.. left.Alerts.Select(effect => effect.Alert)]);
        AddDispatches(batch, account, [.. left.Dispatches]);
        AddAudit(batch, [.. left.Audit]);
        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(cancellationToken);
        if (Seam is { } before) await before(WriteStep.Written);
        await transaction.CommitAsync(cancellationToken);
        if (Seam is { } after) await after(WriteStep.Committed);
        return DeskWritten.Now;
    }

    /// <inheritdoc/>
    public async Task<T?> WorkAsync<T>(WorkKind kind, string id, CancellationToken cancellationToken) where T : class
    {
        const string sql = "SELECT body::text FROM work WHERE id = $1 AND kind = $2";
        var rows = await database.Command(sql, Sql.Text(StoredText.Of(id)), Sql.Of((short)kind, NpgsqlDbType.Smallint))
            .RowsAsync(row => Read<T>(row, 0, id), cancellationToken);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <inheritdoc/>
    public async Task<Page<T>> WorkAsync<T>(WorkKind kind, WorkQuery query, long now, CancellationToken cancellationToken)
    {
        const string which = """
            FROM work
            WHERE kind = $1 AND ($2 IS NULL AND NOT is_over OR state = $2) AND ($3 IS NULL OR owner = $3) AND ($4 IS NULL OR account = $4)
            """;
        // The latest play or note first, and what is due first first.
        var (than, order) = WorkRow.IsLatestFirst(kind) ? ("<", "DESC") : (">", "ASC");
        var list = $"work {(int)kind}";
        ListCursor.Check(query.Limit);
        var after = ListCursor.Read(list, query.Cursor, 2, keys());
        var sort = (long?)null;
        if (after is not null)
        {
            sort = long.TryParse(after[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var at) ? at
                : throw ListCursor.Invalid();
        }
        NpgsqlParameter[] Filters() =>
        [
            Sql.Of((short)kind, NpgsqlDbType.Smallint), Sql.Text(StoredText.Of(query.State)), Sql.Text(StoredText.Of(query.Owner)),
            Sql.Text(StoredText.Of(query.Account)),
        ];
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add($"SELECT count(*) {which}", Filters());
        batch.Add(
            $"""
            SELECT body::text, sort, id {which} AND ($5 IS NULL OR (sort, id) {than} ($5, $6))
            ORDER BY sort {order}, id {order}
            LIMIT $7
            """,
            [.. Filters(), Sql.Of(sort, NpgsqlDbType.Bigint), Sql.Text(after?[1]), Sql.Int(query.Limit + 1)]);
        var found = await PageAsync(batch, query.Limit, now,
            row => (Item: Read<T>(row, 0, row.GetString(2)), Sort: row.GetInt64(1), Id: row.GetString(2)),
            last => ListCursor.Write(list, keys(), Number(last.Sort), last.Id), cancellationToken);
        return new Page<T>([.. found.Items.Select(item => item.Item)], found.Next, found.Total, found.AsOf);
    }

    /// <inheritdoc/>
    public async Task<ReviewFigures> ReviewsAsync(string? owner, DateTimeOffset since, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT state, review, count(*) FROM work WHERE decided_at >= $1 AND ($2 IS NULL OR csm = $2) GROUP BY state, review
            """;
        var rows = await database.Command(sql, Sql.Long(since.ToUnixTimeMilliseconds()), Sql.Text(StoredText.Of(owner)))
            .RowsAsync(row => (State: row.GetString(0), Review: (Review)row.GetInt16(1), Count: (int)row.GetInt64(2)), cancellationToken);
        return rows.Aggregate(
            new ReviewFigures(since, 0, 0, 0, 0, 0, 0), (figures, row) => WorkRow.Add(figures, row.State, row.Review, row.Count));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredEdit>> PracticeAsync(long after, CancellationToken cancellationToken) =>
        await database.Command("SELECT number, body::text FROM practice_edits WHERE number > $1 ORDER BY number", Sql.Long(after))
            .RowsAsync(row => new StoredEdit(row.GetInt64(0), Read<PracticeEdit>(row, 1, "a change of the practice")), cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> AddPracticeAsync(StoredEdit edit, IReadOnlyList<AuditView> audit, CancellationToken cancellationToken)
    {
        const string sql = "INSERT INTO practice_edits (number, body) VALUES ($1, $2::json) ON CONFLICT DO NOTHING";
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var body = Encoding.UTF8.GetString(StoredJson.WriteBytes(edit.Edit));
        var added = await connection.Command(transaction, sql, Sql.Long(edit.Number), Sql.Text(body)).RunAsync(cancellationToken);
        if (added == 0) return false;
        await using var batch = new NpgsqlBatch(connection, transaction);
        AddAudit(batch, [.. audit]);
        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>Rows that somebody holds at this moment are left for the next time.</remarks>
    public Task<int> PruneSettledAsync(long work, long deliveries, int most, CancellationToken cancellationToken)
    {
        const string sql = """
            WITH old AS (
                SELECT id FROM work
                WHERE is_over AND (coalesce(body ->> 'endedAt', body ->> 'sentAt', body ->> 'decidedAt')) COLLATE "C" < $1
                LIMIT $3 FOR UPDATE SKIP LOCKED),
            settled AS (
                SELECT number FROM deliveries WHERE state <> 0 AND settled_at < $2 AND due_since < $2 LIMIT $3 FOR UPDATE SKIP LOCKED),
            ended AS (DELETE FROM work w USING old WHERE w.id = old.id RETURNING 1),
            gone AS (DELETE FROM deliveries d USING settled WHERE d.number = settled.number RETURNING 1)
            SELECT ((SELECT count(*) FROM ended) + (SELECT count(*) FROM gone))::int
            """;
        return database.Command(sql, Sql.Text(BodyTime(work)), Sql.Long(deliveries), Sql.Int(most)).ValueAsync<int>(cancellationToken);
    }

    private static T Read<T>(NpgsqlDataReader row, int column, string what) =>
        StoredJson.Read<T>(Encoding.UTF8.GetBytes(row.GetString(column)), what);

    private static void AddWork(NpgsqlBatch batch, string account, WorkRow[] rows)
    {
        if (rows.Length == 0) return;
        const string sql = """
            INSERT INTO work (id, account, kind, state, is_over, owner, csm, sort, decided_at, review, body)
            SELECT id, $1, kind, state, is_over, owner, csm, sort, decided_at, review, body::json
            FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                AS u(id, kind, state, is_over, owner, csm, sort, decided_at, review, body)
            ON CONFLICT (id) DO UPDATE
            SET state = excluded.state, is_over = excluded.is_over, owner = excluded.owner, csm = excluded.csm, sort = excluded.sort,
                decided_at = excluded.decided_at, review = excluded.review, body = excluded.body
            """;
        batch.Add(sql,
            Sql.Text(account),
            Sql.Texts(Column(rows, row => row.Id)),
            Sql.Shorts(Column(rows, row => (short)row.Kind)),
            Sql.Texts(Column(rows, row => row.State)),
            Sql.Of(Column(rows, row => row.IsOver), NpgsqlDbType.Array | NpgsqlDbType.Boolean),
            Sql.Texts(Column(rows, row => StoredText.Of(row.Owner))),
            Sql.Texts(Column(rows, row => StoredText.Of(row.Csm))),
            Sql.Longs(Column(rows, row => row.Sort)),
            Sql.Of(Column(rows, row => row.DecidedAt), NpgsqlDbType.Array | NpgsqlDbType.Bigint),
            Sql.Shorts(Column(rows, row => (short)row.Review)),
            Sql.Texts(Column(rows, row => Encoding.UTF8.GetString(row.Body))));
    }

    private static void AddDispatches(NpgsqlBatch batch, string account, Dispatch[] dispatches)
    {
        if (dispatches.Length == 0) return;
        const string sql = """
            INSERT INTO deliveries (id, account, owner, receiver, line, state, attempts, due_since, next_at, body)
            SELECT id, $1, owner, receiver, line, 0, 0, not_before, not_before, body::json
            FROM unnest($2, $3, $4, $5, $6, $7) WITH ORDINALITY AS u(id, owner, receiver, line, not_before, body, place)
            ORDER BY place
            ON CONFLICT (id) DO NOTHING
            """;
        batch.Add(sql,
            Sql.Text(account),
            Sql.Texts(Column(dispatches, one => one.Id)),
            Sql.Texts(Column(dispatches, one => StoredText.Of(one.Owner))),
            Sql.Texts(Column(dispatches, one => StoredText.Of(one.Receiver))),
            Sql.Texts(Column(dispatches, one => StoredText.Of(one.Line))),
            Sql.Longs(Column(dispatches, one => one.NotBefore)),
            Sql.Texts(Column(dispatches, one => Encoding.UTF8.GetString(DeliveryJson.Write(one)))));
    }
}
