using HealthGrains.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Delivery;

/// <summary>
/// Sends what waits in the store, each receiver for itself, so that one that is down holds up no other. Runs on every node that has the
/// store; claims see to it that a dispatch is sent by one at a time.
/// </summary>
public sealed class DeliveryPump : BackgroundService
{
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(15);

    private readonly DeliveryReceivers _receivers;
    private readonly DeliveryBell _bell;
    private readonly DeliverySurroundings _around;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DeliveryLane> _lanes = new(StringComparer.Ordinal);
    private readonly List<Task> _running = [];
    private bool _cannotCount;

    /// <summary>A pump that does not run yet.</summary>
    /// <param name="store">Where dispatches wait.</param>
    /// <param name="receivers">Where they go.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="bell">Who rings when something was written.</param>
    /// <param name="figures">The metrics.</param>
    /// <param name="clock">What time it is for dispatches: the host's one clock.</param>
    /// <param name="timers">What pauses and time limits go by: wall time, also when the host's clock is simulated.</param>
    /// <param name="logger">Where to say what happens.</param>
    public DeliveryPump(IDeliveryStore store, DeliveryReceivers receivers, DeliverySettings settings, DeliveryBell bell,
        DeliveryFigures figures, TimeProvider clock, TimeProvider timers, ILogger<DeliveryPump> logger)
    {
        _receivers = receivers;
        _bell = bell;
        _around = new DeliverySurroundings(store, settings, figures, receivers.Secrets, clock, timers, logger);
    }

    /// <summary>Whether all lanes have nothing to do until somebody rings or their time comes.</summary>
    internal bool IsResting
    {
        get
        {
            lock (_gate) return _lanes.Values.All(lane => lane.IsResting);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_receivers.IsLocal) (_receivers.Of("") as LocalSink)?.Announce();
        else Log.Started(_around.Logger, string.Join(", ", _receivers.Keys.Order(StringComparer.Ordinal).Select(key => $"{key} ({_receivers.Of(key).Name})")));
        foreach (var key in _receivers.Keys) Ring(key);
        _bell.Rung += Ring;
        using var stopped = stoppingToken.UnsafeRegister(_ => _bell.Rung -= Ring, null);
        using var timer = new PeriodicTimer(CountEvery, _around.Timers);
        try
        {
            do await CountAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
        Task[] running;
        lock (_gate) running = [.. _running];
        await Task.WhenAll(running);

        // A receiver has its lane from when it is first heard of.
        void Ring(string key)
        {
            DeliveryLane? lane;
            lock (_gate)
            {
                if (!_lanes.TryGetValue(key, out lane))
                {
                    if (stoppingToken.IsCancellationRequested) return;
                    lane = new DeliveryLane(key, _receivers.Of(key), _around);
                    _lanes.Add(key, lane);
                    if (!_receivers.Keys.Contains(key) && !_receivers.IsLocal) Log.NoReceiver(_around.Logger, key);
                    var begun = lane;
                    _running.Add(Task.Run(() => begun.RunAsync(stoppingToken), CancellationToken.None));
                }
            }
            lane.Ring();
        }

        async Task CountAsync(CancellationToken cancellationToken)
        {
            try
            {
                var counts = await _around.Store.CountAsync(_around.Now, cancellationToken);
                _around.Figures.Counted(counts, _around.Now);
                foreach (var count in counts.Where(count => count.Pending > 0)) Ring(count.Receiver);
                _cannotCount = false;
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
            {
                if (!_cannotCount) Log.StoreAway(_around.Logger, "all receivers", _around.Secrets.Clean(fault.Message));
                _cannotCount = true;
            }
        }
    }
}
