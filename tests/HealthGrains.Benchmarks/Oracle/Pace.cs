namespace HealthGrains.Benchmarks.Oracle;

/// <summary>
/// What all people of an account share in a day: the luck of the day, of the week, a week of vacation. Its law is known to the oracle, its
/// value is not: a filter over the week's factor, with the day's integrated out.
/// </summary>
internal sealed class Pace
{
    private const int DayNodes = 9;
    public const int WeekNodes = 14;
    private const double WeekShape = 80;
    private const double Vacation = 0.025, VacationPace = 0.55;

    /// <summary>Paces at which likelihoods are computed, evenly spaced in the logarithm.</summary>
    public static readonly double[] Grid = [.. Enumerable.Range(0, 33).Select(k => Math.Exp(-1.5 + k * 0.08))];

    private static readonly double[] WeekPrior = new double[WeekNodes];
    private static readonly double[] WeekLog = new double[WeekNodes];
    private readonly double[] _dayLog, _dayWeight;

    static Pace()
    {
        var (log, weight) = Nodes(WeekShape, WeekNodes / 2);
        for (var k = 0; k < WeekNodes / 2; k++)
        {
            (WeekLog[k], WeekPrior[k]) = (log[k], weight[k] * (1 - Vacation));
            (WeekLog[k + WeekNodes / 2], WeekPrior[k + WeekNodes / 2]) = (log[k] + Math.Log(VacationPace), weight[k] * Vacation);
        }
    }

    public Pace(double dayShape) => (_dayLog, _dayWeight) = Nodes(dayShape, DayNodes);

    public static void Restart(double[] week) => WeekPrior.CopyTo(week, 0);

    /// <summary>
    /// Takes the log-likelihood of a day on the grid; returns its logarithm with the pace integrated out, and the pace expected.
    /// </summary>
    public (double Log, double Expected) Take(double[] week, ReadOnlySpan<double> logOnGrid)
    {
        var top = double.NegativeInfinity;
        foreach (var one in logOnGrid) top = Math.Max(top, one);
        double sum = 0, pace = 0;
        for (var w = 0; w < WeekNodes; w++)
        {
            double mine = 0, paces = 0;
            for (var d = 0; d < DayNodes; d++)
            {
                var log = WeekLog[w] + _dayLog[d];
                var at = Math.Clamp((log + 1.5) / 0.08, 0, Grid.Length - 1.001);
                var k = (int)at;
                var value = _dayWeight[d] * Math.Exp(logOnGrid[k] + (at - k) * (logOnGrid[k + 1] - logOnGrid[k]) - top);
                mine += value;
                paces += value * Math.Exp(log);
            }
            pace += week[w] * paces;
            sum += week[w] *= mine;
        }
        for (var w = 0; w < WeekNodes; w++) week[w] /= sum;
        return (top + Math.Log(sum), pace / sum);
    }

    /// <summary>A gamma law of mean 1 as equally spaced points of its logarithm.</summary>
    private static (double[] Log, double[] Weight) Nodes(double shape, int count)
    {
        double[] log = new double[count], weight = new double[count];
        var sum = 0.0;
        for (var k = 0; k < count; k++)
        {
            log[k] = (k - (count - 1) / 2.0) / ((count - 1) / 2.0) * 2.6 / Math.Sqrt(shape);
            weight[k] = Math.Exp(shape * (log[k] - Math.Exp(log[k])));
            sum += weight[k];
        }
        for (var k = 0; k < count; k++) weight[k] /= sum;
        return (log, weight);
    }
}
