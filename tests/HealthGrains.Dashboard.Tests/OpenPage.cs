using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

using static Microsoft.Playwright.Assertions;

namespace HealthGrains.Dashboard.Tests;

/// <summary>A page that shares nothing with others, and remembers what went wrong in it.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly IAsyncDisposable _held;
    private readonly List<string> _complaints = [];

    private OpenPage(IAsyncDisposable held, IPage page)
    {
        (_held, Page) = (held, page);
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

    /// <summary>Opens a page.</summary>
    /// <param name="server">Whose.</param>
    /// <param name="path">Its address.</param>
    /// <param name="colors">What the reader prefers.</param>
    /// <param name="width">Of the window, pixels.</param>
    /// <param name="height">Of the window, pixels.</param>
    /// <param name="alone">Whether in a browser of its own, for what its work and its memory are measured by.</param>
    public static async Task<OpenPage> AtAsync(
        LiveServer server, string path, ColorScheme colors = ColorScheme.Light, int width = 1280, int height = 900, bool alone = false)
    {
        var browser = alone ? await Browser.LaunchAsync() : await Browser.SharedAsync();
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = colors, ViewportSize = new ViewportSize { Width = width, Height = height }, BaseURL = server.Address,
            Locale = "en-GB", TimezoneId = "Europe/Berlin", ReducedMotion = ReducedMotion.Reduce,
        });
        var opened = new OpenPage(alone ? browser : context, await context.NewPageAsync());
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

    /// <summary>
    /// What axe finds to be in the way of who cannot see well. In dark colours the contrast alone: nothing else of a page depends on them.
    /// </summary>
    public async Task<IReadOnlyList<string>> BarriersAsync(ColorScheme colors = ColorScheme.Light)
    {
        var asked = new AxeRunOptions();
        if (colors == ColorScheme.Dark) asked.RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast"] };
        return [.. (await Page.RunAxe(asked)).Violations.Select(fault => $"{fault.Id}: {fault.Help}: "
            + string.Join(" | ", fault.Nodes.Take(3).Select(node =>
                $"{node.Html}: {string.Join("; ", node.Any.Select(why => why.Message))}")))];
    }

    public ValueTask DisposeAsync() => _held.DisposeAsync();

    private void Complain(string what)
    {
        lock (_complaints) _complaints.Add(what);
    }
}
