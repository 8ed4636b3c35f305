using System.Globalization;
using HealthGrains.Cli.Bench;

namespace HealthGrains.ClusterBench;

/// <summary>Three silos on the same cores as one: what they take together, and how they share the work.</summary>
internal sealed class ThreeSilos(BenchScale scale, Action<string> say, TimeProvider wall)
{
    private const int Silos = 3;

    public async Task<List<Figure>> RunAsync(double oneSilo, CancellationToken cancellationToken)
    {
        say($"three silos: {scale.Accounts * BenchScale.HistoryPerAccount:N0} signals of six weeks ...");
        using var cluster = await Cluster.StartAsync(Silos, scale, wall, cancellationToken);
        say("three silos: as many signals as they take ...");
        var before = await cluster.TakenAsync(cancellationToken);
        var rate = await cluster.Load.MeasureAsync(TimeSpan.FromSeconds(scale.Seconds), cancellationToken);
        var taken = (await cluster.TakenAsync(cancellationToken)).Zip(before, (now, then) => (double)(now - then)).ToArray();
        for (var i = 0; i < Silos; i++) say($"  silo {i + 1}  {Bar(taken[i] / taken.Sum())}  {taken[i]:N0} signals");
        var note = string.Create(CultureInfo.InvariantCulture, $"{rate / oneSilo:0.00} times one silo on the same cores");
        return
        [
            new Figure("threeSilos", "intake of three silos, saved", rate, "signals/s", note) { AtLeast = Math.Floor(oneSilo * 0.85) },
            new Figure("share", "the busiest silo's share of the work", taken.Max() / taken.Sum() * 100, "%",
                string.Join(" / ", taken.Select(one => (one / taken.Sum() * 100).ToString("0", CultureInfo.InvariantCulture)))),
        ];
    }

    private static string Bar(double share) => new string('#', (int)Math.Round(share * 60)).PadRight(60);
}
