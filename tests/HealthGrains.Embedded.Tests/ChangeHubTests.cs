using HealthGrains.Hosting;

namespace HealthGrains.Embedded.Tests;

public sealed class ChangeHubTests
{
    [Fact]
    public async Task Of_several_changes_of_one_account_only_the_latest_is_delivered_in_order()
    {
        var hub = new ChangeHub(1, 10);
        using var feed = hub.Open(new WatchFilter(), null);
        hub.Publish("account.changed", "a", 1);
        hub.Publish("alert.raised", "a", "one");
        hub.Publish("account.changed", "b", 2);
        hub.Publish("account.changed", "a", 3);
        hub.Publish("alert.resolved", "a", "two");

        var changes = await feed.ReadAsync(CancellationToken.None);

        Assert.Equal(["one", 2, 3, "two"], changes.Select(change => change.Data));
        Assert.Equal(changes.Select(change => change.Sequence).Order(), changes.Select(change => change.Sequence));
        Assert.False(feed.Missed);
    }

    [Fact]
    public async Task A_watcher_hears_only_of_what_it_asked_for()
    {
        var hub = new ChangeHub(1, 10);
        using var feed = hub.Open(new WatchFilter(Account: "a"), null);
        hub.Publish("account.changed", "b", 1);
        hub.Publish("account.changed", "a", 2);

        Assert.Equal("a", Assert.Single(await feed.ReadAsync(CancellationToken.None)).Account);
    }

    [Fact]
    public async Task A_watcher_resumes_where_it_left_off()
    {
        var hub = new ChangeHub(1, 10);
        using var before = hub.Open(new WatchFilter(), null);
        hub.Publish("alert.raised", "a", 1);
        var last = (await before.ReadAsync(CancellationToken.None))[^1].Sequence;
        hub.Publish("alert.raised", "b", 2);

        using var after = hub.Open(new WatchFilter(), last);

        Assert.Equal(2, Assert.Single(await after.ReadAsync(CancellationToken.None)).Data);
        Assert.False(after.Missed);
    }

    [Fact]
    public async Task A_watcher_who_was_away_too_long_is_told_that_it_missed_something()
    {
        var hub = new ChangeHub(1, 10, remembered: 4);
        using var first = hub.Open(new WatchFilter(), null);
        hub.Publish("alert.raised", "a", 0);
        var start = (await first.ReadAsync(CancellationToken.None))[0].Sequence;
        for (var i = 1; i <= 4; i++) hub.Publish("alert.raised", "a", i);

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
        var hub = new ChangeHub(1, 10);
        using var feed = hub.Open(new WatchFilter(), null);
        hub.Publish("alert.raised", "a", 0);
        var last = (await feed.ReadAsync(CancellationToken.None))[0].Sequence;

        var restarted = new ChangeHub(2, 10);
        restarted.Publish("alert.raised", "a", 0);
        using var resumed = restarted.Open(new WatchFilter(), last);
        using var invented = restarted.Open(new WatchFilter(), long.MaxValue);

        Assert.True(resumed.Missed);
        Assert.True(invented.Missed);
    }

    [Fact]
    public async Task Pending_changes_are_bounded_and_overflow_is_told()
    {
        var hub = new ChangeHub(1, 10);
        using var feed = hub.Open(new WatchFilter(), null);
        for (var i = 0; i < ChangeFeed.PendingLimit + 5; i++) hub.Publish("alert.raised", "a", i);

        Assert.True(feed.Missed);
        Assert.Equal(ChangeFeed.PendingLimit, (await feed.ReadAsync(CancellationToken.None)).Count);
    }

    [Fact]
    public async Task A_read_waits_for_the_next_change_and_ends_with_the_host()
    {
        var hub = new ChangeHub(1, 1);
        using var feed = hub.Open(new WatchFilter(), null);
        var waiting = feed.ReadAsync(CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        hub.Publish("account.changed", "a", 1);
        Assert.Single(await waiting);

        Assert.Throws<HostUnavailableException>(() => hub.Open(new WatchFilter(), null));
        var last = feed.ReadAsync(CancellationToken.None).AsTask();
        hub.End(new HostUnavailableException("over"));
        await Assert.ThrowsAsync<HostUnavailableException>(async () => await last);
    }

    [Fact]
    public async Task A_host_tells_of_an_account_once_when_a_batch_changes_it()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync();
        using var feed = host.Watch(new WatchFilter(), null);
        await host.TakeAsync(MadeUp.Login("acme", 1, 100, directory.Clock.GetUtcNow()), CancellationToken.None);
        await host.SettleAsync();

        var change = Assert.Single(await feed.ReadAsync(CancellationToken.None));

        Assert.Equal(("account.changed", "acme"), (change.Type, change.Account));
        Assert.Equal(100, Assert.IsType<AccountSummary>(change.Data).Version);
    }
}
