using System.Diagnostics;
using System.Globalization;

namespace HealthGrains.Benchmarks.Detector;

/// <summary>
/// <c>detector [--accounts 4000] [--seed 1]</c>: delay at a fixed false-alarm budget, every method on the same accounts, beside
/// the published figures.
/// </summary>
static class DetectorVerb
{
    public static int Run(string[] args)
    {
        if (!Option(args, "--accounts", 4000, out var accounts) || !Option(args, "--seed", 1, out var seed) || accounts < 30)
        {
            Console.Error.WriteLine("detector [--accounts 4000, at least 30] [--seed 1]");
            return 2;
        }
        var clock = Stopwatch.StartNew();
        var table = new Table(Console.Out, accounts);
        table.Head();
        (Method Method, Reference? Figures)[] rivals =
        [
            (Method.Naive, Reference.Naive), (Method.SevenDays, Reference.SevenDays), (Method.Ewma, Reference.Ewma),
            (Method.Kalman, Reference.Slope), (Method.KalmanCalendar, Reference.SlopeInCalendar),
            (Method.Declining, Reference.Slope), (Method.Accelerating, Reference.Acceleration),
        ];
        var thresholds = new Dictionary<string, double>();
        var worse = 0;
        foreach (var (method, figures) in rivals)
        {
            var before = table.Worse;
            thresholds[method.Name] = Row(table, new Trial(method, accounts, (ulong)seed), figures, clock);
            // The rivals' figures show that the generator is the published one; only our own states have to keep theirs.
            if (method == Method.Declining || method == Method.Accelerating)
                worse += table.Worse - before;
        }

        // Sharing: both thresholds move out by the same factor until the two states together keep the budget.
        var declining = -thresholds[Method.Declining.Name];
        var accelerating = -thresholds[Method.Accelerating.Name];
        var factor = -Row(table, new Trial(Method.Both(declining, accelerating), accounts, (ulong)seed), null, clock);
        var shipped = new Trial(Method.AsShipped, accounts, (ulong)seed);
        shipped.Calibrate(-0.5);
        Row(table, shipped, null, clock);

        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"thresholds, standard errors: declining alone {declining:F3}, accelerating alone {accelerating:F3}; sharing "
            + $"{declining * factor:F3} and {accelerating * factor:F3} (x {factor:F3})"));
        Console.WriteLine(Speed.Measure());
        return worse == 0 ? 0 : 1;
    }

    static double Row(Table table, Trial trial, Reference? figures, Stopwatch clock)
    {
        if (trial.Threshold == 0)
            trial.Calibrate();
        table.Row(trial, figures);
        Console.Error.WriteLine($"{clock.Elapsed.TotalSeconds,6:F1} s  {trial.Method.Name}");
        return trial.Threshold;
    }

    static bool Option(string[] args, string name, int otherwise, out int value)
    {
        var at = Array.IndexOf(args, name);
        value = otherwise;
        return at < 0 || (at + 1 < args.Length
            && int.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out value));
    }
}
