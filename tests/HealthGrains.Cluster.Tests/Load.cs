using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace HealthGrains.Cluster.Tests;

/// <summary>
/// Sends signals to a node, one request after the other, and counts what was acknowledged. A request that was not acknowledged is
/// sent again as it was: its ids tell what was taken.
/// </summary>
internal sealed class Load(int seed, int accounts)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90) + Runs.Outage;

    private readonly Random _random = new(seed);
    private readonly int[] _sent = new int[accounts];
    private readonly SemaphoreSlim _acknowledged = new(0);
    private readonly Produced _produced = new(accounts);
    private int _number;

    private static DateTimeOffset Now { get; } = TimeProvider.System.GetUtcNow();

    // A fortnight holds all that a measure counts: three of them are the calendar, so no signal is outside all that is asked for.
    internal static readonly DateTimeOffset?[] Moments = [null, Now.AddDays(-14), Now.AddDays(-28)];

    /// <summary>Waits until so many requests more are acknowledged.</summary>
    public async Task Sent(int requests)
    {
        for (var i = 0; i < requests; i++) Assert.True(await _acknowledged.WaitAsync(Patience));
    }

    /// <summary>Sends a request with so many signals. Requests that fail are repeated, on whichever node is said then.</summary>
    public Task SendAsync(Func<Node> node, int signals) => PostAsync(node, Body(Usage(signals)));

    /// <summary>
    /// Sends a request that waits for the accounts, and returns its receipt. Sent until it is answered with 200 or 202; repeats are
    /// duplicates.
    /// </summary>
    public Task<JsonElement> SendAndWaitAsync(Node node, int signals) =>
        PostAsync(() => node, Body(Usage(signals)), "v1/signals?wait=applied");

    /// <summary>The same signals as messages of the log: each an account's.</summary>
    public IEnumerable<(string Account, string Source, byte[] Message)> Messages(int signals) => Usage(signals).Select(MessageOf);

    /// <summary>The cancellations as messages.</summary>
    public IEnumerable<(string Account, string Source, byte[] Message)> Cancellations() => Cancelled().Select(MessageOf);

    /// <summary>Waits until every account has as many signals as were produced, and then asks as below.</summary>
    public async Task AssertTakenAsync(Node node)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                await AssertCountsAsync(node);
                break;
            }
            catch (Exception behind) when (behind is Xunit.Sdk.XunitException or HttpRequestException && !patience.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System);
            }
        }
        await AssertReplayedAsync(node);
    }

    /// <summary>Every account asks to cancel: each raises one alert.</summary>
    public Task CancelAllAsync(Func<Node> node) => PostAsync(node, Body(Cancelled()));

    /// <summary>
    /// Every signal that was acknowledged counts once: as many as were sent, and the health that an offline replay of them has.
    /// </summary>
    public async Task AssertCountedOnceAsync(Node node)
    {
        await AssertCountsAsync(node);
        await AssertReplayedAsync(node);
    }

    private async Task AssertReplayedAsync(Node node)
    {
        foreach (var at in Moments)
        {
            var asked = at is { } past ? $"?at={past:yyyy-MM-ddTHH:mm:ss.fffZ}" : "";
            foreach (var (account, view) in await AskAsync(node, asked))
            {
                var wrong = _produced.WhatIsWrong($"a{account}", view, at);
                Assert.True(wrong is null, $"a{account}{asked}, seed {seed}: {wrong}");
            }
        }
    }

    private async Task AssertCountsAsync(Node node)
    {
        foreach (var (account, view) in await AskAsync(node))
            Assert.Equal((account, _sent[account]), (account, view.GetProperty("version").GetInt32() - Alerts(view)));

        // A turn that raises a churn risk, or makes it red, changes the account too. The alerts of triggers are the desk's.
        static int Alerts(JsonElement view) => view.GetProperty("alerts").EnumerateArray()
            .Where(alert => alert.GetProperty("rule").GetString() == "churnRisk")
            .Sum(alert => alert.GetProperty("escalatedAt").ValueKind == JsonValueKind.Null ? 1 : 2);
    }

    /// <summary>The same where nobody waited until it was stored: what comes of the log is in the lists a moment later.</summary>
    public async Task AssertAlertsComeOnceAsync(Node node)
    {
        using var patience = new CancellationTokenSource(Patience);
        while ((await GetAsync(node, "v1/alerts?limit=1")).GetProperty("total").GetInt32() < accounts && !patience.IsCancellationRequested)
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        await AssertAlertedOnceAsync(node);
    }

    /// <summary>Every account has raised its one alert of churn risk, once.</summary>
    public async Task AssertAlertedOnceAsync(Node node)
    {
        var risks = new List<string>();
        for (string? next = ""; next is not null;)
        {
            var page = await GetAsync(node, $"v1/alerts?limit=500{(next.Length > 0 ? "&cursor=" + next : "")}");
            risks.AddRange(page.GetProperty("items").EnumerateArray().Select(alert => alert.GetProperty("id").GetString()!)
                .Where(id => id.Contains(":churnRisk:", StringComparison.Ordinal)));
            next = page.TryGetProperty("next", out var more) ? more.GetString() : null;
        }
        Assert.Equal(Enumerable.Range(0, accounts).Select(i => $"a{i}:churnRisk:1").Order(), risks.Order());
    }

    // Chance may send an account nothing: there is none then.
    private async Task<IEnumerable<(int Account, JsonElement View)>> AskAsync(Node node, string asked = "")
    {
        var views = new JsonElement[accounts];
        var known = Enumerable.Range(0, accounts).Where(account => _sent[account] > 0).ToList();
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = 8 };
        await Parallel.ForEachAsync(
            known, atOnce, async (account, _) => views[account] = await GetAsync(node, $"v1/accounts/a{account}{asked}"));
        return known.Select(account => (account, views[account]));
    }

    private async Task<JsonElement> PostAsync(Func<Node> node, string body, string path = "v1/signals")
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                using var content = new StringContent(body, Encoding.UTF8, "application/x-ndjson");
                var answer = await node().Client.PostAsync(path, content, patience.Token);
                if (answer.IsSuccessStatusCode)
                {
                    var receipt = await answer.Content.ReadFromJsonAsync<JsonElement>(patience.Token);
                    Assert.Equal(0, receipt.GetProperty("rejected").GetInt32());
                    _acknowledged.Release();
                    return receipt;
                }
                var said = await answer.Content.ReadAsStringAsync(patience.Token);
                Assert.True(answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests, said);
            }
            catch (HttpRequestException)
            {
                // The node has gone.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, patience.Token);
        }
    }

    private static async Task<JsonElement> GetAsync(Node node, string path)
    {
        using var answer = await node.Client.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}\n{node.Said}");
        return JsonDocument.Parse(text).RootElement;
    }

    // Over six weeks, so that there is enough to judge by. Each signal leaves a trace in a figure, see ProducedTests.
    private IEnumerable<Made> Usage(int signals)
    {
        for (var i = 0; i < signals; i++)
        {
            var (account, at, user) = (_random.Next(accounts), Now.AddHours(-_random.Next(40 * 24)), _random.Next(4));
            var what = _random.Next(2) == 0 ? "\"kind\":\"login\""
                : string.Create(CultureInfo.InvariantCulture, $"\"kind\":\"sessionEnded\",\"value\":{_random.Next(5, 40)}");
            yield return Make(account, "usage", what, at, $"u{user}");
        }
    }

    private IEnumerable<Made> Cancelled() =>
        Enumerable.Range(0, accounts).Select(account => Make(account, "billing", "\"kind\":\"cancelRequested\"", Now, "cfo"));

    private Made Make(int account, string source, string what, DateTimeOffset at, string subject)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $$"""
            {"id":"{{seed}}-{{_number++}}","account":"a{{account}}","source":"{{source}}",{{what}},"at":"{{at:yyyy-MM-ddTHH:mm:ssZ}}","subject":"{{subject}}"}

            """);
        _sent[account]++;
        _produced.Add(line);
        return new Made(account, source, line);
    }

    private static string Body(IEnumerable<Made> signals) => string.Concat(signals.Select(signal => signal.Line));

    private static (string Account, string Source, byte[] Message) MessageOf(Made signal) =>
        ($"a{signal.Account}", signal.Source, Encoding.UTF8.GetBytes(signal.Line));

    private sealed record Made(int Account, string Source, string Line);
}
