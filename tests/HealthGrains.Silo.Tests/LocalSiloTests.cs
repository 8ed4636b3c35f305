using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace HealthGrains.Silo.Tests;

public sealed class LocalSiloTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_demo_lives_through_its_past_answers_over_http_and_says_that_nothing_is_kept()
    {
        await using var silo = new RunningSilo("--demo", "--accounts", "12", "--days", "20", "--seed", "3");
        var address = await silo.AddressAsync("HealthGrains is live on ");

        using var client = new HttpClient { BaseAddress = new Uri(address) };
        var page = await client.GetFromJsonAsync<JsonElement>("v1/accounts?sort=-arrAtRisk&limit=5");
        var ready = await client.GetAsync("health/ready");

        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        using var said = new StringWriter();
        Assert.Equal(CommandLine.Done, await CommandLine.RunAsync(["health", $"{address}/health/ready"], said, TextWriter.Null));
        Assert.Equal("ready", said.ToString().Trim());
        using var wrong = new StringWriter();
        Assert.Equal(CommandLine.Failed, await CommandLine.RunAsync(["health", $"{address}/health/steady"], TextWriter.Null, wrong));
        Assert.Contains("says 404: there is no /health/steady", wrong.ToString(), StringComparison.Ordinal);
        Assert.InRange(page.GetProperty("total").GetInt32(), 1, 12);
        var account = page.GetProperty("items")[0].GetProperty("id").GetString();
        var history = await client.GetFromJsonAsync<JsonElement>($"v1/accounts/{account}/history?days=10");
        Assert.True(history.GetProperty("items").GetArrayLength() == 10, $"{account}: {history} {silo.Said}");
        Assert.Equal(CommandLine.Done, await silo.StopAsync());
        Assert.Contains("nothing is kept", silo.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("warn:", silo.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_silo_takes_a_signal_and_shows_the_account_that_it_made()
    {
        await using var silo = new RunningSilo();
        var address = await silo.AddressAsync("It serves ");

        using var client = new HttpClient { BaseAddress = new Uri(address) };
        using var signal = new StringContent(
            """{"id":"1","account":"acme","source":"usage","kind":"login"}""", System.Text.Encoding.UTF8, "application/json");
        var taken = await client.PostAsync("v1/signals", signal);
        var account = await client.GetFromJsonAsync<JsonElement>("v1/accounts/acme");

        Assert.True(taken.IsSuccessStatusCode, await taken.Content.ReadAsStringAsync());
        Assert.Equal(1, account.GetProperty("version").GetInt64());
    }

    /// <summary>The program, run in this process.</summary>
    private sealed class RunningSilo : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Lines _said = new();
        private readonly Task<int> _run;

        public RunningSilo(params string[] args) =>
            _run = Task.Run(() => CommandLine.RunAsync(
                ["--local", "--urls", "http://127.0.0.1:0", .. args], TextWriter.Null, _said, _stop.Token));

        public string Said => _said.ToString();

        public async Task<string> AddressAsync(string after)
        {
            var line = await _said.WaitForAsync(after, _run).WaitAsync(Patience);
            return line[(line.IndexOf(after, StringComparison.Ordinal) + after.Length)..].Split(';', ' ')[0];
        }

        public async Task<int> StopAsync()
        {
            await _stop.CancelAsync();
            return await _run.WaitAsync(Patience);
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _stop.Dispose();
            await _said.DisposeAsync();
        }
    }

    /// <summary>What was said, for one who waits for a line.</summary>
    private sealed class Lines : StringWriter
    {
        private readonly Lock _gate = new();
        private readonly List<string> _lines = [];
        private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void WriteLine(string? value)
        {
            lock (_gate)
            {
                _lines.Add(value ?? "");
                _more.TrySetResult();
                _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        public override string ToString()
        {
            lock (_gate) return string.Join('\n', _lines);
        }

        public async Task<string> WaitForAsync(string text, Task run)
        {
            while (true)
            {
                Task more;
                lock (_gate)
                {
                    if (_lines.Find(line => line.Contains(text, StringComparison.Ordinal)) is { } line) return line;
                    more = _more.Task;
                }
                if (await Task.WhenAny(more, run) == run) Assert.Fail($"it ended before it said '{text}': {this}");
            }
        }
    }
}
