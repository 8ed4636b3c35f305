using HealthGrains.Grains.Postgres;
using HealthGrains.HostContract;
using HealthGrains.Hosting;
using Npgsql;

namespace HealthGrains.Grains.Tests.Postgres;

/// <summary>A database is set up whole or not at all, and whatever is wrong with one is told in a sentence that says what to do.</summary>
[NeedsPostgres]
[Collection("postgres")]
public sealed class DatabaseSetupTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly ClusterIdentity Mine = new("default", "production", "healthgrains");

    private readonly string _name = PostgresServer.Instance.NewName();
    private readonly NpgsqlDataSource _database;

    public DatabaseSetupTests() => _database = PostgresSource.Create(PostgresServer.Instance.ConnectionString(_name));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task An_empty_database_is_set_up_once_and_checked()
    {
        await Refused(DatabaseProblem.MissingTables, "healthgrains-silo db init", setup => setup.CheckAsync(Mine, None));
        await Refused(DatabaseProblem.MissingTables, "healthgrains-silo db init", setup => setup.UpgradeAsync(None));
        Assert.Equal(Migration.All.Count, await Setup().InitAsync(Mine, None));
        Assert.Equal(0, await Setup().InitAsync(Mine, None));
        Assert.Equal(0, await Setup().UpgradeAsync(None));
        await Setup().CheckAsync(Mine, None);
        Assert.Empty(await _database.Command("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").RowsAsync(row => row.GetString(0), None));
    }

    [Fact]
    public async Task Search_has_an_index_where_the_database_has_trigrams_and_none_where_it_has_not()
    {
        await Setup().InitAsync(Mine, None);
        Assert.False(await HasIndex(_database));
        var available = "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm')";
        if (!await _database.Command(available).ValueAsync<bool>(None)) return;

        await using var other = PostgresSource.Create(PostgresServer.Instance.ConnectionString(PostgresServer.Instance.NewName()));
        PostgresServer.Execute(other, "CREATE EXTENSION pg_trgm SCHEMA public");
        await new DatabaseSetup(other, TimeProvider.System).InitAsync(Mine, None);
        Assert.True(await HasIndex(other));
        await using var connection = await other.OpenConnectionAsync();
        await connection.Command(null, "SET enable_seqscan = off").RunAsync(None);
        var plan = await connection.Command(
                null, "EXPLAIN SELECT id FROM summaries WHERE name_folded LIKE '%ACME%' OR upper(id) LIKE '%ACME%'")
            .RowsAsync(row => row.GetString(0), None);
        Assert.Contains(plan, line => line.Contains("summaries_search", StringComparison.Ordinal));

        Task<bool> HasIndex(NpgsqlDataSource database) =>
            database.Command("SELECT to_regclass('healthgrains.summaries_search') IS NOT NULL").ValueAsync<bool>(None);
    }

    [Fact]
    public async Task Many_who_set_up_at_once_do_it_once()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Setup().InitAsync(Mine, None)));
        Assert.Equal(Migration.All.Count, taken.Sum());
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=9;Database=x;Username=y;Password=z", DatabaseProblem.Unreachable, "check Host and Port")]
    [InlineData("Host=no-such-host.invalid;Database=x;Username=y;Password=z", DatabaseProblem.Unreachable, "check Host and Port")]
    [InlineData("{server};Password=wrong", DatabaseProblem.Login, "check Username and Password")]
    [InlineData("{server};Username=nobody", DatabaseProblem.Login, "check Username and Password")]
    [InlineData("{server};Database=no_such", DatabaseProblem.NoDatabase, "CREATE DATABASE \"no_such\"")]
    [InlineData("Database=x", DatabaseProblem.ConnectionString, "names no host")]
    [InlineData("Hots=x", DatabaseProblem.ConnectionString, "cannot be read")]
    public async Task A_way_to_the_database_that_leads_nowhere_is_told(string connection, DatabaseProblem problem, string advice)
    {
        var full = connection.Replace("{server}", PostgresServer.Instance.ConnectionString(_name), StringComparison.Ordinal);
        var fault = await Assert.ThrowsAsync<DatabaseSetupException>(async () =>
        {
            await using var database = PostgresSource.Create(full);
            await new DatabaseSetup(database, TimeProvider.System).CheckAsync(Mine, None);
        });
        Assert.Equal(problem, fault.Problem);
        Assert.Contains(advice, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_who_may_not_create_or_write_is_told_what_to_grant()
    {
        var user = $"guest_{_name}";
        PostgresServer.Execute(_database, $"CREATE USER {user} PASSWORD '{PostgresServer.Password}'");
        await using var guest = PostgresSource.Create(PostgresServer.Instance.ConnectionString(_name, user));
        await Refused(DatabaseProblem.Permission, $"GRANT CREATE ON DATABASE \"{_name}\"", setup => setup.InitAsync(Mine, None), guest);
        Assert.Null(await _database.Command("SELECT 1 FROM pg_namespace WHERE nspname = 'healthgrains'").ValueAsync<object>(None));
        await Setup().InitAsync(Mine, None);
        PostgresServer.Execute(_database, $"GRANT USAGE ON SCHEMA healthgrains TO {user}; GRANT SELECT ON ALL TABLES IN SCHEMA healthgrains TO {user}");
        await Refused(DatabaseProblem.Permission, "GRANT SELECT, INSERT, UPDATE, DELETE", setup => setup.CheckAsync(Mine, None), guest);
        PostgresServer.Execute(_database, $"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA healthgrains TO {user}");
        await new DatabaseSetup(guest, TimeProvider.System).CheckAsync(Mine, None);
    }

    [Fact]
    public async Task Tables_that_are_gone_are_named()
    {
        await Setup().InitAsync(Mine, None);
        PostgresServer.Execute(_database, "DROP TABLE closes; DROP TABLE held");
        await Refused(DatabaseProblem.MissingTables, "closes, held", setup => setup.CheckAsync(Mine, None));
    }

    [Fact]
    public async Task An_older_schema_is_told_and_upgraded_under_running_writers()
    {
        await Setup().InitAsync(Mine, None);
        Migration[] newer =
        [
            .. Migration.All, Next(1, "more", "ALTER TABLE accounts ADD note text;\nCREATE TABLE notes (id bigint);"),
            Next(2, "index", "-- outside a transaction\nCREATE INDEX CONCURRENTLY accounts_by_model ON accounts (model)"),
        ];
        await Refused(DatabaseProblem.OlderSchema, "healthgrains-silo db upgrade", setup => setup.CheckAsync(Mine, None), migrations: newer);
        await Refused(DatabaseProblem.OlderSchema, "healthgrains-silo db upgrade", setup => setup.InitAsync(Mine, None), migrations: newer);
        var store = new PostgresStore(_database, () => TenantKeys.Repeatable);
        using var stop = new CancellationTokenSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writing = Task.Run(async () =>
        {
            var written = 0;
            for (var version = 0; !stop.IsCancellationRequested; version++)
            {
                written += (await store.WriteAsync([Made.Write("acme", version)], None)).Count(done => done);
                begun.TrySetResult();
            }
            return written;
        });
        // Whichever comes first: should the writing fail, its fault is told below.
        await Task.WhenAny(begun.Task, writing);
        var taken = await Task.WhenAll(
            new DatabaseSetup(_database, TimeProvider.System, newer).UpgradeAsync(None),
            new DatabaseSetup(_database, TimeProvider.System, newer).UpgradeAsync(None));
        await stop.CancelAsync();
        Assert.Equal((2, await writing), (taken.Sum(), (await store.ReadAsync("acme", None))!.Version));
        await new DatabaseSetup(_database, TimeProvider.System, newer).CheckAsync(Mine, None);
        await Refused(DatabaseProblem.NewerSchema, "run a newer build", setup => setup.CheckAsync(Mine, None));
    }

    [Fact]
    public async Task A_step_that_fails_leaves_nothing_half_done()
    {
        await Setup().InitAsync(Mine, None);
        Migration[] broken = [.. Migration.All, Next(1, "fine", "CREATE TABLE fine (id bigint)"), Next(2, "broken", "CREATE TABLE fine (id bigint)")];
        var setup = new DatabaseSetup(_database, TimeProvider.System, broken);
        await Assert.ThrowsAsync<PostgresException>(async () => await setup.UpgradeAsync(None));
        Assert.Null(await _database.Command("SELECT to_regclass('healthgrains.fine')::text").ValueAsync<string>(None));
        await Setup().CheckAsync(Mine, None);
    }

    [Fact]
    public async Task A_step_that_was_another_one_is_told()
    {
        await Setup().InitAsync(Mine, None);
        Migration[] altered = [.. Migration.All.SkipLast(1), Migration.All[^1] with { Text = Migration.All[^1].Text + "\n-- altered" }];
        await Refused(DatabaseProblem.AlteredSchema, "another", setup => setup.CheckAsync(Mine, None), migrations: altered);
    }

    [Fact]
    public async Task A_database_of_another_cluster_is_told()
    {
        await Setup().InitAsync(Mine, None);
        await Setup().ClaimAsync(Mine with { Keys = new TenantKeys(1, 2) }, None);
        await Setup().ClaimAsync(Mine with { Keys = new TenantKeys(1, 2) }, None);
        await Setup().CheckAsync(Mine, None);
        await Refused(DatabaseProblem.OtherCluster, "same ids", setup => setup.ClaimAsync(Mine with { Keys = new TenantKeys(3, 4) }, None));
        await Refused(DatabaseProblem.OtherCluster, "same ids", setup => setup.CheckAsync(Mine with { Keys = new TenantKeys(3, 4) }, None));
        await Refused(DatabaseProblem.OtherCluster, "tenant 'default'", setup => setup.InitAsync(Mine with { Tenant = "other" }, None));
        await Refused(DatabaseProblem.OtherCluster, "service 'healthgrains'", setup => setup.CheckAsync(Mine with { ServiceId = "s" }, None));
        var green = Mine with { ClusterId = "green" };
        await Setup().CheckAsync(green, None);
        PostgresServer.Execute(_database, """
            INSERT INTO membership_version VALUES ('production');
            INSERT INTO membership VALUES ('production', '10.0.0.1', 1, 1, 'a', 'h', 3, 2, NULL, now(), now())
            """);
        await Refused(DatabaseProblem.OtherCluster, "ClusterId 'production'", setup => setup.CheckAsync(green, None));
    }

    [Fact]
    public async Task Clocks_that_differ_are_told()
    {
        await Setup().InitAsync(Mine, None);
        foreach (var off in (TimeSpan[])[TimeSpan.FromSeconds(-5), TimeSpan.FromSeconds(7)])
        {
            var setup = new DatabaseSetup(_database, new ContractClock(TimeProvider.System.GetUtcNow() + off));
            var fault = await Assert.ThrowsAsync<DatabaseSetupException>(async () => await setup.CheckAsync(Mine, None));
            Assert.Equal(DatabaseProblem.ClockSkew, fault.Problem);
            Assert.Contains("same time source", fault.Message, StringComparison.Ordinal);
        }
    }

    private DatabaseSetup Setup() => new(_database, TimeProvider.System);

    private static Migration Next(int further, string name, string text) => new(Migration.All[^1].Version + further, name, text);

    private async Task Refused(
        DatabaseProblem problem, string advice, Func<DatabaseSetup, Task> ask, NpgsqlDataSource? database = null,
        Migration[]? migrations = null)
    {
        var setup = new DatabaseSetup(database ?? _database, TimeProvider.System, migrations ?? Migration.All);
        var fault = await Assert.ThrowsAsync<DatabaseSetupException>(async () => await ask(setup));
        Assert.Equal(problem, fault.Problem);
        Assert.Contains(advice, fault.Message, StringComparison.Ordinal);
    }
}
