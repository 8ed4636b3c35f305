using System.Data;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using Npgsql;
using NpgsqlTypes;

namespace HealthGrains.Grains.Postgres;

/// <content>Names, identities, accounts: what every node keeps a copy of.</content>
public sealed partial class PostgresStore
{
    private const int ReadsBetweenPrunings = 3_600;

    private int _reads;

    /// <inheritdoc/>
    /// <remarks>
    /// The mark is a transaction: all that are older had ended when it was given out, so nothing that commits late is missed. What
    /// younger ones had changed by then is told again the next time, in the same order. Mark 0 reads the tables, not their history.
    /// </remarks>
    public async Task<DirectoryChanges> ChangesAsync(long mark, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _reads) % ReadsBetweenPrunings == 1) await PruneChangesAsync(cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // One moment for all of it.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var (next, whole) = await HorizonAsync(connection, transaction, mark, cancellationToken);
        var names = new List<NewName>();
        var links = new List<(string Source, string ExternalId, string? Target)>();
        var accounts = new List<(string Id, bool Exists)>();
        var erased = new List<string>();
        if (whole)
        {
            await using var batch = new NpgsqlBatch(connection, transaction);
            batch.Add("SELECT id, text FROM names");
            batch.Add("SELECT source, external_id, target FROM identities");
            batch.Add("SELECT id FROM summaries");
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            names = await reader.RowsAsync(row => new NewName((uint)row.GetInt64(0), row.GetString(1)), cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            links = await reader.RowsAsync(row => (row.GetString(0), row.GetString(1), (string?)row.GetString(2)), cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            accounts = await reader.RowsAsync(row => (row.GetString(0), true), cancellationToken);
        }
        if (mark > 0)
        {
            const string sql = "SELECT kind, name_id, source, key, target FROM changes WHERE transaction >= $1 ORDER BY seq";
            await using var command = connection.Command(transaction, sql, Transaction(mark));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                switch (reader.GetInt16(0))
                {
                    case 1: names.Add(new NewName((uint)reader.GetInt64(1), reader.GetString(3))); break;
                    case 2: links.Add((reader.GetString(2), reader.GetString(3), reader.TextOrNull(4))); break;
                    case 3: accounts.Add((reader.GetString(3), true)); break;
                    case 4: erased.Add(reader.GetString(3)); break;
                }
            }
        }
        return new DirectoryChanges(next, names, links, accounts) { Erased = erased };
    }

    /// <inheritdoc/>
    public async Task AddNamesAsync(IReadOnlyList<NewName> names, CancellationToken cancellationToken)
    {
        if (names.Count == 0) return;
        const string sql = """
            WITH added AS (
                INSERT INTO names (id, text) SELECT * FROM unnest($1, $2)
                ON CONFLICT DO NOTHING
                RETURNING id, text)
            INSERT INTO changes (kind, name_id, key) SELECT 1, id, text FROM added
            """;
        // In one order, so that two nodes that learn the same names wait for each other and never in a ring.
        var ordered = names.DistinctBy(name => name.Id).OrderBy(name => name.Id).ToArray();
        await database.Command(sql,
            Sql.Longs(Column(ordered, name => (long)name.Id)), Sql.Texts(Column(ordered, name => StoredText.Of(name.Text))))
            .RunAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool[]> SetLinksAsync(IReadOnlyList<IdentityLink> links, CancellationToken cancellationToken)
    {
        if (links.Count == 0) return [];
        // Makes or locks all of them in one order, so that two nodes that learn the same links wait for each other and never in a ring.
        // A row that was there keeps its target for now; only a fresh one has never been deleted or locked.
        const string take = """
            INSERT INTO identities AS i (source, external_id, target)
            SELECT * FROM unnest($1, $2, $3)
            ON CONFLICT (source, external_id) DO UPDATE SET target = i.target
            RETURNING source, external_id, target, xmax = 0
            """;
        const string set = """
            UPDATE identities i SET target = u.target
            FROM unnest($1, $2, $3) AS u(source, external_id, target)
            WHERE i.source = u.source AND i.external_id = u.external_id
            """;
        // Only once the links are locked or made do changes get their numbers: of two writers of a link the later has the later one.
        const string tell = "INSERT INTO changes (kind, source, key, target) SELECT 2, * FROM unnest($1, $2, $3)";
        var stored = links.Select(link => new IdentityLink(
            StoredText.Of(link.Source), StoredText.Of(link.ExternalId), StoredText.Of(link.Target))).ToArray();
        // The last word on an external id counts.
        var wanted = stored.Reverse().DistinctBy(link => (link.Source, link.ExternalId))
            .OrderBy(link => link.Source, StringComparer.Ordinal).ThenBy(link => link.ExternalId, StringComparer.Ordinal).ToArray();
        NpgsqlParameter[] Columns(IdentityLink[] rows) =>
        [
            Sql.Texts(Column(rows, link => link.Source)), Sql.Texts(Column(rows, link => link.ExternalId)),
            Sql.Texts(Column(rows, link => link.Target)),
        ];
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var before = (await connection.Command(transaction, take, Columns(wanted)).RowsAsync(
                row => (Key: (row.GetString(0), row.GetString(1)), Target: row.GetString(2), Made: row.GetBoolean(3)), cancellationToken))
            .Where(row => !row.Made).ToDictionary(row => row.Key, row => row.Target);
        var changed = new bool[links.Count];
        var after = new Dictionary<(string, string), string>(before);
        for (var i = 0; i < stored.Length; i++)
        {
            var key = (stored[i].Source, stored[i].ExternalId);
            changed[i] = !after.TryGetValue(key, out var target) || target != stored[i].Target;
            after[key] = stored[i].Target;
        }
        var fresh = Array.FindAll(wanted, link => before.GetValueOrDefault((link.Source, link.ExternalId)) != link.Target);
        if (fresh.Length > 0)
        {
            await using var batch = new NpgsqlBatch(connection, transaction);
            batch.Add(set, Columns(fresh));
            batch.Add(tell, Columns(fresh));
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return changed;
    }

    /// <inheritdoc/>
    public Task ActivatedAsync(ModelActivation activation, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO activations (model, at, actor) VALUES ($1, $2, $3)
            ON CONFLICT (model) DO UPDATE SET at = excluded.at, actor = excluded.actor
            """;
        return database.Command(sql, Sql.Text(activation.Version), Sql.Time(activation.At), Sql.Text(StoredText.Of(activation.Actor)))
            .RunAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ModelActivation>> ActivationsAsync(CancellationToken cancellationToken) =>
        await database.Command("SELECT model, at, actor FROM activations")
            .RowsAsync(row => new ModelActivation(row.GetString(0), row.Time(1), row.GetString(2)), cancellationToken);

    /// <summary>Throws changes away that the tables tell of by now. Erasures stay: nothing else tells a node of them.</summary>
    internal Task PruneChangesAsync(CancellationToken cancellationToken, TimeSpan? age = null)
    {
        const string sql = """
            WITH gone AS (DELETE FROM changes WHERE kind <> 4 AND at < now() - $1 RETURNING transaction)
            UPDATE changes_kept SET since = last.transaction
            FROM (SELECT transaction FROM gone ORDER BY transaction DESC LIMIT 1) AS last
            WHERE last.transaction > since
            """;
        return database.Command(sql, Sql.Of(age ?? TimeSpan.FromDays(1), NpgsqlDbType.Interval)).RunAsync(cancellationToken);
    }

    private static async Task<(long Next, bool Whole)> HorizonAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long mark, CancellationToken cancellationToken)
    {
        const string sql = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, $1 <= since FROM changes_kept";
        var rows = await connection.Command(transaction, sql, Transaction(mark))
            .RowsAsync(row => (row.GetInt64(0), row.GetBoolean(1)), cancellationToken);
        return (rows[0].Item1, rows[0].Item2 || mark == 0);
    }

    private static NpgsqlParameter Transaction(long mark) => Sql.Of((ulong)mark, NpgsqlDbType.Xid8);
}
