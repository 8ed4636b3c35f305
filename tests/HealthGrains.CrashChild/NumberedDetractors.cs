using HealthGrains.Accounts;
using HealthGrains.Delivery;
using HealthGrains.Embedded;
using HealthGrains.Hosting;
using HealthGrains.Plays.Files;
using HealthGrains.Signals;
using Microsoft.Extensions.Logging.Abstractions;

namespace HealthGrains.CrashChild;

/// <summary>
/// Accounts whose detractor starts a play: an urgent alert and a notice at once, an e-mail by itself a day later. Each raises another
/// alert, of which their owner's budget lets some be pushed. What leaves is written into a file, which stands for a receiver: a line an
/// attempt.
/// </summary>
public static class NumberedDetractors
{
    /// <summary>What leaves for an account, in the end, beside what the budget lets.</summary>
    public const int DispatchesEach = 3;

    /// <summary>The trigger whose alerts the budget holds back.</summary>
    public const string Budgeted = "unhappy";

    /// <summary>How many of those the owner is pushed in a day.</summary>
    public const int Budget = 2;

    private static readonly DateTimeOffset Start = new(2026, 11, 18, 12, 0, 0, TimeSpan.Zero);

    private static readonly PracticeFile[] Practice =
    [
        new("triggers/detractor.json", """
            { "id": "detractor", "version": 1, "title": "A detractor answered", "per": "npsAgeDays",
              "when": { "all": [{ "fact": "nps", "atMost": 6 }, { "fact": "npsAgeDays", "atMost": 14 }] },
              "alert": { "severity": "red", "urgent": true, "approach": "Call today." } }
            """),
        new("playbooks/followUp.json", """
            { "id": "followUp", "version": 1, "title": "Follow-up", "goal": "Somebody listened.", "trigger": "detractor", "exits": { "recovered": false },
              "steps": [
                { "id": "tell", "day": 0, "kind": "notice", "title": "Tell the team", "template": "tell" },
                { "id": "mail", "day": 1, "kind": "email", "title": "Write", "to": "champion", "template": "write", "automatic": ["standard"] }] }
            """),
        new("triggers/unhappy.json", """
            { "id": "unhappy", "version": 1, "title": "Unhappy", "per": "npsAgeDays",
              "when": { "all": [{ "fact": "nps", "atMost": 6 }, { "fact": "npsAgeDays", "atMost": 14 }] },
              "alert": { "severity": "yellow", "approach": "Call." } }
            """),
        new("guardrails/budget.json",
            """{ "id": "budget", "version": 1, "title": "Two a day", "kind": "alertBudget", "most": 2, "days": 1 }"""),
        new("guardrails/morning.json",
            """{ "id": "morning", "version": 1, "title": "At eight", "kind": "digest", "at": "08:00", "template": "morning" }"""),
        new("templates/morning.hbs", "---\nid: morning\nversion: 1\nsubject: Today\n---\nSee your list.\n"),
        new("templates/tell.hbs", "---\nid: tell\nversion: 1\n---\nA detractor.\n"),
        new("templates/write.hbs", "---\nid: write\nversion: 1\nsubject: Thank you\n---\nThank you.\n"),
    ];

    /// <summary>Sends detractors until it is killed; writes the number of each that was acknowledged.</summary>
    public static async Task RunAsync(string directory, int from, string receiver)
    {
        Console.WriteLine("opening");
        var clock = new NumberedClock { Number = from };
        var host = await StartAsync(directory, clock);
        _ = Task.Run(() => DeliverAsync(host, clock, receiver, forEver: true));
        for (var number = from; ; number++)
        {
            clock.Number = number;
            await SendAsync(host, number);
            Console.WriteLine(number);
            await host.SettleAsync();
        }
    }

    /// <summary>Sends the last ones again, lets three days pass, and delivers all there is. The alerts as they are then.</summary>
    public static async Task<IReadOnlyList<AlertView>> FinishAsync(string directory, int end, string receiver)
    {
        var clock = new NumberedClock { Number = end };
        var host = await StartAsync(directory, clock);
        for (var number = Math.Max(0, end - 2); number < end; number++) await SendAsync(host, number);
        await host.SettleAsync();
        for (var day = 0; day < 3; day++)
        {
            clock.Number += 8;
            await host.SettleAsync();
        }

        await DeliverAsync(host, clock, receiver, forEver: false);
        var alerts = new List<AlertView>();
        for (string? cursor = null; ;)
        {
            var page = await host.ListAlertsAsync(new AlertQuery(Limit: 500, Cursor: cursor), CancellationToken.None);
            alerts.AddRange(page.Items);
            if ((cursor = page.Next) is null) break;
        }

        await host.StopAsync(CancellationToken.None);
        return alerts;
    }

    private static async Task<EmbeddedHost> StartAsync(string directory, NumberedClock clock)
    {
        var options = NumberedBatches.Options(directory);
        options.Clock = clock;
        options.CheckpointSignals = 5;
        var host = new EmbeddedHost(options, NullLogger<EmbeddedHost>.Instance);
        await host.StartAsync(CancellationToken.None);
        var change = await host.ChangePracticeAsync(new PracticeEdit(Practice, []), "test", CancellationToken.None);
        if (change.Problems.Count > 0) throw new InvalidOperationException(string.Join("; ", change.Problems));
        return host;
    }

    private static async Task SendAsync(EmbeddedHost host, int number)
    {
        var id = $"account-{number}";
        await host.PutProfileAsync(
            AccountProfile.Unknown(id) with { Owner = "dana", Contacts = [new Contact("kim", "Kim", $"kim@{id}.example", "champion", true)] }, "test",
            CancellationToken.None);
        var batch = new IntakeBatch();
        batch.Add(id, new Signal((ulong)number + 1, Start.AddHours(3 * number).ToUnixTimeMilliseconds(), SignalKind.NpsAnswered, 7, 0, 3));
        await host.TakeAsync(batch, CancellationToken.None);
    }

    private static async Task DeliverAsync(EmbeddedHost host, NumberedClock clock, string receiver, bool forEver)
    {
        while (true)
        {
            var delivered = 0;
            foreach (var key in new[] { ReceiverKeys.Chat, ReceiverKeys.Email })
            {
                var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
                var claimed = await host.Deliveries.ClaimAsync(new DeliveryClaim(key, 10, now, now + 60_000), CancellationToken.None);
                foreach (var claim in claimed)
                {
                    await File.AppendAllTextAsync(receiver, claim.Dispatch.Id + "\n");
                    await host.Deliveries.SettleAsync(claim.Dispatch.Id, claim.Attempt, Settlement.Delivered(now, "file"), CancellationToken.None);
                    delivered++;
                }
            }

            if (delivered == 0 && !forEver) return;
            await Task.Yield();
        }
    }

    /// <summary>Three hours an account.</summary>
    private sealed class NumberedClock : TimeProvider
    {
        public int Number { get; set; }

        public override DateTimeOffset GetUtcNow() => Start.AddHours(3 * Number);
    }
}
