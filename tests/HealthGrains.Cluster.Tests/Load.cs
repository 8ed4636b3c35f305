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
    private int _number;

    private static DateTimeOffset Now { get; } = TimeProvider.System.GetUtcNow();

    /// <summary>Waits until so many requests more are acknowledged.</summary>
    public async Task Sent(int requests)
    {
        for (var i = 0; i < requests; i++) Assert.True(await _acknowledged.WaitAsync(Patience));
    }

    /// <summary>Sends a request with so many signals. Requests that fail are repeated, on whichever node is said then.</summary>
    public Task SendAsync(Func<Node> node, int signals)
    {
        var body = new StringBuilder();
        for (var i = 0; i < signals; i++)
        {
            var account = _random.Next(accounts);
            _sent[account]++;
            Line(body, account, "usage", "login");
        }
        return PostAsync(node, body.ToString());
    }

    /// <summary>
    /// Sends a request that waits for the accounts, and returns its receipt. Sent until it is answered with 200 or 202; repeats are
    /// duplicates.
    /// </summary>
    public Task<JsonElement> SendAndWaitAsync(Node node, int signals)
    {
        var body = new StringBuilder();
        for (var i = 0; i < signals; i++)
        {
            var account = _random.Next(accounts);
            _sent[account]++;
            Line(body, account, "usage", "login");
        }
        return PostAsync(() => node, body.ToString(), "v1/signals?wait=applied");
    }

    /// <summary>The same signals as messages of the log: each an account's.</summary>
    public IEnumerable<(string Account, string Source, byte[] Message)> Messages(int signals)
    {
        for (var i = 0; i < signals; i++)
        {
            var account = _random.Next(accounts);
            _sent[account]++;
            var line = new StringBuilder();
            Line(line, account, "usage", "login");
            yield return ($"a{account}", "usage", Encoding.UTF8.GetBytes(line.ToString()));
        }
    }

    /// <summary>The cancellations as messages.</summary>
    public IEnumerable<(string Account, string Source, byte[] Message)> Cancellations()
    {
        for (var account = 0; account < accounts; account++)
        {
            _sent[account]++;
            var line = new StringBuilder();
            Line(line, account, "billing", "cancelRequested");
            yield return ($"a{account}", "billing", Encoding.UTF8.GetBytes(line.ToString()));
        }
    }

    /// <summary>Waits until every account has as many signals as were produced, and then a moment for any too many.</summary>
    public async Task AssertTakenAsync(Node node)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                await AssertCountedOnceAsync(node);
                return;
            }
            catch (Exception behind) when (behind is Xunit.Sdk.XunitException or HttpRequestException && !patience.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
            }
        }
    }

    /// <summary>Every account asks to cancel: each raises one alert.</summary>
    public Task CancelAllAsync(Func<Node> node)
    {
        var body = new StringBuilder();
        for (var account = 0; account < accounts; account++)
        {
            _sent[account]++;
            Line(body, account, "billing", "cancelRequested");
        }
        return PostAsync(node, body.ToString());
    }

    /// <summary>Every signal that was acknowledged counts once.</summary>
    public async Task AssertCountedOnceAsync(Node node)
    {
        for (var account = 0; account < accounts; account++)
        {
            var view = await GetAsync(node, $"v1/accounts/a{account}");
            Assert.Equal((account, _sent[account]), (account, view.GetProperty("version").GetInt32() - Alerts(view)));
        }

        // A turn that raises an alert, or makes it red, changes the account too.
        static int Alerts(JsonElement view) => view.GetProperty("alerts").EnumerateArray()
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

    /// <summary>Every account has raised its one alert, once.</summary>
    public async Task AssertAlertedOnceAsync(Node node)
    {
        var page = await GetAsync(node, "v1/alerts?limit=500");
        Assert.Equal(accounts, page.GetProperty("total").GetInt32());
        Assert.All(page.GetProperty("items").EnumerateArray(), alert =>
            Assert.EndsWith(":churnRisk:1", alert.GetProperty("id").GetString(), StringComparison.Ordinal));
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

    // Over six weeks, so that there is enough to judge by.
    private void Line(StringBuilder body, int account, string source, string kind)
    {
        var at = source == "usage" ? Now.AddHours(-_random.Next(40 * 24)) : Now;
        body.Append(CultureInfo.InvariantCulture, $$"""{"id":"{{seed}}-{{_number++}}","account":"a{{account}}","source":"{{source}}",""")
            .Append(CultureInfo.InvariantCulture, $$"""
            "kind":"{{kind}}","at":"{{at:yyyy-MM-ddTHH:mm:ssZ}}","subject":"u{{account % 7}}"}

            """);
    }
}
