using HealthGrains.Grains.Desks;
using HealthGrains.Grains.Storage;
using HealthGrains.Grains.Time;
using HealthGrains.Hosting;
using Npgsql;

namespace HealthGrains.Grains.Postgres;

/// <summary>
/// Keeps accounts, the read model and the directory in PostgreSQL. Every row that changes with an account changes in the transaction
/// of its write, so that a crash at any point leaves all of it or nothing.
/// </summary>
/// <param name="database">The database, as <see cref="PostgresSource.Create"/> makes it.</param>
/// <param name="keys">The tenant's secret, once it is known: cursors are sealed and pseudonyms made with it.</param>
public sealed partial class PostgresStore(NpgsqlDataSource database, Func<TenantKeys> keys)
    : IAccountStore, IBookStore, IDirectoryStore, ILogPlaceStore, IDeskStore, IOwnerStore
{
    /// <summary>How many accounts are made due at once: the rows are locked for as long as it takes.</summary>
    private const int DueAtOnce = 1_000;

    /// <inheritdoc/>
    public async Task<AccountRow?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT a.version, a.profile, a.state, a.intake, a.model, a.due_at, coalesce(d.version, 0), coalesce(d.open_alerts, 0)
            FROM accounts a LEFT JOIN desks d ON d.account = a.id WHERE a.id = $1
            UNION ALL
            SELECT 0, '', '', intake, '', 9223372036854775807, 0, 0 FROM erasures WHERE pseudonym = $2
            ORDER BY 1 DESC
            LIMIT 1
            """;
        var pseudonym = ErasedAccount.Pseudonym(keys(), id);
        var rows = await database.Command(sql, Sql.Text(StoredText.Of(id)), Sql.Text(pseudonym)).RowsAsync(
            row => new AccountRow(
                row.GetInt64(0), row.Bytes(1), row.Bytes(2), row.Bytes(3), row.GetString(4), row.GetInt64(5))
            {
                Desk = new DeskHead(row.GetInt64(6), row.GetInt32(7)),
            },
            cancellationToken);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> DueAsync(int shard, long now, int limit, CancellationToken cancellationToken)
    {
        // The last condition says nothing new, but it is what the index is limited to.
        const string sql = """
            SELECT id FROM accounts
            WHERE shard = $1 AND due_at <= $2 AND due_at < 9223372036854775807
            ORDER BY due_at, id
            LIMIT $3
            """;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, Shards.Count);
        return await database.Command(sql, Sql.Int(shard), Sql.Long(now), Sql.Int(limit))
            .RowsAsync(row => row.GetString(0), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A thousand at a time, in the order in which writers lock them: one statement for all would hold up every write until it ends.
    /// Should it be broken off, those that were reached are due and the rest are as before.
    /// </remarks>
    public async Task MakeDueAsync(long now, CancellationToken cancellationToken)
    {
        const string sql = """
            WITH part AS MATERIALIZED (SELECT id, due_at FROM accounts WHERE id > $1 ORDER BY id LIMIT $3 FOR UPDATE),
            changed AS (UPDATE accounts a SET due_at = $2 FROM part WHERE a.id = part.id AND a.due_at > $2)
            SELECT max(id) FROM part
            """;
        for (string? last = ""; last is not null;)
            last = await database.Command(sql, Sql.Text(last), Sql.Long(now), Sql.Int(DueAtOnce)).ValueAsync<string>(cancellationToken);
    }
}
