using System.Globalization;
using System.Text;
using HealthGrains.Accounts;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using HealthGrains.Signals;
using WireFormat = HealthGrains.Intake.WireFormat;

namespace HealthGrains.Grains.Tests;

public sealed class SiloLossTests
{
    private const int Accounts = 60;
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
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

        Assert.Equal((0, Accounts * 3), (again.Accepted, again.Duplicates));
        for (var account = 0; account < Accounts; account++)
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
        using var watcher = host.Watch(new WatchFilter(), null);
        var cancellations = string.Concat(Enumerable.Range(0, Accounts).Select(account => Line(account, 999, "billing", "cancelRequested")));
        await host.TakeAsync(Read(host, cancellations), None);
        var raised = await host.ListAlertsAsync(new AlertQuery(Limit: 500), None);

        await cluster.KillAsync(1);
        await host.TakeAsync(Read(host, cancellations), None);

        // What the dead silo had to say may be lost.
        Assert.True(watcher.Missed);
        Assert.Equal(Accounts, raised.Total);
        var after = await host.ListAlertsAsync(new AlertQuery(Limit: 500), None);
        Assert.Equal(raised.Items.Select(alert => (alert.Id, alert.RaisedAt)), after.Items.Select(alert => (alert.Id, alert.RaisedAt)));
    }

    [Fact]
    public async Task Another_node_answers_what_one_has_taken_and_its_watchers_hear_of_it()
    {
        await using var cluster = await TestCluster.StartAsync(2, new FixedClock(Now), new MemoryStore());
        using var feed = cluster.Host(1).Watch(new WatchFilter(Account: "a7"), null);

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

        for (var account = 0; account < Accounts; account++)
        {
            var history = await host.GetHistoryAsync($"a{account}", 30, None);
            Assert.Equal(
                Enumerable.Range(0, 6).Select(day => DateOnly.FromDateTime(Now.AddDays(day).Date)), history!.TakeLast(6).Select(p => p.Day));
        }
    }

    private static double Offline(IHealthGrains host, string account, List<string> sent)
    {
        var ruling = new Ruling(HealthGrains.Health.HealthModels.Presets[0], HealthGrains.Policy.HealthPolicies.Presets[0], new TenantFacts());
        var now = Now.ToUnixTimeMilliseconds();
        var mine = new List<Signal>();
        foreach (var body in sent)
        {
            foreach (var incoming in Read(host, body).Signals.ToArray())
            {
                ruling = ruling.Merge(incoming.Signal.Source, incoming.Signal.At, now);
                if (incoming.Account == account) mine.Add(incoming.Signal);
            }
        }
        var state = new AccountState(AccountProfile.Unknown(account));
        var turn = ruling.Turn(now, new Outbox());
        AccountTurns.Take(state, [.. mine], turn);
        return AccountTurns.View(state, host.Names, turn).Health.Score;
    }

    private static string Round(int round) => string.Concat(Enumerable.Range(0, Accounts).SelectMany(account => new[]
    {
        Line(account, round * 3, "usage", "login"),
        Line(account, round * 3 + 1, "usage", "login"),
        Line(account, round * 3 + 2, "usage", "workflowCompleted"),
    }));

    private static string Line(int account, int number, string source, string kind)
    {
        var at = Now.AddHours(-5 * (number % 190)).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        return $$"""
            {"id":"{{account}}-{{number}}","account":"a{{account}}","source":"{{source}}","kind":"{{kind}}","at":"{{at}}","subject":"u{{number % 4}}"}

            """;
    }

    private static IntakeBatch Read(IHealthGrains host, string body)
    {
        var batch = new IntakeBatch();
        IntakeReader.Read(WireFormat.Native, Encoding.UTF8.GetBytes(body), IntakeContext.Of(host), batch, BodyShape.Lines);
        Assert.Equal(0, batch.Rejected);
        return batch;
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
