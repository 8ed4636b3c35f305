using HealthGrains.Grains.Postgres;
using HealthGrains.Kafka.Tests;
using FactAttribute = HealthGrains.Grains.Tests.Postgres.FactAttribute;

namespace HealthGrains.Cluster.Tests;

/// <summary>What is wrong with a node's surroundings is told by the program at start: one sentence, an exit code that is not 0.</summary>
[NeedsPostgres]
[Collection("one after the other")]
public sealed class MisconfigurationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_server_that_is_not_there_is_told() =>
        await RefusedAsync("Host=127.0.0.1;Port=9;Database=x;Username=y;Password=z", "no PostgreSQL server answers at 127.0.0.1:9");

    [Fact]
    public async Task A_database_that_was_not_set_up_is_told() =>
        await RefusedAsync(Connection(PostgresServer.Instance.NewName()), "healthgrains-silo db init");

    [Fact]
    public async Task A_table_that_is_gone_is_told()
    {
        var name = PostgresServer.Instance.NewName(" TEMPLATE template_healthgrains");
        Execute(name, "DROP TABLE closes");
        await RefusedAsync(Connection(name), "are gone: closes");
    }

    [Fact]
    public async Task An_older_schema_is_told()
    {
        var name = PostgresServer.Instance.NewName(" TEMPLATE template_healthgrains");
        Execute(name, "DELETE FROM schema_versions WHERE version = (SELECT max(version) FROM schema_versions)");
        await RefusedAsync(Connection(name), "healthgrains-silo db upgrade");
    }

    [Fact]
    public async Task A_user_who_may_not_write_is_told()
    {
        var name = PostgresServer.Instance.NewName(" TEMPLATE template_healthgrains");
        Execute(name, $"CREATE USER reader_{name} PASSWORD '{PostgresServer.Password}'; GRANT USAGE ON SCHEMA healthgrains TO reader_{name}; "
            + $"GRANT SELECT ON ALL TABLES IN SCHEMA healthgrains TO reader_{name}");
        await RefusedAsync(PostgresServer.Instance.ConnectionString(name, $"reader_{name}"), "GRANT SELECT, INSERT, UPDATE, DELETE");
    }

    [Fact]
    public async Task Another_tenants_database_is_told() =>
        await RefusedAsync(
            Connection(PostgresServer.Instance.NewName(" TEMPLATE template_healthgrains")), "belongs to the tenant 'default'", ("Tenant", "other"));

    [Fact]
    public async Task A_second_cluster_with_the_same_ids_and_other_keys_is_told()
    {
        // Another cluster's keys were noted; this one finds none in its own tables and makes new ones.
        var name = PostgresServer.Instance.NewName(" TEMPLATE template_healthgrains");
        Execute(name, "UPDATE clusters SET keys_fingerprint = '0123456789abcdef'");
        await RefusedAsync(Connection(name), "in use by another cluster with the same ids");
    }

    [Fact]
    public async Task A_topic_that_does_not_exist_is_told()
    {
        using var kafka = new MockKafka();
        await RefusedAsync(
            Connection(PostgresServer.Instance.NewName(" TEMPLATE template_healthgrains")), "The topic invoices does not exist: make it",
            ("Kafka__BootstrapServers", kafka.BootstrapServers), ("Kafka__Topics__Billing", "invoices"));
    }

    private static string Connection(string database) => PostgresServer.Instance.ConnectionString(database);

    private static void Execute(string database, string sql)
    {
        using var source = PostgresSource.Create(Connection(database));
        PostgresServer.Execute(source, sql);
    }

    private static async Task RefusedAsync(string database, string told, params (string Name, string Value)[] settings)
    {
        var (code, said) = await Node.RefusedAsync(database, [("ClusterId", PostgresServer.TestIdentity.ClusterId), .. settings])
            .WaitAsync(Patience);
        Assert.True(code != 0, said);
        // The last word: Orleans may have said something of a silo that stops while it starts.
        Assert.Contains(told, said.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        Assert.StartsWith("healthgrains-silo: ", said.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }
}
