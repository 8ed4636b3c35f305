using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace HealthGrains.Dashboard.Tests;

/// <summary>Watches a page from inside: how long its frames take, what it hears, what it keeps.</summary>
internal sealed class Watch
{
    // Frames are told apart in the page: a frame that comes late is late for who looks, whatever was the reason.
    private const string Script = """
        // Three frames of a screen of 60 a second are 50 ms and a rounding error.
        window.frames50 = { count: 0, late: [], longest: 0 };
        let before = performance.now();
        const tick = at => {
            const took = at - before;
            before = at;
            const seen = window.frames50;
            seen.count++;
            if (took > seen.longest) seen.longest = took;
            if (took > 50.5) seen.late.push(seen.count, Math.round(took));
            requestAnimationFrame(tick);
        };
        requestAnimationFrame(at => { before = at; requestAnimationFrame(tick); });
        """;

    private readonly IPage _page;
    private readonly ICDPSession _session;
    private int _heard;

    private Watch(IPage page, ICDPSession session) => (_page, _session) = (page, session);

    /// <summary>Changes of accounts that the page's stream has brought.</summary>
    public int Heard => Volatile.Read(ref _heard);

    public static async Task<Watch> OverAsync(IPage page)
    {
        var watch = new Watch(page, await page.Context.NewCDPSessionAsync(page));
        watch._session.Event("Network.eventSourceMessageReceived").OnEvent += (_, message) =>
        {
            if (message?.GetProperty("eventName").GetString() == "account.changed") Interlocked.Increment(ref watch._heard);
        };
        await watch._session.SendAsync("Network.enable");
        // In time of its thread, not of the clock: what others do on this machine meanwhile is no part of it.
        await watch._session.SendAsync("Performance.enable", new Dictionary<string, object> { ["timeDomain"] = "threadTicks" });
        return watch;
    }

    /// <summary>The processor's time that the page's own thread has used: scripts, styles, layout and painting.</summary>
    public async Task<TimeSpan> WorkedAsync()
    {
        var metrics = (await _session.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics");
        return TimeSpan.FromSeconds(metrics.EnumerateArray()
            .Single(metric => metric.GetProperty("name").GetString() == "TaskDuration").GetProperty("value").GetDouble());
    }

    /// <summary>Begins to count frames, from none.</summary>
    public Task CountFramesAsync() => _page.EvaluateAsync(Script);

    /// <summary>The frames since then.</summary>
    public async Task<Frames> FramesAsync()
    {
        var seen = await _page.EvaluateAsync<JsonElement>("window.frames50");
        var late = seen.GetProperty("late").EnumerateArray().Select(number => number.GetInt32()).Chunk(2);
        return new Frames(
            seen.GetProperty("count").GetInt32(), [.. late.Select(pair => (pair[0], pair[1]))], seen.GetProperty("longest").GetDouble());
    }

    /// <summary>Bytes that scripts keep once all that can go has gone.</summary>
    public async Task<long> KeptAsync()
    {
        await _session.SendAsync("HeapProfiler.collectGarbage");
        var usage = await _session.SendAsync("Runtime.getHeapUsage");
        return (long)usage!.Value.GetProperty("usedSize").GetDouble();
    }
}

/// <summary>Frames of a while.</summary>
/// <param name="Count">How many.</param>
/// <param name="Late">Those that took more than 50 ms: which, counted from the first, and how long, ms.</param>
/// <param name="Longest">The longest, ms.</param>
internal sealed record Frames(int Count, IReadOnlyList<(int Frame, int Ms)> Late, double Longest)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Count:#,0} frames, {Late.Count} over 50 ms ({string.Join(", ", Late.Take(20).Select(late => $"{late.Ms} ms at frame {late.Frame}"))}), the longest {Longest:0} ms");
}
