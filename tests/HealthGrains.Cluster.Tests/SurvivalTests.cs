using TheoryAttribute = HealthGrains.Grains.Tests.Postgres.TheoryAttribute;

namespace HealthGrains.Cluster.Tests;

/// <summary>
/// What a cluster of real processes on a real PostgreSQL survives. After each: every acknowledged signal counts once, every alert was
/// raised once.
/// </summary>
[NeedsPostgres]
[Collection("one after the other")]
public sealed class SurvivalTests
{
    private const int Accounts = 200;
    private const int Signals = 500;

    [Theory]
    [MemberData(nameof(Runs.OfKills), MemberType = typeof(Runs))]
    public async Task A_silo_is_killed_under_load(int seed)
    {
        using var cluster = await Cluster.StartAsync(3);
        var load = new Load(seed, Accounts);
        var moment = new Random(seed).Next(2, 38);
        for (var round = 0; round < 40; round++)
        {
            if (round == moment) await cluster.Nodes[2].KillAsync();
            await load.SendAsync(() => cluster.Nodes[round % 2], Signals);
        }
        await load.CancelAllAsync(() => cluster.Nodes[0]);

        await load.AssertCountedOnceAsync(cluster.Nodes[1]);
        await load.AssertAlertedOnceAsync(cluster.Nodes[1]);
        cluster.AssertSaidPlainly();
    }

    [Theory]
    [MemberData(nameof(Runs.OfKills), MemberType = typeof(Runs))]
    public async Task Two_of_three_silos_are_killed_and_a_new_one_comes(int seed)
    {
        using var cluster = await Cluster.StartAsync(3);
        var load = new Load(seed, Accounts);
        var random = new Random(seed);
        var (killed, added) = (random.Next(2, 14), random.Next(16, 28));
        for (var round = 0; round < 30; round++)
        {
            if (round == killed) await Task.WhenAll(cluster.Nodes[1].KillAsync(), cluster.Nodes[2].KillAsync());
            if (round == added) await cluster.AddAsync();
            await load.SendAsync(() => cluster.Nodes[0], Signals);
        }
        await load.CancelAllAsync(() => cluster.Nodes[^1]);

        await load.AssertCountedOnceAsync(cluster.Nodes[^1]);
        await load.AssertAlertedOnceAsync(cluster.Nodes[0]);
        cluster.AssertSaidPlainly();
    }

    [Theory]
    [MemberData(nameof(Runs.OfTheRest), MemberType = typeof(Runs))]
    public async Task A_silo_that_is_told_to_stop_hands_its_accounts_over_and_ends_well(int seed)
    {
        using var cluster = await Cluster.StartAsync(2);
        var load = new Load(seed, Accounts);
        var sending = Task.Run(async () =>
        {
            for (var round = 0; round < 40; round++) await load.SendAsync(() => cluster.Nodes[0], Signals);
        });
        await load.Sent(new Random(seed).Next(2, 30));
        var code = await cluster.Nodes[1].TerminateAsync();
        await sending;
        await load.CancelAllAsync(() => cluster.Nodes[0]);

        Assert.Equal(0, code);
        await load.AssertCountedOnceAsync(cluster.Nodes[0]);
        await load.AssertAlertedOnceAsync(cluster.Nodes[0]);
        cluster.AssertSaidPlainly();
    }

    [Theory]
    [MemberData(nameof(Runs.OfTheRest), MemberType = typeof(Runs))]
    public Task The_database_crashes_and_is_back_at_once(int seed) => CrashAsync(seed, TimeSpan.Zero);

    [Theory]
    [MemberData(nameof(Runs.OfTheRest), MemberType = typeof(Runs))]
    public Task The_database_crashes_and_is_gone_for_a_while(int seed) => CrashAsync(seed, Runs.Outage);

    private static async Task CrashAsync(int seed, TimeSpan outage)
    {
        using var cluster = await Cluster.StartAsync(2);
        var load = new Load(seed, Accounts);
        var moment = new Random(seed).Next(2, 18);
        var back = Task.CompletedTask;
        for (var round = 0; round < 20; round++)
        {
            if (round == moment) back = GoneAsync();
            await load.SendAsync(() => cluster.Nodes[round % 2], Signals);
        }
        await back;
        await load.CancelAllAsync(() => cluster.Nodes[0]);

        await load.AssertCountedOnceAsync(cluster.Nodes[1]);
        await load.AssertAlertedOnceAsync(cluster.Nodes[1]);
        cluster.AssertSaidPlainly();

        async Task GoneAsync()
        {
            PostgresServer.Instance.Crash();
            await Task.Delay(outage, TimeProvider.System);
            PostgresServer.Instance.Start();
        }
    }
}
