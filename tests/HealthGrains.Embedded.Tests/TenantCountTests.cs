using HealthGrains.Embedded.Storage;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Embedded.Tests;

/// <summary>What is counted over all accounts is an input to turns: it is journaled, and a restart goes by what was counted.</summary>
public sealed class TenantCountTests
{
    private const int Customers = 15;

    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(false, int.MaxValue)]
    [InlineData(false, 900)]
    [InlineData(true, int.MaxValue)]
    public async Task A_host_that_starts_again_goes_by_what_was_counted_before(bool cleanly, int checkpointSignals)
    {
        await using var directory = new HostDirectory();
        await directory.StartAsync(options => options.CheckpointSignals = checkpointSignals);
        await SilenceAsync(directory);
        var counted = await directory.Host.GetSourcesAsync(None);
        Assert.Equal(SourceState.Silent, counted.Items[0].State);
        var states = await directory.StatesAsync();
        var view = await directory.Host.GetAccountAsync("customer-3", null, None);

        if (cleanly) await directory.Host.StopAsync(None);
        else directory.Host.StopAbruptly();
        await directory.StartAsync();

        Assert.Equal(states, await directory.StatesAsync());
        Assert.Equal(Json.Write(counted), Json.Write(await directory.Host.GetSourcesAsync(None)));
        var again = await directory.Host.GetAccountAsync("customer-3", null, None);
        Assert.Equal(view!.Health.Score, again!.Health.Score);
        Assert.Equal(Json.Write(view.Sources), Json.Write(again.Sources));
    }

    [Fact]
    public async Task A_silence_that_lasts_over_a_restart_is_told_once()
    {
        await using var directory = new HostDirectory();
        await directory.StartAsync();
        await SilenceAsync(directory);
        directory.Host.StopAbruptly();
        await directory.StartAsync();
        await PassAsync(directory, 12);
        var told = await directory.Host.Desks.Deliveries.ListAsync(new Delivery.DeliveryQuery(), None);
        Assert.Equal("tenant:usage:1:silent", Assert.Single(told.Items).Dispatch.Id);
        var audit = await directory.Host.ListAuditAsync(new AuditQuery(Actor: "tenant"), None);
        Assert.Equal(("source.silent", "usage"), (Assert.Single(audit.Items).Action, audit.Items[0].Subject));
    }

    [Fact]
    public async Task Who_watches_hears_of_it()
    {
        await using var directory = new HostDirectory();
        await directory.StartAsync();
        using var feed = await directory.Host.WatchAsync(new WatchFilter(), null, None);
        await SilenceAsync(directory);
        var heard = (await feed.ReadAsync(None)).Single(change => change.Type == ChangeType.SourceSilent);
        Assert.Equal("usage", Assert.IsType<SourceView>(heard.Data).Source);
    }

    /// <summary>Four weeks in which everybody works, and then four days in which nobody is heard.</summary>
    private static async Task SilenceAsync(HostDirectory directory)
    {
        ulong id = 1;
        for (var day = 28; day > 0; day--)
        {
            var at = directory.Clock.GetUtcNow().AddDays(-day);
            if (at.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) continue;
            var batch = new IntakeBatch();
            for (var customer = 0; customer < Customers; customer++)
                for (ulong user = 1; user < 6; user++)
                    batch.Add($"customer-{customer}", new Signal(id++, at.ToUnixTimeMilliseconds(), SignalKind.Login, user << 32));
            await directory.Host.TakeAsync(batch, None);
        }

        await PassAsync(directory, 16);
    }

    private static async Task PassAsync(HostDirectory directory, int quarters)
    {
        for (var quarter = 0; quarter < quarters; quarter++)
        {
            directory.Clock.Advance(TimeSpan.FromHours(6));
            await directory.Host.SettleAsync();
        }
    }
}
