using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Playwright;
using Xunit.Abstractions;

using static Microsoft.Playwright.Assertions;

namespace HealthGrains.Dashboard.Tests;

/// <summary>
/// A large book in a page, and one that never rests. The suite runs a short form; <c>HEALTHGRAINS_LONG=1</c> the one of
/// docs/benchmarks.md: 100,000 accounts, five minutes, and hardly a frame over 50 ms, for which the machine has to be quiet.
/// </summary>
[NeedsBrowser]
public sealed class BusyTests(BusyServer busy, ITestOutputHelper output) : IClassFixture<BusyServer>
{
    private const int ChangesPerSecond = 50;

    // Half of the time in which a frame is to come, for one with fifty rows that were not there before; and a quarter of the page's time,
    // for so many changes.
    private static readonly TimeSpan FrameWork = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan ChangeWork = TimeSpan.FromSeconds(0.25 / ChangesPerSecond);

    private static readonly CancellationToken None = CancellationToken.None;

    private static bool IsLong => BusyServer.IsLong;

    private static int Accounts => BusyServer.Accounts;

    [Fact]
    public async Task A_large_book_is_scrolled_through_without_a_stutter()
    {
        await using var open = await OpenAsync();
        await ScrollAsync(open.Page, await Watch.OverAsync(open.Page));
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task A_large_book_is_scrolled_as_fast_as_a_person_reads_names_without_a_stutter()
    {
        // 200 rows a second.
        const int pixelsAFrame = 170;
        await using var open = await OpenAsync();
        var watch = await Watch.OverAsync(open.Page);
        await ScrollAsync(open.Page, pixelsAFrame, 30);
        await watch.CountFramesAsync();
        var workedBefore = await watch.WorkedAsync();
        await ScrollAsync(open.Page, pixelsAFrame, 60 * (IsLong ? 30 : 3));
        var frames = await watch.FramesAsync();
        var worked = await watch.WorkedAsync() - workedBefore;
        output.WriteLine(FormattableString.Invariant(
            $"scrolled on by 200 rows a second: {frames}, {worked.TotalMilliseconds / frames.Count:0.0} ms of work each"));
        Judge(frames, mayBeLate: 0, worked / frames.Count, FrameWork);
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task A_book_that_changes_without_end_neither_stutters_nor_grows()
    {
        await using var open = await OpenAsync();
        await LiveAsync(busy.Server, open.Page, await Watch.OverAsync(open.Page));
        Assert.Empty(open.Complaints);
    }

    private async Task<OpenPage> OpenAsync()
    {
        var open = await OpenPage.AtAsync(busy.Server, "/", alone: true);
        await Expect(open.Page.Locator("h1")).ToContainTextAsync(Accounts.ToString("#,0", CultureInfo.InvariantCulture));
        await Expect(open.Page.Locator("table.accounts tr[data-index]").First).ToBeVisibleAsync();
        return open;
    }

    private async Task ScrollAsync(IPage page, Watch watch)
    {
        await page.Mouse.MoveAsync(640, 600);
        await watch.CountFramesAsync();
        var workedBefore = await watch.WorkedAsync();
        var began = Stopwatch.GetTimestamp();
        // As a wheel turns that is not let go.
        var last = Accounts - 1;
        var patience = TimeSpan.FromSeconds(IsLong ? 120 : 30);
        var row = page.Locator($"table.accounts tr[data-index='{last}']");
        while (await row.CountAsync() == 0)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < patience, $"row {last} is not reached within {patience}");
            await ScrollAsync(page, 2600, 30);
        }
        var frames = await watch.FramesAsync();
        var worked = await watch.WorkedAsync() - workedBefore;
        var took = Stopwatch.GetElapsedTime(began);
        output.WriteLine($"{Accounts:#,0} accounts were made up in {busy.FilledIn.TotalSeconds:0} s");
        output.WriteLine($"scrolled through {Accounts:#,0} accounts in {took.TotalSeconds:0.0} s: {frames}, "
            + $"{worked.TotalMilliseconds / frames.Count:0.0} ms of work each; "
            + $"{await page.Locator("table.accounts tr[data-index]").CountAsync()} rows drawn; {await watch.KeptAsync() / 1e6:0.0} MB kept");
        Judge(frames, mayBeLate: frames.Count / 1_000, worked / frames.Count, FrameWork);
        await page.EvaluateAsync("scrollTo(0, 0)");
        await Expect(page.Locator("table.accounts tr[data-index='0']")).ToBeVisibleAsync();
    }

    private static async Task ScrollAsync(IPage page, int pixelsAFrame, int frames) => await page.EvaluateAsync("""
        ([pixels, frames]) => new Promise(done => {
            const step = () => {
                scrollBy(0, pixels);
                if (--frames > 0) requestAnimationFrame(step); else done();
            };
            requestAnimationFrame(step);
        })
        """, new[] { pixelsAFrame, frames });

    private async Task LiveAsync(LiveServer server, IPage page, Watch watch)
    {
        var minute = IsLong ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(3);
        var sending = new CancellationTokenSource();
        var heardOfNone = watch.Heard;
        var sent = Task.Run(() => ChangeAsync(server, sending.Token), None);
        // In its first seconds a page still fills what it keeps.
        await page.WaitForTimeoutAsync((float)(IsLong ? minute : minute * 3).TotalMilliseconds);
        var first = await watch.KeptAsync();
        var heardBefore = watch.Heard;
        await watch.CountFramesAsync();
        var workedBefore = await watch.WorkedAsync();
        var began = Stopwatch.GetTimestamp();
        await page.WaitForTimeoutAsync((float)(minute * 4).TotalMilliseconds);
        var frames = await watch.FramesAsync();
        var worked = await watch.WorkedAsync() - workedBefore;
        var (heard, took) = (watch.Heard - heardBefore, Stopwatch.GetElapsedTime(began));
        var last = await watch.KeptAsync();
        await sending.CancelAsync();
        var changes = await sent;
        // However busy the machine was: what was sent has come, or comes yet.
        for (var i = 0; i < 300 && watch.Heard - heardOfNone < changes * 0.9; i++) await page.WaitForTimeoutAsync(100);
        var heardOfAll = watch.Heard - heardOfNone;

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{heard / took.TotalSeconds:0.0} account changes a second for {took.TotalSeconds:0} s: {frames}; "
            + $"{worked.TotalMilliseconds / heard:0.0} ms of work for each change; "
            + $"{first / 1e6:0.00} MB kept after the first {minute.TotalSeconds:0} s, {last / 1e6:0.00} MB at the end"));
        Judge(frames, mayBeLate: 0, worked / heard, ChangeWork);
        Assert.InRange(heardOfAll, changes * 0.9, changes * 1.1);
        if (IsLong) Assert.InRange(heard / took.TotalSeconds, ChangesPerSecond * 0.9, ChangesPerSecond * 1.1);
        Assert.InRange(last, 1, first + first / 20 + 500_000);
    }

    // A suite shares its machine with other tests, and what comes late there is seldom the page's fault: so it is asked what the page
    // itself had to do, in time of the processor.
    private static void Judge(Frames frames, int mayBeLate, TimeSpan worked, TimeSpan atMost)
    {
        Assert.True(frames.Count > 20, $"{frames}");
        if (IsLong) Assert.InRange(frames.Late.Count, 0, mayBeLate);
        else Assert.InRange(worked, TimeSpan.FromTicks(1), atMost);
    }

    /// <summary>Signals of accounts of the whole book, so many a second, until it is told to end; how many there were.</summary>
    private static async Task<int> ChangeAsync(LiveServer server, CancellationToken stop)
    {
        using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        var (random, sent) = (new Random(5), 0);
        var began = Stopwatch.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var due = (int)(Stopwatch.GetElapsedTime(began).TotalSeconds * ChangesPerSecond) - sent;
                var lines = new StringBuilder();
                // Of the first ones as well as of all: who looks sees some of them change. None again so soon that both are told as one.
                for (var k = 0; k < due; k++, sent++)
                    lines.Append(CultureInfo.InvariantCulture,
                        $$"""{"id":"c{{sent}}","account":"{{BusyServer.Id(sent % 5 == 0 ? sent / 5 % 20 : 20 + sent % (Accounts - 20))}}","source":"usage","kind":"login","subject":"u{{random.Next(40)}}"}""")
                        .Append('\n');
                if (due == 0) continue;
                using var body = new StringContent(lines.ToString(), Encoding.UTF8, "application/x-ndjson");
                using var taken = await client.PostAsync("/v1/signals", body, None);
                taken.EnsureSuccessStatusCode();
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
        return sent;
    }
}
