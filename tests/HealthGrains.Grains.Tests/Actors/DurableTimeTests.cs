using HealthGrains.Grains.Postgres;
using HealthGrains.Grains.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Hosting;
using Orleans.TestingHost;
using FactAttribute = HealthGrains.Grains.Tests.Postgres.FactAttribute;
using TheoryAttribute = HealthGrains.Grains.Tests.Postgres.TheoryAttribute;

namespace HealthGrains.Grains.Tests.Actors;

/// <summary>Actors whose state and reminders are in PostgreSQL, on silos that stop and die.</summary>
[NeedsPostgres]
[Collection("postgres")]
public sealed class DurableTimeTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly NpgsqlDataSource _database = PostgresServer.Instance.NewDatabase();
    private readonly Kitchen _kitchen = new();
    private readonly List<InProcessTestCluster> _clusters = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var cluster in _clusters)
        {
            await cluster.StopAllSilosAsync();
            await cluster.DisposeAsync();
        }
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_step_that_falls_due_while_no_silo_is_up_is_taken_once_after_the_start()
    {
        var cluster = await StartAsync(1);
        await Timer(cluster, "soup").SetAsync("soup", [2_000, 2_500, 3_600_000]);
        await cluster.StopAllSilosAsync();
        Assert.Empty(_kitchen.Left());
        await UntilAsync("SELECT now() > start_time + interval '1 second' FROM reminders");

        // Nobody calls the actor: its reminder does.
        await StartAsync(1);

        Assert.Equal([1, 2], (await _kitchen.NextAsync(2)).Select(one => one.Number).Order());
        // Until the reminder was moved to the last step, an hour away.
        await UntilAsync("SELECT start_time > now() + interval '50 minutes' FROM reminders");
        Assert.Empty(_kitchen.Left());
        Assert.Equal(0, await _database.Command("SELECT count(*) FROM grain_storage WHERE convert_from(payload, 'UTF8') LIKE '%\"step\"%'")
            .ValueAsync<long>(default));
    }

    [Fact]
    public async Task What_was_stored_and_not_delivered_when_its_silo_died_is_delivered_with_the_same_number()
    {
        var cluster = await StartAsync(2);
        var stuck = new TaskCompletionSource<Heard>(TaskCreationOptions.RunContinuationsAsynchronously);
        _kitchen.Way = (heard, cancelled) =>
        {
            stuck.TrySetResult(heard);
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancelled);
        };
        await Timer(cluster, "soup").SetAsync("soup", [0]);
        var lost = await stuck.Task.WaitAsync(Patience);
        _kitchen.Way = (_, _) => Task.CompletedTask;
        await cluster.KillSiloAsync(cluster.Silos.Single(
            silo => lost.Silo.Contains(silo.SiloAddress.ToString(), StringComparison.Ordinal)));

        var heard = await _kitchen.NextAsync();

        Assert.NotEqual(lost.Silo, heard.Silo);
        Assert.Equal(lost with { Silo = heard.Silo }, heard);
        // Nothing is due any more, so nothing reminds.
        await UntilAsync("SELECT count(*) = 0 FROM reminders");
        Assert.Empty(_kitchen.Left());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_step_of_every_actor_is_heard_when_silos_are_killed_at_any_moment(int seed)
    {
        const int timers = 30;
        const int steps = 6;
        var random = new Random(seed);
        var cluster = await StartAsync(3);
        await Task.WhenAll(Enumerable.Range(0, timers).Select(i => Timer(cluster, $"t{i}")
            .SetAsync($"dish {i}", [.. Enumerable.Range(0, steps).Select(_ => random.NextInt64(500, 5_000))])));
        var all = await _kitchen.NextAsync(random.Next(5, 60));
        await cluster.KillSiloAsync(cluster.Silos[random.Next(1, 3)]);
        all.AddRange(await _kitchen.NextAsync(random.Next(5, 40)));
        await cluster.StartAdditionalSiloAsync();
        await cluster.KillSiloAsync(cluster.Silos[1]);

        while (all.Select(one => (one.Timer, one.Number)).Distinct().Count() < timers * steps) all.Add(await _kitchen.NextAsync());

        await UntilAsync("SELECT count(*) = 0 FROM reminders");
        all.AddRange(_kitchen.Left());
        // Said again perhaps, but never anything else.
        Assert.Equal(timers * steps, all.Select(one => (one.Timer, one.Number, one.Ring)).Distinct().Count());
        Assert.All(all, one => Assert.Equal(one.Number, one.Ring.Step));
    }

    private static IKitchenTimerGrain Timer(InProcessTestCluster cluster, string name) =>
        cluster.Client.GetGrain<IKitchenTimerGrain>(name);

    private async Task UntilAsync(string sql)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await _database.Command(sql).ValueAsync<bool>(patience.Token)) await timer.WaitForNextTickAsync(patience.Token);
    }

    private async Task<InProcessTestCluster> StartAsync(short silos)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.Options.ServiceId = "healthgrains";
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UsePostgresTables(_database);
            // A minute otherwise.
            silo.Services.Configure<ReminderOptions>(reminders =>
            {
                reminders.MinimumReminderPeriod = TimeSpan.FromSeconds(1);
                reminders.RefreshReminderListPeriod = TimeSpan.FromSeconds(1);
            });
            silo.Services.AddSingleton(_kitchen);
            silo.Services.AddPostgresStore(_database);
            HealthGrains.Grains.Hosting.ClusterExtensions.AddHealthGrains(silo, new ClusterOptions());
            silo.ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Error));
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        _clusters.Add(cluster);
        return cluster;
    }
}
