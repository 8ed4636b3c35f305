using HealthGrains.Grains.Actors;
using HealthGrains.Grains.Hosting;
using HealthGrains.Grains.Storage;
using HealthGrains.Grains.Time;
using HealthGrains.Grains.Watching;
using HealthGrains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace HealthGrains.Grains.Tests;

/// <summary>A cluster in this process: silos with a transport in memory, each a node that answers questions.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private readonly CancellationTokenSource _stop = new();
    // Orleans holds them weakly.
    private readonly List<Death> _deaths = [];
    private Task _reading = Task.CompletedTask;

    private TestCluster(InProcessTestCluster cluster) => _cluster = cluster;

    public IReadOnlyList<InProcessSiloHandle> Silos => _cluster.Silos;

    public static Task<TestCluster> StartAsync(
        int silos, TimeProvider clock, MemoryStore store, TimeSpan? saveDelay = null, MemoryLog? log = null,
        TimeSpan? appliedWithin = null, TimeSpan? watchLease = null) =>
        StartAsync(silos, clock, services => services.AddHealthGrainsStore(_ => store), saveDelay, log, appliedWithin, watchLease);

    /// <summary>Silos with any store.</summary>
    /// <param name="silos">How many.</param>
    /// <param name="clock">The hosts' clock.</param>
    /// <param name="addStore">Adds the three stores to a silo's services.</param>
    /// <param name="saveDelay">How long an account fed by a log may wait to be stored.</param>
    /// <param name="log">Where signals go first; the first silo reads it.</param>
    /// <param name="appliedWithin">How long a sender waits who waits for the accounts.</param>
    /// <param name="watchLease">How long changes are sent after somebody watched.</param>
    public static async Task<TestCluster> StartAsync(
        int silos, TimeProvider clock, Action<IServiceCollection> addStore, TimeSpan? saveDelay = null, MemoryLog? log = null,
        TimeSpan? appliedWithin = null, TimeSpan? watchLease = null)
    {
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorage("tenants");
            silo.AddMemoryGrainStorage("PubSubStore");
            silo.AddMemoryActors();
            silo.UseInMemoryReminderService();
            addStore(silo.Services);
            silo.AddHealthGrains(new ClusterOptions
            {
                Clock = clock, ClockKind = ClockKind.Simulated, Keys = TenantKeys.Repeatable,
                SweepEvery = TimeSpan.FromMilliseconds(250), ChangesEvery = TimeSpan.FromMilliseconds(5),
                SaveDelay = saveDelay ?? TimeSpan.FromMilliseconds(200),
                AppliedWithin = appliedWithin ?? TimeSpan.FromSeconds(30),
                WatchLease = watchLease ?? TimeSpan.FromMinutes(1),
            });
            silo.Services.AddHealthGrainsPort();
            silo.Services.AddHealthGrainsLog();
            if (log is not null) silo.Services.AddSingleton<ISignalLog>(log);
            silo.ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        });
        // Nobody reads them.
        builder.Options.ConfigureFileLogging = false;
        var cluster = builder.Build();
        await cluster.DeployAsync();
        var started = new TestCluster(cluster);
        if (log is not null) started._reading = log.ReadAsync(started.Log(0), started._stop.Token);
        return started;
    }

    /// <summary>The port on a silo.</summary>
    public IHealthGrains Host(int silo) => _cluster.Silos[silo].ServiceProvider.GetRequiredService<IHealthGrains>();

    /// <summary>Intake from a log, on a silo.</summary>
    public LogIntake Log(int silo) => _cluster.Silos[silo].ServiceProvider.GetRequiredService<LogIntake>();

    /// <summary>Whether a silo sends changes.</summary>
    public bool IsWatched(int silo) => _cluster.Silos[silo].ServiceProvider.GetRequiredService<Watchers>().IsWatched;

    /// <summary>Completes when a silo has been told that another died: whether it sends changes then.</summary>
    public Task<bool> IsWatchedAtADeathAsync(int silo)
    {
        var services = _cluster.Silos[silo].ServiceProvider;
        var death = new Death(services.GetRequiredService<Watchers>());
        _deaths.Add(death);
        // Who came later is told later: the silo's own have been told then.
        services.GetRequiredService<ISiloStatusOracle>().SubscribeToSiloStatusEvents(death);
        return death.WasWatched.Task;
    }

    /// <summary>An actor, as a client sees it.</summary>
    public T Grain<T>(string key) where T : IGrainWithStringKey => _cluster.Client.GetGrain<T>(key);

    /// <summary>Completes when every account that is due has been woken.</summary>
    public Task SettleAsync() => _cluster.Silos[0].ServiceProvider.GetRequiredService<Sweeping>().SettleAsync();

    /// <summary>How many accounts are active on each silo.</summary>
    public async Task<int[]> AccountsPerSiloAsync()
    {
        var all = await _cluster.Client.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        return [.. _cluster.Silos.Select(silo => all.Count(
            one => one.SiloAddress.Equals(silo.SiloAddress) && one.GrainType.Contains("AccountGrain", StringComparison.Ordinal)))];
    }

    /// <summary>Completes when all silos know of one another.</summary>
    public Task SettledMembershipAsync() => _cluster.WaitForLivenessToStabilizeAsync();

    public Task StartAnotherAsync() => _cluster.StartAdditionalSiloAsync();

    public Task KillAsync(int silo) => _cluster.KillSiloAsync(_cluster.Silos[silo]);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
        _stop.Dispose();
    }

    private sealed class Death(Watchers watchers) : ISiloStatusListener
    {
        public TaskCompletionSource<bool> WasWatched { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
        {
            if (status == SiloStatus.Dead) WasWatched.TrySetResult(watchers.IsWatched);
        }
    }
}
