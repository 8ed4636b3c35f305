using HealthGrains.Cli.Bench;

namespace HealthGrains.ClusterBench;

/// <summary>
/// One silo: how much it takes and saves, how soon it shows, how it answers meanwhile, and how a silent account answers first.
/// </summary>
internal sealed class OneSilo(BenchScale scale, Action<string> say, TimeProvider wall)
{
    private const int ProbesPerSecond = 20;
    private const int ColdAccounts = 500;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(4);

    private readonly Latencies _visible = new();
    private readonly Latencies _polls = new();
    private readonly Latencies _pollsAlone = new();
    private readonly Latencies _cold = new();

    public async Task<List<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        say($"one silo: {scale.Accounts * BenchScale.HistoryPerAccount:N0} signals of six weeks ...");
        using var cluster = await Cluster.StartAsync(1, scale, wall, isPrompt: true, cancellationToken);
        say("one silo: as many signals as it takes ...");
        var rate = await cluster.Load.MeasureAsync(TimeSpan.FromSeconds(scale.Seconds), cancellationToken);
        say($"one silo: {scale.PollsPerSecond:N0} questions a second, and nothing else ...");
        await PollAsync(cluster, _pollsAlone, cancellationToken);
        say($"one silo: questions with {scale.LoadPerSecond:N0} signals a second ...");
        await UnderLoadAsync(cluster, cancellationToken);
        say("one silo: it is stopped, and another one answers about accounts that are nowhere active ...");
        await cluster.StopAsync(cluster.Nodes[0]);
        await ColdAsync(cluster, cancellationToken);
        var under = FormattableString.Invariant($"with {scale.LoadPerSecond:N0} signals/s coming in");
        return
        [
            new Figure("intake", "intake from the log to saved state", rate, "signals/s",
                FormattableString.Invariant($"{scale.Accounts:N0} accounts at random, one signal a message, {scale.Seconds} s"))
            { AtLeast = 50_000 },
            .. Both(_visible, "visible", "signal produced to score visible", $"signals, {under}", 100, 500),
            .. Both(_pollsAlone, "pollsAlone", "GET account", FormattableString.Invariant($"requests, {scale.PollsPerSecond:N0}/s, nothing else"), null, 20),
            .. Both(_polls, "polls", "GET account", FormattableString.Invariant($"requests, {scale.PollsPerSecond:N0}/s, {under}"), null, 20),
            .. Both(_cold, "cold", "GET account that is nowhere active", "accounts, one after the other", null, 20),
        ];
    }

    private static Figure[] Both(Latencies latencies, string key, string title, string note, double? half, double? most)
    {
        var figures = latencies.Figures(key, title, note, most).ToArray();
        return half is null ? figures : [figures[0] with { AtMost = half }, figures[1]];
    }

    private async Task UnderLoadAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var load = Task.Run(() => cluster.Load.PaceAsync(scale.LoadPerSecond, over.Token), cancellationToken);
        // What filling left behind is collected and given back now, for a pause of this process looks like one of the silo's.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        var warm = Warm();
        await Pace.RunAsync(1, ProbesPerSecond, Whole, wall, (i, _) => ProbeAsync(cluster, i, warm, cancellationToken), cancellationToken);
        await PollAsync(cluster, _polls, cancellationToken);
        await over.CancelAsync();
        await load;
        await cluster.Load.SettleAsync(cancellationToken);
    }

    private TimeSpan Whole => WarmUp + TimeSpan.FromSeconds(scale.Seconds);

    private long Warm() => wall.GetTimestamp() + (long)(WarmUp.TotalSeconds * wall.TimestampFrequency);

    private async Task ProbeAsync(Cluster cluster, int number, long warm, CancellationToken cancellationToken)
    {
        var account = cluster.Book.FirstWatched + number % Cluster.Watched;
        var node = cluster.Nodes[0];
        var before = await Cluster.VersionAsync(node, account, cancellationToken);
        var produced = wall.GetTimestamp();
        cluster.Load.ProduceLogin(account);
        while (await Cluster.VersionAsync(node, account, cancellationToken) <= before)
        {
            if (wall.GetElapsedTime(produced) > Patience) throw new InvalidOperationException($"a signal of {Book.Id(account)} did not show");
            await Task.Delay(Glance, wall, cancellationToken);
        }
        if (produced >= warm) _visible.Add(wall.GetElapsedTime(produced));
    }

    private Task PollAsync(Cluster cluster, Latencies polls, CancellationToken cancellationToken)
    {
        var warm = Warm();
        return Pace.RunAsync(2, scale.PollsPerSecond, Whole, wall, async (i, due) =>
        {
            var account = (int)(Book.Mix((ulong)i) % (ulong)cluster.Book.FirstWatched);
            await Cluster.VersionAsync(cluster.Nodes[0], account, cancellationToken);
            if (due >= warm) polls.Add(wall.GetElapsedTime(due));
        }, cancellationToken);
    }

    private async Task ColdAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        var node = await cluster.AddAsync("silo,api");
        // The first few make the code; they are not accounts that were not active.
        for (var account = 0; account < 200; account++) await Cluster.VersionAsync(node, account, cancellationToken);
        for (var i = 0; i < ColdAccounts; i++)
        {
            var account = 200 + i * ((cluster.Book.FirstWatched - 200) / ColdAccounts);
            var asked = wall.GetTimestamp();
            if (await Cluster.VersionAsync(node, account, cancellationToken) == 0)
                throw new InvalidOperationException($"{Book.Id(account)} is not stored");
            _cold.Add(wall.GetElapsedTime(asked));
        }
    }
}
