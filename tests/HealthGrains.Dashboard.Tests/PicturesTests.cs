using HealthGrains.HostContract;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using Microsoft.Playwright;

using static Microsoft.Playwright.Assertions;

namespace HealthGrains.Dashboard.Tests;

/// <summary>Makes the pictures of docs/pictures, and others to look at, in the folder that <c>HEALTHGRAINS_PICTURES</c> names.</summary>
[NeedsPicturesFolder]
public sealed class PicturesTests(CompanyServer company) : IClassFixture<CompanyServer>
{
    [Theory]
    [InlineData("portfolio", "/", ColorScheme.Light, 1280)]
    [InlineData("portfolio-dark", "/", ColorScheme.Dark, 1280)]
    [InlineData("portfolio-360", "/", ColorScheme.Light, 360)]
    [InlineData("account", "account", ColorScheme.Light, 1280)]
    [InlineData("account-whole", "account", ColorScheme.Light, 1280)]
    [InlineData("account-dark", "account", ColorScheme.Dark, 1280)]
    [InlineData("account-360", "account", ColorScheme.Light, 360)]
    [InlineData("alerts", "/alerts", ColorScheme.Light, 1280)]
    public async Task A_page_is_shown_as_it_is(string name, string path, ColorScheme colors, int width)
    {
        if (path == "account")
            path = "/accounts/" + (await company.Server.Host.ListAccountsAsync(new AccountQuery { Limit = 1 }, CancellationToken.None)).Items[0].Id;
        await using var open = await OpenPage.AtAsync(company.Server, path, colors, width);
        await Expect(open.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await open.Page.WaitForLoadStateAsync(LoadState.DOMContentLoaded);
        await open.Page.WaitForTimeoutAsync(1_500);

        var file = Path.Combine(NeedsPicturesFolderAttribute.Folder!, name + ".png");
        var isWhole = name.EndsWith("-whole", StringComparison.Ordinal);
        if (isWhole) await open.Page.Locator(".ledger summary").First.ClickAsync();
        var picture = await open.Page.ScreenshotAsync(new() { Path = file, FullPage = isWhole });

        Assert.NotEmpty(picture);
    }

    [Fact]
    public async Task A_day_is_shown_as_it_is()
    {
        await using var desk = await DeskServer.StartAsync();
        await desk.DraftAsync("sayHello");
        await using var open = await OpenPage.AtAsync(desk.Server, "/team", width: 1100, height: 760);
        await open.Page.EvaluateAsync("name => localStorage.setItem('healthgrains.me', name)", desk.Owner);
        await open.Page.GotoAsync("/day");
        await Expect(open.Page.Locator(".item").First).ToBeVisibleAsync();
        var file = Path.Combine(NeedsPicturesFolderAttribute.Folder!, "day.png");

        Assert.NotEmpty(await open.Page.ScreenshotAsync(new() { Path = file }));
    }

    [Theory]
    [InlineData("handover", ColorScheme.Light, 1100)]
    [InlineData("handover-dark", ColorScheme.Dark, 1100)]
    [InlineData("handover-360", ColorScheme.Light, 360)]
    [InlineData("notes", ColorScheme.Light, 1100)]
    [InlineData("notes-360", ColorScheme.Light, 360)]
    public async Task What_people_write_down_and_hand_over_is_shown_as_it_is(string name, ColorScheme colors, int width)
    {
        await using var desk = await DeskServer.StartAsync();
        await desk.DraftAsync("sayHello");
        await desk.TaskAsync("Send the roadmap");
        var due = desk.Server.Host.Clock.GetUtcNow().AddDays(4).ToUnixTimeMilliseconds();
        await desk.Desks.DoAsync(desk.Accounts[0],
            new AddNote(desk.Owner, NoteKind.Call, "They merge two teams in spring.\nAsk who leads.", due, null, null), CancellationToken.None);
        await using var open = await OpenPage.AtAsync(desk.Server, "/team", colors, width);
        await open.Page.EvaluateAsync("name => localStorage.setItem('healthgrains.me', name)", DeskServer.Manager);
        await open.Page.GotoAsync(name.StartsWith("notes", StringComparison.Ordinal) ? "/accounts/" + desk.Accounts[0]
            : "/handover?from=" + Uri.EscapeDataString(desk.Owner));
        await open.SettledAsync();
        await open.Page.WaitForTimeoutAsync(1_000);
        var file = Path.Combine(NeedsPicturesFolderAttribute.Folder!, name + ".png");

        Assert.NotEmpty(await open.Page.ScreenshotAsync(new() { Path = file, FullPage = true }));
    }
}

[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsPicturesFolderAttribute : RequirementAttribute
{
    public static string? Folder => Environment.GetEnvironmentVariable("HEALTHGRAINS_PICTURES");

    public override string? Missing => new NeedsBrowserAttribute().Missing
        ?? (Folder is { Length: > 0 } ? null : "pictures are made where HEALTHGRAINS_PICTURES names a folder");
}
