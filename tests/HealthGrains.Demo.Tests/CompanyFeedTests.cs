using HealthGrains.Embedded;
using HealthGrains.Hosting;
using HealthGrains.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace HealthGrains.Demo.Tests;

public sealed class CompanyFeedTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_feed_that_begins_where_another_ended_delivers_the_rest_and_nothing_twice()
    {
        var company = Company.Create(new CompanySettings { Seed = 2, Accounts = 6, Days = 30 });
        var (whole, _) = await DeliverAsync(company, company.Settings.Start.AddDays(20));
        var (halves, delivered) = await DeliverAsync(company, company.Settings.Start.AddDays(7.3), company.Settings.Start.AddDays(20));
        Assert.Equal(whole, halves);
        Assert.True(delivered > 0);
    }

    [Fact]
    public async Task A_day_that_is_over_is_settled_before_the_next_one_begins()
    {
        var company = Company.Create(new CompanySettings { Seed = 2, Accounts = 6, Days = 30 });
        var clock = new SimulatedClock(company.Settings.Start, TimeProvider.System);
        await using var host = await HostAsync(clock);
        var settled = new List<DateTimeOffset>();
        Task Settle() => Task.Run(() => settled.Add(clock.GetUtcNow()));
        using var feed = new CompanyFeed(company, host, Settle, clock, DateTimeOffset.MinValue);
        await feed.CatchUpAsync(company.Settings.Start.AddDays(3.5), _ => { }, None);

        Assert.Equal(Enumerable.Range(1, 3).Select(day => company.Settings.Start.AddDays(day)), settled);
    }

    [Fact]
    public async Task A_welcome_names_an_account_and_commands_that_can_be_tried()
    {
        var company = Company.Create(new CompanySettings { Seed = 2, Accounts = 6, Days = 30 });
        var clock = new SimulatedClock(company.Settings.Start, TimeProvider.System);
        await using var host = await HostAsync(clock);
        using var feed = new CompanyFeed(company, host, host.SettleAsync, clock, DateTimeOffset.MinValue);
        await feed.IntroduceAsync(None);
        await feed.CatchUpAsync(company.Settings.Start.AddDays(30), _ => { }, None);
        var said = new List<string>();

        await Welcome.SayAsync(said.Add, host, "http://somewhere", 1, hasDashboard: true, "The end.", None);

        Assert.Contains(said, line => line.Contains("6 accounts", StringComparison.Ordinal));
        Assert.Contains("The dashboard, in a browser: http://somewhere/", said);
        Assert.Equal(3, said.Count(line => line.Contains("http://somewhere/v1/", StringComparison.Ordinal)));
        Assert.EndsWith("The end.", said[^1], StringComparison.Ordinal);
    }

    private static async Task<(long Signals, long LastDelivered)> DeliverAsync(Company company, params DateTimeOffset[] stops)
    {
        var clock = new SimulatedClock(company.Settings.Start, TimeProvider.System);
        await using var host = await HostAsync(clock);
        var until = DateTimeOffset.MinValue;
        var last = 0L;
        foreach (var stop in stops)
        {
            using var feed = new CompanyFeed(company, host, host.SettleAsync, clock, until);
            if (until == DateTimeOffset.MinValue) await feed.IntroduceAsync(None);
            await feed.CatchUpAsync(stop, _ => { }, None);
            (until, last) = (feed.DeliveredUntil, feed.Delivered);
        }
        return (host.Status.Signals, last);
    }

    private static async Task<EmbeddedHost> HostAsync(SimulatedClock clock)
    {
        var directory = Directory.CreateTempSubdirectory("healthgrains-feed-").FullName;
        var host = new EmbeddedHost(
            new EmbeddedOptions { DataDirectory = directory, Clock = clock, ClockKind = ClockKind.Simulated },
            NullLogger<EmbeddedHost>.Instance);
        await host.StartAsync(None);
        return host;
    }
}
