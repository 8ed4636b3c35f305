using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace HealthGrains.Grains.Watching;

/// <summary>
/// A node's end of the stream: hands what comes to those who watch here, and has the silos know that there are some.
/// </summary>
internal sealed class ChangeListener(
    IServiceProvider services, IGrainFactory grains, ClusterOptions options, ILogger<ChangeListener> logger)
    : ISiloStatusListener, IDisposable
{
    // A watcher who lost the line is back within seconds.
    private readonly long _keptFor = (long)options.WatchLease.TotalMilliseconds / 2;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private ChangeHub? _hub;
    private long _watchedAt = long.MinValue / 2;
    private long _toldAt = long.MinValue / 2;
    private Task? _telling;
    private Task _renewing = Task.CompletedTask;
    private StreamSubscriptionHandle<ChangeBatch>? _subscription;

    /// <summary>Begins to listen.</summary>
    public async Task StartAsync(ChangeHub hub)
    {
        _hub = hub;
        _renewing = RenewAsync(hub);
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

    /// <summary>Somebody is about to watch. Completes when what happens from now on comes here.</summary>
    public Task WatchAsync()
    {
        lock (_gate)
        {
            var now = Environment.TickCount64;
            // Meanwhile nothing was sent: who resumes from before is to reload.
            if (now - _watchedAt > _keptFor) _hub?.Pass(1);
            _watchedAt = now;
            if (now - _toldAt < Watchers.RenewalOf(options).TotalMilliseconds * 2) return Task.CompletedTask;
            return _telling is { IsCompleted: false } ? _telling : _telling = TellAsync();
        }
    }

    /// <summary>Ends it, so that the stream does not look for this node.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _renewing;
        services.GetService<ISiloStatusOracle>()?.UnSubscribeFromSiloStatusEvents(this);
        if (_subscription is { } subscription) await subscription.UnsubscribeAsync();
        _subscription = null;
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    /// <summary>What a silo had to say when it died is lost.</summary>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status == SiloStatus.Dead) _hub?.MarkMissed();
    }

    private async Task RenewAsync(ChangeHub hub)
    {
        using var timer = new PeriodicTimer(Watchers.RenewalOf(options));
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
                if (IsWatched(hub)) await TellAsync();
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private async Task TellAsync()
    {
        try
        {
            var asked = Environment.TickCount64;
            await grains.GetGrain<IWatchersGrain>(options.Tenant).WatchAsync(options.WatchLease);
            lock (_gate) _toldAt = asked;
        }
        catch (Exception fault) when (!_stop.IsCancellationRequested)
        {
            // Who watches is not sent away: they see what is sent all the same, and reload.
            Log.WatchersNotTold(logger, fault.Message);
        }
    }

    private bool IsWatched(ChangeHub hub)
    {
        var now = Environment.TickCount64;
        if (hub.Watchers > 0) Volatile.Write(ref _watchedAt, now);
        return now - Volatile.Read(ref _watchedAt) <= _keptFor;
    }

    private void Hear(ChangeBatch batch, ChangeHub hub)
    {
        if (!IsWatched(hub)) hub.Pass(batch.Changes.Length);
        else
            foreach (var change in batch.Changes) hub.Publish(change.Type, change.Account, change.Owner, Read(change));
    }

    private static object Read(SentChange change) => change.Type switch
    {
        ChangeType.AccountChanged => StoredJson.Read<AccountSummary>(change.Data, "a change"),
        ChangeType.AccountErased => StoredJson.Read<ErasedAccount>(change.Data, "a change"),
        ChangeType.PlayChanged => StoredJson.Read<PlayView>(change.Data, "a change"),
        ChangeType.DraftChanged => StoredJson.Read<DraftView>(change.Data, "a change"),
        ChangeType.TaskChanged => StoredJson.Read<TaskView>(change.Data, "a change"),
        ChangeType.NoteAdded => StoredJson.Read<NoteView>(change.Data, "a change"),
        ChangeType.SourceSilent or ChangeType.SourceBack => StoredJson.Read<SourceView>(change.Data, "a change"),
        _ => StoredJson.Read<AlertView>(change.Data, "a change"),
    };
}
