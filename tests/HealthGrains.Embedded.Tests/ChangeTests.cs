using HealthGrains.Hosting;

namespace HealthGrains.Embedded.Tests;

public sealed class ChangeTests
{
    [Fact]
    public async Task A_host_tells_of_an_account_once_when_a_batch_changes_it()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync();
        using var feed = await host.WatchAsync(new WatchFilter(), null, CancellationToken.None);
        await host.TakeAsync(MadeUp.Login("acme", 1, 100, directory.Clock.GetUtcNow()), CancellationToken.None);
        await host.SettleAsync();

        var change = Assert.Single(await feed.ReadAsync(CancellationToken.None));

        Assert.Equal(("account.changed", "acme"), (change.Type, change.Account));
        Assert.Equal(100, Assert.IsType<AccountSummary>(change.Data).Version);
    }
}
