using HealthGrains.Delivery;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;

namespace HealthGrains.Grains.Postgres;

/// <summary>The same for what is to leave the house.</summary>
internal sealed class GuardedDeliveries(IDeliveryStore store, StoreWatch watch) : IDeliveryStore
{
    public ValueTask<IReadOnlyList<ClaimedDispatch>> ClaimAsync(DeliveryClaim claim, CancellationToken cancellationToken) =>
        Guard(store.ClaimAsync(claim, cancellationToken));

    public ValueTask<bool> SettleAsync(string id, int attempt, Settlement settlement, CancellationToken cancellationToken) =>
        Guard(store.SettleAsync(id, attempt, settlement, cancellationToken));

    public ValueTask<int> ExpireAsync(string receiver, long dueBefore, long now, string error, CancellationToken cancellationToken) =>
        Guard(store.ExpireAsync(receiver, dueBefore, now, error, cancellationToken));

    public ValueTask<Page<DeliveryRecord>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken) =>
        Guard(store.ListAsync(query, cancellationToken));

    public ValueTask<DeliveryRecord?> RetryAsync(string id, string actor, long now, CancellationToken cancellationToken) =>
        Guard(store.RetryAsync(id, actor, now, cancellationToken));

    public ValueTask<DeliveryRecord?> CancelAsync(string id, string reason, long now, CancellationToken cancellationToken) =>
        Guard(store.CancelAsync(id, reason, now, cancellationToken));

    public ValueTask<IReadOnlyList<DeliveryCount>> CountAsync(long now, CancellationToken cancellationToken) =>
        Guard(store.CountAsync(now, cancellationToken));

    private ValueTask<T> Guard<T>(ValueTask<T> call) => new(watch.GuardAsync(call.AsTask()));
}
