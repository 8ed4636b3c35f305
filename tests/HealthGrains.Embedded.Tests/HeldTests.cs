using System.Text;
using HealthGrains.Embedded.Storage;
using HealthGrains.Hosting;

namespace HealthGrains.Embedded.Tests;

public sealed class HeldTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Events_that_a_crash_left_waiting_though_their_account_is_known_are_taken_at_the_start()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync();
        await host.PutProfileAsync(MadeUp.Profile("acme"), "actor", None);
        await host.TakeAsync(Held("g-1", "m-1"), None);
        await host.TakeAsync(Held("g-2", "m-2"), None);
        await host.StopAsync(None);
        using (var database = Database.Open(directory.Path))
            database.Execute("INSERT INTO identities (source, external, target) VALUES ('segment', 'g-1', 'acme')");

        host = await directory.StartAsync();

        Assert.True((await host.GetAccountAsync("acme", null, None))!.LastSignals.ContainsKey("usage"));
        Assert.Equal("g-2", Assert.Single((await host.ListHeldAsync(50, null, None)).Items).ExternalId);
        Assert.Equal(1, host.Status.Figures["healthgrains.signals.held"]);
    }

    [Fact]
    public async Task Asking_again_for_what_a_link_released_makes_no_more_room_than_there_is()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync(options => options.HeldBytesLimit = 400);
        await host.PutProfileAsync(MadeUp.Profile("acme"), "actor", None);
        Assert.Equal(1, (await host.TakeAsync(Held("g-1", "m-1"), None)).Held);
        for (var round = 0; round < 5; round++)
            Assert.Single(await host.LinkAsync("segment", "g-1", "acme", "actor", None));

        var held = 0;
        for (var k = 0; k < 10; k++) held += (await host.TakeAsync(Held("g-9", $"n-{k}"), None)).Held;
        Assert.InRange(held, 1, 3);
    }

    private static IntakeBatch Held(string group, string id)
    {
        var batch = new IntakeBatch();
        var body = $"{{\"type\":\"track\",\"event\":\"Logged In\",\"userId\":\"u1\",\"messageId\":\"{id}\","
            + $"\"timestamp\":\"2026-11-17T09:00:00Z\",\"context\":{{\"groupId\":\"{group}\"}}}}";
        batch.Held.Add(new HeldEvent("segment", group, id, "segment", Encoding.UTF8.GetBytes(body)));
        return batch;
    }
}
