using System.Text;
using Microsoft.Playwright;

using static Microsoft.Playwright.Assertions;

namespace HealthGrains.Dashboard.Tests;

/// <summary>What happens while somebody looks.</summary>
[NeedsBrowser]
public sealed class LiveTests
{
    [Fact]
    public async Task A_system_that_knows_nobody_says_how_to_begin_and_can_make_up_accounts()
    {
        await using var server = await LiveServer.StartEmptyAsync();
        await using var open = await OpenPage.AtAsync(server, "/");
        await Expect(open.Page.Locator("main")).ToContainTextAsync($"{server.Address}/v1/signals");

        await open.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("sample", System.Text.RegularExpressions.RegexOptions.IgnoreCase) })
            .ClickAsync();

        await Expect(open.Page.Locator("table.accounts tbody tr[data-index]").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task A_signal_shows_in_the_list_and_on_the_accounts_page_without_loading_again()
    {
        await using var server = await LiveServer.StartCompanyAsync(accounts: 12, days: 60);
        var id = (await server.Host.ListAccountsAsync(new HealthGrains.Hosting.AccountQuery { Sort = "-score", Limit = 1 }, default)).Items[0].Id;
        await using var list = await OpenPage.AtAsync(server, "/");
        await using var account = await OpenPage.AtAsync(server, $"/accounts/{id}");
        var row = list.Page.Locator($"table.accounts tr:has(a[href='/accounts/{id}'])");
        await Expect(row).ToBeVisibleAsync();
        var before = await row.Locator(".score").InnerTextAsync();
        await Expect(account.Page.Locator("main")).ToContainTextAsync(before);

        await CancelAsync(server, id);

        await Expect(row.Locator(".score")).Not.ToHaveTextAsync(before);
        var after = await row.Locator(".score").InnerTextAsync();
        await Expect(account.Page.Locator("main")).ToContainTextAsync(after);
        Assert.Empty(list.Complaints);
        Assert.Empty(account.Complaints);
    }

    [Fact]
    public async Task A_server_that_goes_is_told_and_when_it_is_back_the_page_goes_on_by_itself()
    {
        await using var server = await LiveServer.StartCompanyAsync(accounts: 12, days: 60);
        var id = (await server.Host.ListAccountsAsync(new HealthGrains.Hosting.AccountQuery { Sort = "-score", Limit = 1 }, default)).Items[0].Id;
        await using var open = await OpenPage.AtAsync(server, "/");
        var score = open.Page.Locator($"table.accounts tr:has(a[href='/accounts/{id}']) .score");
        var status = open.Page.Locator("header .live [role=status]");
        await Expect(status).ToHaveTextAsync("Live");
        var before = await score.InnerTextAsync();

        var address = await server.StopAsync();
        await Expect(status).ToContainTextAsync("Stale", new() { Timeout = 15_000 });
        await Expect(score).ToHaveTextAsync(before);
        await server.StartAgainAsync(address);

        await Expect(status).ToHaveTextAsync("Live", new() { Timeout = 45_000 });
        await CancelAsync(server, id);
        await Expect(score).Not.ToHaveTextAsync(before, new() { Timeout = 15_000 });
    }

    [Fact]
    public async Task Told_that_changes_are_gone_the_page_loads_what_it_shows_again_and_goes_on_from_there()
    {
        // Its clock has to go on: a list is made anew when it is a second old.
        await using var server = await LiveServer.StartEmptyAsync();
        const string id = "acme";
        await SendAsync(server, $$"""{"id":"first","account":"{{id}}","source":"usage","kind":"login"}""");
        await using var open = await OpenPage.AtAsync(server, "/no-such-page");
        var isGone = false;
        // A stream that has nothing to say, and then says that what it had is gone.
        await open.Page.RouteAsync("**/v1/stream*", async route =>
        {
            await route.FulfillAsync(new()
            {
                ContentType = "text/event-stream",
                Body = Volatile.Read(ref isGone) ? "id: 77\nevent: reset\ndata: {\"reason\":\"gone\"}\n\n" : ": connected\n\n",
            });
        });
        await open.Page.GotoAsync("/");
        var score = open.Page.Locator($"table.accounts tr:has(a[href='/accounts/{id}']) .score");
        await Expect(score).ToBeVisibleAsync();
        var before = await score.InnerTextAsync();
        await CancelAsync(server, id);
        await server.Host.SettleAsync();
        await open.Page.WaitForResponseAsync("**/v1/stream*", new() { Timeout = 15_000 });
        await Expect(score).ToHaveTextAsync(before);

        Volatile.Write(ref isGone, true);

        await Expect(score).Not.ToHaveTextAsync(before, new() { Timeout = 45_000 });
        await open.Page.WaitForRequestAsync(new System.Text.RegularExpressions.Regex("lastEventId=77"), new() { Timeout = 45_000 });
    }

    private static Task CancelAsync(LiveServer server, string account) =>
        SendAsync(server, $$"""{"id":"live-1","account":"{{account}}","source":"billing","kind":"cancelRequested"}""");

    private static async Task SendAsync(LiveServer server, string signal)
    {
        using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        using var body = new StringContent(signal, Encoding.UTF8, "application/json");
        using var taken = await client.PostAsync("/v1/signals", body);
        Assert.True(taken.IsSuccessStatusCode);
    }
}
