using FsCheck;
using FsCheck.Fluent;
using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Core.Tests.Accounts;
using HealthGrains.Core.Tests.Plays;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Signals;

namespace HealthGrains.Core.Tests.Alerts;

/// <summary>What is pushed to a CSM, and what is only listed.</summary>
public sealed class AlertBudgetTests
{
    private static readonly DateTimeOffset Monday = Days.Time(Scene.Monday);
    private static readonly Guardrail ThreeAWeek = Made.Rule(GuardrailKind.AlertBudget, "budget") with { Most = 3, Days = 7 };
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(100).WithReplay(20261122, 5);

    [Fact]
    public void The_highest_rank_goes_first_then_red_then_the_most_revenue_then_who_has_waited()
    {
        AlertView[] inOrder =
        [
            Alert("rank", 99), Alert("red", 95, Band.Red), Alert("large", 95, arr: 90_000), Alert("small", 95, arr: 10_000),
            Alert("waiting", 60, raised: -5), Alert("new", 60), Alert("unknownRevenue", 50, arr: null),
        ];
        var choice = Choose(inOrder.Reverse(), [], ThreeAWeek);
        Assert.Equal(["rank", "red", "large"], choice.Pushed.Select(alert => alert.Id));
        Assert.Equal(["small", "waiting", "new", "unknownRevenue"], choice.Listed.Select(alert => alert.Id));
    }

    [Fact]
    public void An_urgent_alert_is_pushed_whatever_the_budget_and_takes_none_of_it()
    {
        AlertPush[] spent = [Before("a", 1), Before("b", 2), Before("c", 3)];
        var choice = Choose([Alert("u", 1) with { Urgent = true }, Alert("d", 99)], spent, ThreeAWeek);
        Assert.Equal("u", Assert.Single(choice.Pushed).Id);
        AlertPush[] urgent = [.. spent.Select(push => push with { Urgent = true })];
        Assert.Equal(["d"], Choose([Alert("d", 99)], urgent, ThreeAWeek).Pushed.Select(alert => alert.Id));
    }

    [Fact]
    public void What_was_listed_is_pushed_when_there_is_room_again()
    {
        AlertPush[] spent = [Before("a", 8), Before("b", 7), Before("c", 1)];
        var choice = Choose([Alert("late", 20), Alert("later", 10)], spent, ThreeAWeek);
        Assert.Equal(["late"], choice.Pushed.Select(alert => alert.Id));
        Assert.Equal(["later"], choice.Listed.Select(alert => alert.Id));
    }

    [Fact]
    public void The_last_place_is_kept_for_what_ranks_high()
    {
        AlertPush[] spent = [Before("a", 1)];
        Assert.Equal(["early"], Choose([Alert("early", 75), Alert("other", 74)], spent, ThreeAWeek).Pushed.Select(alert => alert.Id));
        spent = [.. spent, Before("b", 1)];
        var choice = Choose([Alert("early", AlertBudget.KeptFrom - 5), Alert("risk", AlertBudget.KeptFrom)], spent, ThreeAWeek);
        Assert.Equal("risk", Assert.Single(choice.Pushed).Id);
        Assert.Equal(["early"], Choose([Alert("early", 75)], [], ThreeAWeek with { Most = 1 }).Pushed.Select(alert => alert.Id));
    }

    [Fact]
    public void Where_the_revenue_at_risk_is_known_it_ranks_and_not_the_revenue()
    {
        var (safe, shaky) = (Alert("safe", 95, arr: 90_000) with { Account = "safe" }, Alert("shaky", 95, arr: 30_000) with { Account = "shaky" });
        var risks = new Dictionary<string, decimal> { ["safe"] = 2_000, ["shaky"] = 25_000 };
        var oneAWeek = ThreeAWeek with { Most = 1 };
        Assert.Equal("safe", Assert.Single(Choose([safe, shaky], [], oneAWeek).Pushed).Id);
        Assert.Equal("shaky", Assert.Single(AlertBudget.Choose([safe, shaky], [], [oneAWeek], Monday, risks).Pushed).Id);
    }

    [Fact]
    public void A_yellow_alert_that_turned_red_is_news_once_more()
    {
        var yellow = Alert("a", 90);
        var red = yellow with { Severity = Band.Red, EscalatedAt = Monday, Rank = 100 };
        AlertPush[] told = [new(AlertBudget.KeyOf(yellow), Monday.AddDays(-3), false)];
        Assert.Empty(Choose([yellow], told, ThreeAWeek).Pushed);
        Assert.Equal("a", Assert.Single(Choose([red], told, ThreeAWeek).Pushed).Id);
        Assert.Empty(Choose([red], [.. told, new(AlertBudget.KeyOf(red), Monday, false)], ThreeAWeek).Pushed);
        var taken = red with { State = AlertState.Acknowledged, AcknowledgedAt = Monday.AddHours(-1) };
        Assert.Equal("a", Assert.Single(Choose([taken], told, ThreeAWeek).Pushed).Id);
        Assert.Empty(Choose([taken with { AcknowledgedAt = Monday.AddHours(1) }], told, ThreeAWeek).Pushed);
    }

    [Fact]
    public void There_may_be_room_again_when_the_first_push_counts_no_longer()
    {
        AlertPush[] spent = [Before("old", 9), Before("a", 6), Before("b", 2), new("u", Monday.AddDays(-6.5), true)];
        Assert.Equal(Monday.AddDays(1), AlertBudget.NextRoom(spent, [ThreeAWeek], Monday));
        Assert.Null(AlertBudget.NextRoom(spent, [], Monday));
    }

    [Fact]
    public void What_somebody_has_seen_put_off_or_ended_is_neither_pushed_nor_listed()
    {
        var seen = Enum.GetValues<AlertState>().Where(state => state != AlertState.Open)
            .Select(state => Alert(state.ToString(), 90) with { State = state });
        var choice = Choose(seen, [], ThreeAWeek);
        Assert.Empty(choice.Pushed);
        Assert.Empty(choice.Listed);
    }

    [Fact]
    public void Without_a_budget_all_is_pushed_and_of_two_budgets_both_are_kept()
    {
        var ten = Enumerable.Range(0, 10).Select(k => Alert($"a{k}", k)).ToArray();
        Assert.Equal(10, Choose(ten, []).Pushed.Count);
        var oneADay = Made.Rule(GuardrailKind.AlertBudget, "daily") with { Most = 1, Days = 1 };
        Assert.Equal("a9", Assert.Single(Choose(ten, [Before("x", 3)], ThreeAWeek, oneADay).Pushed).Id);
        Assert.Empty(Choose(ten, [Before("x", 0.5)], ThreeAWeek, oneADay).Pushed);
    }

    [Fact]
    public void A_red_risk_ranks_above_a_yellow_one()
    {
        var yellow = Risk(Band.Yellow);
        var red = Risk(Band.Red);
        Assert.Equal([red.Id, yellow.Id], Choose([yellow, red], [], ThreeAWeek).Pushed.Select(alert => alert.Id));
        Assert.True(yellow.Rank > 0, "a risk without a rank comes after everything");
    }

    [Fact]
    public void Whatever_comes_the_budget_is_kept_and_nothing_is_pushed_twice_or_lost() =>
        Check.One(Runs, Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var dice = new Dice((ulong)seed);
            var budget = ThreeAWeek with { Most = 1 + dice.Below(4), Days = 1 + dice.Below(9) };
            var open = new Dictionary<string, AlertView>();
            var pushes = new List<AlertPush>();
            var now = Monday;
            for (var turn = 0; turn < 80; turn++)
            {
                now = now.AddHours(dice.Below(40));
                for (var come = dice.Below(4); come > 0; come--)
                {
                    var (rank, severity) = (AlertBudget.KeptFrom - 2 + dice.Below(4), dice.Below(2) == 0 ? Band.Red : Band.Yellow);
                    var alert = Alert($"a{open.Count}-{turn}-{come}", rank, severity, dice.Below(3));
                    open[alert.Id] = alert with { Urgent = dice.Below(5) == 0, RaisedAt = now };
                }
                foreach (var id in open.Keys.ToArray())
                    if (dice.Below(12) == 0) open.Remove(id);
                var choice = AlertBudget.Choose(open.Values, pushes, [budget], now);
                var again = AlertBudget.Choose(open.Values.OrderBy(_ => dice.Next()).ToArray(), pushes, [budget], now);
                Assert.Equal(choice.Pushed.Select(alert => alert.Id), again.Pushed.Select(alert => alert.Id));
                Assert.Equal(choice.Listed.Select(alert => alert.Id), again.Listed.Select(alert => alert.Id));
                AlertPush[] made = [.. choice.Pushed.Select(alert => new AlertPush(alert.Id, now, alert.Urgent))];
                pushes.AddRange(made);
                Assert.All(open.Values.Where(alert => alert.Urgent), alert => Assert.Contains(pushes, push => push.Key == alert.Id));
                Assert.All(open.Keys, id => Assert.True(pushes.Any(push => push.Key == id) ^ choice.Listed.Any(alert => alert.Id == id)));
                if (choice.Listed.Count == 0) continue;
                var place = budget.Most > 1 && choice.Listed[0].Rank < AlertBudget.KeptFrom ? 1 : 0;
                Assert.InRange(pushes.Count(push => !push.Urgent && push.At > now.AddDays(-budget.Days)), budget.Most - place, budget.Most);
            }
            Assert.Equal(pushes.Count, pushes.Select(push => push.Key).Distinct().Count());
            foreach (var last in pushes)
            {
                var within = pushes.Where(push => push.At <= last.At && push.At > last.At.AddDays(-budget.Days));
                Assert.True(budget.Most >= within.Count(push => !push.Urgent));
            }
        }));

    private static AlertChoice Choose(IEnumerable<AlertView> alerts, IReadOnlyCollection<AlertPush> before, params Guardrail[] rules) =>
        AlertBudget.Choose(alerts, before, rules, Monday);

    private static AlertPush Before(string id, double days) => new(id, Monday.AddDays(-days), false);

    private static AlertView Risk(Band severity) => new RiskEpisode
    {
        Number = severity == Band.Red ? 1 : 2, Severity = severity, State = AlertState.Open, RaisedAt = Scene.Monday, Since = Scene.Monday,
        Reason = "r", Score = 30, Drivers = [], Approach = "a",
    }.View(Lives.Acme);

    private static AlertView Alert(string id, int rank, Band severity = Band.Yellow, decimal? arr = 20_000, double raised = 0) => new()
    {
        Id = id, Account = "acme", AccountName = "Acme", Rule = "r", Severity = severity, State = AlertState.Open,
        RaisedAt = Monday.AddDays(raised), Since = Monday, Reason = "r", Score = 50, Drivers = [], SuggestedApproach = "a",
        Tier = Tier.Standard, Arr = arr, Currency = "USD", Rank = rank,
    };
}
