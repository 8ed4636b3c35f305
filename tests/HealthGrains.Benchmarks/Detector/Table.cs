using System.Globalization;

namespace HealthGrains.Benchmarks.Detector;

/// <summary>
/// Prints a row for each method, and below it the published figures with a verdict a cell: a cell is worse when it falls behind by
/// more than two standard errors of the difference, the published figure having been measured on 4,000 accounts.
/// </summary>
sealed class Table(TextWriter output, int accounts)
{
    const int Wide = 24, Cell = 18;

    const double PublishedAccounts = 4000;

    /// <summary>Cells of ours that are worse than published.</summary>
    public int Worse { get; private set; }

    public void Head()
    {
        output.WriteLine($"{accounts} accounts; median days / share found within 14 days +- Monte-Carlo standard error;");
        output.WriteLine("then the share alarming in a year while healthy, and under steady declines; ARL0 in years");
        Write("");
        foreach (var scenario in Scenario.Changes)
            Write(scenario.Name, Cell);
        Write("healthy", Cell - 4);
        foreach (var scenario in Scenario.SteadyDeclines)
            Write(scenario.Name, Cell - 4);
        output.WriteLine("ARL0");
    }

    public void Row(Trial trial, Reference? figures)
    {
        Write(trial.Method.Name);
        var delays = Scenario.Changes.Select(trial.Delays).ToArray();
        foreach (var delay in delays)
            Write(Text($"{delay.Median}/{delay.Within14.Value:F3}+-{delay.Within14.Error:F3}"), Cell);
        var healthy = trial.Alarms(Scenario.Healthy);
        Write(Text($"{healthy.Value:F3}+-{healthy.Error:F3}"), Cell - 4);
        var steady = Scenario.SteadyDeclines.Select(trial.Alarms).ToArray();
        foreach (var share in steady)
            Write(Text($"{share.Value:F3}+-{share.Error:F3}"), Cell - 4);
        // With alarms as rare as these the wait is exponential: 1 - exp(-1 / ARL0) alarm within a year.
        output.WriteLine(Text($"{-1 / Math.Log(1 - healthy.Value):F1}"));
        if (figures is null)
            return;
        Write("  published");
        for (var cell = 0; cell < delays.Length; cell++)
        {
            var (median, within14) = figures.Cells[cell];
            Write(Text($"{median}/{within14:F2} {Verdict(IsWorse(delays[cell], median, within14))}"), Cell);
        }
        Write("0.100", Cell - 4);
        for (var cell = 0; cell < figures.Steady.Length; cell++)
        {
            var behind = steady[cell].Value - figures.Steady[cell];
            Write(Text($"{figures.Steady[cell]:F2} {Verdict(behind > Doubt(steady[cell]))}"), Cell - 4);
        }
        output.WriteLine();
    }

    string Verdict(bool worse)
    {
        if (worse)
            Worse++;
        return worse ? "worse" : "pass";
    }

    /// <summary>A median later than published counts when clearly fewer than half were found by the published day.</summary>
    bool IsWorse(Delay delay, int median, double within14)
    {
        var shareInTime = median > 60 ? 1 : delay.ByDay[median];
        var late = delay.Median > median && 0.5 - shareInTime > Doubt(new Share(0.5, Math.Sqrt(0.25 / accounts)));
        return late || within14 - delay.Within14.Value > Doubt(delay.Within14);
    }

    /// <summary>Two standard errors of a difference between two such measurements, and the rounding of the published one.</summary>
    double Doubt(Share share) => 2 * share.Error * Math.Sqrt(1 + accounts / PublishedAccounts) + 0.005;

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    void Write(string text, int width = Wide) => output.Write(text.PadRight(width));
}
