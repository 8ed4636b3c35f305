using HealthGrains.Grains.Accounts;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using Npgsql;
using NpgsqlTypes;

namespace HealthGrains.Grains.Postgres;

/// <content>Erasure.</content>
public sealed partial class PostgresStore
{
    /// <inheritdoc/>
    /// <remarks>
    /// Other nodes learn of it by the pseudonym. Copies that the database itself still has, in its log and in space that is not used
    /// again yet, go with its own housekeeping.
    /// </remarks>
    public async Task<ErasedRows?> EraseAsync(string id, string pseudonym, AuditView entry, CancellationToken cancellationToken)
    {
        // A user's link leads to a group's id, and that one to the account: both go.
        const string links = """
            WITH RECURSIVE way AS (
                SELECT source, external_id FROM identities WHERE target = $1
                UNION
                SELECT i.source, i.external_id FROM identities i JOIN way w ON i.target = w.external_id),
            taken AS MATERIALIZED (
                SELECT i.source, i.external_id FROM identities i JOIN way USING (source, external_id)
                ORDER BY i.source, i.external_id FOR UPDATE OF i)
            DELETE FROM identities i USING taken t
            WHERE i.source = t.source AND i.external_id = t.external_id
            RETURNING i.source, i.external_id
            """;
        const string held = """
            WITH taken AS MATERIALIZED (
                SELECT h.source, h.event_id FROM held h
                WHERE h.external_id = $1
                    OR (h.source, h.external_id) IN (SELECT * FROM unnest($2, $3))
                ORDER BY h.source, h.event_id FOR UPDATE)
            DELETE FROM held h USING taken t
            WHERE h.source = t.source AND h.event_id = t.event_id
            RETURNING octet_length(h.body), h.released_at IS NULL
            """;
        const string keep = """
            INSERT INTO erasures (pseudonym, intake, at) VALUES ($1, $2, $3)
            ON CONFLICT (pseudonym) DO UPDATE SET intake = excluded.intake, at = excluded.at
            """;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // First, so that a write that is under way ends before anything of it is looked for.
        var intakes = await connection.Command(transaction, "DELETE FROM accounts WHERE id = $1 RETURNING intake", Sql.Text(id))
            .RowsAsync(row => row.Bytes(0), cancellationToken);
        if (intakes.Count == 0) return null;
        var gone = await connection.Command(transaction, links, Sql.Text(id))
            .RowsAsync(row => (Source: row.GetString(0), ExternalId: row.GetString(1)), cancellationToken);
        var (sources, externalIds) = (gone.Select(link => link.Source).ToArray(), gone.Select(link => link.ExternalId).ToArray());
        var closes = await connection.Command(transaction, "DELETE FROM closes WHERE account = $1", Sql.Text(id))
            .RunAsync(cancellationToken);
        await using (var batch = new NpgsqlBatch(connection, transaction))
        {
            var at = Sql.Of(entry.At.UtcDateTime, NpgsqlDbType.TimestampTz);
            if (IntakeMarks.OfErased(intakes[0]) is { } kept) batch.Add(keep, Sql.Text(pseudonym), Sql.Bytes(kept), at);
            batch.Add("DELETE FROM summaries WHERE id = $1", Sql.Text(id));
            foreach (var table in (string[])["alerts", "desks", "work", "deliveries", "pulses", "evidence"])
                batch.Add($"DELETE FROM {table} WHERE account = $1", Sql.Text(id));
            // Digests name accounts.
            batch.Add(
                "DELETE FROM deliveries WHERE account = '' AND jsonb_exists((body -> 'names')::jsonb, $1)", Sql.Text(id));
            batch.Add("UPDATE pushes SET key = gen_random_uuid()::text, alert = NULL, account = NULL WHERE account = $1", Sql.Text(id));
            batch.Add("UPDATE audit SET subject = $2, detail = NULL WHERE subject = $1", Sql.Text(id), Sql.Text(pseudonym));
            batch.Add(AddEntry, EntryOf(entry));
            batch.Add("DELETE FROM changes WHERE kind = 3 AND key = $1", Sql.Text(id));
            batch.Add(
                "DELETE FROM changes c USING unnest($1, $2) AS u(source, key) WHERE c.kind = 2 AND c.source = u.source AND c.key = u.key",
                Sql.Texts(sources), Sql.Texts(externalIds));
            // Also links that led to the account before they were changed.
            batch.Add("DELETE FROM changes WHERE kind = 2 AND target = $1", Sql.Text(id));
            batch.Add("INSERT INTO changes (kind, key) VALUES (4, $1)", Sql.Text(pseudonym));
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        var events = await connection.Command(transaction, held, Sql.Text(id), Sql.Texts(sources), Sql.Texts(externalIds))
            .RowsAsync(row => (Bytes: (long)row.GetInt32(0), Waited: row.GetBoolean(1)), cancellationToken);
        await CountOutAsync(
            connection, transaction, [.. events.Where(row => row.Waited).Select(row => row.Bytes)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ErasedRows(closes, gone);
    }
}
