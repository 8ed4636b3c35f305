using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;

namespace HealthGrains.Embedded.Tests;

public sealed class RecoveryTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    public async Task A_host_that_starts_again_has_the_same_bytes_in_every_account(int seed, bool cleanly)
    {
        await using var directory = new HostDirectory();
        // A crash finds several checkpoint rounds behind it and one under way.
        await directory.StartAsync(options => options.CheckpointSignals = cleanly ? int.MaxValue : 3_000);
        await LiveThrough(directory, new Random(seed), firstId: 1);
        var before = await directory.StatesAsync();
        var signals = directory.Host.Status.Signals;

        if (cleanly) await directory.Host.StopAsync(CancellationToken.None);
        else directory.Host.StopAbruptly();
        await directory.StartAsync();

        var after = await directory.StatesAsync();
        Assert.Equal(before.Keys, after.Keys);
        foreach (var (id, bytes) in before) Assert.True(bytes == after[id], $"seed {seed}: account {id} differs after the restart");
        Assert.Equal(signals, directory.Host.Status.Signals);
    }

    [Fact]
    public async Task Many_restarts_of_both_kinds_lose_and_repeat_nothing()
    {
        await using var directory = new HostDirectory();
        await using var other = new HostDirectory();
        var random = new Random(17);
        var same = new Random(17);
        await other.StartAsync(Unwatched);
        for (var round = 0; round < 6; round++)
        {
            await directory.StartAsync(options =>
            {
                options.CheckpointSignals = 2_000;
                Unwatched(options);
            });
            await LiveThrough(directory, random, (ulong)(round * 100_000 + 1));
            await LiveThrough(other, same, (ulong)(round * 100_000 + 1));
            if (round % 2 == 0) directory.Host.StopAbruptly();
            else await directory.Host.StopAsync(CancellationToken.None);
        }

        await directory.StartAsync(Unwatched);
        var restarted = await directory.StatesAsync();
        var never = await other.StatesAsync();
        Assert.Equal(never.Keys, restarted.Keys);
        Assert.Equal(other.Host.Status.Signals, directory.Host.Status.Signals);
        foreach (var id in never.Keys)
        {
            var left = await other.Host.GetAccountAsync(id, null, CancellationToken.None);
            var right = await directory.Host.GetAccountAsync(id, null, CancellationToken.None);
            Assert.Equal(left!.Health.Score, right!.Health.Score, 9);
            Assert.Equal(left.LastSignals, right.LastSignals);
        }
    }

    [Fact]
    public async Task Signals_repeated_after_a_restart_are_duplicates()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync();
        await host.TakeAsync(MadeUp.Login("acme", 1, 100, directory.Clock.GetUtcNow()), CancellationToken.None);
        host.StopAbruptly();
        host = await directory.StartAsync();

        var receipt = await host.TakeAsync(MadeUp.Login("acme", 51, 100, directory.Clock.GetUtcNow()), CancellationToken.None);

        Assert.Equal(50, receipt.Duplicates);
        Assert.Equal(50, receipt.Accepted);
        Assert.Equal(150, host.Status.Signals);
    }

    [Fact]
    public async Task Days_that_ended_while_the_host_was_down_are_closed_after_the_start()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync();
        await host.TakeAsync(MadeUp.Login("acme", 1, 20, directory.Clock.GetUtcNow()), CancellationToken.None);
        await host.SettleAsync();
        await host.StopAsync(CancellationToken.None);
        directory.Clock.Advance(TimeSpan.FromDays(3));
        host = await directory.StartAsync();
        await host.SettleAsync();

        var history = await host.GetHistoryAsync("acme", 10, CancellationToken.None);

        Assert.Equal(4, history!.Count);
        Assert.Equal([false, false, false, true], history.Select(point => point.Provisional));
        Assert.Equal(new DateOnly(2026, 11, 18), history[0].Day);
    }

    // A count of the whole tenant is of the moment when it is made, and two hosts make theirs at others: what it finds in signals that
    // come in any order may differ. That a host goes by its own counts is what other tests are about.
    private static void Unwatched(EmbeddedOptions options) =>
        options.Policies = [Policy.HealthPolicies.Default with { Connector = null }];

    // Something for every account: what comes and goes, what happens, and a play with a step a day.
    private static readonly PracticeFile[] Practice =
    [
        new("triggers/unhappy.json", """
            { "id": "unhappy", "version": 1, "title": "Unhappy", "per": "unfriendlyAgeDays", "when": { "fact": "unfriendlyAgeDays", "atMost": 30 },
              "alert": { "severity": "yellow", "urgent": true, "approach": "Call." } }
            """),
        new("triggers/low.json", """{ "id": "low", "version": 1, "title": "Low", "when": { "fact": "score", "below": 60 }, "clearDays": 1 }"""),
        new("playbooks/lift.json", """
            { "id": "lift", "version": 1, "title": "Lift", "goal": "Up.", "trigger": "low", "cooldownDays": 1, "steps": [
              { "id": "call", "day": 0, "kind": "task", "title": "Call" }, { "id": "mail", "day": 1, "kind": "email", "title": "Mail", "template": "hello" },
              { "id": "again", "day": 2, "kind": "task", "title": "Call again" }] }
            """),
        new("playbooks/listen.json", """
            { "id": "listen", "version": 1, "title": "Listen", "goal": "Heard.", "trigger": "unhappy", "exits": { "recovered": false }, "steps": [
              { "id": "tell", "day": 0, "kind": "notice", "title": "Tell", "template": "told" }] }
            """),
        new("templates/hello.hbs", "---\nid: hello\nversion: 1\nsubject: Hello\n---\nHello.\n"),
        new("templates/told.hbs", "---\nid: told\nversion: 1\n---\nUnhappy.\n"),
    ];

    private static async Task Work(EmbeddedHost host)
    {
        await host.SettleAsync();
        foreach (var task in (await host.ListTasksAsync(new WorkQuery(Limit: 5), CancellationToken.None)).Items)
            if (DeskIds.TryReadTask(task.Id, out var account, out var number))
                await host.DoAsync(account, new EndTask("tester", number, false, "done", "well", ["and then"]), CancellationToken.None);
        foreach (var play in (await host.ListPlaysAsync(new WorkQuery(Limit: 3), CancellationToken.None)).Items)
            if (DeskIds.TryReadPlay(play.Id, out var account, out var number))
                await host.DoAsync(account, new StopPlay("tester", number, "enough"), CancellationToken.None);
    }

    private static async Task LiveThrough(HostDirectory directory, Random random, ulong firstId)
    {
        var host = directory.Host;
        var id = firstId;
        await host.ChangePracticeAsync(new PracticeEdit(Practice, []), "tester", CancellationToken.None);
        for (var step = 0; step < 30; step++)
        {
            var now = directory.Clock.GetUtcNow();
            await host.TakeAsync(MadeUp.Batch(random, ref id, random.Next(1, 800), 40, now), CancellationToken.None);
            if (step % 5 == 0)
            {
                var profile = MadeUp.Profile($"account-{random.Next(40)}") with
                {
                    Name = $"Name {step}", Arr = random.Next(1, 100) * 1_000m, Owner = "ann",
                };
                await host.PutProfileAsync(profile, "tester", CancellationToken.None);
            }

            if (step == 12) await host.ActivateModelAsync("four-dimensions-1", "tester", CancellationToken.None);
            if (step == 22) await Work(host);
            if (step == 20)
            {
                await host.SettleAsync();
                var alerts = await host.ListAlertsAsync(new AlertQuery(), CancellationToken.None);
                if (alerts.Items.Count > 0) await host.AcknowledgeAlertAsync(alerts.Items[0].Id, "tester", CancellationToken.None);
                if (alerts.Items.Count > 1)
                    await host.ResolveAlertAsync(alerts.Items[1].Id, "tester", "called them", CancellationToken.None);
            }

            directory.Clock.Advance(TimeSpan.FromHours(random.Next(1, 7)));
            if (step % 3 == 0) await host.SettleAsync();
        }

        await host.SettleAsync();
    }
}
