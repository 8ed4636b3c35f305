using HealthGrains.Alerts;
using HealthGrains.Delivery;
using HealthGrains.Hosting;
using HealthGrains.Plays.Files;

namespace HealthGrains.HostContract;

/// <content>What owners are told of, and when.</content>
public abstract partial class HostContractTests
{
    private static readonly PracticeFile Team = new("teams/north.json", """
        { "manager": "maria", "members": ["dana", "eve"], "timeZone": "Europe/Berlin", "unowned": true,
          "people": [{ "name": "eve", "by": "email", "email": "eve@us.example" }] }
        """);

    private static readonly PracticeFile[] BudgetPractice =
    [
        new("triggers/detractor.json", """
            { "id": "detractor", "version": 1, "title": "A detractor answered", "per": "npsAgeDays",
              "when": { "all": [{ "fact": "nps", "atMost": 6 }, { "fact": "npsAgeDays", "atMost": 14 }] },
              "alert": { "severity": "yellow", "rank": 40, "approach": "Call today and listen." } }
            """),
        new("guardrails/budget.json",
            """{ "id": "budget", "version": 1, "title": "Two a week", "kind": "alertBudget", "most": 2, "days": 7 }"""),
        new("guardrails/morning.json",
            """{ "id": "morning", "version": 1, "title": "At eight", "kind": "digest", "at": "08:00", "template": "morning" }"""),
        new("templates/morning.hbs", "---\nid: morning\nversion: 1\nsubject: Today\n---\n{{digest.to}}\n"),
        Team,
    ];

    [Fact]
    public async Task What_the_budget_chooses_is_pushed_once_and_the_rest_is_listed_until_there_is_room()
    {
        await PractiseAsync(BudgetPractice);
        foreach (var account in (string[])["a1", "a2", "a3"]) await UnhappyAsync(account, "dana");
        // The last of two places is kept for what ranks high.
        await UntilAsync(async () => (await AlertsAsync()).Count(alert => alert.PushedAt is not null) == 1);
        await UntilAsync(async () => (await DispatchedAsync(ReceiverKeys.Chat)).Count == 1);
        var first = (await AlertsAsync()).Single(alert => alert.PushedAt is not null);
        var sent = Assert.Single(await DispatchedAsync(ReceiverKeys.Chat)).Dispatch;
        Assert.Equal((first.Account, "dana"), (sent.Account, sent.Owner));
        Assert.Equal($"dana: {first.AccountName}: A detractor answered. Call today and listen.", ((ChatBody)sent.Body).Text);
        await MoveAsync(TimeSpan.FromDays(4));
        await Send(Line("login", "a1", "usage", "login", Clock.GetUtcNow(), "u1"));
        Assert.Single((await AlertsAsync()), alert => alert.PushedAt is not null);
        await MoveAsync(TimeSpan.FromDays(3.5));
        await UntilAsync(async () => (await AlertsAsync()).Count(alert => alert.PushedAt is not null) == 2);
        var team = await Host.Desks.GetTeamAsync(None);
        var dana = team.Owners.Single(owner => owner.Owner == "dana");
        Assert.Equal((1, 0, 0.5, 3, 1, "maria"), (dana.Pushed, dana.Urgent, dana.PushedAWeek, dana.Open, dana.Listed, dana.Manager));
        Assert.Equal((2, 7), (team.Budget!.Most, team.Budget.Days));
    }

    [Fact]
    public async Task A_risk_goes_to_the_owner_at_once_and_takes_the_place_that_is_kept_for_it()
    {
        await PractiseAsync(BudgetPractice);
        await UnhappyAsync("a1", "eve");
        await UntilAsync(async () => (await DispatchedAsync(ReceiverKeys.Email)).Count == 1);
        await UnhappyAsync("a2", "eve");
        await Host.PutProfileAsync(Profile("a3") with { Owner = "eve" }, "test", None);
        await Send(Usage("a3", 400) + Line("c", "a3", "billing", "cancelRequested", Clock.GetUtcNow()));
        await UntilAsync(async () => (await DispatchedAsync(ReceiverKeys.Email)).Count == 2);
        var mails = (await DispatchedAsync(ReceiverKeys.Email)).Select(sent => sent.Dispatch).ToArray();
        Assert.Equal(["a1", "a3"], mails.Select(mail => mail.Account).Order());
        Assert.All(mails, mail => Assert.Equal("eve@us.example", ((EmailBody)mail.Body).To));
        Assert.Empty(await DispatchedAsync(ReceiverKeys.Chat));
        Assert.Contains((await Host.ListAuditAsync(new AuditQuery(Account: "a3"), None)).Items,
            entry => entry.Action == "alert.pushed" && entry.Detail!.EndsWith("(budget 1)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task On_a_working_morning_a_digest_is_sent_and_goes_with_an_account_that_it_names()
    {
        await PractiseAsync(BudgetPractice);
        await UnhappyAsync("a1", "dana");
        await UntilAsync(async () => (await DispatchedAsync(ReceiverKeys.Chat)).Count == 1);
        // Noon is a Saturday's; the next working morning at eight in Berlin is Monday's at seven.
        await MoveAsync(TimeSpan.FromDays(1.5));
        await Send(Line("login", "a1", "usage", "login", Clock.GetUtcNow(), "u1"));
        Assert.Single(await DispatchedAsync(ReceiverKeys.Chat));
        await MoveAsync(TimeSpan.FromHours(7.1));
        await UntilAsync(async () => (await DispatchedAsync(ReceiverKeys.Chat)).Count == 2);
        var digest = (await DispatchedAsync(ReceiverKeys.Chat)).Select(sent => sent.Dispatch).Single(sent => sent.Account.Length == 0);
        Assert.Equal(("dana", "a1"), (digest.Owner, Assert.Single(digest.Names!)));
        Assert.StartsWith("dana: Today\n", ((ChatBody)digest.Body).Text, StringComparison.Ordinal);
        await MoveAsync(TimeSpan.FromHours(10));
        await Send(Line("again", "a1", "usage", "login", Clock.GetUtcNow(), "u1"));
        Assert.Equal(2, (await DispatchedAsync(ReceiverKeys.Chat)).Count);
        Assert.NotNull(await Host.EraseAsync("a1", "test", None));
        Assert.Empty(await DispatchedAsync(ReceiverKeys.Chat));
        var dana = (await Host.Desks.GetTeamAsync(None)).Owners.Single(owner => owner.Owner == "dana");
        Assert.Equal((1, 0), (dana.Pushed, dana.Open));
    }

    [Fact]
    public async Task An_alert_of_nobodys_account_goes_to_the_manager_who_answers_for_those()
    {
        await PractiseAsync(BudgetPractice);
        await UnhappyAsync("a1", null);
        await UntilAsync(async () => (await DispatchedAsync(ReceiverKeys.Chat)).Count == 1);
        Assert.Equal("maria: nobody's account: A1: A detractor answered. Call today and listen.",
            ((ChatBody)(await DispatchedAsync(ReceiverKeys.Chat)).Single().Dispatch.Body).Text);
        Assert.Null((await Host.Desks.GetTeamAsync(None)).Owners[^1].Owner);
    }

    [Fact]
    public async Task Who_is_given_an_account_is_told_of_its_alerts_and_finds_them_in_the_list()
    {
        await PractiseAsync(BudgetPractice);
        await UnhappyAsync("a1", "dana");
        // Were both there at once, the risk alone would be pushed.
        await UntilAsync(async () => (await DispatchedAsync(ReceiverKeys.Chat)).Count == 1);
        await Send(Usage("a1", 400, from: 60) + Line("c", "a1", "billing", "cancelRequested", Clock.GetUtcNow()));
        await UntilAsync(async () => (await DispatchedAsync(ReceiverKeys.Chat)).Count == 2);
        await Host.PutProfileAsync(Profile("a1") with { Owner = "eve" }, "test", None);
        await UntilAsync(async () => (await Host.ListAlertsAsync(new AlertQuery(Owner: "eve"), None)).Total == 2);
        await UntilAsync(async () => (await DispatchedAsync(ReceiverKeys.Email)).Count == 1);
        // The other waits for her budget: the last place is kept for what ranks high.
        var hers = (await Host.ListAlertsAsync(new AlertQuery(Owner: "eve"), None)).Items;
        Assert.Equal([("churnRisk", true), ("detractor", false)], hers.Select(alert => (alert.Rule, alert.PushedAt is not null)).Order());
        Assert.Equal(0, (await Host.ListAlertsAsync(new AlertQuery(Owner: "dana"), None)).Total);
        Assert.Equal(3, (await DispatchedAsync(ReceiverKeys.Chat)).Concat(await DispatchedAsync(ReceiverKeys.Email))
            .Select(sent => sent.Dispatch.Id).Distinct().Count());
    }

    [Fact]
    public async Task Times_to_acknowledge_and_to_resolve_are_measured()
    {
        await PractiseAsync(BudgetPractice);
        await UnhappyAsync("a1", "dana");
        await UntilAsync(async () => (await AlertsAsync()).Any(alert => alert.PushedAt is not null));
        var alert = (await AlertsAsync()).Single();
        Clock.MoveTo(alert.RaisedAt.AddHours(3));
        Assert.NotNull((await Host.AcknowledgeAlertAsync(alert.Id, "dana", None))!.PushedAt);
        Clock.MoveTo(alert.RaisedAt.AddHours(30));
        Assert.NotNull(await Host.ResolveAlertAsync(alert.Id, "dana", "talked", None));
        var dana = (await Host.Desks.GetTeamAsync(None)).Owners.Single(owner => owner.Owner == "dana");
        Assert.Equal((1, 3.0, 1, 30.0), (dana.ToAcknowledge.Alerts, Math.Round(dana.ToAcknowledge.MedianHours!.Value, 1),
            dana.ToResolve.Alerts, Math.Round(dana.ToResolve.P90Hours!.Value, 1)));
    }

    private async Task UnhappyAsync(string account, string? owner)
    {
        await Host.PutProfileAsync(Profile(account) with { Owner = owner }, "test", None);
        await Send(Usage(account, 60) + Nps(3).Replace("acme", account, StringComparison.Ordinal)
            .Replace("\"nps\"", $"\"nps-{account}\"", StringComparison.Ordinal));
        await UntilAsync(async () => (await Host.ListAlertsAsync(new AlertQuery(Account: account), None)).Total == 1);
    }

    private async Task<IReadOnlyList<AlertView>> AlertsAsync() => (await Host.ListAlertsAsync(new AlertQuery(), None)).Items;
}
