using Microsoft.Playwright;

using static Microsoft.Playwright.Assertions;

namespace HealthGrains.Dashboard.Tests;

/// <summary>A page in a browser of its own, which remembers what went wrong in it.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly List<string> _complaints = [];

    private OpenPage(IPlaywright playwright, IBrowser browser, IPage page)
    {
        (_playwright, _browser, Page) = (playwright, browser, page);
        page.Console += (_, said) =>
        {
            if (said.Type is "error" or "warning") Complain($"{said.Type}: {said.Text}");
        };
        page.PageError += (_, fault) => Complain(fault);
        page.Response += (_, answer) =>
        {
            if (answer.Status >= 400) Complain($"{answer.Status} {answer.Url}");
        };
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console, faults of scripts, requests that were refused.</summary>
    public IReadOnlyList<string> Complaints
    {
        get
        {
            lock (_complaints) return [.. _complaints];
        }
    }

    public static async Task<OpenPage> AtAsync(
        LiveServer server, string path, ColorScheme colors = ColorScheme.Light, int width = 1280, int height = 900)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await Browser.LaunchAsync(playwright);
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = colors, ViewportSize = new ViewportSize { Width = width, Height = height }, BaseURL = server.Address,
            Locale = "en-GB", TimezoneId = "Europe/Berlin", ReducedMotion = ReducedMotion.Reduce,
        });
        var opened = new OpenPage(playwright, browser, await context.NewPageAsync());
        await opened.Page.GotoAsync(path);
        return opened;
    }

    /// <summary>Waits until the page has begun to show itself, and nothing of it is still on its way.</summary>
    public async Task SettledAsync()
    {
        // A page that has drawn nothing yet waits for nothing either.
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await Expect(Page.Locator(".skeleton")).ToHaveCountAsync(0);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private void Complain(string what)
    {
        lock (_complaints) _complaints.Add(what);
    }
}
