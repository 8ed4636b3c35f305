using HealthGrains.Alerts;
using HealthGrains.Delivery;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using Microsoft.Playwright;

using static Microsoft.Playwright.Assertions;

namespace HealthGrains.Dashboard.Tests;

/// <summary>The pages of those who work with the accounts: each test has a company of its own, for it changes it.</summary>
[NeedsBrowser]
public sealed class DeskTests : IAsyncLifetime
{
    private DeskServer _company = null!;

    public async Task InitializeAsync()
    {
        if (new NeedsBrowserAttribute().Missing is null) _company = await DeskServer.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_company is not null) await _company.DisposeAsync();
    }

    [Fact]
    public async Task A_csm_does_the_morning_without_a_mouse()
    {
        var draft = await _company.DraftAsync("sayHello");
        var task = await _company.TaskAsync("Send the roadmap");
        var asked = new AlertQuery(AlertState.Open, _company.Owner, null, 500);
        var mine = await _company.Server.Host.ListAlertsAsync(asked, CancellationToken.None);
        Assert.True(mine.Total > 1, "the company has too little on its mind");
        await using var open = await OpenPage.AtAsync(_company.Server, "/day");
        var keys = open.Page.Keyboard;

        // Once, the page asks who sits here.
        await Expect(open.Page.GetByRole(AriaRole.Button, new() { Name = _company.Owner })).ToBeVisibleAsync();
        await open.Page.GetByRole(AriaRole.Button, new() { Name = _company.Owner }).FocusAsync();
        await keys.PressAsync("Enter");
        await Expect(open.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("My day");

        await GoToAsync(open.Page, Item("draft", draft.Id));
        await keys.PressAsync("a");
        await Expect(open.Page.Locator(Item("draft", draft.Id))).ToContainTextAsync("how is it going?");
        Assert.Equal(DraftState.Pending, (await _company.Desks.GetDraftAsync(draft.Id, CancellationToken.None))!.State);
        await keys.PressAsync("a");
        await Expect(open.Page.Locator(Item("draft", draft.Id) + ".dealt")).ToHaveCountAsync(1);
        await Expect(open.Page.Locator(".said [role=status]")).ToContainTextAsync("approved");

        await GoToAsync(open.Page, Item("task", task.Id));
        await keys.PressAsync("d");
        await Expect(open.Page.Locator("dialog textarea").First).ToBeFocusedAsync();
        await keys.TypeAsync("Sent by mail");
        await keys.PressAsync("Control+Enter");
        await Expect(open.Page.Locator(Item("task", task.Id) + ".dealt")).ToContainTextAsync("Done");

        var alerts = open.Page.Locator("[data-item^='alert ']:not(.dealt)");
        var first = await alerts.First.GetAttributeAsync("data-item");
        await GoToAsync(open.Page, $"[data-item='{first}']");
        await keys.PressAsync("a");
        await Expect(open.Page.Locator($"[data-item='{first}'].dealt")).ToContainTextAsync("Acknowledged");
        var second = await alerts.First.GetAttributeAsync("data-item");
        await GoToAsync(open.Page, $"[data-item='{second}']");
        await keys.PressAsync("s");
        await Expect(open.Page.Locator("dialog input:checked")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(open.Page.Locator($"[data-item='{second}'].dealt")).ToContainTextAsync("Snoozed");

        await keys.PressAsync("n");
        await Expect(open.Page.Locator(".item.dealt")).ToHaveCountAsync(0);
        var read = await _company.Desks.GetDraftAsync(draft.Id, CancellationToken.None);
        var done = await _company.Desks.GetTaskAsync(task.Id, CancellationToken.None);
        Assert.Equal((true, _company.Owner), (read!.ReadAt is not null, read.DecidedBy));
        Assert.Equal((TaskState.Done, _company.Owner, "Sent by mail"), (done!.State, done.By, done.Notes));
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task A_draft_is_approved_after_it_was_edited_and_the_next_one_comes()
    {
        var (draft, next) = (await _company.DraftAsync("sayHello", 0), await _company.DraftAsync("sayHello", 1));
        var path = $"/review?owner={Uri.EscapeDataString(_company.Owner)}&draft={draft.Id}";
        await using var open = await OpenPage.AtAsync(_company.Server, path);
        var letter = open.Page.Locator(".letter");
        await Expect(letter).ToContainTextAsync("how is it going?");
        await Expect(open.Page.Locator(".facts")).ToContainTextAsync("Health score");

        await open.Page.Keyboard.PressAsync("e");
        await Expect(letter.GetByLabel("Text")).ToBeFocusedAsync();
        await letter.GetByLabel("Subject").FillAsync("A better word");
        await letter.GetByLabel("Text").FillAsync("Hi, shall we talk on Monday?");
        await open.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(letter).ToContainTextAsync("shall we talk on Monday?");
        await open.Page.Keyboard.PressAsync("a");

        await Expect(open.Page.Locator(".queue .dealt")).ToContainTextAsync("A better word");
        await Expect(open.Page.Locator(".queue a[aria-current]")).Not.ToContainTextAsync("A better word");
        var decided = await _company.Desks.GetDraftAsync(draft.Id, CancellationToken.None);
        Assert.Equal(("A better word", true, true), (decided!.Subject, decided.Edited, decided.ReadAt is not null));
        Assert.Contains(decided.State, new[] { DraftState.Approved, DraftState.Sent });
        Assert.Equal(DraftState.Pending, (await _company.Desks.GetDraftAsync(next.Id, CancellationToken.None))!.State);
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task Who_may_not_approve_is_told_the_rule_and_the_manager_may()
    {
        var draft = await _company.DraftAsync("sayMore");
        Assert.Equal(DeskServer.Manager, draft.Reviewer);
        await using var open = await OpenPage.AtAsync(_company.Server, "/review?draft=" + draft.Id);
        await open.Page.EvaluateAsync("name => localStorage.setItem('healthgrains.me', name)", _company.Owner);
        await open.Page.ReloadAsync();
        await Expect(open.Page.Locator(".about")).ToContainTextAsync("Sensitive texts go to the manager");

        await open.Page.Keyboard.PressAsync("a");
        var refusal = open.Page.Locator(".said [role=alert]");
        await Expect(refusal).ToContainTextAsync("You may not do this");
        await Expect(refusal).ToContainTextAsync("Sensitive texts go to the manager");
        Assert.Equal(DraftState.Pending, (await _company.Desks.GetDraftAsync(draft.Id, CancellationToken.None))!.State);

        await open.Page.EvaluateAsync("name => localStorage.setItem('healthgrains.me', name)", DeskServer.Manager);
        await open.Page.ReloadAsync();
        await Expect(open.Page.Locator(".figures")).ToContainTextAsync("Expired");
        await Expect(open.Page.Locator(".about")).ToContainTextAsync("Sensitive texts go to the manager");
        await open.Page.Keyboard.PressAsync("x");
        await Expect(open.Page.Locator("dialog textarea")).ToBeFocusedAsync();
        await open.Page.Keyboard.TypeAsync("Not now");
        await open.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(open.Page.Locator(".said [role=status]")).ToContainTextAsync("rejected");
        var decided = await _company.Desks.GetDraftAsync(draft.Id, CancellationToken.None);
        Assert.Equal((DraftState.Rejected, DeskServer.Manager, "Not now"), (decided!.State, decided.DecidedBy, decided.Reason));
    }

    [Fact]
    public async Task What_comes_up_while_one_reads_waits_until_it_is_asked_for()
    {
        await using var open = await OpenPage.AtAsync(_company.Server, "/day?owner=" + Uri.EscapeDataString(_company.Owner));
        await Expect(open.Page.Locator(".counts")).ToBeVisibleAsync();

        var task = await _company.TaskAsync("Answer at once");

        var news = open.Page.GetByRole(AriaRole.Button, new() { Name = "1 new" });
        await Expect(news).ToBeVisibleAsync();
        await Expect(open.Page.Locator(Item("task", task.Id))).ToHaveCountAsync(0);
        await open.Page.Keyboard.PressAsync("n");
        await Expect(open.Page.Locator(Item("task", task.Id))).ToContainTextAsync("5 h late");
    }

    [Fact]
    public async Task On_an_account_a_play_is_started_paused_and_stopped_and_a_task_added_and_an_override_set()
    {
        var account = _company.Accounts[2];
        await using var open = await OpenPage.AtAsync(_company.Server, "/accounts/" + account);
        var page = open.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Start a play…" }).ClickAsync();
        await page.Locator("dialog select").SelectOptionAsync("sayHello");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).ClickAsync();
        var play = page.Locator("article.play", new() { HasText = "Say hello" });
        await Expect(play.Locator(".steps li.open")).ToContainTextAsync("Write to them");
        await play.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(play.Locator(".state")).ToHaveTextAsync("paused");
        await play.GetByRole(AriaRole.Button, new() { Name = "Stop…" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Stop the play" })).ToBeDisabledAsync();
        await page.Locator("dialog textarea").FillAsync("They called us");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop the play" }).ClickAsync();
        await Expect(play).ToHaveCountAsync(0);
        await Expect(page.Locator(".panel:has(#plays) summary", new() { HasText = "Tried before" })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Add a task…" }).ClickAsync();
        await page.GetByLabel("What is to be done?").FillAsync("Book a room");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(page.Locator(".panel:has(#tasks)")).ToContainTextAsync("Book a room");

        var computed = await page.Locator(".card.health .big").InnerTextAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "I see it otherwise…" }).ClickAsync();
        await page.GetByLabel("Red").CheckAsync();
        await page.Locator("dialog textarea").FillAsync("The sponsor told me");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set", Exact = true }).ClickAsync();
        await Expect(page.Locator(".said-otherwise")).ToContainTextAsync("The sponsor told me");
        Assert.Equal(computed, await page.Locator(".card.health .big").InnerTextAsync());
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task Nothing_of_it_stands_in_the_way_of_who_cannot_see_well_and_a_telephone_shows_all()
    {
        var draft = await _company.DraftAsync("sayHello");
        await _company.TaskAsync("Send the roadmap");
        var owner = Uri.EscapeDataString(_company.Owner);
        var faults = new List<string>();
        var account = "/accounts/" + _company.Accounts[0];
        string[] paths = ["/day", $"/day?owner={owner}", $"/review?draft={draft.Id}", "/team", "/deliveries", account, "/alerts"];
        await using var open = await OpenPage.AtAsync(_company.Server, "/team");
        foreach (var path in paths)
        {
            await open.Page.SetViewportSizeAsync(1280, 900);
            await open.Page.GotoAsync(path);
            await open.SettledAsync();
            if (path.StartsWith("/day?", StringComparison.Ordinal)) await open.Page.Locator(".item button.title").First.ClickAsync();
            foreach (var colors in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                await open.Page.EmulateMediaAsync(new() { ColorScheme = colors });
                faults.AddRange((await open.BarriersAsync(colors)).Select(fault => $"{path} {colors}: {fault}"));
            }
            await open.Page.SetViewportSizeAsync(360, 740);
            if (await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") is var wide and > 360)
                faults.Add($"{path} is {wide} wide on a telephone");
        }

        Assert.Empty(open.Complaints);
        Assert.Empty(faults);
    }

    [Fact]
    public async Task The_team_page_shows_what_each_was_told_against_the_budget_and_an_alert_whether_it_was()
    {
        var team = await _company.Desks.GetTeamAsync(CancellationToken.None);
        var figures = team.Owners.OrderByDescending(owner => owner.Pushed).First();
        Assert.True(figures.Pushed > 0, "nobody was told of anything");
        await using var open = await OpenPage.AtAsync(_company.Server, "/team");
        var row = open.Page.Locator("section[aria-labelledby=alert-figures] tr").Filter(new() { HasText = figures.Owner! });
        await Expect(row).ToContainTextAsync($"{figures.Pushed} of 3");
        await Expect(row.Locator("td").Last).ToContainTextAsync("none yet");
        await open.Page.GotoAsync("/alerts?owner=" + Uri.EscapeDataString(figures.Owner!));
        await Expect(open.Page.Locator(".alert header").Filter(new() { HasText = $"told to {figures.Owner}" })).Not.ToHaveCountAsync(0);
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task A_delivery_that_was_given_up_says_why_and_is_tried_again()
    {
        var now = _company.Server.Host.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var deliveries = _company.Desks.Deliveries;
        var asked = new DeliveryQuery(DeliveryState.Pending, null, null, null, 1, null);
        var waiting = await deliveries.ListAsync(asked, CancellationToken.None);
        var receiver = Assert.Single(waiting.Items).Dispatch.Receiver;
        var claim = new DeliveryClaim(receiver, 1, now, now + 60_000);
        var claimed = (await deliveries.ClaimAsync(claim, CancellationToken.None)).Single();
        await deliveries.SettleAsync(claimed.Dispatch.Id, claimed.Attempt, Settlement.Dead(now, "no such room"), CancellationToken.None);
        await using var open = await OpenPage.AtAsync(_company.Server, "/deliveries?state=dead");

        await Expect(open.Page.Locator(".delivery")).ToContainTextAsync("no such room");
        await open.Page.Locator(".delivery").GetByRole(AriaRole.Button).ClickAsync();

        await Expect(open.Page.Locator(".delivery")).ToHaveCountAsync(0);
        await Expect(open.Page.Locator("main")).ToContainTextAsync("Nothing is in this state");
    }

    private static string Item(string kind, string id) => $"[data-item='{kind} {id}']";

    /// <summary>With j alone.</summary>
    private static async Task GoToAsync(IPage page, string item)
    {
        await Expect(page.Locator(item)).ToHaveCountAsync(1);
        var isThere = "item => document.activeElement?.closest(item) !== null && document.activeElement !== document.body";
        for (var i = 0; i < 200 && !await page.EvaluateAsync<bool>(isThere, item); i++) await page.Keyboard.PressAsync("j");
        // From the end one goes back.
        for (var i = 0; i < 200 && !await page.EvaluateAsync<bool>(isThere, item); i++) await page.Keyboard.PressAsync("k");
        Assert.True(await page.EvaluateAsync<bool>(isThere, item), "the keys do not reach " + item);
    }
}
