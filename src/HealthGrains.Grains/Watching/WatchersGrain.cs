using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Utilities;

namespace HealthGrains.Grains.Watching;

/// <summary>Knows until when somebody watches, and tells the silos.</summary>
/// <remarks>Reentrant, so that a silo can ask while all are being told.</remarks>
[Reentrant]
[Immovable]
internal sealed class WatchersGrain(ClusterOptions options, ILogger<WatchersGrain> logger) : Grain, IWatchersGrain
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ObserverManager<IWatchersObserver> _silos = new(options.WatchLease, logger);
    // A node that was watched before this activation has said so again by then, and once more in case it could not.
    private long _until = Environment.TickCount64 + (long)(Watchers.RenewalOf(options) * 2).TotalMilliseconds;

    public async Task WatchAsync(TimeSpan lease)
    {
        _until = Math.Max(_until, Environment.TickCount64 + (long)lease.TotalMilliseconds);
        await Task.WhenAll(_silos.Select(silo => TellAsync(silo, lease)));
    }

    public Task<TimeSpan> TellAsync(IWatchersObserver silo)
    {
        _silos.Subscribe(silo, silo);
        return Task.FromResult(TimeSpan.FromMilliseconds(Math.Max(0, _until - Environment.TickCount64)));
    }

    private async Task TellAsync(IWatchersObserver silo, TimeSpan lease)
    {
        try
        {
            await silo.WatchedAsync(lease).WaitAsync(Patience);
        }
        catch (Exception)
        {
            // It asks again by itself, if it is there.
            _silos.Unsubscribe(silo);
        }
    }
}
