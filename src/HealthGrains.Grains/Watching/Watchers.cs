using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Grains.Watching;

/// <summary>
/// A silo's copy of whether anybody watches. Where that is not known - at a start, after a silo died, while the grain cannot be asked -
/// somebody does: what is told to nobody costs time, what is not told to somebody is missed. The grain's answer ends that.
/// </summary>
internal sealed class Watchers(IServiceProvider services, IGrainFactory grains, ClusterOptions options, ILogger<Watchers> logger)
    : BackgroundService, IWatchersObserver, ISiloStatusListener
{
    private readonly Lock _gate = new();
    private IWatchersObserver? _reference;
    private long _until;
    private long _unknownUntil = Environment.TickCount64 + (long)options.WatchLease.TotalMilliseconds;
    private int _doubts;

    /// <summary>
    /// How often a node that is watched says so, and a silo asks: who was not told has asked several times before a lease ends.
    /// </summary>
    public static TimeSpan RenewalOf(ClusterOptions options) => options.WatchLease / 6;

    /// <summary>Whether anybody watches.</summary>
    public bool IsWatched => Environment.TickCount64 < Math.Max(Volatile.Read(ref _until), Volatile.Read(ref _unknownUntil));

    /// <inheritdoc/>
    public Task WatchedAsync(TimeSpan lease)
    {
        lock (_gate) Volatile.Write(ref _until, Math.Max(_until, Environment.TickCount64 + (long)lease.TotalMilliseconds));
        return Task.CompletedTask;
    }

    /// <summary>The grain may have been there, and the one that comes does not know whom to tell.</summary>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status.IsTerminating()) Doubt();
    }

    private void Doubt()
    {
        lock (_gate)
        {
            _doubts++;
            Volatile.Write(ref _unknownUntil, Environment.TickCount64 + (long)options.WatchLease.TotalMilliseconds);
        }
    }

    private async Task AskAsync(IWatchersObserver reference)
    {
        int doubts;
        lock (_gate) doubts = _doubts;
        await WatchedAsync(await grains.GetGrain<IWatchersGrain>(options.Tenant).TellAsync(reference));
        // An answer from before a silo died does not settle what came of its death.
        lock (_gate)
            if (doubts == _doubts) Volatile.Write(ref _unknownUntil, 0);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        services.GetService<ISiloStatusOracle>()?.SubscribeToSiloStatusEvents(this);
        _reference = grains.CreateObjectReference<IWatchersObserver>(this);
        using var timer = new PeriodicTimer(RenewalOf(options));
        do
        {
            try
            {
                await AskAsync(_reference);
            }
            catch (Exception unknown) when (!stoppingToken.IsCancellationRequested)
            {
                Doubt();
                Log.WatchersUnknown(logger, unknown.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }
}
