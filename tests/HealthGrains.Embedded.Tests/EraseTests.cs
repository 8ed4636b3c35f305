using System.Text;
using HealthGrains.Accounts;
using HealthGrains.Hosting;

namespace HealthGrains.Embedded.Tests;

public sealed class EraseTests
{
    private const string Marker = "zz-marker-4711";

    [Fact]
    public async Task Of_an_erased_account_nothing_is_found_in_any_file()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync(options => options.CheckpointSignals = 500);
        var random = new Random(3);
        ulong id = 1;
        var own = 0;
        for (var round = 0; round < 20; round++)
        {
            var now = directory.Clock.GetUtcNow();
            await host.TakeAsync(MadeUp.Batch(random, ref id, 300, 30, now), CancellationToken.None);
            await host.TakeAsync(MadeUp.Login(Marker, 1_000_000 + (ulong)own, 10, now), CancellationToken.None);
            own += 10;
            await host.PutProfileAsync(Profile(round), $"actor", CancellationToken.None);
            directory.Clock.Advance(TimeSpan.FromHours(9));
            await host.SettleAsync();
        }

        var waiting = new IntakeBatch();
        waiting.Held.Add(new HeldEvent("stripe", $"{Marker}-cus", "evt_1", "stripe", Encoding.UTF8.GetBytes($$"""{"who":"{{Marker}}"}""")));
        await host.TakeAsync(waiting, CancellationToken.None);
        await host.LinkAsync("stripe", $"{Marker}-cus", Marker, "actor", CancellationToken.None);
        var closes = (await host.GetHistoryAsync(Marker, 100, CancellationToken.None))!.Count - 1;
        Assert.NotEmpty(FilesWith(directory));
        using var feed = await host.WatchAsync(new WatchFilter(), null, CancellationToken.None);

        var receipt = await host.EraseAsync(Marker, "officer", CancellationToken.None);

        Assert.Equal((own, closes), (receipt!.JournaledSignals, receipt.Closes));
        Assert.Empty(FilesWith(directory));
        Assert.Null(await host.GetAccountAsync(Marker, null, CancellationToken.None));
        Assert.Null(await host.EraseAsync(Marker, "officer", CancellationToken.None));
        Assert.Null(host.Identities.Find("zendesk", $"{Marker}-z"));
        Assert.Equal(30, (await host.ListAccountsAsync(new AccountQuery { Limit = 500 }, CancellationToken.None)).Total);

        var states = await directory.StatesAsync();
        host.StopAbruptly();
        await directory.StartAsync();
        Assert.Empty(FilesWith(directory));
        Assert.Equal(states.Keys, (await directory.StatesAsync()).Keys);
        await directory.Host.StopAsync(CancellationToken.None);
        Assert.Empty(FilesWith(directory));
    }

    [Fact]
    public async Task After_an_erasure_the_same_id_is_a_new_account()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync();
        var now = directory.Clock.GetUtcNow();
        await host.TakeAsync(MadeUp.Login("acme", 1, 50, now), CancellationToken.None);
        await host.EraseAsync("acme", "officer", CancellationToken.None);
        await host.TakeAsync(MadeUp.Login("acme", 1_000, 3, now), CancellationToken.None);
        host.StopAbruptly();
        host = await directory.StartAsync();

        Assert.Equal(3, (await host.GetAccountAsync("acme", null, CancellationToken.None))!.Version);
    }

    private static AccountProfile Profile(int round) => new()
    {
        Id = Marker,
        Name = $"{Marker} Incorporated {round}",
        Owner = "ann",
        Goals = [$"{Marker} goal"],
        ExternalIds = new Dictionary<string, string> { ["zendesk"] = $"{Marker}-z" },
        Contacts = [new Contact("c1", $"{Marker} contact", $"{Marker}@example.com")],
    };

    private static string[] FilesWith(HostDirectory directory)
    {
        var marker = Encoding.UTF8.GetBytes(Marker);
        return [.. Directory.EnumerateFiles(directory.Path, "*", SearchOption.AllDirectories).Where(file =>
        {
            // The lock, which is empty, cannot be opened while it is held.
            if (file.EndsWith(".lock", StringComparison.Ordinal)) return false;
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes.AsSpan().IndexOf(marker) >= 0;
        })];
    }
}
