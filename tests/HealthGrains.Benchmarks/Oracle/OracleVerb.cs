using System.Globalization;
using HealthGrains.Benchmarks.Risk;
using HealthGrains.Simulation;

namespace HealthGrains.Benchmarks.Oracle;

/// <summary>
/// What could be known at best: a Bayes detector that has the simulator's own model. It knows every account's people and how busy they are,
/// its ticket rate, its payers, the shared holidays, and the exact course of the decline that the account would take; only not whether and
/// when it begins. Its thresholds, one for each way to leave, are the best in hindsight at each share of healthy accounts alarmed.
/// </summary>
internal static class OracleVerb
{
    private const int WarmUp = 60, Soon = 14, Lead = 30, Ahead = 45;

    /// <summary>An account's truth, and by way and day the logarithm of the statistic.</summary>
    private sealed record Row(AccountTruth Truth, float[][] Log);

    public static int Run(string[] args)
    {
        var accounts = RiskVerb.Option(args, "--accounts", 600);
        var days = RiskVerb.Option(args, "--days", 425);
        var told = new Told(args.Contains("--pace"), args.Contains("--favourites"), !args.Contains("--no-depth"));
        var first = RiskVerb.Option(args, "--seed", 1);
        var rows = new List<Row>();
        for (var seed = first; seed < first + RiskVerb.Option(args, "--seeds", 1); seed++)
        {
            var company = Company.Create(new CompanySettings { Seed = (ulong)seed, Accounts = accounts, Days = days, AnnualChurn = 0.3 });
            var truth = company.Truth(days + 150);
            var lived = new Row[accounts];
            Parallel.For(0, accounts, new ParallelOptions { MaxDegreeOfParallelism = 2 },
                k => lived[k] = new Row(truth[k], Live(company.Accounts[k], days, told)));
            rows.AddRange(lived);
            Console.Error.WriteLine($"seed {seed}");
        }
        foreach (var share in new[] { 0.10, 0.13, 0.15 })
        {
            Print(rows, days, share, Soon, "within 14");
            Print(rows, days, share, -Lead, "30 days ahead");
        }
        return 0;
    }

    private static float[][] Live(CompanyAccount account, int days, Told told)
    {
        var (life, watch) = (new OracleLife(account), new Watch(account, told));
        var log = new float[Watch.Count][];
        for (var way = 0; way < Watch.Count; way++) Array.Fill(log[way] = new float[days], float.NegativeInfinity);
        for (var day = 0; day < days; day++)
        {
            if (life.Live(day) is not { } seen) continue;
            var sums = watch.Take(seen, day, account.Settings.Date(day).DayOfWeek == DayOfWeek.Monday);
            for (var way = 0; way < Watch.Count; way++) log[way][day] = (float)sums[way];
        }
        return log;
    }

    /// <summary>The most that can be found by a day after onset (or before the end) while a share of the healthy is alarmed.</summary>
    private static void Print(List<Row> all, int days, double share, int by, string name)
    {
        var healthy = all.Where(row => row.Truth.Shape == ChurnShape.Healthy)
            .Select(row => row.Log.Select(way => way[WarmUp..].Max()).ToArray()).ToArray();
        var churns = all.Where(row => row.Truth.Shape != ChurnShape.Healthy && row.Truth.OnsetDay >= WarmUp
            && row.Truth.EndDay < days && (by > 0 || row.Truth.EndDay - row.Truth.OnsetDay >= Ahead)).ToArray();
        var reached = churns.Select(row =>
        {
            var (from, to) = (row.Truth.OnsetDay!.Value, by > 0 ? row.Truth.OnsetDay.Value + by : row.Truth.EndDay!.Value + by);
            return row.Log.Select(way => way[from..(Math.Min(to, row.Truth.EndDay!.Value - 1) + 1)].Max()).ToArray();
        }).ToArray();
        var thresholds = Best(healthy, reached, share);
        var found = reached.Select(top => Any(top, thresholds)).ToArray();
        var parts = churns.Zip(found).GroupBy(one => one.First.Truth.Shape).OrderBy(shape => shape.Key).Select(shape => string.Create(
            CultureInfo.InvariantCulture, $"{shape.Key} {shape.Count(one => one.Second) / (double)shape.Count():P0} of {shape.Count()}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{share:P0} of {healthy.Length} healthy, {name}: {found.Count(one => one) / (double)found.Length:P0} of {found.Length}; ")
            + string.Join(", ", parts));
    }

    private static bool Any(float[] top, double[] thresholds)
    {
        for (var way = 0; way < Watch.Count; way++)
            if (top[way] >= thresholds[way]) return true;
        return false;
    }

    /// <summary>Thresholds come down one at a time, always where a step finds the most for each healthy account that it alarms.</summary>
    private static double[] Best(float[][] healthy, float[][] reached, double share)
    {
        const double step = 0.25;
        var thresholds = Enumerable.Repeat(30.0, Watch.Count).ToArray();
        while (true)
        {
            var (alarmed, found) = (healthy.Count(top => Any(top, thresholds)), reached.Count(top => Any(top, thresholds)));
            (double Worth, int Way, double To) best = (0, -1, 0);
            for (var way = 0; way < Watch.Count; way++)
            {
                for (var steps = 1; steps <= 12; steps++)
                {
                    var trial = (double[])thresholds.Clone();
                    trial[way] -= steps * step;
                    var more = healthy.Count(top => Any(top, trial));
                    if (more > share * healthy.Length) break;
                    var worth = (reached.Count(top => Any(top, trial)) - found + 1e-6 * steps) / (more - alarmed + 0.01);
                    if (worth > best.Worth && trial[way] > -5) best = (worth, way, trial[way]);
                }
            }
            if (best.Way < 0) return thresholds;
            thresholds[best.Way] = best.To;
        }
    }
}
