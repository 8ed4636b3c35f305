using System.Globalization;
using System.Text;
using HealthGrains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using Microsoft.Playwright;

using static Microsoft.Playwright.Assertions;

namespace HealthGrains.Dashboard.Tests;

/// <summary>One account whose every event is known, and what the page makes of it.</summary>
[NeedsBrowser]
public sealed class AccountTests
{
    [Fact]
    public async Task What_happened_is_told_beside_the_chart_and_the_ledger_goes_down_to_the_signals()
    {
        await using var server = await WithAcmeAsync();
        await using var open = await OpenPage.AtAsync(server, "/accounts/acme");
        var events = open.Page.Locator(".marks li");
        await Expect(events).ToHaveCountAsync(4);
        await Expect(events.Nth(0)).ToContainTextAsync("alert raised");
        await Expect(events.Nth(1)).ToContainTextAsync("A contact left: champion");
        await Expect(events.Nth(1)).ToHaveClassAsync("bad");
        await Expect(events.Nth(2)).ToContainTextAsync("Payment failed 2 attempts; not paid yet");
        await Expect(events.Nth(3)).ToContainTextAsync("Milestone reached: go-live");
        await Expect(events.Nth(3)).ToHaveClassAsync("good");

        await open.Page.GetByRole(AriaRole.Button, new() { Name = "30 days" }).ClickAsync();
        var tickets = open.Page.Locator(".ledger details", new() { HasText = "Open tickets" }).Last;
        await tickets.Locator("summary").ClickAsync();
        var row = tickets.Locator("tr", new() { HasText = "2 opened" });
        await row.GetByRole(AriaRole.Button, new() { Name = "Show them" }).ClickAsync();

        var signals = tickets.Locator(".signals tbody tr");
        await Expect(signals).ToHaveCountAsync(2);
        await Expect(signals.First).ToContainTextAsync("opened: bug");
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task A_host_that_cannot_find_signals_says_why_and_nothing_else()
    {
        await using var server = await WithAcmeAsync();
        await using var open = await OpenPage.AtAsync(server, "/no-such-page");
        await open.Page.RouteAsync("**/v1/accounts/*/signals?*", route => route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Body = """{"items":[],"total":0,"complete":false,"reason":"the cluster keeps no signals by account","asOf":"2026-11-21T12:00:00Z"}""",
        }));
        await open.Page.GotoAsync("/accounts/acme?span=30d");
        var tickets = open.Page.Locator(".ledger details", new() { HasText = "Open tickets" }).Last;
        await tickets.Locator("summary").ClickAsync();
        await tickets.GetByRole(AriaRole.Button, new() { Name = "Show them" }).First.ClickAsync();

        await Expect(tickets.Locator(".signals")).ToHaveTextAsync("They cannot be shown: the cluster keeps no signals by account.");
    }

    [Fact]
    public async Task What_if_the_tickets_were_closed_and_the_invoice_paid_is_two_ticks_and_a_press()
    {
        await using var server = await WithAcmeAsync();
        await using var open = await OpenPage.AtAsync(server, "/accounts/acme");
        var panel = open.Page.Locator(".panel:has(#what-if)");
        await panel.GetByLabel("Users who log in today").FillAsync("0");
        await panel.GetByLabel("All 2 open tickets are solved").CheckAsync();
        await panel.GetByLabel("The unpaid invoice is paid").CheckAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Show the score" }).ClickAsync();

        var then = (await server.Host.WhatIfAsync(
            "acme", new WhatIfQuestion(new IntakeBatch(), Scenario: new WhatIfScenario(true, true)), CancellationToken.None))!;
        var now = (await server.Host.GetAccountAsync("acme", null, CancellationToken.None))!;
        Assert.True(then.Health.Score > now.Health.Score + 5, $"{now.Health.Score} to {then.Health.Score}");
        await Expect(panel.Locator(".answer")).ToContainTextAsync(
            "The score would be " + then.Health.Score.ToString("0.0", CultureInfo.InvariantCulture));
        Assert.Equal((2, 1), (now.Open.Tickets, now.Open.Invoices));
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task Owners_and_segments_are_chosen_from_what_there_is_and_alerts_by_severity()
    {
        await using var server = await WithAcmeAsync();
        await server.Host.PutProfileAsync(
            new AccountProfile { Id = "b", Name = "Birch", Owner = "kim", Segment = "retail" }, "test", CancellationToken.None);
        await server.Host.PutProfileAsync(new AccountProfile { Id = "c", Name = "Cedar", Owner = "kim" }, "test", CancellationToken.None);
        await using var open = await OpenPage.AtAsync(server, "/");
        var owner = open.Page.GetByRole(AriaRole.Combobox, new() { Name = "Owner" });
        await Expect(owner.Locator("option")).ToHaveTextAsync(["All", "dana (1)", "kim (2)"]);
        await Expect(open.Page.GetByRole(AriaRole.Combobox, new() { Name = "Segment" }).Locator("option")).ToHaveTextAsync(["All", "retail (1)"]);

        await owner.SelectOptionAsync("kim");

        await Expect(open.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("owner=kim"));
        await Expect(open.Page.Locator("table.accounts tr[data-index]")).ToHaveCountAsync(2);
        await open.Page.GotoAsync("/alerts");
        await Expect(open.Page.Locator("article.alert")).ToHaveCountAsync(1);
        var severity = (await server.Host.ListAlertsAsync(new AlertQuery(), CancellationToken.None)).Items[0].Severity;
        var other = severity == Health.Band.Red ? "yellow" : "red";
        await open.Page.GetByRole(AriaRole.Combobox, new() { Name = "Severity" }).SelectOptionAsync(other);
        await Expect(open.Page.Locator("main .notice")).ToHaveTextAsync("No alert fits these filters.");
        Assert.Empty(open.Complaints);
    }

    private static async Task<LiveServer> WithAcmeAsync()
    {
        var server = await LiveServer.StartEmptyAsync();
        await server.Host.PutProfileAsync(
            new AccountProfile { Id = "acme", Name = "Acme", Owner = "dana", Arr = 50_000 }, "test", CancellationToken.None);
        var now = server.Host.Clock.GetUtcNow();
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var lines = new StringBuilder();
        for (var k = 0; k < 200; k++)
            Line("usage", "login", today.AddHours(-4 * k - 1), $"u{k % 7}");
        Line("crm", "milestoneReached", today.AddDays(-30), name: "go-live");
        Line("billing", "paymentFailed", today.AddDays(-20), "in_1");
        Line("billing", "paymentFailed", today.AddDays(-18), "in_1");
        Line("ticket", "opened", today.AddDays(-6).AddHours(3), "T-1", "bug");
        Line("ticket", "opened", today.AddDays(-6).AddHours(5), "T-2", "bug");
        Line("crm", "contactLeft", today.AddDays(-4), "kim", "champion");
        var batch = new IntakeBatch { UntilApplied = true };
        var body = Encoding.UTF8.GetBytes(lines.ToString());
        IntakeReader.Read(WireFormat.Native, body, IntakeContext.Of(server.Host), batch, BodyShape.Lines);
        var receipt = await server.Host.TakeAsync(batch, CancellationToken.None);
        Assert.Equal(206, receipt.Accepted);
        await server.Host.SettleAsync();
        return server;

        void Line(string source, string kind, DateTimeOffset at, string? subject = null, string? name = null) => lines.Append(
            CultureInfo.InvariantCulture,
            $$"""{"id":"s{{lines.Length}}","account":"acme","source":"{{source}}","kind":"{{kind}}","at":"{{at:yyyy-MM-ddTHH:mm:ssZ}}","subject":"{{subject}}","name":"{{name}}"}""")
            .Append('\n');
    }
}
