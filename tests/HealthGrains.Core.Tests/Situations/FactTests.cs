using HealthGrains.Accounts;
using HealthGrains.Core.Tests.Accounts;
using HealthGrains.Core.Tests.Plays;
using HealthGrains.Signals;
using HealthGrains.Situations;

namespace HealthGrains.Core.Tests.Situations;

/// <summary>What can be said of an account.</summary>
public sealed class FactTests
{
    public static TheoryData<string> Accounts => ["empty", "rich", "churned"];

    [Theory]
    [MemberData(nameof(Accounts))]
    public void Every_fact_is_read_of_any_account_and_is_a_number_or_not_known(string which)
    {
        var situation = Account(which);
        foreach (var definition in FactRegistry.All)
        {
            var fact = Made.Fact(definition.IsFamily ? definition.Key + "reports" : definition.Key);
            var number = situation.Number(fact);
            Assert.False(double.IsInfinity(number), $"{fact.Key} is {number}");
            if (definition.Kind == FactKind.Flag) Assert.True(number is 0 or 1, $"{fact.Key} is {number}");
            if (definition.Kind == FactKind.Text) Assert.True(situation.Text(fact) is null or { Length: > 0 }, fact.Key);
            else Assert.Null(situation.Text(fact));
        }
    }

    [Theory]
    [MemberData(nameof(Accounts))]
    public void The_facts_that_lie_beside_a_draft_can_be_stored_as_JSON(string which)
    {
        var facts = Account(which).Facts();
        Assert.All(facts.Values, value => Assert.True(value is double or bool or string));
        Assert.StartsWith("{", Scene.JsonOf(facts), StringComparison.Ordinal);
        Assert.DoesNotContain(facts.Keys, key => key.Contains(':', StringComparison.Ordinal));
    }

    [Fact]
    public void Keys_are_unique_titled_and_found_and_a_family_needs_a_name()
    {
        Assert.Equal(FactRegistry.All.Count, FactRegistry.All.Select(fact => fact.Key).Distinct().Count());
        Assert.All(FactRegistry.All, fact => Assert.False(string.IsNullOrWhiteSpace(fact.Title)));
        Assert.All(FactRegistry.All, fact => Assert.Same(fact, FactRegistry.Find(fact.Key)));
        Assert.NotNull(Fact.Find("milestone:firstValue"));
        Assert.NotNull(Fact.Find("limit:a:b"));
        foreach (var none in (string[])["milestone", "milestone:", "nonsense", "nonsense:x", "", ":", "score:x", "Score"]) Assert.Null(Fact.Find(none));
    }

    [Fact]
    public void An_urgent_ticket_counts_from_its_opening_until_it_is_solved()
    {
        var turn = Lives.Turn(Lives.Now);
        Signal Ticket(ulong id, SignalKind kind, double daysAgo, float priority = float.NaN) =>
            new(id * 10 + (ulong)kind, Lives.Now - (long)(daysAgo * Days.Millis), kind, id << 32, Value: priority);
        var state = Lives.Live(
            [
                Ticket(1, SignalKind.TicketOpened, 9, 4), Ticket(1, SignalKind.TicketSolved, 8), Ticket(2, SignalKind.TicketOpened, 5, 3),
                Ticket(3, SignalKind.TicketOpened, 4), Ticket(4, SignalKind.TicketOpened, 3, 4), Ticket(5, SignalKind.TicketOpened, 1, 4),
            ], turn);
        Assert.Equal(2, Number(Situation.Of(state, turn), "urgentTickets"));
        Assert.Equal(3, Number(Situation.Of(state, turn), "urgentTicketAgeDays"), 1e-3);
        AccountTurns.Take(state, [Ticket(4, SignalKind.TicketSolved, 0), Ticket(5, SignalKind.TicketSolved, 0)], turn);
        Assert.Equal(0, Number(Situation.Of(state, turn), "urgentTickets"));
        Assert.Equal(double.NaN, Number(Situation.Of(state, turn), "urgentTicketAgeDays"));
    }

    [Fact]
    public void What_is_known_of_a_rich_account_is_what_has_happened()
    {
        var situation = Account("rich");
        Assert.Equal(8, Number(situation, "nps"));
        Assert.Equal(25, Number(situation, "npsAgeDays"), 1.0);
        Assert.Equal(120_000, Number(situation, "arr"));
        Assert.Equal(80, Number(situation, "daysToRenewal"), 1e-9);
        Assert.Equal(("enterprise", "yellow", "dana"), (Text(situation, "tier"), Text(situation, "band"), Text(situation, "owner")));
        Assert.Equal((0.0, 1.0), (Number(situation, "churned"), Number(situation, "milestone:firstValue")));
        Assert.Equal(0, Number(situation, "milestone:other"));
        Assert.Equal((1.0, 0.0), (Number(situation, "feature:reports"), Number(situation, "feature:other")));
        Assert.Equal(0.9, Number(situation, "limitUsed"), 1e-6);
        Assert.Equal(0.5, Number(situation, "limit:storage"), 1e-6);
        Assert.Equal(0.9, Number(situation, "limit:calls"), 1e-6);
        Assert.True(double.IsNaN(Number(situation, "limit:other")));
        Assert.Equal(0.8, Number(situation, "seatsUsed"), 1e-6);
        Assert.Equal(2, Number(situation, "championGoneDays"), 1e-6);
        Assert.True(double.IsNaN(Number(situation, "executiveGoneDays")));
        Assert.Equal(3, Number(situation, "unfriendlyAgeDays"), 1e-6);
        Assert.Equal(1, Number(situation, "ticketsOpen"));
    }

    [Fact]
    public void Of_an_account_of_which_nothing_is_known_only_that_is_known()
    {
        var situation = Account("empty");
        foreach (var key in (string[])["nps", "npsAgeDays", "arr", "daysToRenewal", "tenureDays", "seatsUsed", "limitUsed", "silentDays", "riskNumber"])
            Assert.True(double.IsNaN(Number(situation, key)), key);
        foreach (var key in (string[])["segment", "plan", "owner", "cap", "risk"]) Assert.Null(Text(situation, key));
        Assert.Equal(("standard", 0.0, 0.0), (Text(situation, "tier"), Number(situation, "churned"), Number(situation, "atRisk")));
    }

    [Fact]
    public void A_churned_account_says_so()
    {
        var situation = Account("churned");
        Assert.Equal(1, Number(situation, "churned"));
        Assert.NotNull(Text(situation, "band"));
    }

    [Theory]
    [InlineData("ann joins, ben joins, ann leaves", false)]
    [InlineData("ann joins, ben joins, ann leaves, ben leaves", true)]
    [InlineData("ann joins, ben joins, ben leaves, ben joins, ann leaves", false)]
    [InlineData("ben joins, ben leaves, ann joins, ann leaves", true)]
    [InlineData("ann leaves", true)]
    [InlineData("ann leaves, ben joins", false)]
    [InlineData("ann joins, ann joins, ann leaves", true)]
    public void A_role_is_empty_when_the_last_who_had_it_has_left(string story, bool isGone)
    {
        var turn = Lives.Turn(Lives.Now);
        var signals = Lives.Steady(Lives.Now, 41);
        var steps = story.Split(", ");
        for (var k = 0; k < steps.Length; k++)
        {
            foreach (var role in (string[])["champion", "executive"])
            {
                signals.Add(new Signal(
                    (ulong)signals.Count, Lives.Now - (steps.Length - k) * Days.Millis,
                    steps[k].EndsWith("joins", StringComparison.Ordinal) ? SignalKind.ContactJoined : SignalKind.ContactLeft,
                    (steps[k].StartsWith("ann", StringComparison.Ordinal) ? 5ul : 6ul) << 32, NameId.Of(role)));
            }
        }
        var situation = Situation.Of(Lives.Live(signals, turn), turn);
        Assert.Equal(isGone, !double.IsNaN(Number(situation, "championGoneDays")));
        Assert.Equal(isGone, !double.IsNaN(Number(situation, "executiveGoneDays")));
        Assert.Equal(isGone, Text(situation, "cap") == "championGone");
    }

    private static double Number(Situation situation, string key) => situation.Number(Made.Fact(key));

    private static string? Text(Situation situation, string key) => situation.Text(Made.Fact(key));

    private static Situation Account(string which)
    {
        var turn = Lives.Turn(Lives.Now);
        if (which == "empty") return Situation.Of(new AccountState(AccountProfile.Unknown("empty")), turn);
        var signals = Lives.Steady(Lives.Now, 41);
        void Add(long ago, SignalKind kind, string name = "", float value = float.NaN, sbyte sentiment = Signal.NoSentiment) =>
            signals.Add(new Signal(
                (ulong)signals.Count, Lives.Now - ago * Days.Millis, kind, 5ul << 32, NameId.Of(name), value, sentiment));
        Add(9, SignalKind.MilestoneReached, "firstValue");
        Add(1, SignalKind.FeatureUsed, "reports", 3);
        Add(5, SignalKind.LimitUsed, "storage", 0.95f);
        Add(1, SignalKind.LimitUsed, "storage", 0.5f);
        Add(4, SignalKind.LimitUsed, "calls", 0.9f);
        Add(30, SignalKind.SeatsChanged, "", 20);
        Add(1, SignalKind.SeatsInUse, "", 16);
        Add(20, SignalKind.ContactLeft, "executive");
        Add(10, SignalKind.ContactJoined, "executive");
        Add(2, SignalKind.ContactLeft, "champion");
        Add(3, SignalKind.TicketOpened, "bug", float.NaN, -80);
        Add(8, SignalKind.PaymentFailed);
        if (which == "churned") Add(1, SignalKind.Churned);
        return Situation.Of(Lives.Live(signals, turn), turn);
    }
}
