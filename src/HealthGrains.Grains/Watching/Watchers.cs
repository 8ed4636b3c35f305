using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Grains.Watching;

/// <summary>
/// A silo's copy of whether anybody watches. Where that is not known - at a start, after a silo died, while the grain cannot be asked -
/// somebody does: what is told to nobody costs time, what is not told to somebody is missed.
/// </summary>
internal sealed class Watchers(IServiceProvider services, IGrainFactory grains, ClusterOptions options, ILogger<Watchers> logger)
    : BackgroundService, IWatchersObserver, ISiloStatusListener
{
    /// <summary>How often a silo asks.</summary>
    public static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);

    /// <summary>For how long a node says that it is watched. A silo that was not told has asked several times by then.</summary>
    public static readonly TimeSpan Lease = Renewal * 6;

    private IWatchersObserver? _reference;
    private long _until = Environment.TickCount64 + (long)Lease.TotalMilliseconds;

    /// <summary>Whether anybody watches.</summary>
    public bool IsWatched => Environment.TickCount64 < Volatile.Read(ref _until);

    /// <inheritdoc/>
    public Task WatchedAsync(TimeSpan lease)
    {
        var until = Environment.TickCount64 + (long)lease.TotalMilliseconds;
        for (var before = Volatile.Read(ref _until); before < until;)
        {
            var seen = Interlocked.CompareExchange(ref _until, until, before);
            if (seen == before) break;
            before = seen;
        }
        return Task.CompletedTask;
    }

    /// <summary>The grain may have been there, and the one that comes does not know whom to tell.</summary>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status.IsTerminating()) WatchedAsync(Lease);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        services.GetService<ISiloStatusOracle>()?.SubscribeToSiloStatusEvents(this);
        _reference = grains.CreateObjectReference<IWatchersObserver>(this);
        using var timer = new PeriodicTimer(Renewal);
        do
        {
            try
            {
                await WatchedAsync(await grains.GetGrain<IWatchersGrain>(options.Tenant).TellAsync(_reference));
            }
            catch (Exception unknown) when (unknown is not OperationCanceledException)
            {
                await WatchedAsync(Lease);
                Log.WatchersUnknown(logger, unknown.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }
}
