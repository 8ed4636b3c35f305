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

        using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        using var body = new StringContent(
            $$"""{"id":"live-1","account":"{{id}}","source":"billing","kind":"cancelRequested"}""", Encoding.UTF8, "application/json");
        using var taken = await client.PostAsync("/v1/signals", body);
        Assert.True(taken.IsSuccessStatusCode);

        await Expect(row.Locator(".score")).Not.ToHaveTextAsync(before);
        var after = await row.Locator(".score").InnerTextAsync();
        await Expect(account.Page.Locator("main")).ToContainTextAsync(after);
        Assert.Empty(list.Complaints);
        Assert.Empty(account.Complaints);
    }
}
