using System.Text;
using HealthGrains.Actors;
using HealthGrains.Grains.Actors;
using HealthGrains.Grains.Hosting;
using HealthGrains.Grains.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;

namespace HealthGrains.Grains.Tests.Actors;

public sealed class ActorTests
{
    private const long Minute = 60_000;

    private readonly FixedClock _clock = new(MadeUp.Now);
    private readonly Kitchen _kitchen = new();

    [Fact]
    public async Task Steps_are_taken_when_they_fall_due_and_what_was_missed_is_caught_up_in_order()
    {
        await using var cluster = await StartAsync();
        var timer = cluster.Grain<IKitchenTimerGrain>("soup");
        await timer.SetAsync("soup", [9 * Minute, 3 * Minute, 5 * Minute, 60 * Minute]);
        Assert.Equal(0, await timer.TakenAsync());

        _clock.Now += TimeSpan.FromMinutes(10);

        var heard = await _kitchen.NextAsync(3);
        // To one receiver in order; the others do not wait for it.
        Assert.Equal([1, 3], heard.Where(one => one.To == "cook").Select(one => one.Number));
        Assert.Equal([1, 2, 3], heard.Select(one => one.Number).Order());
        Assert.All(heard, one => Assert.Equal(one.Number, one.Ring.Step));
        Assert.Equal(3, await timer.TakenAsync());
    }

    [Fact]
    public async Task A_reminder_that_comes_twice_and_too_early_takes_a_step_once()
    {
        await using var cluster = await StartAsync();
        var timer = cluster.Grain<IKitchenTimerGrain>("soup");
        await timer.SetAsync("soup", [3 * Minute, 20 * Minute]);
        var remindable = timer.AsReference<IRemindable>();
        var status = new TickStatus(MadeUp.Now.UtcDateTime, TimeSpan.FromMinutes(1), MadeUp.Now.UtcDateTime);
        await remindable.ReceiveReminder("due", status);
        Assert.Equal(0, await timer.TakenAsync());
        _clock.Now += TimeSpan.FromMinutes(4);

        await Task.WhenAll(remindable.ReceiveReminder("due", status), remindable.ReceiveReminder("due", status));
        await timer.AsReference<IActorGrain>().WakeAsync();

        Assert.Equal(1, (await _kitchen.NextAsync()).Number);
        Assert.Equal(1, await timer.TakenAsync());
        _clock.Now += TimeSpan.FromMinutes(17);
        Assert.Equal(2, (await _kitchen.NextAsync()).Number);
        Assert.Empty(_kitchen.Left());
    }

    [Fact]
    public async Task A_receiver_that_is_down_gets_its_messages_later_and_holds_up_nobody()
    {
        var down = true;
        _kitchen.Way = (heard, _) => down && heard.To == "cook" ? throw new IOException("nobody in the kitchen") : Task.CompletedTask;
        await using var cluster = await StartAsync();
        var timer = cluster.Grain<IKitchenTimerGrain>("soup");
        await timer.SetAsync("soup", [0, 0, 0, 0]);

        Assert.Equal([2, 4], (await _kitchen.NextAsync(2)).Select(one => one.Number));
        // Turns go on meanwhile.
        await timer.SetAsync("stew", []);
        down = false;

        Assert.Equal([(1L, "soup"), (3L, "soup")], (await _kitchen.NextAsync(2)).Select(one => (one.Number, one.Ring.Dish)));
        Assert.Empty(_kitchen.Left());
    }

    [Fact]
    public async Task A_message_that_comes_again_is_taken_once()
    {
        await using var cluster = await StartAsync();
        var timer = cluster.Grain<IKitchenTimerGrain>("soup");
        Assert.True(await timer.HearAsync("guest", 1, [0]));
        Assert.False(await timer.HearAsync("guest", 1, [0]));
        Assert.True(await timer.HearAsync("cook", 1, [0]));
        Assert.True(await timer.HearAsync("guest", 2, [0]));
        Assert.False(await timer.HearAsync("guest", 1, [0]));
        Assert.Equal(3, await timer.TakenAsync());
    }

    [Fact]
    public void A_state_of_an_older_format_is_brought_up_and_one_of_a_later_format_is_refused()
    {
        var old = new ActorRecord<KitchenTimer, Ring> { Format = 1 };
        old.State.Dish = "soup";
        old.Upgrade<KitchenTimerTurns>("timer/soup");
        Assert.Equal((2, "soup, from format 1"), (old.Format, old.State.Dish));

        var later = new ActorRecord<KitchenTimer, Ring> { Format = 3 };
        var refused = Assert.Throws<InvalidDataException>(() => later.Upgrade<KitchenTimerTurns>("timer/soup"));
        Assert.Equal("timer/soup is stored in format 3 and this build reads 2 at most; run the build that wrote it", refused.Message);
    }

    [Fact]
    public void What_a_later_build_stored_beside_is_kept_by_one_that_does_not_know_it()
    {
        const string later = """
            {"format":2,"state":{"due":[5],"taken":0,"dish":"soup","spice":{"salt":3}},"outbox":{"last":7,"messages":[]},
            "heard":{"guest":4},"paused":true}
            """;
        var json = new ActorJson();
        var record = json.Deserialize<ActorRecord<KitchenTimer, Ring>>(new BinaryData(Encoding.UTF8.GetBytes(later)));
        record.Wake<KitchenTimerTurns>(10);

        var written = json.Serialize(record).ToString();

        Assert.Contains("\"spice\":{\"salt\":3}", written, StringComparison.Ordinal);
        Assert.Contains("\"paused\":true", written, StringComparison.Ordinal);
        var again = json.Deserialize<ActorRecord<KitchenTimer, Ring>>(new BinaryData(written));
        Assert.Equal((2, 1, 4L, 8L), (again.Format, again.State.Taken, again.Heard["guest"], again.Outbox.Last));
        Assert.Equal(new ActorMessage<Ring>(8, "cook", new Ring("soup", 1)), Assert.Single(again.Outbox.Messages));
    }

    private Task<TestCluster> StartAsync() => TestCluster.StartAsync(1, _clock, services =>
    {
        services.AddHealthGrainsStore(_ => new MemoryStore());
        services.AddSingleton(_kitchen);
        services.Configure<ReminderOptions>(reminders => reminders.MinimumReminderPeriod = TimeSpan.FromMilliseconds(100));
    });
}
