using HealthGrains.Hosting;

namespace HealthGrains.Delivery.Tests;

/// <summary>
/// Nodes that die at any moment: between claim and sending, between sending and noting it, after. A receiver that drops a repeated id sees
/// each once and in order; none is lost.
/// </summary>
public sealed class CrashTests
{
    private const int Crashes = 50;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Killed_at_fifty_seeded_moments_each_is_seen_once_and_in_order(int seed)
    {
        var random = new Random(seed);
        var clock = new TestClock();
        var store = new MemoryDeliveryStore(100_000);
        var (chat, crm) = (Flaky(random), Flaky(random));
        var (number, killed, unnoted) = (0, 0, 0);
        // Threads decide how many die after sending and before noting it; so many are wanted.
        while (killed < Crashes || (unnoted <= Crashes / 10 && killed < 10 * Crashes))
        {
            for (var i = random.Next(8); i >= 0; i--)
            {
                number++;
                store.Add(Made.Chat($"a{random.Next(5)}", number, clock.Now, random.Next(2) == 0 ? ReceiverKeys.Chat : ReceiverKeys.Crm));
            }
            var node = new Mortal(store, random.Next(1, 30));
            var pumped = new Pumped(node, clock, Pumped.Of((ReceiverKeys.Chat, chat), (ReceiverKeys.Crm, crm)));
            await pumped.Pump.StartAsync(default);
            await Wait.Until(() => node.HasBegun, $"seed {seed}: the node runs");
            for (var step = 0; step < 20 && !node.IsDead; step++)
            {
                clock.Advance(TimeSpan.FromSeconds(2));
                await Wait.Until(() => node.IsDead || pumped.Pump.IsResting, $"seed {seed}: the node rests or dies");
            }
            if (node.IsDead) killed++;
            unnoted += node.Unnoted;
            // A dead node notes nothing more, whatever it has under way.
            node.Kill();
            await pumped.DisposeAsync();
        }
        await using var last = await Pumped.StartAsync(store, clock, (ReceiverKeys.Chat, chat), (ReceiverKeys.Crm, crm));
        await last.AdvanceAsync(TimeSpan.FromHours(6));

        Assert.True(unnoted > Crashes / 10, $"seed {seed}: only {unnoted} were sent and not noted, so this test shows little");
        Assert.True(chat.Sent.Count + crm.Sent.Count > number, $"seed {seed}: nothing was ever sent twice");
        Assert.Equal(number, chat.Seen.Count + crm.Seen.Count);
        foreach (var outside in new[] { chat, crm })
            foreach (var account in outside.Seen.GroupBy(id => id.Split(':')[0]))
                Assert.Equal(account.OrderBy(id => int.Parse(id.Split(':')[1])), account);
        Assert.Equal(number, (await store.ListAsync(new DeliveryQuery(DeliveryState.Delivered, Limit: 1), default)).Total);
    }

    [Fact]
    public async Task Two_nodes_never_send_one_at_the_same_time()
    {
        var clock = new TestClock();
        var store = new MemoryDeliveryStore(100_000);
        var under = new HashSet<string>(StringComparer.Ordinal);
        var gate = new Lock();
        var clashes = 0;
        var outside = new Outside();
        outside.Answer = async (dispatch, _) =>
        {
            lock (gate)
                if (!under.Add(dispatch.Account)) clashes++;
            for (var i = 0; i < 5; i++) await Task.Yield();
            lock (gate) under.Remove(dispatch.Account);
            return new DeliveryOutcome.Delivered(null);
        };
        await using var one = await Pumped.StartAsync(store, clock, (ReceiverKeys.Chat, outside));
        await using var two = await Pumped.StartAsync(store, clock, (ReceiverKeys.Chat, outside));
        for (var round = 0; round < 100; round++)
        {
            store.Add(Enumerable.Range(0, 20).Select(i => Made.Chat($"a{i % 4}", round * 20 + i, clock.Now)));
            one.Bell.Ring(ReceiverKeys.Chat);
            two.Bell.Ring(ReceiverKeys.Chat);
        }
        await Wait.Until(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
            return outside.Seen.Count == 2_000;
        }, "all arrive");
        Assert.Equal(0, clashes);
        Assert.Equal(2_000, outside.Sent.Count);
        foreach (var account in outside.Seen.GroupBy(id => id.Split(':')[0]))
            Assert.Equal(account.OrderBy(id => int.Parse(id.Split(':')[1])), account);
    }

    // Takes it and says so, takes it and the answer is lost, or does not take it.
    private static Outside Flaky(Random random)
    {
        var outside = new Outside { Concurrency = 2 };
        outside.Answer = (dispatch, _) =>
        {
            int draw;
            lock (random) draw = random.Next(10);
            if (draw == 0) outside.Take(dispatch);
            return Task.FromResult<DeliveryOutcome>(draw switch
            {
                0 => new DeliveryOutcome.Away("the line broke after it was sent"),
                1 => new DeliveryOutcome.Later("busy"),
                _ => new DeliveryOutcome.Delivered(null),
            });
        };
        return outside;
    }

    /// <summary>The store as one node has it, which dies after so many calls: from then on nothing that it does is kept.</summary>
    private sealed class Mortal(MemoryDeliveryStore store, int calls) : IDeliveryStore
    {
        private int _left = calls;
        private int _calls;
        private int _unnoted;

        public bool HasBegun => Volatile.Read(ref _calls) > 0;

        public bool IsDead => Volatile.Read(ref _left) <= 0;

        /// <summary>How many were sent when it died, and it could not say so.</summary>
        public int Unnoted => Volatile.Read(ref _unnoted);

        public void Kill() => Volatile.Write(ref _left, 0);

        public ValueTask<IReadOnlyList<ClaimedDispatch>> ClaimAsync(DeliveryClaim claim, CancellationToken cancellationToken) =>
            Alive().ClaimAsync(claim, cancellationToken);

        public ValueTask<bool> SettleAsync(string id, int attempt, Settlement settlement, CancellationToken cancellationToken)
        {
            if (IsDead) Interlocked.Increment(ref _unnoted);
            return Alive().SettleAsync(id, attempt, settlement, cancellationToken);
        }

        public ValueTask<int> ExpireAsync(string receiver, long dueBefore, long now, string error, CancellationToken cancellationToken) =>
            Alive().ExpireAsync(receiver, dueBefore, now, error, cancellationToken);

        public ValueTask<IReadOnlyList<DeliveryCount>> CountAsync(long now, CancellationToken cancellationToken) =>
            Alive().CountAsync(now, cancellationToken);

        public ValueTask<Page<DeliveryRecord>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<DeliveryRecord?> RetryAsync(string id, string actor, long now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<DeliveryRecord?> CancelAsync(string id, string reason, long now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        private MemoryDeliveryStore Alive()
        {
            Interlocked.Increment(ref _calls);
            return Interlocked.Decrement(ref _left) < 0 ? throw new IOException("this node is dead") : store;
        }
    }
}
