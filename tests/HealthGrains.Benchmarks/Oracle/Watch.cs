using HealthGrains.Simulation;

namespace HealthGrains.Benchmarks.Oracle;

/// <summary>
/// The oracle's watch over one account: for every way to leave and every day it may have begun, the likelihood ratio against good order;
/// the sum for a way is its Shiryaev-Roberts statistic.
/// </summary>
internal sealed class Watch(CompanyAccount account, Told told)
{
    private sealed class Suspicion
    {
        public required Hypothesis Way { get; init; }
        public required int Onset { get; init; }
        public required double[] Week { get; init; }
        public double Log { get; set; }
        public List<double> Alive { get; } = [];
    }

    private readonly Hypothesis[] _ways = [.. Ways(account)];
    private readonly List<Suspicion> _suspicions = [];
    private readonly Pace _pace = new(account.Traits.DayNoise);
    private readonly double[] _week = new double[Pace.WeekNodes];
    private readonly double[] _before = new double[Pace.WeekNodes];
    private readonly double[] _grid = new double[Pace.Grid.Length];

    private static IEnumerable<Hypothesis> Ways(CompanyAccount account)
    {
        var fate = account.Churn;
        ChurnShape[] shapes =
            [ChurnShape.SilentFade, ChurnShape.SteepDrop, ChurnShape.SupportMeltdown, ChurnShape.BillingTrouble, ChurnShape.ChampionGone];
        foreach (var shape in shapes)
        {
            var (least, most) = ChurnPlan.Lag(shape);
            yield return fate.Shape == shape
                ? new Hypothesis(account, shape, fate.EndDay - fate.OnsetDay, fate.Severity)
                : new Hypothesis(account, shape, (least + most) / 2, 0.875);
        }
    }

    /// <summary>How many ways there are.</summary>
    public const int Count = 5;

    /// <summary>Takes a day; returns the logarithm of the statistic of each way.</summary>
    public double[] Take(OracleDay day, int number, bool isMonday)
    {
        if (isMonday)
        {
            Pace.Restart(_week);
            foreach (var one in _suspicions) Pace.Restart(one.Week);
        }
        _week.CopyTo(_before, 0);
        foreach (var way in _ways)
            if (way.MayBegin(day, number))
                _suspicions.Add(new Suspicion { Way = way, Onset = number, Week = (double[])_before.Clone() });
        var usual = told.Pace ? 0 : Usual(day);
        _suspicions.RemoveAll(one => number - one.Onset + 1 > one.Way.Length || one.Log < -40);
        var sums = new double[Count];
        foreach (var one in _suspicions)
        {
            var since = number - one.Onset + 1;
            one.Log += one.Way.Ratio(day, since, told) + (told.Pace ? AtPace(one, day, since) : Sessions(one, day, since) - usual);
            sums[Array.IndexOf(_ways, one.Way)] += Math.Exp(one.Log);
        }
        for (var k = 0; k < Count; k++) sums[k] = Math.Log(sums[k] + 1e-9);
        return sums;
    }

    private static double Probability(int sessions, double mean)
    {
        // Gamma of shape 3 about the mean; factors that do not depend on the mean are left out.
        var x = 1 / (3 + mean);
        var value = 27 * x * x * x;
        for (; sessions > 0; sessions--) value *= mean * x;
        return value;
    }

    private double Usual(OracleDay day)
    {
        for (var k = 0; k < _grid.Length; k++)
        {
            var log = 0.0;
            foreach (var user in day.Users) log += Math.Log(Probability(user.Sessions, user.Mean * day.KnownPace * Pace.Grid[k]) + 1e-300);
            _grid[k] = log;
        }
        return _pace.Take(_week, _grid).Log;
    }

    private static (double Alive, double Holding) Move(Suspicion one, OracleUser user, int since)
    {
        while (one.Alive.Count <= user.Index) one.Alive.Add(1);
        var holding = one.Way.Holding(since);
        return (one.Alive[user.Index] * holding / (since > 1 ? one.Way.Holding(since - 1) : 1), holding);
    }

    private double Sessions(Suspicion one, OracleDay day, int since)
    {
        var holding = one.Way.Holding(since);
        for (var k = 0; k < _grid.Length; k++)
        {
            double log = 0, product = 1;
            foreach (var user in day.Users)
            {
                var (alive, _) = Move(one, user, since);
                product *= alive * Probability(user.Sessions, user.Mean * day.KnownPace * Pace.Grid[k] * holding)
                    + (user.Sessions == 0 ? 1 - alive : 0);
                if (product > 1e-200) continue;
                log += Math.Log(product + 1e-300);
                product = 1;
            }
            _grid[k] = log + Math.Log(product);
        }
        var (sum, pace) = _pace.Take(one.Week, _grid);
        foreach (var user in day.Users)
        {
            var (alive, _) = Move(one, user, since);
            var there = alive * Probability(user.Sessions, user.Mean * day.KnownPace * pace * holding);
            one.Alive[user.Index] = user.Sessions > 0 ? 1 : there / (there + 1 - alive);
        }
        return sum;
    }

    /// <summary>The same where the day's pace is told.</summary>
    private static double AtPace(Suspicion one, OracleDay day, int since)
    {
        var sum = 0.0;
        foreach (var user in day.Users)
        {
            var (alive, holding) = Move(one, user, since);
            var mean = user.Mean * day.Weather.Pace;
            var there = alive * Probability(user.Sessions, mean * holding);
            var silent = user.Sessions == 0 ? 1 - alive : 0;
            sum += Math.Log((there + silent) / Probability(user.Sessions, mean));
            one.Alive[user.Index] = there / (there + silent);
        }
        return sum;
    }
}
