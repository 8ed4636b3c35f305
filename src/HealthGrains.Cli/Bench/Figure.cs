using System.Globalization;

namespace HealthGrains.Cli.Bench;

/// <summary>One thing measured, and what the naive way came to in the same run.</summary>
/// <param name="Key">Its name for programs.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Unit">signals/s, ms, s, bytes ...</param>
/// <param name="Note">How much work it was measured over.</param>
/// <param name="BaselineOf">Key of the figure that this is the naive way of; null for a figure of ours.</param>
internal sealed record Figure(string Key, string Title, double Value, string Unit, string Note, string? BaselineOf = null)
{
    /// <summary>What it must stay below or at.</summary>
    public double? AtMost { get; init; }

    /// <summary>What it must reach.</summary>
    public double? AtLeast { get; init; }

    /// <summary>Whether the target is met; null where there is none.</summary>
    public bool? Met => AtMost is { } most ? Value <= most : AtLeast is { } least ? Value >= least : null;

    public string Text => Written(Value) + " " + Unit;

    public string Target => AtMost is { } most ? "< " + Written(most) : AtLeast is { } least ? ">= " + Written(least) : "";

    /// <summary>The nearest-rank percentile of some latencies, in milliseconds.</summary>
    public static double Percentile(List<double> sorted, double share)
    {
        if (sorted.Count == 0) return double.NaN;
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
    }

    /// <summary>How many times worse a naive figure is than ours.</summary>
    public double TimesWorse(Figure naive) => Unit.EndsWith("/s", StringComparison.Ordinal) ? Value / naive.Value : naive.Value / Value;

    private static string Written(double value) =>
        value.ToString(value >= 100 || value == Math.Floor(value) ? "N0" : "0.00", CultureInfo.InvariantCulture);
}
