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
}
