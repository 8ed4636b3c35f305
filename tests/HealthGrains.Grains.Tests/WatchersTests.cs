using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;

using static HealthGrains.Grains.Tests.MadeUp;

namespace HealthGrains.Grains.Tests;

/// <summary>What changes is sent to the nodes while somebody watches, and else it is not.</summary>
public sealed class WatchersTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly WatchFilter Everything = new();

    // A machine that other tests share may leave a silo waiting for a second; what is renewed late says nothing about the product.
    private static readonly TimeSpan RenewedInTime = TimeSpan.FromSeconds(2);
    private const int SeveralLeases = 50;

    [Fact]
    public async Task Nothing_is_sent_while_nobody_watches_and_who_begins_to_hears_what_comes_then_from_every_silo()
    {
        await using var cluster = await StartAsync();
        await UntilAsync(() => !cluster.IsWatched(0) && !cluster.IsWatched(1));
        await TakeAsync(cluster, 0, 1);
        Assert.Equal(0, Published(cluster, 0));

        using var feed = await cluster.Host(1).WatchAsync(Everything, null, None);

        // Both at once, not when they next ask.
        Assert.True(cluster.IsWatched(0) && cluster.IsWatched(1));
        await TakeAsync(cluster, 0, 2);
        var heard = new HashSet<string>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (heard.Count < Book) heard.UnionWith((await feed.ReadAsync(patience.Token)).Select(change => change.Account));
        Assert.False(feed.Missed);
    }

    [Fact]
    public async Task A_watcher_is_told_for_as_long_as_it_stays()
    {
        await using var cluster = await StartAsync(RenewedInTime);
        using var feed = await cluster.Host(1).WatchAsync(Everything, null, None);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));

        for (var round = 0; round < SeveralLeases; round++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            Assert.True(cluster.IsWatched(0) && cluster.IsWatched(1), $"round {round}");
        }
        await TakeAsync(cluster, 0, 1);

        Assert.NotEmpty(await feed.ReadAsync(patience.Token));
    }

    [Fact]
    public async Task Who_resumes_after_a_time_in_which_nobody_watched_is_told_to_reload()
    {
        await using var cluster = await StartAsync();
        long last;
        using (var feed = await cluster.Host(0).WatchAsync(Everything, null, None))
        {
            await TakeAsync(cluster, 0, 1);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            last = (await feed.ReadAsync(patience.Token))[^1].Sequence;
        }
        await UntilAsync(() => !cluster.IsWatched(0) && !cluster.IsWatched(1));
        await TakeAsync(cluster, 0, 2);

        using var resumed = await cluster.Host(0).WatchAsync(Everything, last, None);

        Assert.True(resumed.Missed);
    }

    [Fact]
    public async Task When_a_silo_dies_the_others_send_until_they_know_better()
    {
        await using var cluster = await StartAsync();
        await UntilAsync(() => !cluster.IsWatched(0) && !cluster.IsWatched(1));

        // They may know better a moment later.
        var isWatched = cluster.IsWatchedAtADeathAsync(0);

        await cluster.KillAsync(1);

        Assert.True(await isWatched.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Who_watches_is_told_on_when_the_silo_dies_that_may_have_known_of_them()
    {
        await using var cluster = await StartAsync(RenewedInTime);
        using var feed = await cluster.Host(0).WatchAsync(Everything, null, None);

        await cluster.KillAsync(1);

        for (var round = 0; round < SeveralLeases; round++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            Assert.True(cluster.IsWatched(0), $"round {round}");
        }
    }

    [Fact]
    public async Task A_silo_that_joins_where_nobody_watches_does_not_send_until_a_lease_is_over()
    {
        var lease = TimeSpan.FromSeconds(12);
        await using var cluster = await StartAsync(lease);
        await UntilAsync(() => !cluster.IsWatched(0) && !cluster.IsWatched(1));

        await cluster.StartAnotherAsync();

        var before = TimeProvider.System.GetTimestamp();
        await UntilAsync(() => !cluster.IsWatched(2));
        Assert.InRange(TimeProvider.System.GetElapsedTime(before), TimeSpan.Zero, lease / 2);
        Assert.False(cluster.IsWatched(0) || cluster.IsWatched(1));
    }

    private static Task<TestCluster> StartAsync(TimeSpan? lease = null) =>
        TestCluster.StartAsync(2, new FixedClock(Now), new MemoryStore(), watchLease: lease ?? TimeSpan.FromMilliseconds(900));

    private static async Task TakeAsync(TestCluster cluster, int silo, int round) =>
        await cluster.Host(silo).TakeAsync(Read(cluster.Host(silo), Round(round)), None);

    private static double Published(TestCluster cluster, int silo) => cluster.Host(silo).Status.Figures["healthgrains.changes.published"];

    private static async Task UntilAsync(Func<bool> reached)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!reached()) await timer.WaitForNextTickAsync(patience.Token);
    }
}
