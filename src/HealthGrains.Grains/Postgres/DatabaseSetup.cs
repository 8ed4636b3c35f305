using Npgsql;

namespace HealthGrains.Grains.Postgres;

/// <summary>
/// Sets a database up, checks it, and brings it from an older build's schema to this one's. Whatever is wrong is thrown as a
/// <see cref="DatabaseSetupException"/> whose message says what to do; nothing is left half done.
/// </summary>
public sealed class DatabaseSetup
{
    private const int OldestServer = 130_000;

    private readonly NpgsqlDataSource _database;
    private readonly NpgsqlConnectionStringBuilder _settings;
    private readonly TimeProvider _clock;
    private readonly Schema _schema;

    /// <summary>How far the server's clock and this machine's may differ.</summary>
    public TimeSpan MostClockOffset { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A set-up of a database.</summary>
    /// <param name="database">As <see cref="PostgresSource.Create"/> makes it.</param>
    /// <param name="clock">This machine's clock, which the server's is compared with.</param>
    public DatabaseSetup(NpgsqlDataSource database, TimeProvider clock) : this(database, clock, Migration.All)
    {
    }

    internal DatabaseSetup(NpgsqlDataSource database, TimeProvider clock, IReadOnlyList<Migration> migrations)
    {
        (_database, _clock) = (database, clock);
        _settings = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        _schema = new Schema(migrations, clock);
    }

    /// <summary>
    /// Creates what is missing and notes whose database it is. Harmless when that was done before; a database of an older build is left
    /// to <see cref="UpgradeAsync"/>. Returns how many steps of the schema were taken.
    /// </summary>
    public Task<int> InitAsync(ClusterIdentity identity, CancellationToken cancellationToken) => AskAsync(async connection =>
    {
        await CheckServerAsync(connection, cancellationToken);
        if (await Schema.AppliedAsync(connection, cancellationToken) is { Count: > 0 } applied) _schema.Check(applied, olderIsFine: false);
        else await CheckMayCreateAsync(connection, cancellationToken);
        var taken = await _schema.ApplyAsync(connection, create: true, cancellationToken);
        await ClaimAsync(connection, identity, cancellationToken);
        return taken;
    }, cancellationToken);

    /// <summary>Looks whether a silo of that identity can start on the database. Changes nothing.</summary>
    public Task CheckAsync(ClusterIdentity identity, CancellationToken cancellationToken) => AskAsync(async connection =>
    {
        await CheckServerAsync(connection, cancellationToken);
        _schema.Check(await Schema.AppliedAsync(connection, cancellationToken) ?? throw Schema.NeverSetUp(), olderIsFine: false);
        await CheckTablesAsync(connection, cancellationToken);
        await CheckClusterAsync(connection, identity, cancellationToken);
        return 0;
    }, cancellationToken);

    /// <summary>
    /// Notes the identity, or the keys once they are known. Throws when the database is another's: so a silo that starts on a database of
    /// another cluster with the same ids is told. For the start of a silo, after <see cref="CheckAsync"/>.
    /// </summary>
    public Task ClaimAsync(ClusterIdentity identity, CancellationToken cancellationToken) => AskAsync(async connection =>
    {
        await ClaimAsync(connection, identity, cancellationToken);
        return 0;
    }, cancellationToken);

    /// <summary>
    /// Takes the steps from an older build's schema to this one's; silos may run meanwhile. Returns how many were taken.
    /// </summary>
    public Task<int> UpgradeAsync(CancellationToken cancellationToken) => AskAsync(async connection =>
    {
        await CheckServerAsync(connection, cancellationToken);
        return await _schema.ApplyAsync(connection, create: false, cancellationToken);
    }, cancellationToken);

    private async Task<int> AskAsync(Func<NpgsqlConnection, Task<int>> ask, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _database.OpenConnectionAsync(cancellationToken);
            return await ask(connection);
        }
        catch (Exception fault) when (ConnectionFault.Explain(fault, _settings) is { } explained)
        {
            throw explained;
        }
    }

    private async Task CheckServerAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var before = _clock.GetUtcNow();
        var start = _clock.GetTimestamp();
        const string sql = """
            SELECT clock_timestamp(), current_setting('server_version_num')::integer, current_setting('server_version'),
                current_setting('server_encoding'), pg_is_in_recovery()
            """;
        var row = (await connection.Command(null, sql).RowsAsync(
            row => (
                Now: row.Time(0), Version: row.GetInt32(1), Name: row.GetString(2), Encoding: row.GetString(3), Standby: row.GetBoolean(4)),
            cancellationToken))[0];
        var asked = _clock.GetElapsedTime(start);
        if (row.Version < OldestServer)
        {
            throw new DatabaseSetupException(DatabaseProblem.Server,
                $"the server is PostgreSQL {row.Name}; healthgrains needs 13 or newer: upgrade the server");
        }
        if (row.Standby)
        {
            throw new DatabaseSetupException(DatabaseProblem.Server,
                $"the server at {_settings.Host}:{_settings.Port} is a standby that cannot be written to; name the primary in Host");
        }
        if (row.Encoding != "UTF8")
        {
            throw new DatabaseSetupException(DatabaseProblem.Server,
                $"the database '{connection.Database}' has the encoding {row.Encoding}; create one with ENCODING UTF8 and TEMPLATE template0");
        }
        if (DatabaseClock.Of(before, asked, row.Now).WhyNot(MostClockOffset) is { } wrong)
            throw new DatabaseSetupException(DatabaseProblem.ClockSkew, wrong);
    }

    private static async Task CheckMayCreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT CASE
                WHEN to_regnamespace($1) IS NULL THEN has_database_privilege(current_database(), 'CREATE')
                ELSE has_schema_privilege($1, 'CREATE, USAGE')
                END, current_user::text
            """;
        var (may, user) = (await connection.Command(null, sql, Sql.Text(PostgresSource.Schema))
            .RowsAsync(row => (row.GetBoolean(0), row.GetString(1)), cancellationToken))[0];
        if (may) return;
        throw new DatabaseSetupException(DatabaseProblem.Permission,
            $"the user '{user}' may not create tables in the database '{connection.Database}'; grant it with "
            + $"'GRANT CREATE ON DATABASE \"{connection.Database}\" TO \"{user}\"' (or on the schema '{PostgresSource.Schema}' if there is one)");
    }

    private async Task CheckTablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT name, to_regclass($2 || '.' || name) IS NULL, CASE
                WHEN to_regclass($2 || '.' || name) IS NULL THEN true
                ELSE has_table_privilege($2 || '.' || name, 'SELECT') AND has_table_privilege($2 || '.' || name, 'INSERT')
                    AND has_table_privilege($2 || '.' || name, 'UPDATE') AND has_table_privilege($2 || '.' || name, 'DELETE')
                END
            FROM unnest($1) AS u(name)
            ORDER BY name
            """;
        var tables = await connection.Command(null, sql, Sql.Texts([.. _schema.Tables]), Sql.Text(PostgresSource.Schema))
            .RowsAsync(row => (Name: row.GetString(0), Missing: row.GetBoolean(1), May: row.GetBoolean(2)), cancellationToken);
        var missing = tables.Where(table => table.Missing).Select(table => table.Name).ToArray();
        if (missing.Length > 0)
        {
            throw new DatabaseSetupException(DatabaseProblem.MissingTables,
                $"tables of the schema '{PostgresSource.Schema}' are gone: {string.Join(", ", missing)}; restore them from a backup, "
                + "or drop the schema and run 'healthgrains-silo db init' to begin anew");
        }
        if (tables.All(table => table.May)) return;
        var user = await connection.Command(null, "SELECT current_user::text").ValueAsync<string>(cancellationToken);
        throw new DatabaseSetupException(DatabaseProblem.Permission,
            $"the user '{user}' may not read and write {string.Join(", ", tables.Where(table => !table.May).Select(table => table.Name))}; "
            + $"grant it with 'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {PostgresSource.Schema} TO \"{user}\"'");
    }

    private static async Task ClaimAsync(NpgsqlConnection connection, ClusterIdentity identity, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO clusters AS c (cluster_id, service_id, tenant, keys_fingerprint) VALUES ($1, $2, $3, $4)
            ON CONFLICT (cluster_id) DO UPDATE SET keys_fingerprint = excluded.keys_fingerprint
            WHERE c.keys_fingerprint IS NULL AND excluded.keys_fingerprint IS NOT NULL
            """;
        await CheckClusterAsync(connection, identity, cancellationToken);
        await connection.Command(null, sql, Sql.Text(identity.ClusterId), Sql.Text(identity.ServiceId), Sql.Text(identity.Tenant),
            Sql.Text(identity.Fingerprint())).RunAsync(cancellationToken);
        // Another may have been quicker.
        await CheckClusterAsync(connection, identity, cancellationToken);
    }

    private static async Task CheckClusterAsync(NpgsqlConnection connection, ClusterIdentity identity, CancellationToken cancellationToken)
    {
        // 3 is a silo that is active; it says every half minute that it is alive.
        const string sql = """
            SELECT c.cluster_id, c.service_id, c.tenant, c.keys_fingerprint, (
                SELECT count(*) FROM membership m
                WHERE m.deployment_id = c.cluster_id AND m.status = 3 AND m.alive_at > now() - interval '2 minutes')
            FROM clusters c
            """;
        var known = await connection.Command(null, sql).RowsAsync(row => (
            Id: row.GetString(0), Service: row.GetString(1), Tenant: row.GetString(2), Keys: row.TextOrNull(3), Silos: row.GetInt64(4)),
            cancellationToken);
        foreach (var other in known)
        {
            if (other.Tenant != identity.Tenant || other.Service != identity.ServiceId)
            {
                throw new DatabaseSetupException(DatabaseProblem.OtherCluster,
                    $"the database '{connection.Database}' belongs to the tenant '{other.Tenant}' (service '{other.Service}', cluster "
                    + $"'{other.Id}') and not to '{identity.Tenant}' (service '{identity.ServiceId}'); "
                    + "give each tenant a database of its own, or correct the ids");
            }
            if (other.Id == identity.ClusterId && other.Keys is { } keys && identity.Fingerprint() is { } mine && keys != mine)
            {
                throw new DatabaseSetupException(DatabaseProblem.OtherCluster,
                    $"the database '{connection.Database}' is in use by another cluster with the same ids (cluster '{other.Id}', service "
                    + $"'{other.Service}', tenant '{other.Tenant}') and other keys; give this one a database of its own, or the same keys");
            }
            if (other.Id != identity.ClusterId && other.Silos > 0)
            {
                throw new DatabaseSetupException(DatabaseProblem.OtherCluster,
                    $"the cluster '{other.Id}' runs on the database '{connection.Database}' with {other.Silos} silos; stop it first, "
                    + $"or join it with ClusterId '{other.Id}' instead of '{identity.ClusterId}'");
            }
        }
    }
}
