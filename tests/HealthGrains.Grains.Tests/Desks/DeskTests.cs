using HealthGrains.Accounts;
using HealthGrains.Grains.Accounts;
using HealthGrains.Grains.Desks;
using HealthGrains.Grains.Hosting;
using HealthGrains.Grains.Postgres;
using HealthGrains.Grains.Storage;
using HealthGrains.Grains.Tests.Postgres;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Hosting;
using Orleans.TestingHost;
using FactAttribute = HealthGrains.Grains.Tests.Postgres.FactAttribute;

namespace HealthGrains.Grains.Tests.Desks;

/// <summary>Desks whose state and reminders are in PostgreSQL, on silos that stop, stall and quarrel. By the wall's clock.</summary>
[NeedsPostgres]
[Collection("postgres")]
public sealed class DeskTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly NpgsqlDataSource _database = PostgresServer.Instance.NewDatabase();
    private readonly List<InProcessTestCluster> _clusters = [];
    private Func<PostgresStore.WriteStep, Task>? _seam;

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
    public async Task What_falls_due_while_no_silo_is_up_is_done_after_the_start_though_nobody_calls()
    {
        var (cluster, host) = await StartAsync();
        await host.PutProfileAsync(AccountProfile.Unknown("acme"), "test", None);
        var until = host.Clock.GetUtcNow().AddSeconds(4).ToUnixTimeMilliseconds();
        await host.Desks.DoAsync("acme", new SetOverride("dana", Health.Band.Red, null, "their sponsor told me", until), None);
        await cluster.StopAllSilosAsync();
        Assert.False(await AsksAsync("SELECT EXISTS (SELECT FROM audit WHERE action = 'override.ended')"));
        await UntilAsync("SELECT now() > start_time + interval '1 second' FROM reminders WHERE grain_id LIKE 'desk/%'");

        await StartAsync();

        await UntilAsync("SELECT count(*) = 1 FROM audit WHERE action = 'override.ended'");
        // Nothing is due any more, so nothing reminds.
        await UntilAsync("SELECT count(*) = 0 FROM reminders WHERE grain_id LIKE 'desk/%'");
    }

    [Fact]
    public async Task A_desk_that_went_to_sleep_is_as_it_was_and_one_that_was_asked_twice_has_done_it_once()
    {
        var (cluster, host) = await StartAsync();
        await host.PutProfileAsync(AccountProfile.Unknown("acme"), "test", None);
        var (request, command) = (Guid.NewGuid(), StoredJson.WriteBytes<DeskCommand>(new AddTask("dana", "Call", null, null)));
        var desk = cluster.Client.GetGrain<IDeskGrain>("acme");
        var first = await desk.DoAsync(request, command);
        await cluster.Client.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        Assert.Equal(first, await desk.DoAsync(request, command));
        Assert.Equal("Call", Assert.Single((await host.Desks.GetDeskAsync("acme", None))!.Tasks).Title);
        Assert.Equal("Call", Assert.Single((await host.GetAccountAsync("acme", null, None))!.Desk!.Tasks).Title);
    }

    [Fact]
    public async Task What_is_delivered_again_because_nobody_heard_that_it_arrived_is_stored_once()
    {
        var (_, host) = await StartAsync();
        await host.PutProfileAsync(AccountProfile.Unknown("acme"), "test", None);
        var steps = 0;
        // Twice nothing arrives, then it does and nobody hears of it.
        _seam = _ => Interlocked.Increment(ref steps) is 1 or 2 or 4
            ? throw new InvalidOperationException("the line broke") : Task.CompletedTask;
        await host.Desks.DoAsync("acme", new AddTask("dana", "Call", null, null), None);
        await UntilAsync("""SELECT count(*) = 0 FROM grain_storage WHERE convert_from(payload, 'UTF8') LIKE '%"openAlerts"%'""");
        Assert.Equal(4, steps);
        Assert.Equal(1, (await host.Desks.ListTasksAsync(new WorkQuery(), None)).Total);
        Assert.Single((await host.ListAuditAsync(new AuditQuery(Account: "acme"), None)).Items, entry => entry.Action == "task.added");
    }

    [Fact]
    public async Task Of_two_activations_of_one_desk_none_loses_what_the_other_did()
    {
        // Two clusters that know nothing of each other, on one database.
        var (one, _) = await StartAsync(port: false);
        var (other, _) = await StartAsync(port: false);
        await one.Client.GetGrain<IAccountGrain>("acme").PutProfileAsync(StoredJson.WriteBytes(AccountProfile.Unknown("acme")), "test");
        for (var i = 0; i < 3; i++)
        {
            await AddAsync(one, $"one {i}");
            await AddAsync(other, $"other {i}");
        }
        await UntilAsync("SELECT count(*) = 6 FROM work");
        var tasks = await _database.Command("SELECT id, body ->> 'title' FROM work")
            .RowsAsync(row => (Id: row.GetString(0), Title: row.GetString(1)), None);
        Assert.Equal(
            ["one 0", "one 1", "one 2", "other 0", "other 1", "other 2"], tasks.Select(task => task.Title).Order(StringComparer.Ordinal));
        Assert.Equal(6, tasks.Select(task => task.Id).Distinct().Count());
    }

    private static async Task AddAsync(InProcessTestCluster cluster, string title)
    {
        var (request, command) = (Guid.NewGuid(), StoredJson.WriteBytes<DeskCommand>(new AddTask("dana", title, null, null)));
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            try
            {
                Assert.NotNull(await cluster.Client.GetGrain<IDeskGrain>("acme").DoAsync(request, command));
                return;
            }
            catch (OrleansException)
            {
                // What it knew was not what is stored; the next activation reads that.
            }
        }
    }

    private async Task UntilAsync(string sql)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await AsksAsync(sql)) await timer.WaitForNextTickAsync(patience.Token);
    }

    private Task<bool> AsksAsync(string sql) => _database.Command(sql).ValueAsync<bool>(None);

    private async Task<(InProcessTestCluster Cluster, IHealthGrains Host)> StartAsync(bool port = true)
    {
        var builder = new InProcessTestClusterBuilder(1);
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
            silo.Services.AddHealthGrainsStore(_ => new PostgresStore(_database, () => TenantKeys.Repeatable)
            {
                Seam = step => _seam?.Invoke(step) ?? Task.CompletedTask,
            });
            HealthGrains.Grains.Hosting.ClusterExtensions.AddHealthGrains(silo, new ClusterOptions { Keys = TenantKeys.Repeatable });
            if (port) silo.Services.AddHealthGrainsPort();
            silo.ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Error));
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        _clusters.Add(cluster);
        return (cluster, cluster.Silos[0].ServiceProvider.GetService<IHealthGrains>()!);
    }
}
