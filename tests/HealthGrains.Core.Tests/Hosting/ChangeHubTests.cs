using HealthGrains.Hosting;

namespace HealthGrains.Core.Tests.Hosting;

public sealed class ChangeHubTests
{
    [Fact]
    public async Task Of_several_changes_of_one_account_only_the_latest_is_delivered_in_order()
    {
        var hub = Hub();
        using var feed = hub.Open(new WatchFilter(), null);
        hub.Changed("a", null);
        hub.Publish("alert.raised", "a", null, "one");
        hub.Changed("b", null);
        hub.Changed("a", null);
        hub.Publish("alert.resolved", "a", null, "two");

        var changes = await feed.ReadAsync(CancellationToken.None);

        Assert.Equal(["one", "row of b", "row of a", "two"], changes.Select(change => change.Data));
        Assert.Equal(changes.Select(change => change.Sequence).Order(), changes.Select(change => change.Sequence));
        Assert.False(feed.Missed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(1_000_000)]
    public void Who_resumes_from_before_changes_that_nobody_was_told_of_is_told_to_reload(int passed)
    {
        var hub = new ChangeHub(1, 10, _ => null, remembered: 100);
        hub.Changed("a", null);
        var before = (1L << 36) + 1;
        hub.Pass(passed);

        using var resumed = hub.Open(new WatchFilter(), before);
        using var current = hub.Open(new WatchFilter(), before + passed);

        Assert.True(resumed.Missed);
        Assert.False(current.Missed);
    }

    [Fact]
    public async Task What_an_account_has_become_is_looked_up_when_it_is_read_and_an_erased_one_is_left_out()
    {
        var rows = new Dictionary<string, object> { ["a"] = 1, ["b"] = 1 };
        var hub = new ChangeHub(1, 10, rows.GetValueOrDefault);
        using var feed = hub.Open(new WatchFilter(), null);
        hub.Changed("a", null);
        hub.Changed("b", null);
        rows["a"] = 2;
        rows.Remove("b");

        var change = Assert.Single(await feed.ReadAsync(CancellationToken.None));

        Assert.Equal(("a", 2), (change.Account, change.Data));
        hub.Changed("b", null);
        var waiting = feed.ReadAsync(CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        hub.Changed("a", null);
        Assert.Single(await waiting);
    }

    [Fact]
    public async Task A_watcher_of_an_owner_hears_of_that_owners_accounts_alone()
    {
        var hub = Hub();
        using var feed = hub.Open(new WatchFilter(Owner: "dana"), null);
        hub.Changed("a", "kim");
        hub.Changed("b", "dana");
        hub.Publish("alert.raised", "a", "kim", 1);

        Assert.Equal("b", Assert.Single(await feed.ReadAsync(CancellationToken.None)).Account);
    }

    [Fact]
    public async Task A_watcher_hears_only_of_what_it_asked_for()
    {
        var hub = Hub();
        using var feed = hub.Open(new WatchFilter(Account: "a"), null);
        hub.Changed("b", null);
        hub.Changed("a", null);

        Assert.Equal("a", Assert.Single(await feed.ReadAsync(CancellationToken.None)).Account);
    }

    [Fact]
    public async Task A_watcher_resumes_where_it_left_off()
    {
        var hub = Hub();
        using var before = hub.Open(new WatchFilter(), null);
        hub.Publish("alert.raised", "a", null, 1);
        var last = (await before.ReadAsync(CancellationToken.None))[^1].Sequence;
        hub.Publish("alert.raised", "b", null, 2);

        using var after = hub.Open(new WatchFilter(), last);

        Assert.Equal(2, Assert.Single(await after.ReadAsync(CancellationToken.None)).Data);
        Assert.False(after.Missed);
    }

    [Fact]
    public async Task A_watcher_who_was_away_too_long_is_told_that_it_missed_something()
    {
        var hub = Hub(remembered: 4);
        using var first = hub.Open(new WatchFilter(), null);
        hub.Publish("alert.raised", "a", null, 0);
        var start = (await first.ReadAsync(CancellationToken.None))[0].Sequence;
        for (var i = 1; i <= 4; i++) hub.Publish("alert.raised", "a", null, i);

        using var justInTime = hub.Open(new WatchFilter(), start);
        using var tooLate = hub.Open(new WatchFilter(), start - 1);

        Assert.False(justInTime.Missed);
        Assert.Equal(4, (await justInTime.ReadAsync(CancellationToken.None)).Count);
        Assert.True(tooLate.Missed);
        Assert.Equal(4, (await tooLate.ReadAsync(CancellationToken.None)).Count);
    }

    [Fact]
    public async Task A_number_from_before_a_restart_or_from_nowhere_is_reported_as_missed()
    {
        var hub = Hub();
        using var feed = hub.Open(new WatchFilter(), null);
        hub.Publish("alert.raised", "a", null, 0);
        var last = (await feed.ReadAsync(CancellationToken.None))[0].Sequence;

        var restarted = Hub(epoch: 2);
        restarted.Publish("alert.raised", "a", null, 0);
        using var resumed = restarted.Open(new WatchFilter(), last);
        using var invented = restarted.Open(new WatchFilter(), long.MaxValue);

        Assert.True(resumed.Missed);
        Assert.True(invented.Missed);
    }

    [Fact]
    public async Task Pending_changes_are_bounded_and_overflow_is_told()
    {
        var hub = Hub();
        using var feed = hub.Open(new WatchFilter(), null);
        for (var i = 0; i < ChangeFeed.PendingLimit + 5; i++) hub.Publish("alert.raised", "a", null, i);

        Assert.True(feed.Missed);
        Assert.Equal(ChangeFeed.PendingLimit, (await feed.ReadAsync(CancellationToken.None)).Count);
    }

    [Fact]
    public async Task A_read_waits_for_the_next_change_and_ends_with_the_host()
    {
        var hub = Hub(limit: 1);
        using var feed = hub.Open(new WatchFilter(), null);
        var waiting = feed.ReadAsync(CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        hub.Changed("a", null);
        Assert.Single(await waiting);

        Assert.Throws<HostUnavailableException>(() => hub.Open(new WatchFilter(), null));
        var last = feed.ReadAsync(CancellationToken.None).AsTask();
        hub.End(new HostUnavailableException("over"));
        await Assert.ThrowsAsync<HostUnavailableException>(async () => await last);
    }

    [Fact]
    public void Whoever_watches_when_changes_may_be_lost_is_told_to_reload_and_whoever_comes_later_is_not()
    {
        var hub = Hub();
        using var before = hub.Open(new WatchFilter(), null);
        hub.MarkMissed();
        using var after = hub.Open(new WatchFilter(), null);

        Assert.True(before.Missed);
        Assert.False(after.Missed);
    }

    private static ChangeHub Hub(long epoch = 1, int limit = 10, int remembered = ChangeHub.Remembered) =>
        new(epoch, limit, account => $"row of {account}", remembered);
}
