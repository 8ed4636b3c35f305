using HealthGrains.Hosting;
using HealthGrains.Plays;
using Microsoft.Playwright;

using static Microsoft.Playwright.Assertions;

namespace HealthGrains.Dashboard.Tests;

/// <summary>What people write down, put off and hand over: each test has a company of its own, for it changes it.</summary>
[NeedsBrowser]
public sealed class NotesTests : IAsyncLifetime
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
    public async Task A_note_is_written_without_a_mouse_and_a_task_follows_it_up()
    {
        var account = _company.Accounts[0];
        await using var open = await AsAsync(_company.Owner, "/accounts/" + account);
        var page = open.Page;
        await open.SettledAsync();

        await page.Keyboard.PressAsync("w");
        await Expect(page.GetByLabel("What did you learn?")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("They merge two teams.");
        await page.GetByLabel("From a").SelectOptionAsync("call");
        var day = _company.Server.Host.Clock.GetUtcNow().AddDays(3).ToString("yyyy-MM-dd", null);
        await page.GetByLabel("Follow up on").FillAsync(day);
        await page.Keyboard.PressAsync("Control+Enter");

        await Expect(page.Locator(".notes li")).ToContainTextAsync($"Call by {_company.Owner}, followed up by a task");
        await Expect(page.GetByLabel("What did you learn?")).ToHaveValueAsync("");
        await Expect(page.Locator(".panel:has(#tasks)")).ToContainTextAsync("Follow up: They merge two teams.");
        await Expect(page.Locator(".events")).ToContainTextAsync($"Call noted by {_company.Owner}");
        var task = (await _company.Desks.ListTasksAsync(new WorkQuery(Account: account), CancellationToken.None)).Items
            .Single(task => task.Note is not null);
        Assert.Equal((_company.Owner, day), (task.Owner, task.DueAt.ToString("yyyy-MM-dd", null)));
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task A_task_is_put_off_with_a_key_and_the_account_says_how_often()
    {
        var task = await _company.TaskAsync("Send the roadmap");
        await using var open = await AsAsync(_company.Owner, "/day");
        var page = open.Page;
        var row = page.Locator($"[data-item='task {task.Id}']");
        await row.Locator("[data-row]").FocusAsync();

        await page.Keyboard.PressAsync("s");
        await Expect(page.GetByLabel("Until which day?")).ToBeFocusedAsync();
        await page.GetByLabel("Until which day?").FillAsync("2001-01-01");
        await page.GetByLabel("Why?").FillAsync("They are away");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("dialog.ask")).ToBeVisibleAsync();
        var day = _company.Server.Host.Clock.GetUtcNow().AddDays(2).ToString("yyyy-MM-dd", null);
        await page.GetByLabel("Until which day?").FillAsync(day);
        await page.Keyboard.PressAsync("Control+Enter");

        await Expect(row).ToContainTextAsync("Put off");
        await Expect(page.Locator($"[data-item='task {task.Id}'].dealt")).ToHaveCountAsync(1);
        var put = (await _company.Desks.GetTaskAsync(task.Id, CancellationToken.None))!.Postponed.Single();
        Assert.Equal((_company.Owner, "They are away", day), (put.By, put.Reason, put.To.ToString("yyyy-MM-dd", null)));
        await page.GotoAsync("/accounts/" + _company.Accounts[0]);
        await Expect(page.Locator(".panel:has(#tasks) summary", new() { HasText = "Put off once." })).ToBeVisibleAsync();
        await Expect(page.Locator(".events")).ToContainTextAsync("They are away");
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task A_manager_sees_what_will_move_says_yes_and_the_book_has_changed_hands()
    {
        await _company.DraftAsync("sayHello");
        await _company.TaskAsync("Send the roadmap");
        await using var open = await AsAsync(DeskServer.Manager, "/handover?from=" + Uri.EscapeDataString(_company.Owner));
        var page = open.Page;
        var plan = (await _company.Server.Host.PlanHandOverAsync(null, _company.Owner, CancellationToken.None))!;
        Assert.True(plan is { Accounts: > 1, Plays: > 0, Tasks: > 0, Drafts: > 0 });
        await Expect(page.Locator(".counts")).ToContainTextAsync($"{plan.Accounts} accounts");
        await Expect(page.Locator(".counts")).ToContainTextAsync($"{plan.Tasks} tasks");

        await page.GetByLabel("Who gets it").FillAsync("Nora New");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("dialog.ask")).ToContainTextAsync($"{plan.Accounts} accounts, {plan.Alerts} alert");
        await page.GetByRole(AriaRole.Button, new() { Name = "Hand over", Exact = true }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "It has changed hands" })).ToBeVisibleAsync();
        await Expect(page.Locator("main")).ToContainTextAsync($"{plan.Accounts} accounts of {_company.Owner} are with Nora New now.");
        await page.GetByRole(AriaRole.Link, new() { Name = "The day of Nora New" }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("Send the roadmap");
        foreach (var row in plan.Items)
            Assert.Equal("Nora New", (await _company.Server.Host.GetAccountAsync(row.Account, null, CancellationToken.None))!.Profile.Owner);
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task Who_is_no_manager_is_told_who_may_hand_an_account_over()
    {
        await using var open = await AsAsync(_company.Owner, "/accounts/" + _company.Accounts[0]);
        var page = open.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "hand over" }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync($"You are {_company.Owner}: only {DeskServer.Manager} may hand this over.");
        await page.GetByLabel("Who gets it").FillAsync("Nora New");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Hand over…" })).ToBeDisabledAsync();
    }

    [Theory]
    [InlineData("handover", ColorScheme.Light, 1280)]
    [InlineData("handover", ColorScheme.Dark, 1280)]
    [InlineData("handover", ColorScheme.Light, 360)]
    [InlineData("account", ColorScheme.Light, 1280)]
    [InlineData("account", ColorScheme.Light, 360)]
    public async Task Nothing_stands_in_the_way_of_who_cannot_see_well(string name, ColorScheme colors, int width)
    {
        await _company.TaskAsync("Send the roadmap");
        await _company.Desks.DoAsync(
            _company.Accounts[0], new AddNote("test", NoteKind.Call, new string('x', 300), null, null, null), CancellationToken.None);
        var path = name == "account" ? "/accounts/" + _company.Accounts[0] : "/handover?from=" + Uri.EscapeDataString(_company.Owner);
        await using var open = await OpenPage.AtAsync(_company.Server, path, colors, width);
        await open.SettledAsync();
        await Expect(open.Page.Locator(name == "account" ? ".notes li" : ".handover")).ToBeVisibleAsync();

        Assert.Empty(await open.BarriersAsync(colors));
        Assert.InRange(await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, width);
    }

    private async Task<OpenPage> AsAsync(string who, string path)
    {
        var open = await OpenPage.AtAsync(_company.Server, "/team");
        await open.Page.EvaluateAsync("name => localStorage.setItem('healthgrains.me', name)", who);
        await open.Page.GotoAsync(path);
        return open;
    }
}
