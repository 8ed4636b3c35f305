using HealthGrains.Cli.Output;

namespace HealthGrains.Cli.Bench;

/// <summary>
/// Asks and watches a server while signals of all accounts come in. Everything starts at moments that stand beforehand, and is
/// counted from them.
/// </summary>
internal sealed class LoadBench(
    Terminal terminal, string address, Book book, Acknowledged acknowledged, IntakeBench intake, BenchScale scale, TimeProvider wall)
{
    private const int LoadRequestsPerSecond = 40;
    private const int AccountsPerSecond = 300;
    private const int ListsPerSecond = 10;
    private const string List = "v1/accounts?sort=-arrAtRisk&limit=50";
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Latencies _account = new();
    private readonly Latencies _list = new();
    private readonly Latencies _portfolio = new();
    private readonly Latencies _accountWatched = new();
    private readonly Latencies _accountStream = new();
    private readonly Latencies _bookStream = new();
    private readonly Latencies _everyRow = new();
    private long _warm;

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        var seconds = TimeSpan.FromSeconds(scale.Seconds);
        terminal.Say(FormattableString.Invariant($"asking and watching with {scale.LoadPerSecond:N0} signals/s coming in ..."));
        using var senders = new BenchClient(address);
        using var askers = new BenchClient(address);
        using var listers = new BenchClient(address);
        using var probes = new BenchClient(address);
        using var watchers = new BenchClient(address);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var stop = over.Token;
        var before = acknowledged.Total;
        // What filling the book left behind is collected and given back now, for a pause of this process looks like one of the server's.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        var started = wall.GetTimestamp();
        _warm = started + (long)(WarmUp.TotalSeconds * wall.TimestampFrequency);
        var whole = WarmUp + seconds;
        var load = Pace.RunAsync(
            1, LoadRequestsPerSecond, whole * 2 + Patience, wall, (_, _) => LoadAsync(senders, cancellationToken), stop);
        await Task.WhenAll(
            Pace.RunAsync(2, AccountsPerSecond, whole, wall, (i, due) => AskAccountAsync(askers, i, _account, due, stop), stop),
            Pace.RunAsync(3, ListsPerSecond, whole, wall, (_, due) => AskAsync(listers, List, _list, due, stop), stop),
            Pace.RunAsync(4, ListsPerSecond, whole, wall, (_, due) => AskAsync(listers, "v1/portfolio", _portfolio, due, stop), stop));
        // A watcher of everything is sent as much as all the rest together: it gets a time of its own.
        _warm = wall.GetTimestamp() + (long)(WarmUp.TotalSeconds * wall.TimestampFrequency);
        await Task.WhenAll(
            Pace.RunAsync(5, AccountsPerSecond, whole, wall, (i, due) => AskAccountAsync(askers, i, _accountWatched, due, stop), stop),
            WatchAsync(watchers, probes, whole, stop));
        var rate = (acknowledged.Total - before) / wall.GetElapsedTime(started).TotalSeconds;
        await EveryRowAsync(listers, stop);
        await over.CancelAsync();
        await load;
        return Figures(rate);
    }

    private List<Figure> Figures(double rate)
    {
        var under = FormattableString.Invariant($"with {rate:N0} signals/s coming in");
        return
        [
            .. _account.Figures("account", "GET account", $"requests, {AccountsPerSecond}/s, {under}", 5),
            .. _list.Figures(
                "list", "GET list, first 50 by ARR at risk", $"requests, {ListsPerSecond}/s, of {book.Accounts:N0} accounts, {under}", 20),
            new Figure("listEveryRow", "  reading every row instead", _everyRow.Percentile(0.5), "ms",
                $"{_everyRow.Count} times, pages of 500", "listP50"),
            .. _portfolio.Figures("portfolio", "GET portfolio", $"requests, {ListsPerSecond}/s, {under}", 20),
            new Figure("portfolioEveryRow", "  reading every row instead", _everyRow.Percentile(0.5), "ms",
                $"{_everyRow.Count} times, pages of 500", "portfolioP50"),
            .. _accountWatched.Figures(
                "accountWatched", "GET account, the book being watched", $"requests, {AccountsPerSecond}/s, {under}"),
            .. _accountStream.Figures("accountStream", "signal sent to account stream", $"signals, {under}", 100),
            .. _bookStream.Figures("bookStream", "signal sent to portfolio stream", $"signals, {under}; at most 4 frames a second", 350),
            new Figure("readYourWrites", "answers without an acknowledged signal", acknowledged.Violations, "answers",
                $"of {acknowledged.Checks:N0}, {under}") { AtMost = 0 },
        ];
    }

    private async Task LoadAsync(BenchClient client, CancellationToken cancellationToken)
    {
        // Sent as what happens now, from many accounts at once. Made on the pace's own thread: on the pool it would hold up answers.
        var now = wall.GetUtcNow();
        var batch = book.Next(scale.LoadPerSecond / LoadRequestsPerSecond, now.AddSeconds(-1), now);
        await intake.PostAsync(client, batch, packed: true, cancellationToken);
    }

    private async Task AskAccountAsync(
        BenchClient client, int number, Latencies latencies, long due, CancellationToken cancellationToken)
    {
        var account = (int)(Book.Mix((ulong)number) % (ulong)book.FirstWatched);
        // The profile counts as one change.
        var least = acknowledged.Of(account) + 1;
        var version = await client.VersionAsync(account, cancellationToken);
        Note(latencies, due);
        acknowledged.Check(version, least);
    }

    private async Task AskAsync(BenchClient client, string path, Latencies latencies, long due, CancellationToken cancellationToken)
    {
        await client.GetAsync(path, cancellationToken);
        Note(latencies, due);
    }

    private void Note(Latencies latencies, long from)
    {
        if (from >= _warm) latencies.Add(wall.GetElapsedTime(from));
    }

    /// <summary>Watches some accounts and the whole book, and sends a signal now and then to see when both tell of it.</summary>
    private async Task WatchAsync(BenchClient watchers, BenchClient probes, TimeSpan time, CancellationToken cancellationToken)
    {
        await using var whole = await StreamWatch.OpenAsync(watchers, "", wall, cancellationToken);
        var watches = new List<StreamWatch>();
        try
        {
            for (var i = 0; i < scale.Watched; i++)
                watches.Add(await StreamWatch.OpenAsync(watchers, $"?account={Book.Id(book.FirstWatched + i)}", wall, cancellationToken));
            var each = scale.Watched;
            await Pace.RunAsync(6, 10, time, wall, (i, _) => i < each
                ? Task.Run(() => ProbeAsync(probes, whole, watches[i], book.FirstWatched + i, time, cancellationToken), cancellationToken)
                : Task.CompletedTask, cancellationToken);
        }
        finally
        {
            foreach (var watch in watches) await watch.DisposeAsync();
        }
    }

    private async Task ProbeAsync(
        BenchClient client, StreamWatch whole, StreamWatch own, int account, TimeSpan time, CancellationToken cancellationToken)
    {
        // Not a whole multiple of the streams' own intervals, so that probes fall anywhere in them.
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(913), wall);
        var started = wall.GetTimestamp();
        while (wall.GetElapsedTime(started) < time && await beat.WaitForNextTickAsync(cancellationToken))
        {
            var version = await client.VersionAsync(account, cancellationToken) + 1;
            var (inOwn, inWhole) = (own.Expect(Book.Id(account), version), whole.Expect(Book.Id(account), version));
            var signal = book.Login(account, wall.GetUtcNow());
            var sent = wall.GetTimestamp();
            await intake.PostAsync(client, signal, packed: false, cancellationToken);
            acknowledged.Check(await client.VersionAsync(account, cancellationToken), (int)version);
            Arrived(_accountStream, sent, await inOwn.WaitAsync(Patience, wall, cancellationToken));
            Arrived(_bookStream, sent, await inWhole.WaitAsync(Patience, wall, cancellationToken));
        }
    }

    private void Arrived(Latencies latencies, long sent, long arrived)
    {
        if (sent >= _warm) latencies.Add(wall.GetElapsedTime(sent, arrived));
    }

    /// <summary>What a caller does where the server neither sorts nor sums.</summary>
    private async Task EveryRowAsync(BenchClient client, CancellationToken cancellationToken)
    {
        for (var time = 0; time < 2; time++)
        {
            var started = wall.GetTimestamp();
            for (string? next = ""; next is not null;)
            {
                using var page = System.Text.Json.JsonDocument.Parse(
                    await client.GetAsync($"v1/accounts?sort=name&limit=500&cursor={Uri.EscapeDataString(next)}", cancellationToken));
                next = page.RootElement.GetProperty("next").GetString();
            }
            _everyRow.Add(wall.GetElapsedTime(started));
        }
    }
}
