using HealthGrains.Hosting;
using Microsoft.Playwright;

using static Microsoft.Playwright.Assertions;

namespace HealthGrains.Dashboard.Tests;

/// <summary>What the pages show while there is nothing to show, and when there never will be.</summary>
[NeedsBrowser]
public sealed class StatesTests(CompanyServer company) : IClassFixture<CompanyServer>
{
    private const string Rows = "table.accounts tbody tr[data-index]";
    private const string Accounts = "**/v1/accounts?*";
    private const string Everything = "**/v1/**";

    [Theory]
    [InlineData("/", Accounts, "The accounts are loading", Rows)]
    [InlineData("/", "**/v1/portfolio", "The totals are loading", ".totals .card")]
    [InlineData("account", "**/v1/accounts/*", "The account is loading", ".card.health")]
    [InlineData("account", "**/v1/accounts/*/history?*", "The history is loading", ".chart canvas")]
    [InlineData("/alerts", "**/v1/alerts?*", "The alerts are loading", "article.alert")]
    [InlineData("/day?owner=dana", "**/v1/tasks?*", "The day is loading", ".notice.done")]
    [InlineData("/review", "**/v1/drafts?*", "The drafts are loading", ".notice.done")]
    [InlineData("/team", "**/v1/plays?*", "The team is loading", "main > .notice")]
    [InlineData("/deliveries", "**/v1/deliveries?*", "The deliveries are loading", ".item.delivery")]
    public async Task While_an_answer_is_on_its_way_the_page_says_what_is_loading(
        string path, string held, string said, string then)
    {
        await using var open = await OpenPage.AtAsync(company.Server, "/no-such-page");
        var answers = await open.Page.HoldAsync(held);
        await open.Page.GotoAsync(await PathAsync(path));

        var waiting = open.Page.Locator(".skeleton", new() { HasText = said });
        await Expect(waiting).ToBeVisibleAsync();
        await Expect(open.Page.Locator(then)).ToHaveCountAsync(0);
        answers.SetResult();

        await Expect(open.Page.Locator(then).First).ToBeVisibleAsync();
        await Expect(waiting).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("account")]
    [InlineData("/alerts")]
    public async Task Who_may_not_see_is_told_so_and_whom_to_ask_and_is_offered_no_other_attempt(string path)
    {
        await using var open = await RefusedAsync(path, 403, "The request does not come from this machine", "host 'elsewhere' is not served");
        var notice = open.Page.Locator(".notice.forbidden");

        await Expect(notice.First).ToContainTextAsync("You may not see this: The request does not come from this machine");
        await Expect(notice.First).ToContainTextAsync("host 'elsewhere' is not served");
        await Expect(notice.First).ToContainTextAsync("Ask whoever runs this server for access");
        await Expect(open.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" })).ToHaveCountAsync(0);
        await Expect(open.Page.Locator(Rows)).ToHaveCountAsync(0);
        Assert.Empty(await open.BarriersAsync());
    }

    [Theory]
    [InlineData("/", 500, "Something went wrong here", Rows)]
    [InlineData("/", 503, "The host is not available", Rows)]
    [InlineData("account", 500, "Something went wrong here", ".card.health")]
    [InlineData("account", 503, "The host is not available", ".card.health")]
    [InlineData("/alerts", 503, "The host is not available", "article.alert")]
    public async Task A_fault_of_the_server_is_told_in_its_words_and_another_attempt_is_one_press(
        string path, int status, string title, string then)
    {
        await using var open = await RefusedAsync(path, status, title, "look at the log");
        var notice = open.Page.Locator(".notice.failed");
        await Expect(notice.First).ToContainTextAsync(title);
        await Expect(notice.First).ToContainTextAsync("The fault is the server’s. Its log says more.");
        Assert.Empty(await open.BarriersAsync());

        await open.Page.UnrouteAsync(Everything);
        // Of several parts of a page each has its own.
        for (var buttons = open.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }); await buttons.CountAsync() > 0;)
        {
            var left = await buttons.CountAsync();
            await buttons.First.ClickAsync();
            await Expect(buttons).Not.ToHaveCountAsync(left);
        }

        await Expect(open.Page.Locator(then).First).ToBeVisibleAsync();
        await Expect(notice).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_part_that_fails_leaves_the_others_as_they_are()
    {
        await using var open = await OpenPage.AtAsync(company.Server, "/no-such-page");
        await open.Page.RefuseAsync("**/v1/accounts/*/ledger?*", 500, "Something went wrong here", "look at the log");
        await open.Page.GotoAsync(await PathAsync("account"));

        await Expect(open.Page.Locator(".panel:has(#ledger) .notice.failed")).ToContainTextAsync("Something went wrong here");
        await Expect(open.Page.Locator(".chart canvas").First).ToBeVisibleAsync();
        await Expect(open.Page.Locator(".notice.failed")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task On_paper_are_the_rows_that_are_loaded_with_their_headings_and_nothing_to_press()
    {
        await using var open = await OpenPage.AtAsync(company.Server, "/");
        await Expect(open.Page.Locator(Rows).First).ToBeVisibleAsync();
        var total = (await company.Server.Host.ListAccountsAsync(new AccountQuery { Limit = 1 }, CancellationToken.None)).Total;
        Assert.InRange(await open.Page.Locator(Rows).CountAsync(), 1, total - 1);

        await open.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await open.Page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");

        await Expect(open.Page.Locator(Rows)).ToHaveCountAsync(total);
        await Expect(open.Page.Locator("table.accounts thead th").First).ToBeVisibleAsync();
        foreach (var gone in (string[])["header.top nav", ".filters", "header.top button"])
            await Expect(open.Page.Locator(gone)).ToBeHiddenAsync();
        // Of every page the first row stands below the headings.
        var pages = await open.Page.PdfAsync(new() { Format = "A4", Landscape = true });
        Assert.True(pages.Length > 10_000, $"{pages.Length} bytes");
        await open.Page.EvaluateAsync("dispatchEvent(new Event('afterprint'))");
        await open.Page.EmulateMediaAsync(new() { Media = Media.Screen });
        await Expect(open.Page.Locator(Rows)).Not.ToHaveCountAsync(total);
    }

    [Fact]
    public async Task An_account_on_paper_has_its_chart_and_its_events_and_nothing_to_press()
    {
        await using var open = await OpenPage.AtAsync(company.Server, await PathAsync("account"));
        await Expect(open.Page.Locator(".chart canvas").First).ToBeVisibleAsync();

        await open.Page.EmulateMediaAsync(new() { Media = Media.Print });

        await Expect(open.Page.Locator(".chart canvas").First).ToBeVisibleAsync();
        await Expect(open.Page.Locator(".marks").First).ToBeVisibleAsync();
        await Expect(open.Page.Locator(".panel:has(#what-if)")).ToBeHiddenAsync();
        Assert.Equal(0, await open.Page.Locator("button:visible").CountAsync());
    }

    private async Task<OpenPage> RefusedAsync(string path, int status, string title, string detail)
    {
        var open = await OpenPage.AtAsync(company.Server, "/no-such-page");
        await open.Page.RefuseAsync(Everything, status, title, detail);
        await open.Page.GotoAsync(await PathAsync(path));
        return open;
    }

    private async Task<string> PathAsync(string page) => page != "account" ? page
        : "/accounts/" + (await company.Server.Host.ListAccountsAsync(new AccountQuery { Limit = 1 }, CancellationToken.None)).Items[0].Id;
}
