using HealthGrains.HostContract;

namespace HealthGrains.Delivery.Tests;

public sealed class MemoryStoreTests : DeliveryStoreContract
{
    private readonly MemoryDeliveryStore _store = new();

    protected override IDeliveryStore Store => _store;

    protected override Task WriteAsync(params Dispatch[] dispatches)
    {
        _store.Add(dispatches);
        return Task.CompletedTask;
    }

    [Fact]
    public void An_id_that_cannot_be_is_refused() =>
        Assert.Throws<ArgumentException>(() => _store.Add(Made.Chat("with space", 1, 0)));

    [Fact]
    public async Task Of_those_that_are_settled_the_latest_are_remembered_and_all_that_wait()
    {
        var store = new MemoryDeliveryStore(settledLimit: 3);
        for (var i = 1; i <= 5; i++) store.Add(Made.Chat("a", i, i));
        for (var i = 1; i <= 4; i++)
        {
            var claimed = Assert.Single(await store.ClaimAsync(new DeliveryClaim(ReceiverKeys.Chat, 1, 10, 20), default));
            await store.SettleAsync(claimed.Dispatch.Id, 1, Settlement.Dead(10, "no"), default);
            // Tried again, it is remembered while it waits.
            if (i == 1) await store.RetryAsync(claimed.Dispatch.Id, "jo", 1_000, default);
        }
        Assert.Equal(["a:5", "a:4", "a:3", "a:2", "a:1"], (await store.ListAsync(new DeliveryQuery(), default)).Items.Select(row => row.Dispatch.Id));
        var last = Assert.Single(await store.ClaimAsync(new DeliveryClaim(ReceiverKeys.Chat, 1, 10, 20), default));
        await store.SettleAsync(last.Dispatch.Id, 1, Settlement.Delivered(10, null), default);
        Assert.Equal(["a:5", "a:4", "a:3", "a:1"], (await store.ListAsync(new DeliveryQuery(), default)).Items.Select(row => row.Dispatch.Id));
    }
}
