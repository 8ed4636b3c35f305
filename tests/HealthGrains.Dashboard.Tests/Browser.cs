using HealthGrains.Api;
using HealthGrains.HostContract;
using Microsoft.Playwright;

namespace HealthGrains.Dashboard.Tests;

/// <summary>The machine's own Chromium.</summary>
internal static class Browser
{
    /// <summary>Where it is; null when there is none.</summary>
    public static string? Path { get; } = new[] { "chromium", "chromium-browser", "google-chrome" }
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            .Select(folder => System.IO.Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    // Far more than anything takes here: machines may be busy.
    static Browser() => Assertions.SetDefaultExpectTimeout(30_000);

    private static readonly SemaphoreSlim Launching = new(1);
    private static IBrowser? _shared;

    /// <summary>One that nobody else uses.</summary>
    public static async Task<IBrowser> LaunchAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            // As root, in a container, there is no sandbox to be had; the pages are our own.
            ExecutablePath = Path, Args = ["--no-sandbox", "--disable-dev-shm-usage"],
        });
        browser.Disconnected += (_, _) => playwright.Dispose();
        return browser;
    }

    /// <summary>
    /// The one of all tests, until this process ends: to start one costs more than most tests do. A context of it knows nothing of the
    /// others.
    /// </summary>
    public static async Task<IBrowser> SharedAsync()
    {
        await Launching.WaitAsync();
        try
        {
            if (_shared is not { IsConnected: true }) _shared = await LaunchAsync();
            return _shared;
        }
        finally
        {
            Launching.Release();
        }
    }
}

/// <summary>Tests of pages need a browser and a build with the dashboard in it.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsBrowserAttribute : RequirementAttribute
{
    public override string? Missing =>
        !HealthGrainsApi.HasDashboard ? "the dashboard is not part of this build: there was no Node, or npm could not install its packages"
        : Browser.Path is null ? "there is no Chromium on the PATH"
        : null;
}

[Xunit.Sdk.XunitTestCaseDiscoverer("HealthGrains.HostContract.RequiringFactDiscoverer", "HealthGrains.HostContract")]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactAttribute : Xunit.FactAttribute;

[Xunit.Sdk.XunitTestCaseDiscoverer("HealthGrains.HostContract.RequiringTheoryDiscoverer", "HealthGrains.HostContract")]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TheoryAttribute : Xunit.TheoryAttribute;
