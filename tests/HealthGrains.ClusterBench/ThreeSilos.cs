using System.Globalization;
using HealthGrains.Cli.Bench;

namespace HealthGrains.ClusterBench;

/// <summary>
/// Three silos on the same cores as one: what they take together, and how they share the work. Both clusters are there at once, and one
/// rests while the other is measured, by turns: what else happens on the machine then falls to both, and their code is compiled.
/// </summary>
internal sealed class ThreeSilos(BenchScale scale, Action<string> say, TimeProvider wall)
{
    private const int Silos = 3;

    public async Task<List<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        say($"three silos against one: {scale.Accounts * BenchScale.HistoryPerAccount:N0} signals of six weeks to each ...");
        using var one = await Cluster.StartAsync(1, scale, wall, isPrompt: false, cancellationToken);
        using var three = await Cluster.StartAsync(Silos, scale, wall, isPrompt: false, cancellationToken);
        say("three silos against one: each takes as much as it can, until its code is compiled ...");
        var time = TimeSpan.FromSeconds(scale.Seconds);
        foreach (var cluster in (Cluster[])[one, three]) await cluster.Load.MeasureAsync(time, cancellationToken);
        var (alone, together) = (new double[scale.Turns], new double[scale.Turns]);
        var taken = new double[Silos];
        for (var turn = 0; turn < scale.Turns; turn++)
        {
            // The first of a turn is the other one each time.
            if (turn % 2 == 0) alone[turn] = await one.Load.MeasureAsync(time, cancellationToken);
            var before = await three.TakenAsync(cancellationToken);
            together[turn] = await three.Load.MeasureAsync(time, cancellationToken);
            var after = await three.TakenAsync(cancellationToken);
            for (var i = 0; i < Silos; i++) taken[i] += after[i] - before[i];
            if (turn % 2 != 0) alone[turn] = await one.Load.MeasureAsync(time, cancellationToken);
            say(string.Create(CultureInfo.InvariantCulture,
                $"  turn {turn + 1} of {scale.Turns}: one {alone[turn]:N0}, three {together[turn]:N0} signals/s, ")
                + (together[turn] / alone[turn]).ToString("0.00 of it", CultureInfo.InvariantCulture));
        }
        for (var i = 0; i < Silos; i++) say($"  silo {i + 1}  {Bar(taken[i] / taken.Sum())}  {taken[i]:N0} signals");
        var share = together.Zip(alone, (all, single) => all / single).ToArray();
        var note = string.Create(CultureInfo.InvariantCulture, $"median of {scale.Turns} turns; one silo's is {Middle(alone):N0}");
        return
        [
            new Figure("threeSilos", "intake of three silos, saved", Middle(together), "signals/s", note),
            new Figure("ofOne", "  of one silo's on the same cores", Middle(share) * 100, "%",
                string.Join(", ", share.Select(of => of.ToString("0.00", CultureInfo.InvariantCulture)))) { AtLeast = 85 },
            new Figure("share", "the busiest silo's share of the work", taken.Max() / taken.Sum() * 100, "%",
                string.Join(" / ", taken.Select(part => (part / taken.Sum() * 100).ToString("0", CultureInfo.InvariantCulture)))),
        ];
    }

    private static double Middle(double[] values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Bar(double share) => new string('#', (int)Math.Round(share * 60)).PadRight(60);
}
