using HealthGrains.Hosting;
using Npgsql;
using NpgsqlTypes;

namespace HealthGrains.Grains.Postgres;

/// <content>Events that wait for an identity.</content>
public sealed partial class PostgresStore
{
    private const long DayMs = 86_400_000;
    private const string HeldColumns = "source, external_id, event_id, format, body";

    /// <summary>How many events may wait.</summary>
    internal long MostHeld { get; init; } = 1_000_000;

    /// <summary>How many bytes of events may wait.</summary>
    internal long MostHeldBytes { get; init; } = 1L << 30;

    /// <inheritdoc/>
    public async Task<bool[]> HoldAsync(IReadOnlyList<HeldEvent> events, long now, CancellationToken cancellationToken)
    {
        if (events.Count == 0) return [];
        // Numbered as they came, and kept in the order in which all who touch them do.
        const string hold = """
            WITH numbered AS MATERIALIZED (
                SELECT source, external_id, event_id, format, body, nextval('held_seq_seq') AS seq
                FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS u(source, external_id, event_id, format, body, place)
                ORDER BY place)
            INSERT INTO held (source, external_id, event_id, format, body, seq, at)
            SELECT *, $6 FROM numbered ORDER BY source, event_id, seq
            ON CONFLICT (source, event_id) DO NOTHING
            RETURNING source, event_id, octet_length(body)
            """;
        const string total = "UPDATE held_total SET events = events + $1, bytes = bytes + $2 RETURNING events, bytes";
        var stored = events.Select(one => one with
        {
            Source = StoredText.Of(one.Source), ExternalId = StoredText.Of(one.ExternalId), EventId = StoredText.Of(one.EventId),
        }).ToArray();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var added = await connection.Command(transaction, hold,
            Sql.Texts(Column(stored, one => one.Source)), Sql.Texts(Column(stored, one => one.ExternalId)),
            Sql.Texts(Column(stored, one => one.EventId)), Sql.Texts(Column(stored, one => one.Format)),
            Sql.Blobs(Column(stored, one => one.Body)), Sql.Long(now))
            .RowsAsync(row => (Key: (row.GetString(0), row.GetString(1)), Bytes: row.GetInt32(2)), cancellationToken);
        if (added.Count > 0)
        {
            // Last, for everybody's events are counted in one row.
            var sum = await connection.Command(transaction, total, Sql.Long(added.Count), Sql.Long(added.Sum(row => (long)row.Bytes)))
                .RowsAsync(row => (Events: row.GetInt64(0), Bytes: row.GetInt64(1)), cancellationToken);
            if (sum[0].Events > MostHeld || sum[0].Bytes > MostHeldBytes) throw new IntakeSaturatedException(TimeSpan.FromSeconds(30));
        }
        await transaction.CommitAsync(cancellationToken);
        var fresh = added.Select(row => row.Key).ToHashSet();
        return [.. stored.Select(one => fresh.Remove((one.Source, one.EventId)))];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<HeldEvent>> WaitingAsync(string source, string externalId, CancellationToken cancellationToken)
    {
        const string sql = $"""
            SELECT {HeldColumns} FROM held
            WHERE source = $1 AND external_id = $2 AND released_at IS NULL
            ORDER BY seq
            """;
        return await database.Command(sql, Sql.Text(StoredText.Of(source)), Sql.Text(StoredText.Of(externalId)))
            .RowsAsync(ReadHeld, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<HeldEvent>> ReleaseAsync(
        string source, string externalId, long now, CancellationToken cancellationToken)
    {
        const string forget = """
            WITH old AS (SELECT source, event_id FROM held WHERE released_at < $1 FOR UPDATE SKIP LOCKED)
            DELETE FROM held h USING old WHERE h.source = old.source AND h.event_id = old.event_id
            """;
        const string release = """
            WITH waiting AS MATERIALIZED (
                SELECT source, event_id FROM held
                WHERE source = $1 AND external_id = $2 AND released_at IS NULL
                ORDER BY source, event_id FOR UPDATE)
            UPDATE held h SET released_at = $3
            FROM waiting w WHERE h.source = w.source AND h.event_id = w.event_id
            RETURNING octet_length(h.body)
            """;
        const string read = $"SELECT {HeldColumns} FROM held WHERE source = $1 AND external_id = $2 ORDER BY seq";
        NpgsqlParameter[] Which() => [Sql.Text(StoredText.Of(source)), Sql.Text(StoredText.Of(externalId))];
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.Command(transaction, forget, Sql.Long(now - DayMs)).RunAsync(cancellationToken);
        var released = await connection.Command(transaction, release, [.. Which(), Sql.Long(now)])
            .RowsAsync(row => (long)row.GetInt32(0), cancellationToken);
        var events = await connection.Command(transaction, read, Which()).RowsAsync(ReadHeld, cancellationToken);
        await CountOutAsync(connection, transaction, released, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return events;
    }

    /// <inheritdoc/>
    public async Task SettleAsync(IReadOnlyList<HeldEvent> events, CancellationToken cancellationToken)
    {
        if (events.Count == 0) return;
        const string sql = """
            WITH taken AS MATERIALIZED (
                SELECT h.source, h.event_id
                FROM held h JOIN unnest($1, $2) AS u(source, event_id) USING (source, event_id)
                ORDER BY h.source, h.event_id FOR UPDATE OF h)
            DELETE FROM held h USING taken t
            WHERE h.source = t.source AND h.event_id = t.event_id
            RETURNING octet_length(h.body), h.released_at IS NULL
            """;
        var settled = events.ToArray();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var gone = await connection.Command(transaction, sql,
            Sql.Texts(Column(settled, one => StoredText.Of(one.Source))), Sql.Texts(Column(settled, one => StoredText.Of(one.EventId))))
            .RowsAsync(row => (Bytes: (long)row.GetInt32(0), Waited: row.GetBoolean(1)), cancellationToken);
        await CountOutAsync(connection, transaction, [.. gone.Where(row => row.Waited).Select(row => row.Bytes)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Page<HeldView>> HeldAsync(int limit, string? cursor, long now, CancellationToken cancellationToken)
    {
        const string groups = "FROM held WHERE released_at IS NULL";
        const string page = $"""
            SELECT source, external_id, count(*), min(at) {groups} AND ($1 IS NULL OR (source, external_id) > ($1, $2))
            GROUP BY source, external_id
            ORDER BY source, external_id
            LIMIT $3
            """;
        ListCursor.Check(limit);
        var after = ListCursor.Read("held", cursor, 2, keys());
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add($"SELECT count(*) FROM (SELECT DISTINCT source, external_id {groups}) AS waiting");
        batch.Add(page, Sql.Text(after?[0]), Sql.Text(after?[1]), Sql.Int(limit + 1));
        return await PageAsync(batch, limit, now,
            row => new HeldView(
                row.GetString(0), row.GetString(1), (int)row.GetInt64(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3))),
            last => ListCursor.Write("held", keys(), last.Source, last.ExternalId), cancellationToken);
    }

    private static Task CountOutAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, List<long> bytes, CancellationToken cancellationToken) =>
        bytes.Count == 0 ? Task.CompletedTask
            : connection.Command(transaction, "UPDATE held_total SET events = events - $1, bytes = bytes - $2",
                Sql.Long(bytes.Count), Sql.Long(bytes.Sum())).RunAsync(cancellationToken);

    private static HeldEvent ReadHeld(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.Bytes(4));
}
