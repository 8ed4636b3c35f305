using NpgsqlTypes;

namespace HealthGrains.Grains.Postgres;

/// <content>The end of what is kept for so many days.</content>
public sealed partial class PostgresStore
{
    /// <inheritdoc/>
    /// <remarks>
    /// Closes lie by account, and there is no index by day, which every close would pay for. So it goes from account to account, one
    /// look in the primary key each, and deletes the rows at the beginning of its days.
    /// </remarks>
    public Task<string?> PruneAsync(string after, DateOnly before, int accounts, CancellationToken cancellationToken)
    {
        const string sql = """
            WITH RECURSIVE walk AS (
                (SELECT account, day, 1 AS place FROM closes WHERE account > $1 ORDER BY account, day LIMIT 1)
                UNION ALL
                SELECT next.account, next.day, walk.place + 1
                FROM walk CROSS JOIN LATERAL (
                    SELECT account, day FROM closes WHERE account > walk.account ORDER BY account, day LIMIT 1) AS next
                WHERE walk.place < $3),
            old AS MATERIALIZED (SELECT account FROM walk WHERE day < $2),
            pruned AS (DELETE FROM closes c USING old WHERE c.account = old.account AND c.day < $2),
            ended AS (DELETE FROM alerts a USING old WHERE a.account = old.account AND a.state IN (3, 4) AND a.raised_at < $4),
            pushed AS (DELETE FROM pushes WHERE at < $4)
            SELECT max(account) FROM walk
            """;
        var midnight = new DateTimeOffset(before, default, TimeSpan.Zero).ToUnixTimeMilliseconds();
        return database.Command(sql, Sql.Text(after), Sql.Of(before, NpgsqlDbType.Date), Sql.Int(accounts), Sql.Long(midnight))
            .ValueAsync<string>(cancellationToken);
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
}
