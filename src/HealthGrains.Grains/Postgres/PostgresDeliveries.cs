using System.Globalization;
using System.Text;
using HealthGrains.Delivery;
using HealthGrains.Hosting;
using Npgsql;
using NpgsqlTypes;

namespace HealthGrains.Grains.Postgres;

/// <summary>What is to leave the house, in the database: any number of nodes claim from it.</summary>
internal sealed class PostgresDeliveries(NpgsqlDataSource database, Func<TenantKeys> keys) : IDeliveryStore
{
    private const string Columns =
        "body::text, state, attempts, error, due_since, next_at, settled_at, delivered_to, number, leased_until";

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ClaimedDispatch>> ClaimAsync(DeliveryClaim claim, CancellationToken cancellationToken)
    {
        // What another node is claiming is passed over. It stays the first of its line meanwhile, so nothing behind it is taken.
        const string sql = """
            WITH due AS MATERIALIZED (
                SELECT d.number FROM deliveries d
                WHERE d.state = 0 AND d.receiver = $1 AND d.next_at <= $2 AND (d.leased_until IS NULL OR d.leased_until <= $2)
                    AND NOT EXISTS (
                        SELECT 1 FROM deliveries e
                        WHERE e.state = 0 AND e.receiver = d.receiver AND e.line = d.line
                            AND (e.due_since, e.number) < (d.due_since, d.number))
                ORDER BY d.next_at, d.number
                LIMIT $3
                FOR UPDATE OF d SKIP LOCKED),
            taken AS (
                UPDATE deliveries d SET attempts = d.attempts + 1, leased_until = $4
                FROM due WHERE d.number = due.number
                RETURNING d.number, d.next_at, d.body::text AS body, d.attempts, d.due_since)
            SELECT body, attempts, due_since FROM taken ORDER BY next_at, number
            """;
        return await database.Command(
                sql, Sql.Text(claim.Receiver), Sql.Long(claim.Now), Sql.Int(claim.Most), Sql.Long(claim.LeasedUntil))
            .RowsAsync(row => new ClaimedDispatch(Body(row.GetString(0)), row.GetInt32(1), row.GetInt64(2)), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SettleAsync(string id, int attempt, Settlement settlement, CancellationToken cancellationToken)
    {
        const string sql = """
            UPDATE deliveries
            SET state = $3, error = $4, next_at = coalesce($5, next_at), settled_at = $6, delivered_to = $7, leased_until = NULL
            WHERE id = $1 AND attempts = $2 AND state = 0
            """;
        return await database.Command(sql,
            Sql.Text(StoredText.Of(id)), Sql.Int(attempt), Sql.Of((short)settlement.State, NpgsqlDbType.Smallint),
            Sql.Text(StoredText.Of(settlement.Error)), Sql.Of(settlement.NextAttempt, NpgsqlDbType.Bigint),
            Sql.Of(settlement.State == DeliveryState.Pending ? null : settlement.Now, NpgsqlDbType.Bigint),
            Sql.Text(StoredText.Of(settlement.DeliveredTo))).RunAsync(cancellationToken) > 0;
    }

    /// <inheritdoc/>
    public async ValueTask<int> ExpireAsync(
        string receiver, long dueBefore, long now, string error, CancellationToken cancellationToken)
    {
        const string sql = """
            WITH late AS MATERIALIZED (
                SELECT number FROM deliveries
                WHERE state = 0 AND receiver = $1 AND due_since < $2 AND (leased_until IS NULL OR leased_until <= $3)
                ORDER BY number
                FOR UPDATE SKIP LOCKED)
            UPDATE deliveries d SET state = 2, error = coalesce(d.error, $4), settled_at = $3, leased_until = NULL
            FROM late WHERE d.number = late.number
            """;
        return await database.Command(sql, Sql.Text(receiver), Sql.Long(dueBefore), Sql.Long(now), Sql.Text(StoredText.Of(error)))
            .RunAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<Page<DeliveryRecord>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken)
    {
        const string which = """
            FROM deliveries
            WHERE ($1 IS NULL OR state = $1) AND ($2 IS NULL OR receiver = $2) AND ($3 IS NULL OR account = $3)
                AND ($4 IS NULL OR owner = $4)
            """;
        ListCursor.Check(query.Limit);
        var after = ListCursor.Read("deliveries", query.Cursor, 1, keys());
        var before = (long?)null;
        if (after is not null)
            before = long.TryParse(after[0], NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : throw ListCursor.Invalid();
        NpgsqlParameter[] Filters() =>
        [
            Sql.Of((short?)query.State, NpgsqlDbType.Smallint), Sql.Text(StoredText.Of(query.Receiver)),
            Sql.Text(StoredText.Of(query.Account)), Sql.Text(StoredText.Of(query.Owner)),
        ];
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add($"SELECT count(*), now() {which}", Filters());
        batch.Add($"SELECT {Columns} {which} AND ($5 IS NULL OR number < $5) ORDER BY number DESC LIMIT $6",
            [.. Filters(), Sql.Of(before, NpgsqlDbType.Bigint), Sql.Int(query.Limit + 1)]);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (total, asOf) = ((int)reader.GetInt64(0), reader.Time(1));
        await reader.NextResultAsync(cancellationToken);
        var rows = await reader.RowsAsync(row => (Record: Record(row), Number: row.GetInt64(8)), cancellationToken);
        var hasMore = rows.Count > query.Limit;
        if (hasMore) rows.RemoveAt(query.Limit);
        var next = hasMore ? ListCursor.Write("deliveries", keys(), rows[^1].Number.ToString(CultureInfo.InvariantCulture)) : null;
        return new Page<DeliveryRecord>([.. rows.Select(row => row.Record)], next, total, asOf);
    }

    /// <inheritdoc/>
    public ValueTask<DeliveryRecord?> RetryAsync(string id, string actor, long now, CancellationToken cancellationToken) => ChangeAsync(
        id, now,
        (record, _) => record.State == DeliveryState.Dead ? null
            : $"delivery {id} is {record.State.ToString().ToLowerInvariant()}; only a dead one is tried again",
        "state = 0, due_since = $2, next_at = $2, settled_at = NULL, leased_until = NULL", null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DeliveryRecord?> CancelAsync(string id, string reason, long now, CancellationToken cancellationToken) => ChangeAsync(
        id, now,
        (record, isLeased) => record.State == DeliveryState.Delivered ? $"delivery {id} has been delivered"
            : isLeased ? $"delivery {id} is being sent; ask again in a moment" : null,
        "state = 3, error = CASE WHEN state = 3 THEN error ELSE $3 END, settled_at = CASE WHEN state = 3 THEN settled_at ELSE $2 END, "
            + "leased_until = NULL", reason, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DeliveryCount>> CountAsync(long now, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT receiver, count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 2),
                min(due_since) FILTER (WHERE state = 0 AND due_since <= $1)
            FROM deliveries WHERE state IN (0, 2) GROUP BY receiver ORDER BY receiver
            """;
        return await database.Command(sql, Sql.Long(now)).RowsAsync(
            row => new DeliveryCount(
                row.GetString(0), (int)row.GetInt64(1), (int)row.GetInt64(2), row.IsDBNull(3) ? null : row.GetInt64(3)),
            cancellationToken);
    }

    private async ValueTask<DeliveryRecord?> ChangeAsync(
        string id, long now, Func<DeliveryRecord, bool, string?> refuse, string set, string? reason, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var found = await connection.Command(
                transaction, $"SELECT {Columns} FROM deliveries WHERE id = $1 FOR UPDATE", Sql.Text(StoredText.Of(id)))
            .RowsAsync(row => (Record: Record(row), IsLeased: !row.IsDBNull(9) && row.GetInt64(9) > now), cancellationToken);
        if (found.Count == 0) return null;
        if (refuse(found[0].Record, found[0].IsLeased) is { } refusal) throw new InvalidTransitionException(refusal);
        NpgsqlParameter[] parameters = [Sql.Text(StoredText.Of(id)), Sql.Long(now)];
        if (reason is not null) parameters = [.. parameters, Sql.Text(StoredText.Of(reason))];
        var changed = await connection.Command(
            transaction, $"UPDATE deliveries SET {set} WHERE id = $1 RETURNING {Columns}", parameters).RowsAsync(Record, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return changed[0];
    }

    private static DeliveryRecord Record(NpgsqlDataReader row)
    {
        var state = (DeliveryState)row.GetInt16(1);
        return new DeliveryRecord(
            Body(row.GetString(0)), state, row.GetInt32(2), row.TextOrNull(3), row.GetInt64(4),
            state == DeliveryState.Pending ? row.GetInt64(5) : null, row.IsDBNull(6) ? null : row.GetInt64(6), row.TextOrNull(7));
    }

    private static Dispatch Body(string json) => DeliveryJson.ReadDispatch(Encoding.UTF8.GetBytes(json));
}
