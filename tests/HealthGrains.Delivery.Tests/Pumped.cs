namespace HealthGrains.Delivery.Tests;

/// <summary>A pump over a store, with receivers and a clock of a test.</summary>
internal sealed class Pumped : IAsyncDisposable
{
    public static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly DeliveryFigures _figures = new();
    private readonly DeliveryReceivers _receivers;

    public Pumped(IDeliveryStore store, TestClock clock, DeliveryReceivers receivers)
    {
        Clock = clock;
        _receivers = receivers;
        Pump = new DeliveryPump(
            store, receivers, new DeliverySettings(), Bell, _figures, clock, clock, Log.For<DeliveryPump>());
    }

    public LinesLog Log { get; } = new();

    public TestClock Clock { get; }

    public DeliveryBell Bell { get; } = new();

    public DeliveryPump Pump { get; }

    public static DeliveryReceivers Of(params (string Key, IReceiver Receiver)[] receivers) =>
        new(receivers.ToDictionary(one => one.Key, one => one.Receiver), null);

    public static async Task<Pumped> StartAsync(IDeliveryStore store, TestClock clock, params (string Key, IReceiver Receiver)[] receivers)
    {
        var pumped = new Pumped(store, clock, Of(receivers));
        await pumped.StartAsync();
        return pumped;
    }

    public async Task StartAsync()
    {
        await Pump.StartAsync(CancellationToken.None);
        await Wait.Until(() => Log.All.Any(line => line.StartsWith("Delivering", StringComparison.Ordinal)
            || line.StartsWith("The local sink", StringComparison.Ordinal)), "the pump runs");
        await RestAsync();
    }

    /// <summary>Waits until there is nothing to do before the clock is moved.</summary>
    public Task RestAsync() => Wait.Until(() => Pump.IsResting, "the lanes rest");

    /// <summary>Moves the clock, in steps, with the pump doing what falls due after each.</summary>
    public async Task AdvanceAsync(TimeSpan by, TimeSpan? step = null)
    {
        var until = Clock.GetUtcNow() + by;
        while (Clock.GetUtcNow() < until)
        {
            var left = until - Clock.GetUtcNow();
            var next = step ?? Minute;
            Clock.Advance(left < next ? left : next);
            await RestAsync();
        }
    }

    /// <summary>Stops, with time going on, so that what hangs is cut short.</summary>
    public async Task StopAsync()
    {
        var stop = Pump.StopAsync(CancellationToken.None);
        await Wait.Until(() =>
        {
            if (!stop.IsCompleted) Clock.Advance(TimeSpan.FromMilliseconds(250));
            return stop.IsCompleted;
        }, "the pump stops");
        await stop;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Pump.Dispose();
        _figures.Dispose();
        await _receivers.DisposeAsync();
    }
}
