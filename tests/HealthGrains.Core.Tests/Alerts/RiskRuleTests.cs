using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Core.Tests.Accounts;
using HealthGrains.Decline;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Policy;
using HealthGrains.Signals;

namespace HealthGrains.Core.Tests.Alerts;

/// <summary>Each rule of churn risk, as an example of what it is for and of what it leaves alone.</summary>
public sealed class RiskRuleTests
{
    private const long Day = Days.Millis;

    [Fact]
    public void Regular_users_gone_quiet_raise_a_risk_that_names_them()
    {
        var alert = Assert.Single(Raised(Lives.Steady(Lives.Now, 83, back => back < 15 ? 0.5 : 1)));
        Assert.Equal(Band.Yellow, alert.Severity);
        Assert.StartsWith("use is fading: 6 of 12 regular users quiet for 14 days", alert.Reason, StringComparison.Ordinal);
        Assert.Equal(Days.Time(Lives.Now - 14 * Day), alert.Since);
    }

    [Theory]
    [InlineData(0, 3)] // three days off
    [InlineData(4, 10)] // a slow week that is over
    public void A_short_quiet_that_ends_raises_nothing(int from, int until) =>
        Assert.Empty(Raised(Lives.Steady(Lives.Now, 83, back => back >= from && back < until ? 0.25 : 1)));

    [Fact]
    public void One_of_twelve_who_leaves_raises_nothing() =>
        Assert.Empty(Raised(Lives.Steady(Lives.Now, 83, back => back < 30 ? 11 / 12.0 : 1)));

    [Fact]
    public void A_policy_without_the_rule_has_no_such_alert()
    {
        var signals = Lives.Steady(Lives.Now, 83, back => back < 15 ? 0.5 : 1);
        var alerts = Raised(signals, HealthPolicies.Default with { Version = "without", Usage = null });
        Assert.DoesNotContain(alerts, alert => alert.Reason.Contains("fading", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_users_or_before_there_is_a_level_the_evidence_is_nought()
    {
        var rule = new UsageRule();
        Assert.Equal(0, UsageEvidence.Of(new Calendar(), rule).Nats);
        var young = Lives.Live(Lives.Steady(Lives.Now, 20, back => back < 5 ? 0 : 1), Lives.Turn(Lives.Now));
        Assert.Equal(0, UsageEvidence.Of(young.Calendar, rule).Nats);
    }

    [Fact]
    public void The_more_users_are_quiet_the_stronger_the_evidence()
    {
        var before = double.NegativeInfinity;
        for (var gone = 0; gone <= 12; gone++)
        {
            var share = (12 - gone) / 12.0;
            var state = Walked(Lives.Steady(Lives.Now, 83, back => back < 15 ? share : 1));
            var evidence = UsageEvidence.Of(state.Calendar, new UsageRule());
            Assert.Equal((gone, 12), (evidence.Quiet, evidence.Regulars));
            Assert.True(evidence.Nats > before, $"{gone} gone: {evidence.Nats} after {before}");
            before = evidence.Nats;
        }
    }

    [Fact]
    public void A_falling_score_is_news_where_users_say_nothing_and_else_only_when_it_falls_plainly()
    {
        var state = Walked(Lives.Steady(Lives.Now, 83));
        RiskFinding? Found(double z, UsageRule? usage)
        {
            var policy = HealthPolicies.Default with { Version = "v", Usage = usage, DeclineAlertBelow = 101 };
            var turn = Lives.Turn(Lives.Now, null, policy);
            Span<double> points = stackalloc double[HealthEvaluator.MaxMeasures];
            var score = HealthEvaluator.Evaluate(state, turn, turn.Now, turn.Now, points);
            return RiskRules.Find(state, turn, score, points, new Trend(-1, -1 / z, z, 0, 0, 0, 0, 0, 3, DeclineState.Declining));
        }
        Assert.Contains("falling by 1.0 points a day", Found(-6, null)!.Value.Reason, StringComparison.Ordinal);
        Assert.Null(Found(-6, new UsageRule()));
        Assert.Contains("falling by 1.0 points a day", Found(-8, new UsageRule())!.Value.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Support_that_gets_bad_raises_a_risk_long_before_the_score_is_yellow()
    {
        var signals = Lives.Steady(Lives.Now, 60);
        for (var k = 0; k < 14; k++)
        {
            var (id, at, ticket) = ((ulong)(7000 + k), Lives.Now - (9 - k % 7) * Day, (ulong)(500 + k) << 32);
            signals.Add(new Signal(id, at, SignalKind.TicketOpened, ticket, 3, float.NaN, -70));
        }
        var alert = Assert.Single(Raised(signals));
        Assert.Contains("support experience is at", alert.Reason, StringComparison.Ordinal);
        Assert.True(alert.Score > HealthPolicies.Default.YellowBelow - 5);
    }

    [Theory]
    [InlineData(7.4, false)]
    [InlineData(7.6, true)]
    public void An_invoice_unpaid_for_a_week_raises_a_risk_before_the_cap_comes_down(double days, bool raised)
    {
        var signals = Lives.Steady(Lives.Now, 60);
        signals.Add(new Signal(9001, Lives.Now - (long)(days * Day), SignalKind.PaymentFailed, 999ul << 32, 0, 100));
        var alerts = Raised(signals);
        Assert.Equal(raised, alerts.Count == 1);
        Assert.All(alerts, alert => Assert.Contains("unpaid", alert.Reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(12.9, false)]
    [InlineData(13.1, true)]
    public void A_champion_gone_without_a_successor_raises_a_risk_in_the_second_week(double days, bool raised)
    {
        var signals = Lives.Steady(Lives.Now, 60);
        signals.Add(new Signal(9001, Lives.Now - (long)(days * Day), SignalKind.ContactLeft, 77ul << 32, NameId.Champion));
        var alerts = Raised(signals);
        Assert.Equal(raised, alerts.Count == 1);
        signals.Add(new Signal(9002, Lives.Now - Day, SignalKind.ContactJoined, 78ul << 32, NameId.Champion));
        Assert.Empty(Raised(signals));
    }

    [Fact]
    public void Deciding_again_when_nothing_changed_allocates_nothing()
    {
        var turn = Lives.Turn(Lives.Now);
        foreach (var share in new[] { 1, 0.5 })
        {
            var state = Walked(Lives.Steady(Lives.Now, 83, back => back < 15 ? share : 1));
            Allocated.Nothing(() => AccountTurns.Decide(state, turn));
        }
    }

    private static IReadOnlyList<AlertView> Raised(List<Signal> signals, HealthPolicy? policy = null)
    {
        var turn = Lives.Turn(Lives.Now, null, policy);
        AccountTurns.Decide(Walked(signals), turn);
        return [.. turn.Outbox.Alerts.Where(effect => effect.Change == AlertChange.Raised).Select(effect => effect.Alert)];
    }

    /// <summary>Taken day by day, so that more than 42 days are remembered.</summary>
    private static AccountState Walked(List<Signal> signals)
    {
        var state = new AccountState(Lives.Acme);
        foreach (var day in signals.GroupBy(signal => Days.Of(signal.At)).OrderBy(day => day.Key))
            AccountTurns.Take(state, [.. day], Lives.Turn(Math.Min(Days.Start(day.Key + 1) - 1, Lives.Now)));
        AccountTurns.Take(state, [], Lives.Turn(Lives.Now));
        return state;
    }
}
