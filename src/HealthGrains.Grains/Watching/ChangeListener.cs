using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace HealthGrains.Grains.Watching;

/// <summary>A node's end of the stream: hands what comes to those who watch here.</summary>
internal sealed class ChangeListener(
    IServiceProvider services, IGrainFactory grains, ClusterOptions options, ILogger<ChangeListener> logger) : ISiloStatusListener
{
    // A watcher who lost the line is back within seconds.
    private const long KeptFor = 30_000;
    private const long SaidFor = 5_000;

    private ChangeHub? _hub;
    private long _watchedAt;
    private long _saidAt = -SaidFor;
    private StreamSubscriptionHandle<ChangeBatch>? _subscription;

    /// <summary>Begins to listen.</summary>
    public async Task StartAsync(ChangeHub hub)
    {
        (_hub, _watchedAt) = (hub, Environment.TickCount64);
        // A client node knows no silos.
        services.GetService<ISiloStatusOracle>()?.SubscribeToSiloStatusEvents(this);
        var stream = services.GetRequiredKeyedService<IStreamProvider>(ChangePublisher.Provider)
            .GetStream<ChangeBatch>(ChangePublisher.Stream);
        _subscription = await stream.SubscribeAsync((batch, _) =>
        {
            Hear(batch, hub);
            return Task.CompletedTask;
        });
    }

    /// <summary>Ends it, so that the stream does not look for this node.</summary>
    public async Task StopAsync()
    {
        services.GetService<ISiloStatusOracle>()?.UnSubscribeFromSiloStatusEvents(this);
        if (_subscription is { } subscription) await subscription.UnsubscribeAsync();
        _subscription = null;
    }

    /// <summary>What a silo had to say when it died is lost.</summary>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status == SiloStatus.Dead) _hub?.MarkMissed();
    }

    private void Hear(ChangeBatch batch, ChangeHub hub)
    {
        var now = Environment.TickCount64;
        if (hub.Watchers > 0)
        {
            _watchedAt = now;
            Say(now);
        }
        // Should somebody watch here, the silos learn of it now and tell what they passed over of late.
        if (batch.Passed > 0) hub.Pass(batch.Passed);
        if (now - _watchedAt > KeptFor) hub.Pass(batch.Changes.Length);
        else
            foreach (var change in batch.Changes) hub.Publish(change.Type, change.Account, change.Owner, Read(change));
    }

    private void Say(long now)
    {
        if (now - Interlocked.Read(ref _saidAt) < SaidFor) return;
        Interlocked.Exchange(ref _saidAt, now);
        SayAsync().Ignore();

        async Task SayAsync()
        {
            try
            {
                await grains.GetGrain<IWatchersGrain>(options.Tenant).HereAsync();
            }
            catch (Exception fault)
            {
                Interlocked.Exchange(ref _saidAt, now - SaidFor);
                Log.WatchersUnknown(logger, fault.Message);
            }
        }
    }

    private static object Read(SentChange change) => change.Type switch
    {
        ChangeType.AccountChanged => StoredJson.Read<AccountSummary>(change.Data, "a change"),
        ChangeType.AccountErased => StoredJson.Read<ErasedAccount>(change.Data, "a change"),
        _ => StoredJson.Read<AlertView>(change.Data, "a change"),
    };
}
