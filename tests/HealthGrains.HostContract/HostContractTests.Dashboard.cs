using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.HostContract;

/// <content>What a dashboard asks beside scores.</content>
public abstract partial class HostContractTests
{
    /// <summary>Whether the host finds an account's signals in its log.</summary>
    protected virtual bool FindsSignals => true;

    [Fact]
    public async Task Facets_count_the_active_accounts_of_each_owner_segment_and_tier()
    {
        await Host.PutProfileAsync(Profile("a") with { Owner = "dana", Segment = "retail", Tier = Tier.Enterprise }, "test", None);
        await Host.PutProfileAsync(Profile("b") with { Owner = "Dana", Segment = "retail", Tier = Tier.Smb }, "test", None);
        await Host.PutProfileAsync(Profile("c") with { Owner = "bo", Tier = Tier.Smb }, "test", None);
        await Host.PutProfileAsync(Profile("d") with { Tier = Tier.Standard }, "test", None);
        await Host.PutProfileAsync(Profile("gone") with { Owner = "kim", Segment = "old" }, "test", None);
        await Send(Line("g", "gone", "crm", "churned", ContractClock.Noon));
        await Settle(page => page.Total == 4);

        var facets = await Host.GetFacetsAsync(None);

        Assert.Equal(4, facets.Accounts);
        Assert.Equal([new("bo", 1), new("Dana", 1), new("dana", 1)], facets.Owners);
        Assert.Equal([new("retail", 2)], facets.Segments);
        Assert.Equal([new("enterprise", 1), new("standard", 1), new("smb", 2)], facets.Tiers);
        await Host.PutProfileAsync(Profile("c") with { Owner = "dana" }, "test", None);
        await Settle(page => page.Items.Count(row => row.Owner == "dana") == 2);
        Assert.Equal([new("Dana", 1), new("dana", 2)], (await Host.GetFacetsAsync(None)).Owners);
    }

    [Fact]
    public async Task Alerts_are_listed_by_severity()
    {
        await Send(Usage("acme", 400) + Line("c", "acme", "billing", "cancelRequested", ContractClock.Noon));
        Assert.Equal(Band.Red, (await RaisedAsync()).Severity);
        var red = await Host.ListAlertsAsync(new AlertQuery(Severity: Band.Red), None);
        Assert.Equal((1, 1), (red.Items.Count, red.Total));
        var yellow = await Host.ListAlertsAsync(new AlertQuery(Severity: Band.Yellow), None);
        Assert.Equal((0, 0), (yellow.Items.Count, yellow.Total));
    }

    [Fact]
    public async Task A_timeline_tells_what_happened_newest_first_with_what_became_of_alerts()
    {
        var noon = ContractClock.Noon;
        await Send(Usage("acme", 400)
            + Line("m", "acme", "crm", "milestoneReached", noon.AddDays(-30), name: "go-live")
            + Line("f1", "acme", "billing", "paymentFailed", noon.AddDays(-20), "in_1")
            + Line("f2", "acme", "billing", "paymentFailed", noon.AddDays(-18), "in_1")
            + Line("p", "acme", "billing", "invoicePaid", noon.AddDays(-15), "in_1")
            + Line("l", "acme", "crm", "contactLeft", noon.AddDays(-10), "kim", "champion")
            + Line("c", "acme", "billing", "cancelRequested", noon.AddHours(-1)));
        await Host.ResolveAlertAsync((await RaisedAsync()).Id, "dana", "talked", None);

        var items = (await Host.GetTimelineAsync("acme", 42, None))!;

        Assert.Equal(
            ["alert.raised", "alert.resolved", "cancelRequested", "contactLeft", "invoicePaid", "paymentFailed", "milestoneReached"],
            items.Select(item => item.Kind));
        Assert.Equal(("A contact left: champion", TimelineTone.Bad), (items[3].Title, items[3].Tone));
        Assert.Equal(("Failed payment made good", "after 5 days"), (items[4].Title, items[4].Detail));
        Assert.Equal("2 attempts", items[5].Detail);
        Assert.Equal("Milestone reached: go-live", items[6].Title);
        Assert.Equal(("Alert resolved by dana", "talked"), (items[1].Title, items[1].Detail));
        Assert.DoesNotContain((await Host.GetTimelineAsync("acme", 12, None))!, item => item.Kind == "paymentFailed");
        Assert.Null(await Host.GetTimelineAsync("nobody", 42, None));
        await Assert.ThrowsAsync<InvalidQueryException>(async () => await Host.GetTimelineAsync("acme", 0, None));
    }

    [Fact]
    public async Task The_signals_behind_a_change_are_found_newest_first_or_it_is_said_why_not()
    {
        var noon = ContractClock.Noon;
        await Send(Usage("acme", 30) + Usage("other", 30)
            + Line("t", "acme", "ticket", "opened", noon.AddDays(-1), "T-1", "bug"));
        var all = (await Host.FindSignalsAsync("acme", new SignalsQuery(noon.AddDays(-7), noon.AddMinutes(1)), None))!;
        Assert.Null(await Host.FindSignalsAsync("nobody", new SignalsQuery(noon.AddDays(-7), noon), None));
        await Assert.ThrowsAsync<InvalidQueryException>(
            async () => await Host.FindSignalsAsync("acme", new SignalsQuery(noon, noon), None));
        if (!FindsSignals)
        {
            Assert.Equal((0, false), (all.Items.Count, all.Complete));
            Assert.NotNull(all.Reason);
            return;
        }

        Assert.Equal((31, 31, true, null), (all.Items.Count, all.Total, all.Complete, all.Reason));
        Assert.Equal(all.Items.OrderByDescending(item => item.At), all.Items);
        var ticket = Assert.Single((await Host.FindSignalsAsync(
            "acme", new SignalsQuery(noon.AddDays(-7), noon, SignalSource.Ticket), None))!.Items);
        Assert.Equal(("ticket", "opened", "bug", noon.AddDays(-1)), (ticket.Source, ticket.Kind, ticket.Name, ticket.At));
        Assert.NotNull(ticket.Subject);
        var newest = (await Host.FindSignalsAsync("acme", new SignalsQuery(noon.AddDays(-7), noon.AddMinutes(1), Limit: 5), None))!;
        Assert.Equal((31, true), (newest.Total, newest.Complete));
        Assert.Equal(all.Items.Take(5), newest.Items);
        var part = (await Host.FindSignalsAsync("acme", new SignalsQuery(noon.AddHours(-5), noon.AddHours(-1)), None))!;
        Assert.Equal([noon.AddHours(-2), noon.AddHours(-4)], part.Items.Select(item => item.At));
    }

    // An alert is stored as soon as it is raised, and yet after the signals are taken.
    private async Task<AlertView> RaisedAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var wall = new PeriodicTimer(BetweenLooks);
        while (true)
        {
            if ((await Host.ListAlertsAsync(new AlertQuery(), patience.Token)).Items is [var alert]) return alert;
            await wall.WaitForNextTickAsync(patience.Token);
        }
    }

    [Fact]
    public async Task A_what_if_closes_the_tickets_that_are_open_and_pays_the_invoices_that_are_not()
    {
        var noon = ContractClock.Noon;
        await Send(Usage("acme", 400)
            + Line("t1", "acme", "ticket", "opened", noon.AddDays(-9), "T-1") + Line("t2", "acme", "ticket", "opened", noon.AddDays(-8), "T-2")
            + Line("t3", "acme", "ticket", "opened", noon.AddDays(-7), "T-3") + Line("s3", "acme", "ticket", "solved", noon.AddDays(-6), "T-3")
            + Line("f", "acme", "billing", "paymentFailed", noon.AddDays(-20), "in_1"));
        var before = await Account("acme");
        Assert.Equal(
            new OpenItemsView(2, noon.AddDays(-9), 1, noon.AddDays(-20)), before.Open);
        Assert.Equal("unpaid", Assert.Single(before.Health.Caps).Rule);

        var nothing = await If(new WhatIfScenario());
        var closed = await If(new WhatIfScenario(CloseTickets: true));
        var paid = await If(new WhatIfScenario(PayInvoices: true));
        var all = await If(new WhatIfScenario(true, true));

        Assert.Equal(before.Health.Score, nothing.Health.Score, 1e-9);
        Assert.Equal((0, 1), (closed.Open.Tickets, closed.Open.Invoices));
        Assert.True(Points(closed, "support") > Points(before, "support"));
        Assert.Equal((2, 0), (paid.Open.Tickets, paid.Open.Invoices));
        Assert.Empty(paid.Health.Caps);
        Assert.True(paid.Health.Score > before.Health.Score);
        Assert.Equal((0, 0), (all.Open.Tickets, all.Open.Invoices));
        Assert.True(all.Health.Score > paid.Health.Score);
        Assert.Equal(before.Version, (await Account("acme")).Version);

        Task<AccountView> If(WhatIfScenario scenario) => IfAsync("acme", scenario);
    }

    [Fact]
    public async Task A_what_if_brings_users_back_who_were_silent()
    {
        await Send(Usage("quiet", 200, from: 200));
        var before = await Account("quiet");

        var four = await IfAsync("quiet", new WhatIfScenario(Logins: 4));
        var forty = await IfAsync("quiet", new WhatIfScenario(Logins: 40));

        Assert.True(Points(four, "product") > Points(before, "product") + 1);
        Assert.Equal((before.Version + 4, before.Version + 40), (four.Version, forty.Version));
    }

    private async Task<AccountView> IfAsync(string account, WhatIfScenario scenario) =>
        (await Host.WhatIfAsync(account, new WhatIfQuestion(Read(""), Scenario: scenario), None))!;

    private static double Points(AccountView view, string category) => view.Health.Categories.Single(one => one.Key == category).Points;
}
