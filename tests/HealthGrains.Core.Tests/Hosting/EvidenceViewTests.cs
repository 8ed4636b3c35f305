using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Core.Tests.Hosting;

/// <summary>What an alert, an event and a term of a ledger rest on.</summary>
public sealed class EvidenceViewTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_alert_has_what_happened_then_first_and_then_what_its_drivers_are_made_of_newest_first()
    {
        var alert = Alert(since: Now.AddHours(-5), "openTickets");
        var beside = EvidenceView.Beside(alert, Found(
            (Now.AddHours(-5), SignalKind.NpsAnswered, "nps"), (Now.AddHours(-1), SignalKind.TicketOpened, "new"),
            (Now.AddDays(-3), SignalKind.TicketOpened, "old"), (Now.AddDays(-2), SignalKind.PaymentFailed, "other source"),
            (Now.AddDays(-40), SignalKind.TicketOpened, "too old"), (Now.AddHours(2), SignalKind.TicketOpened, "later")));
        Assert.Equal(["nps", "new", "old"], beside.Evidence.Select(one => one.Url));
    }

    [Fact]
    public void It_has_five_at_most_and_none_of_another_account()
    {
        var alert = Alert(since: Now, "openTickets");
        var many = Found([.. Enumerable.Range(1, 9).Select(hour => (Now.AddHours(-hour), SignalKind.TicketOpened, $"{hour}"))]);
        Assert.Equal(["1", "2", "3", "4", "5"], EvidenceView.Beside(alert, many).Evidence.Select(one => one.Url));
        Assert.Empty(EvidenceView.Beside(alert with { Account = "other" }, many).Evidence);
        Assert.Same(alert, EvidenceView.Beside(alert, []));
    }

    [Fact]
    public void An_event_and_a_term_of_a_ledger_have_their_own()
    {
        var found = Found((Now, SignalKind.NpsAnswered, "nps"), (Now.AddDays(-1), SignalKind.NpsAnswered, "before"));
        var item = new TimelineItem(Now, "npsAnswered", "NPS answer", TimelineTone.Bad);
        Assert.Equal("nps", EvidenceView.Beside(item, found).Url);
        Assert.Null(EvidenceView.Beside(item with { Kind = "reviewPosted" }, found).Url);
        var term = new LedgerItem(
            LedgerCause.Signal, "npsTrend", 1, 0, -1, new DateOnly(2026, 11, 20), 1, new Dictionary<string, int> { ["npsAnswered"] = 1 });
        Assert.Equal("before", Assert.Single(EvidenceView.Beside(term, found).Evidence!).Url);
        Assert.Null(EvidenceView.Beside(term with { Day = null, Kinds = null }, found).Evidence);
    }

    private static EvidenceView[] Found(params (DateTimeOffset At, SignalKind Kind, string Url)[] links) =>
        [.. links.Select(link => EvidenceView.Of(new EvidenceLink("acme", link.Kind, link.At.ToUnixTimeMilliseconds(), link.Url)))];

    private static AlertView Alert(DateTimeOffset since, string driver) => new()
    {
        Id = "a", Account = "acme", AccountName = "Acme", Rule = "churnRisk", Severity = Band.Red, State = AlertState.Open, RaisedAt = Now,
        Since = since, Reason = "because", Score = 30, SuggestedApproach = "Call.", Tier = Tier.Smb, Currency = "EUR",
        Drivers = [new DriverView(driver, "support", -3, since, "many")],
    };
}
