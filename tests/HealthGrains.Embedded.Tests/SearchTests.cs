using HealthGrains.Hosting;

namespace HealthGrains.Embedded.Tests;

/// <summary>How far an account's signals are looked for, and what is said where that is not all the way.</summary>
public sealed class SearchTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_search_ends_after_so_many_signals_and_says_so()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync(options => options.SearchedSignals = 25);
        var now = directory.Clock.GetUtcNow();
        for (var k = 0; k < 5; k++)
        {
            await host.TakeAsync(MadeUp.Login("acme", (ulong)(1 + k * 20), 10, now.AddMinutes(-1)), None);
            await host.TakeAsync(MadeUp.Login("other", (ulong)(11 + k * 20), 10, now.AddMinutes(-1)), None);
        }

        var found = (await host.FindSignalsAsync("acme", new SignalsQuery(now.AddDays(-1), now), None))!;

        // Three commits of ten: of one's own, every second.
        Assert.Equal((10, false), (found.Total, found.Complete));
        Assert.Contains("30 signals were looked through", found.Reason, StringComparison.Ordinal);
        var nobody = (await host.FindSignalsAsync("acme", new SignalsQuery(now.AddDays(3), now.AddDays(4)), None))!;
        Assert.Equal((0, true, null), (nobody.Total, nobody.Complete, nobody.Reason));
    }

    [Fact]
    public async Task Of_signals_that_the_journal_no_longer_keeps_it_is_said_that_they_are_gone()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync(options => options.CheckpointSignals = 1);
        var then = directory.Clock.GetUtcNow();
        await host.TakeAsync(MadeUp.Login("acme", 1, 100, then), None);
        directory.Clock.Advance(TimeSpan.FromDays(31));
        var now = directory.Clock.GetUtcNow();
        SignalsFound? found = null;
        ulong id = 1_000;
        for (var round = 0; found is not { Complete: false }; round++)
        {
            Assert.True(round < 1_000, "the old entry is never reduced");
            await host.TakeAsync(MadeUp.Login("acme", id++, 1, now), None);
            await host.SettleAsync();
            found = await host.FindSignalsAsync("acme", new SignalsQuery(then.AddDays(-1), now.AddMinutes(1)), None);
        }

        Assert.Equal((int)(id - 1_000), found.Total);
        Assert.Contains("kept for 30 days", found.Reason, StringComparison.Ordinal);
        Assert.True((await host.FindSignalsAsync("acme", new SignalsQuery(now.AddDays(-1), now.AddMinutes(1)), None))!.Complete);
    }

    [Fact]
    public async Task An_erased_account_has_no_signals_and_neither_has_the_one_that_comes_after_it()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync();
        var now = directory.Clock.GetUtcNow();
        await host.TakeAsync(MadeUp.Login("acme", 1, 10, now.AddMinutes(-1)), None);
        await host.EraseAsync("acme", "test", None);
        var query = new SignalsQuery(now.AddDays(-1), now);
        Assert.Null(await host.FindSignalsAsync("acme", query, None));
        await host.TakeAsync(MadeUp.Login("acme", 100, 1, now.AddMinutes(-1)), None);
        Assert.Equal(1, (await host.FindSignalsAsync("acme", query, None))!.Total);
    }
}
