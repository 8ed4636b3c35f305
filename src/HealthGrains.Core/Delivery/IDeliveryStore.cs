using HealthGrains.Hosting;

namespace HealthGrains.Delivery;

/// <summary>
/// Where dispatches wait: the port that a host implements over its database. A host writes a dispatch in the same commit as the state
/// that decided it, once an id (a repeat is dropped), and then rings <see cref="DeliveryBell"/>. Every member may be called from
/// many threads and, in a cluster, from many nodes. Throws <see cref="HostUnavailableException"/> when the database is away.
/// </summary>
/// <remarks>
/// <para>A row has, beside the dispatch: a sequence number in the order of writing, its <see cref="Dispatch.Line"/>, the state, attempts,
/// due_since and next_at (both <see cref="Dispatch.NotBefore"/> at first), leased_until (null at first), error, settled_at,
/// delivered_to.</para>
/// <para>PostgreSQL claims with <c>FOR UPDATE SKIP LOCKED</c>; a host of one process claims in its one writer. When a host of one process
/// starts, nobody holds a lease: it may set them all to null.</para>
/// </remarks>
public interface IDeliveryStore
{
    /// <summary>
    /// Takes what is to be sent to a receiver now: pending, next_at not after now, not leased, and the first of its line, which means that
    /// no other pending one of the same receiver and line has a smaller (due_since, sequence). In the order of (next_at, sequence). Of
    /// each, attempts grows by one and the lease is set, before this returns. So one line has one at a time under way.
    /// </summary>
    ValueTask<IReadOnlyList<ClaimedDispatch>> ClaimAsync(DeliveryClaim claim, CancellationToken cancellationToken);

    /// <summary>
    /// Says what came of a claim, and ends its lease. False, and nothing is changed, when it is no longer this claim's: the dispatch is not
    /// pending, or its attempts are not <paramref name="attempt"/> any more.
    /// </summary>
    ValueTask<bool> SettleAsync(string id, int attempt, Settlement settlement, CancellationToken cancellationToken);

    /// <summary>
    /// Gives up what is pending for a receiver, not leased, and due since before a moment. One that has an error keeps it; another gets
    /// the one named here. Returns how many.
    /// </summary>
    ValueTask<int> ExpireAsync(string receiver, long dueBefore, long now, string error, CancellationToken cancellationToken);

    /// <summary>A page, newest first. Throws <see cref="InvalidQueryException"/> for a bad limit or cursor.</summary>
    ValueTask<Page<DeliveryRecord>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// A person has a dead one tried again, at once and with as much time as a new one: due_since and next_at are now, attempts goes on.
    /// Null without such a dispatch; throws <see cref="InvalidTransitionException"/> when it is not dead. The host audits it.
    /// </summary>
    ValueTask<DeliveryRecord?> RetryAsync(string id, string actor, long now, CancellationToken cancellationToken);

    /// <summary>
    /// Calls one back, with the reason as its error. Null without such a dispatch; throws <see cref="InvalidTransitionException"/> when it
    /// is delivered already, or leased: then it may be on its way.
    /// </summary>
    ValueTask<DeliveryRecord?> CancelAsync(string id, string reason, long now, CancellationToken cancellationToken);

    /// <summary>How much waits for each receiver that anything waits for, and what was given up.</summary>
    ValueTask<IReadOnlyList<DeliveryCount>> CountAsync(long now, CancellationToken cancellationToken);
}

/// <summary>A wish to send.</summary>
/// <param name="Receiver">To whom.</param>
/// <param name="Most">How many at most.</param>
/// <param name="Now">The time, Unix milliseconds.</param>
/// <param name="LeasedUntil">
/// When others may claim them, should nobody have settled them by then, Unix milliseconds. Longer than an attempt can take.
/// </param>
public sealed record DeliveryClaim(string Receiver, int Most, long Now, long LeasedUntil);

/// <summary>
/// Tells the pump of this process that something was written for a receiver, so that it need not wait for its next look. To ring is a hint:
/// what nobody rings for is found a moment later.
/// </summary>
public sealed class DeliveryBell
{
    /// <summary>Somebody rang, for the receiver of this key.</summary>
    public event Action<string>? Rung;

    /// <summary>Something was written, and is committed.</summary>
    public void Ring(string receiver) => Rung?.Invoke(receiver);
}
