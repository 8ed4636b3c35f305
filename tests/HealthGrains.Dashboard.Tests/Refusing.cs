using Microsoft.Playwright;

namespace HealthGrains.Dashboard.Tests;

/// <summary>Stands between a page and its server, and answers in its place.</summary>
internal static class Refusing
{
    /// <summary>Answers every request of a pattern with a problem.</summary>
    public static Task RefuseAsync(this IPage page, string pattern, int status, string title, string detail) =>
        page.RouteAsync(pattern, route => route.FulfillAsync(new RouteFulfillOptions
        {
            Status = status,
            ContentType = "application/problem+json",
            Body = $$"""{"type":"urn:healthgrains:problem:test","title":"{{title}}","status":{{status}},"detail":"{{detail}}"}""",
        }));

    /// <summary>Holds back the answers of a pattern until they are let go.</summary>
    public static async Task<TaskCompletionSource> HoldAsync(this IPage page, string pattern)
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync(pattern, async route =>
        {
            await held.Task;
            await route.ContinueAsync();
        });
        return held;
    }
}
