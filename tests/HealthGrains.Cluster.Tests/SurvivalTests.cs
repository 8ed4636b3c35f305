using FactAttribute = HealthGrains.Grains.Tests.Postgres.FactAttribute;

namespace HealthGrains.Cluster.Tests;

/// <summary>
/// What a cluster of real processes on a real PostgreSQL survives. After each: every acknowledged signal counts once, every alert was
/// raised once.
/// </summary>
[NeedsPostgres]
public sealed class SurvivalTests
{
    private const int Accounts = 200;
    private const int Signals = 500;

    private static readonly PostgresServer? Server = PostgresServer.Missing is null ? PostgresServer.Instance : null;

    [Fact]
    public async Task A_silo_is_killed_under_load()
    {
        await using var cluster = await Cluster.StartAsync(3);
        var load = new Load(1, Accounts);
        for (var round = 0; round < 40; round++)
        {
            if (round == 10) await cluster.Nodes[2].KillAsync();
            await load.SendAsync(() => cluster.Nodes[round % 2], Signals);
        }
        await load.CancelAllAsync(() => cluster.Nodes[0]);

        await load.AssertCountedOnceAsync(cluster.Nodes[1]);
        await load.AssertAlertedOnceAsync(cluster.Nodes[1]);
    }

    [Fact]
    public async Task Two_of_three_silos_are_killed_and_a_new_one_comes()
    {
        await using var cluster = await Cluster.StartAsync(3);
        var load = new Load(2, Accounts);
        for (var round = 0; round < 30; round++)
        {
            if (round == 8) await Task.WhenAll(cluster.Nodes[1].KillAsync(), cluster.Nodes[2].KillAsync());
            if (round == 16) await cluster.AddAsync();
            await load.SendAsync(() => cluster.Nodes[0], Signals);
        }
        await load.CancelAllAsync(() => cluster.Nodes[^1]);

        await load.AssertCountedOnceAsync(cluster.Nodes[^1]);
        await load.AssertAlertedOnceAsync(cluster.Nodes[0]);
    }

    [Fact]
    public async Task A_silo_that_is_told_to_stop_hands_its_accounts_over_and_ends_well()
    {
        await using var cluster = await Cluster.StartAsync(2);
        var load = new Load(3, Accounts);
        var sending = Task.Run(async () =>
        {
            for (var round = 0; round < 40; round++) await load.SendAsync(() => cluster.Nodes[0], Signals);
        });
        await load.Sent(10);
        var code = await cluster.Nodes[1].TerminateAsync();
        await sending;
        await load.CancelAllAsync(() => cluster.Nodes[0]);

        Assert.Equal(0, code);
        await load.AssertCountedOnceAsync(cluster.Nodes[0]);
        await load.AssertAlertedOnceAsync(cluster.Nodes[0]);
    }

    [Fact]
    public async Task The_database_crashes_and_is_gone_for_five_seconds()
    {
        await using var cluster = await Cluster.StartAsync(2);
        var load = new Load(4, Accounts);
        var back = Task.CompletedTask;
        for (var round = 0; round < 20; round++)
        {
            if (round == 6) back = GoneFor(TimeSpan.FromSeconds(5));
            await load.SendAsync(() => cluster.Nodes[round % 2], Signals);
        }
        await back;
        await load.CancelAllAsync(() => cluster.Nodes[0]);

        await load.AssertCountedOnceAsync(cluster.Nodes[1]);
        await load.AssertAlertedOnceAsync(cluster.Nodes[1]);

        static async Task GoneFor(TimeSpan time)
        {
            Server!.Crash();
            await Task.Delay(time, TimeProvider.System);
            Server.Start();
        }
    }

    private sealed class Cluster(string database) : IAsyncDisposable
    {
        public List<Node> Nodes { get; } = [];

        public static async Task<Cluster> StartAsync(int nodes)
        {
            var cluster = new Cluster(Server!.ConnectionString(Server.NewName(" TEMPLATE template_healthgrains")));
            for (var i = 0; i < nodes; i++) await cluster.AddAsync();
            return cluster;
        }

        public async Task AddAsync() => Nodes.Add(await Node.StartAsync(database, ("ClusterId", PostgresServer.TestIdentity.ClusterId)));

        public ValueTask DisposeAsync()
        {
            foreach (var node in Nodes) node.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
