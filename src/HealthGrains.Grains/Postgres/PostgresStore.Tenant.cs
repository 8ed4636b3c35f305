using HealthGrains.Delivery;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using HealthGrains.Tenants;
using Npgsql;

namespace HealthGrains.Grains.Postgres;

/// <content>The tenant as a whole.</content>
public sealed partial class PostgresStore
{
    /// <inheritdoc/>
    public async Task<int> CountPulsesAsync(TenantCount count, CancellationToken cancellationToken)
    {
        var pulse = new AccountPulse();
        var counted = 0;
        await using var command = database.Command("SELECT pulse FROM pulses");
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            pulse.Read(rows.Bytes(0));
            count.Add(pulse);
            counted++;
        }
        return counted;
    }

    /// <inheritdoc/>
    public async Task WriteTenantAsync(
        IReadOnlyList<Dispatch> dispatches, IReadOnlyList<AuditView> audit, CancellationToken cancellationToken)
    {
        if (dispatches.Count == 0) return;
        const string known = "SELECT id FROM deliveries WHERE id = ANY($1)";
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var written = await connection.Command(transaction, known, Sql.Texts([.. dispatches.Select(one => one.Id)]))
            .RowsAsync(row => row.GetString(0), cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        AddDispatches(batch, TenantTurns.Subject, [.. dispatches]);
        AddAudit(batch, [.. audit.Where((_, i) => !written.Contains(dispatches[i].Id))]);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static void AddPulses(NpgsqlBatch batch, AccountWrite[] writes)
    {
        var said = Array.FindAll(writes, write => write.Pulse is not null);
        if (said.Length == 0) return;
        const string sql = """
            INSERT INTO pulses (account, pulse) SELECT * FROM unnest($1, $2)
            ON CONFLICT (account) DO UPDATE SET pulse = excluded.pulse
            """;
        batch.Add(sql, Sql.Texts(Column(said, write => write.Id)), Sql.Blobs(Column(said, write => write.Pulse!)));
    }
}
