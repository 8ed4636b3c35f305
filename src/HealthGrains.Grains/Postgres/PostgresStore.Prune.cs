using NpgsqlTypes;

namespace HealthGrains.Grains.Postgres;

/// <content>The end of what is kept for so many days.</content>
public sealed partial class PostgresStore
{
    private const int EvidenceAtOnce = 10_000;

    /// <inheritdoc/>
    /// <remarks>
    /// Closes and evidence lie by account, and there is no index by day, which every close would pay for. So it goes from account to
    /// account, a look in each primary key, and deletes the rows at the beginning of its days. What is more evidence than may go at once
    /// goes in a later pass.
    /// </remarks>
    public Task<string?> PruneAsync(string after, DateOnly before, int accounts, CancellationToken cancellationToken)
    {
        const string sql = """
            WITH RECURSIVE walk AS (
                (SELECT least(
                        (SELECT account FROM closes WHERE account > $1 ORDER BY account LIMIT 1),
                        (SELECT account FROM evidence WHERE account > $1 ORDER BY account LIMIT 1)) AS account,
                    1 AS place)
                UNION ALL
                SELECT next.account, walk.place + 1
                FROM walk CROSS JOIN LATERAL (
                    SELECT least(
                        (SELECT account FROM closes WHERE account > walk.account ORDER BY account LIMIT 1),
                        (SELECT account FROM evidence WHERE account > walk.account ORDER BY account LIMIT 1)) AS account) AS next
                WHERE walk.place < $3 AND walk.account IS NOT NULL),
            old AS MATERIALIZED (
                SELECT account FROM walk
                WHERE (SELECT c.day FROM closes c WHERE c.account = walk.account ORDER BY c.day LIMIT 1) < $2),
            pruned AS (DELETE FROM closes c USING old WHERE c.account = old.account AND c.day < $2),
            ended AS (DELETE FROM alerts a USING old WHERE a.account = old.account AND a.state IN (3, 4) AND a.raised_at < $4),
            shown AS (DELETE FROM evidence WHERE ctid = ANY (ARRAY(
                SELECT found.ctid
                FROM walk CROSS JOIN LATERAL (
                    SELECT e.ctid FROM evidence e WHERE e.account = walk.account AND e.at < $4 ORDER BY e.at LIMIT $5) AS found
                LIMIT $5))),
            pushed AS (DELETE FROM pushes WHERE at < $4)
            SELECT max(account) FROM walk
            """;
        var midnight = new DateTimeOffset(before, default, TimeSpan.Zero).ToUnixTimeMilliseconds();
        return database.Command(
                sql, Sql.Text(after), Sql.Of(before, NpgsqlDbType.Date), Sql.Int(accounts), Sql.Long(midnight), Sql.Int(EvidenceAtOnce))
            .ValueAsync<string>(cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> PruneErasuresAsync(DateTimeOffset before, int most, CancellationToken cancellationToken)
    {
        const string sql = "DELETE FROM erasures WHERE ctid = ANY (ARRAY(SELECT ctid FROM erasures WHERE at < $1 LIMIT $2))";
        return database.Command(sql, Sql.Of(before.UtcDateTime, NpgsqlDbType.TimestampTz), Sql.Int(most)).RunAsync(cancellationToken);
    }
}
