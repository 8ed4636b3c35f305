using HealthGrains.Cli.Output;
using HealthGrains.Hosting;

namespace HealthGrains.Cli.Bench;

/// <summary>Measures a server over loopback HTTP, as its callers would: intake, questions and the stream under load, restart.</summary>
internal sealed class ServerBench(Terminal terminal, Workload work, string directory, bool quick, TimeProvider wall)
{
    private const int BatchSize = 5_000;
    private const int Senders = 4;
    private const int LoadBatch = 500;
    private const int LoadPerSecond = 10_000;

    private readonly List<Figure> _figures = [];
    private int _next;

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        await using (var server = await StartAsync(cancellationToken))
        {
            using var http = Client(server);
            await OneAtATimeAsync(http, cancellationToken);
            await ManySendersOfOneAsync(http, cancellationToken);
            await BatchesAsync(http, cancellationToken);
            await UnderLoadAsync(server, http, cancellationToken);
        }
        await RestartAsync(cancellationToken);
        return _figures;
    }

    private async Task BatchesAsync(HttpClient http, CancellationToken cancellationToken)
    {
        // The load that follows needs its share of signals that nobody has sent yet.
        var seconds = quick ? 3 : 10;
        var count = (work.Count - _next - (int)(LoadPerSecond * seconds * 2.5)) / BatchSize;
        var bodies = Enumerable.Range(0, Math.Max(count, Senders)).Select(_ => work.Packed(Claim(BatchSize), BatchSize)).ToArray();
        var took = await SendAsync(http, bodies, packed: true, Senders, cancellationToken);
        var sent = (long)bodies.Length * BatchSize;
        _figures.Add(new Figure("intake", "intake over HTTP, gzip NDJSON", sent / took.TotalSeconds, "signals/s",
            $"{sent:N0} signals, {BatchSize:N0} a request, {Senders} senders"));
    }

    private async Task ManySendersOfOneAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var bodies = Singles(quick ? 2_000 : 10_000);
        var took = await SendAsync(http, bodies, packed: false, 32, cancellationToken);
        _figures.Add(new Figure("intakeOnePerRequest", "  one signal a request, 32 senders", bodies.Length / took.TotalSeconds, "signals/s",
            $"{bodies.Length:N0} signals", "intake"));
    }

    private async Task OneAtATimeAsync(HttpClient http, CancellationToken cancellationToken)
    {
        await SendAsync(http, Singles(200), packed: false, 1, cancellationToken); // warm-up
        var bodies = Singles(quick ? 500 : 2_000);
        var took = await SendAsync(http, bodies, packed: false, 1, cancellationToken);
        _figures.Add(new Figure("intakeOnePerCommit", "  one signal a commit, 1 sender", bodies.Length / took.TotalSeconds, "signals/s",
            $"{bodies.Length:N0} signals", "intake"));
    }

    private async Task UnderLoadAsync(Server server, HttpClient http, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var load = LoadAsync(http, stop.Token);
        var seconds = TimeSpan.FromSeconds(quick ? 3 : 10);
        var known = await server.Host.ListAccountsAsync(new AccountQuery { Limit = 500 }, stop.Token);
        var accounts = known.Items;
        var note = $"with {LoadPerSecond:N0} signals/s coming in";
        await QuestionsAsync(http, "account", i => $"v1/accounts/{accounts[i % accounts.Count].Id}", seconds / 2, note, stop.Token);
        await QuestionsAsync(http, "list", _ => "v1/accounts?limit=50", seconds / 2, note, stop.Token);
        await StreamAsync(server, http, quick ? 10 : 40, note, stop.Token);
        await stop.CancelAsync();
        await load;
    }

    /// <summary>Sends at a steady rate until cancelled.</summary>
    private async Task LoadAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds((double)LoadBatch / LoadPerSecond), wall);
        try
        {
            while (_next + LoadBatch <= work.Count && await beat.WaitForNextTickAsync(cancellationToken))
                await Workload.PostAsync(http, work.Packed(Claim(LoadBatch), LoadBatch), packed: true, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The questions have been asked.
        }
    }

    private async Task QuestionsAsync(
        HttpClient http, string key, Func<int, string> path, TimeSpan time, string note, CancellationToken cancellationToken)
    {
        var latencies = new List<double>();
        var started = wall.GetTimestamp();
        for (var i = 0; wall.GetElapsedTime(started) < time; i++)
        {
            var asked = wall.GetTimestamp();
            using var answer = await http.GetAsync(new Uri(path(i), UriKind.Relative), cancellationToken);
            await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            if (!answer.IsSuccessStatusCode) throw new Refusal($"GET {path(i)} answered {(int)answer.StatusCode}");
            latencies.Add(wall.GetElapsedTime(asked).TotalMilliseconds);
        }
        latencies.Sort();
        note = $"{latencies.Count:N0} requests {note}";
        _figures.Add(new Figure($"{key}P50", $"GET {key}, p50", Figure.Percentile(latencies, 0.5), "ms", note));
        _figures.Add(new Figure($"{key}P99", $"GET {key}, p99", Figure.Percentile(latencies, 0.99), "ms", note));
    }

    /// <summary>From the moment a signal is sent to the moment the stream tells that its account changed.</summary>
    private async Task StreamAsync(Server server, HttpClient http, int count, string note, CancellationToken cancellationToken)
    {
        const string account = "bench-watched";
        using var watcher = Client(server);
        using var stream = await watcher.GetStreamAsync(new Uri($"v1/stream?account={account}", UriKind.Relative), cancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), wall, cancellationToken);
        using var reader = new StreamReader(stream);
        var latencies = new List<double>();
        for (var i = 0; i < count; i++)
        {
            var at = work.End.AddMinutes(i - count)
                .UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
            var signal = $$"""{"id":"w{{i}}","account":"{{account}}","source":"usage","kind":"login","at":"{{at}}","subject":"u{{i}}"}""";
            var sent = wall.GetTimestamp();
            var post = Workload.PostAsync(http, System.Text.Encoding.UTF8.GetBytes(signal + "\n"), packed: false, cancellationToken);
            while (await reader.ReadLineAsync(cancellationToken).AsTask()
                .WaitAsync(TimeSpan.FromSeconds(30), wall, cancellationToken) is { } line)
                if (line.StartsWith("event: account.changed", StringComparison.Ordinal)) break;
            latencies.Add(wall.GetElapsedTime(sent).TotalMilliseconds);
            await post;
        }
        latencies.Sort();
        note = $"{count} signals {note}; at most 4 frames a second";
        _figures.Add(new Figure("streamP50", "signal to stream, p50", Figure.Percentile(latencies, 0.5), "ms", note));
        _figures.Add(new Figure("streamP99", "signal to stream, p99", Figure.Percentile(latencies, 0.99), "ms", note));
    }

    private async Task RestartAsync(CancellationToken cancellationToken)
    {
        var started = wall.GetTimestamp();
        await using var server = await StartAsync(cancellationToken);
        using var http = Client(server);
        using var ready = await http.GetAsync(new Uri("health/ready", UriKind.Relative), cancellationToken);
        var took = wall.GetElapsedTime(started);
        if (!ready.IsSuccessStatusCode) throw new Refusal($"the server came back and is not ready: {(int)ready.StatusCode}");
        _figures.Add(new Figure("restart", "restart to ready", took.TotalSeconds, "s",
            $"{server.Host.Status.Accounts:N0} accounts, {server.Host.Status.Signals:N0} signals, after a clean stop"));
    }

    private Task<Server> StartAsync(CancellationToken cancellationToken) => Server.StartAsync(terminal, "http://127.0.0.1:0", options =>
    {
        options.DataDirectory = directory;
        options.Clock = new SimulatedClock(work.End, wall);
        options.ClockKind = ClockKind.Simulated;
    }, cancellationToken, quiet: true);

    private static HttpClient Client(Server server) => new()
    {
        BaseAddress = new Uri(server.Address + "/"),
        Timeout = TimeSpan.FromMinutes(2),
    };

    private byte[][] Singles(int count) => [.. Enumerable.Range(0, count).Select(_ => work.Lines(Claim(1), 1))];

    private int Claim(int count)
    {
        var from = _next;
        if (from + count > work.Count) throw new Refusal($"the workload of {work.Count} signals is too small for this measurement");
        _next += count;
        return from;
    }

    private async Task<TimeSpan> SendAsync(HttpClient http, byte[][] bodies, bool packed, int senders, CancellationToken cancellationToken)
    {
        var next = -1;
        var started = wall.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < bodies.Length; i = Interlocked.Increment(ref next))
                await Workload.PostAsync(http, bodies[i], packed, cancellationToken);
        }, cancellationToken)));
        return wall.GetElapsedTime(started);
    }
}
