namespace HealthGrains.Benchmarks.Detector;

/// <summary>A share of accounts with its Monte-Carlo standard error, which knows that the threshold was measured, too.</summary>
public readonly record struct Share(double Value, double Error);

/// <summary>How soon a method finds a change.</summary>
/// <param name="Median">Days; 61 when not found within 60.</param>
/// <param name="Within14">Share found within 14 days.</param>
/// <param name="ByDay">Share found by a day, 0..60.</param>
public sealed record Delay(int Median, Share Within14, double[] ByDay);

/// <summary>Runs one method on populations of accounts.</summary>
public sealed class Trial(Method method, int accounts, ulong seed)
{
    const double Budget = 0.1;

    double threshold, laxer, stricter;

    public Method Method => method;

    /// <summary>The threshold at which 10 % of healthy accounts alarm in a year.</summary>
    public double Threshold => threshold;

    /// <summary>Half the width that Monte-Carlo error leaves the threshold, one standard error to either side.</summary>
    public double ThresholdError => (laxer - stricter) / 2;

    /// <summary>Sets the threshold by the budget.</summary>
    public void Calibrate()
    {
        var lowest = Lowest(Scenario.Healthy);
        Array.Sort(lowest);
        var spread = Math.Sqrt(Budget * (1 - Budget) / accounts);
        threshold = Quantile(lowest, Budget);
        stricter = Quantile(lowest, Budget - spread);
        laxer = Quantile(lowest, Budget + spread);
    }

    /// <summary>Takes a threshold as given, without error.</summary>
    public void Calibrate(double given) => threshold = stricter = laxer = given;

    /// <summary>Share of accounts that alarm at least once while watched.</summary>
    public Share Alarms(Scenario scenario)
    {
        var lowest = Lowest(scenario);
        return Of(at => lowest.Count(value => value < at));
    }

    /// <summary>Delays after a change.</summary>
    public Delay Delays(Scenario scenario)
    {
        var days = new int[3][];
        for (var i = 0; i < 3; i++)
            days[i] = new int[accounts];
        Each(scenario, (account, evidence) =>
        {
            days[0][account] = FirstBelow(evidence, threshold);
            days[1][account] = FirstBelow(evidence, stricter);
            days[2][account] = FirstBelow(evidence, laxer);
        });
        var byDay = new double[61];
        for (var day = 0; day <= 60; day++)
            byDay[day] = days[0].Count(found => found <= day) / (double)accounts;
        var within = Of(at => days[at == threshold ? 0 : at == stricter ? 1 : 2].Count(found => found <= 14));
        return new Delay(days[0].Order().ElementAt(accounts / 2), within, byDay);
    }

    static int FirstBelow(ReadOnlySpan<double> evidence, double at)
    {
        for (var day = 0; day < evidence.Length; day++)
        {
            if (evidence[day] < at)
                return day + 1;
        }
        return 61;
    }

    Share Of(Func<double, int> count)
    {
        var share = count(threshold) / (double)accounts;
        var byThreshold = (count(laxer) - count(stricter)) / 2.0 / accounts;
        return new Share(share, Math.Sqrt(share * (1 - share) / accounts + byThreshold * byThreshold));
    }

    static double Quantile(double[] sorted, double at) => sorted[(int)(at * sorted.Length)];

    double[] Lowest(Scenario scenario)
    {
        var lowest = new double[accounts];
        Each(scenario, (account, evidence) =>
        {
            var least = double.PositiveInfinity;
            foreach (var value in evidence)
                least = Math.Min(least, value);
            lowest[account] = least;
        });
        return lowest;
    }

    void Each(Scenario scenario, Action<int, double[]> take)
    {
        var stream = (ulong)scenario.Name.Aggregate(17L, (hash, letter) => hash * 31 + letter);
        var cores = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount) };
        Parallel.For(0, accounts, cores, () => (Scores: new double[scenario.Days], Evidence: new double[scenario.WatchedDays]),
            (account, _, work) =>
            {
                scenario.Draw(new Xoshiro(seed, stream, (ulong)account), account, work.Scores);
                method.Read(work.Scores, scenario.Watched, work.Evidence);
                take(account, work.Evidence);
                return work;
            }, _ => { });
    }
}
