using System.Text.RegularExpressions;
using Npgsql;

namespace HealthGrains.Grains.Postgres;

/// <summary>The tables, and the steps that lead to them. Each step is taken once, by one process, and noted with its checksum.</summary>
/// <param name="migrations">The steps, in order.</param>
/// <param name="clock">For waiting.</param>
internal sealed partial class Schema(IReadOnlyList<Migration> migrations, TimeProvider clock)
{
    private const long Lock = 0x6865616c74686772;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);

    /// <summary>The version that this build knows.</summary>
    public int Version => migrations[^1].Version;

    /// <summary>The tables that must be there, in order of their names.</summary>
    public IReadOnlyList<string> Tables { get; } =
        [.. migrations.SelectMany(migration => TableName().Matches(migration.Text)).Select(match => match.Groups[1].Value).Order()];

    /// <summary>The steps that were taken; null when the database was never set up.</summary>
    public static async Task<List<AppliedMigration>?> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!await connection.Command(null, $"SELECT to_regclass('{PostgresSource.Schema}.schema_versions') IS NOT NULL")
                .ValueAsync<bool>(cancellationToken))
            return null;
        return await connection.Command(null, $"SELECT version, checksum FROM {PostgresSource.Schema}.schema_versions ORDER BY version")
            .RowsAsync(row => new AppliedMigration(row.GetInt32(0), row.GetString(1)), cancellationToken);
    }

    /// <summary>Throws for a database whose schema is not the one this build knows. An older one is refused unless it may be.</summary>
    public void Check(IReadOnlyList<AppliedMigration> applied, bool olderIsFine)
    {
        var version = applied.Count == 0 ? 0 : applied[^1].Version;
        if (version > Version)
        {
            throw new DatabaseSetupException(DatabaseProblem.NewerSchema,
                $"the database has schema {version} and this build knows {Version} at most; run a newer build of healthgrains");
        }
        foreach (var one in applied)
        {
            var known = migrations.FirstOrDefault(migration => migration.Version == one.Version);
            if (known is not null && known.Checksum == one.Checksum) continue;
            throw new DatabaseSetupException(DatabaseProblem.AlteredSchema,
                $"step {one.Version} of the database's schema is another than this build's; it was set up by a build of another origin: "
                + "use that one, or a database of its own for this one");
        }
        if (version < Version && !olderIsFine)
        {
            throw new DatabaseSetupException(DatabaseProblem.OlderSchema,
                $"the database has schema {version} and this build needs {Version}; run 'healthgrains-silo db upgrade'");
        }
    }

    /// <summary>Takes the steps that were not taken yet. Returns how many.</summary>
    public async Task<int> ApplyAsync(NpgsqlConnection connection, bool create, CancellationToken cancellationToken)
    {
        await LockAsync(connection, cancellationToken);
        try
        {
            var applied = await AppliedAsync(connection, cancellationToken);
            if (applied is null && !create) throw NeverSetUp();
            Check(applied ?? [], olderIsFine: true);
            var last = applied is { Count: > 0 } ? applied[^1].Version : 0;
            var pending = migrations.Where(migration => migration.Version > last).ToArray();
            for (var i = 0; i < pending.Length;)
            {
                // Steps that can be taken together are: all of them or none.
                var together = pending.Skip(i).TakeWhile(migration => migration.InTransaction).ToArray();
                if (together.Length > 0) await TakeAsync(connection, together, cancellationToken);
                else await TakeAloneAsync(connection, pending[i], cancellationToken);
                i += Math.Max(1, together.Length);
            }
            return pending.Length;
        }
        finally
        {
            await connection.Command(null, "SELECT pg_advisory_unlock($1)", Sql.Long(Lock)).ValueAsync<bool>(CancellationToken.None);
        }
    }

    public static DatabaseSetupException NeverSetUp() => new(DatabaseProblem.MissingTables,
        $"the database was never set up for healthgrains: there is no schema '{PostgresSource.Schema}' with its tables in it; "
        + "run 'healthgrains-silo db init'");

    private async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Asked again and again: one that waited inside the server would keep CREATE INDEX CONCURRENTLY waiting in turn.
        var start = clock.GetTimestamp();
        while (!await connection.Command(null, "SELECT pg_try_advisory_lock($1)", Sql.Long(Lock)).ValueAsync<bool>(cancellationToken))
        {
            if (clock.GetElapsedTime(start) > Patience)
            {
                throw new DatabaseSetupException(DatabaseProblem.Server,
                    $"another process has been setting up this database for {Patience.TotalMinutes:0} minutes; wait for it, or end it");
            }
            await Task.Delay(BetweenTries, clock, cancellationToken);
        }
    }

    private static async Task TakeAsync(NpgsqlConnection connection, Migration[] steps, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (steps[0].Version == 1)
        {
            await connection.Command(transaction, $"""
                CREATE SCHEMA IF NOT EXISTS {PostgresSource.Schema};
                CREATE TABLE IF NOT EXISTS {PostgresSource.Schema}.schema_versions (
                    version integer PRIMARY KEY,
                    name text NOT NULL,
                    checksum text NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT now()
                )
                """).RunAsync(cancellationToken);
        }
        // Rather give up than stand in the queue for a table with all of its writers behind.
        await connection.Command(transaction, "SET LOCAL lock_timeout = '5s'").RunAsync(cancellationToken);
        foreach (var step in steps)
        {
            await RunAsync(connection, transaction, step, cancellationToken);
            await NoteAsync(connection, transaction, step, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task TakeAloneAsync(NpgsqlConnection connection, Migration step, CancellationToken cancellationToken)
    {
        await RunAsync(connection, null, step, cancellationToken);
        await NoteAsync(connection, null, step, cancellationToken);
    }

    private static async Task RunAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, Migration step, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(step.Text, connection, transaction) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static Task<int> NoteAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, Migration step, CancellationToken cancellationToken) =>
        connection.Command(transaction,
            $"INSERT INTO {PostgresSource.Schema}.schema_versions (version, name, checksum) VALUES ($1, $2, $3)",
            Sql.Int(step.Version), Sql.Text(step.Name), Sql.Text(step.Checksum)).RunAsync(cancellationToken);

    [GeneratedRegex(@"^CREATE TABLE (?:IF NOT EXISTS )?(\w+)", RegexOptions.Multiline)]
    private static partial Regex TableName();
}

/// <summary>A step that was taken.</summary>
internal readonly record struct AppliedMigration(int Version, string Checksum);
