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
    private IWatchersObserver? _reference;
    private long _until = Environment.TickCount64 + (long)options.WatchLease.TotalMilliseconds;

    /// <summary>
    /// How often a node that is watched says so, and a silo asks: who was not told has asked several times before a lease ends.
    /// </summary>
    public static TimeSpan RenewalOf(ClusterOptions options) => options.WatchLease / 6;

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
        if (status.IsTerminating()) WatchedAsync(options.WatchLease);
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
                await WatchedAsync(await grains.GetGrain<IWatchersGrain>(options.Tenant).TellAsync(_reference));
            }
            catch (Exception unknown) when (unknown is not OperationCanceledException)
            {
                await WatchedAsync(options.WatchLease);
                Log.WatchersUnknown(logger, unknown.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }
}
