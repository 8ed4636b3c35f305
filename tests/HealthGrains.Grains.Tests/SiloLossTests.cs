using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;

using static HealthGrains.Grains.Tests.MadeUp;

namespace HealthGrains.Grains.Tests;

public sealed class SiloLossTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task What_was_acknowledged_counts_once_when_a_silo_is_killed_and_another_is_added_under_load()
    {
        var store = new MemoryStore();
        await using var cluster = await TestCluster.StartAsync(3, new FixedClock(Now), store);
        var host = cluster.Host(0);
        var sent = new List<string>();
        for (var round = 0; round < 12; round++)
        {
            if (round == 4) await cluster.KillAsync(2);
            if (round == 8) await cluster.StartAnotherAsync();
            var body = Round(round);
            sent.Add(body);
            await host.TakeAsync(Read(host, body), None);
        }

        // The same again: every id is known.
        var again = await host.TakeAsync(Read(host, sent[^1]), None);

        Assert.Equal((0, Book * 3), (again.Accepted, again.Duplicates));
        for (var account = 0; account < Book; account++)
        {
            var view = await host.GetAccountAsync($"a{account}", null, None);
            Assert.Equal(12 * 3, view!.Version);
            Assert.Equal(Offline(host, $"a{account}", sent), view.Health.Score, 1e-9);
        }
    }

    [Fact]
    public async Task An_alert_is_raised_once_though_its_silo_dies_and_what_raised_it_is_sent_again()
    {
        var store = new MemoryStore();
        await using var cluster = await TestCluster.StartAsync(2, new FixedClock(Now), store);
        var host = cluster.Host(0);
        for (var round = 0; round < 30; round++) await host.TakeAsync(Read(host, Round(round)), None);
        using var watcher = await host.WatchAsync(new WatchFilter(), null, CancellationToken.None);
        var cancellations = string.Concat(Enumerable.Range(0, Book).Select(account => Line(account, 999, "billing", "cancelRequested")));
        await host.TakeAsync(Read(host, cancellations), None);
        var raised = await host.ListAlertsAsync(new AlertQuery(Limit: 500), None);

        await cluster.KillAsync(1);
        await host.TakeAsync(Read(host, cancellations), None);

        // What the dead silo had to say may be lost: told as soon as the membership says that it is dead, which may be after the answer.
        await Until(() => watcher.Missed);
        Assert.Equal(Book, raised.Total);
        var after = await host.ListAlertsAsync(new AlertQuery(Limit: 500), None);
        Assert.Equal(raised.Items.Select(alert => (alert.Id, alert.RaisedAt)), after.Items.Select(alert => (alert.Id, alert.RaisedAt)));
    }

    [Fact]
    public async Task Another_node_answers_what_one_has_taken_and_its_watchers_hear_of_it()
    {
        await using var cluster = await TestCluster.StartAsync(2, new FixedClock(Now), new MemoryStore());
        using var feed = await cluster.Host(1).WatchAsync(new WatchFilter(Account: "a7"), null, CancellationToken.None);

        await cluster.Host(0).TakeAsync(Read(cluster.Host(0), Round(1)), None);

        Assert.Equal(3, (await cluster.Host(1).GetAccountAsync("a7", null, None))!.Version);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.Equal("a7", (await feed.ReadAsync(patience.Token))[0].Account);
    }

    [Fact]
    public async Task A_silent_account_is_woken_every_day_and_its_days_are_closed()
    {
        var clock = new FixedClock(Now);
        await using var cluster = await TestCluster.StartAsync(1, clock, new MemoryStore());
        var host = cluster.Host(0);
        await host.TakeAsync(Read(host, Round(1)), None);
        for (var day = 1; day <= 5; day++)
        {
            clock.Now = Now.AddDays(day);
            await cluster.SettleAsync();
        }

        for (var account = 0; account < Book; account++)
        {
            var history = await host.GetHistoryAsync($"a{account}", 30, None);
            Assert.Equal(
                Enumerable.Range(0, 6).Select(day => DateOnly.FromDateTime(Now.AddDays(day).Date)),
                history!.TakeLast(6).Select(point => point.Day));
        }
    }

    [Fact]
    public async Task Days_that_are_older_than_what_is_kept_are_thrown_away_by_the_sweep()
    {
        var clock = new FixedClock(Now);
        var store = new MemoryStore();
        await using var cluster = await TestCluster.StartAsync(1, clock, store);
        await cluster.Host(0).TakeAsync(Read(cluster.Host(0), Round(1)), None);
        foreach (var day in (int[])[1, 2, 3, 4, 5, 803])
        {
            clock.Now = Now.AddDays(day);
            await cluster.SettleAsync();
        }
        // The last accounts of the pass, and that there are no more.
        await cluster.SettleAsync();

        var first = DateOnly.FromDateTime(Now.Date);
        for (var account = 0; account < Book; account++)
        {
            var closes = await store.ClosesAsync($"a{account}", first.AddDays(-60), first.AddDays(4), None);
            Assert.Equal([first.AddDays(3), first.AddDays(4)], closes.Select(close => close.Day));
        }
    }

    private static async Task Until(Func<bool> reached)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!reached()) await timer.WaitForNextTickAsync(patience.Token);
    }
}
