using System.Globalization;

namespace HealthGrains.Cli.Bench;

/// <summary>One thing measured, and what the naive way came to in the same run.</summary>
/// <param name="Key">Its name for programs.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Unit">signals/s, ms or s.</param>
/// <param name="Note">How much work it was measured over.</param>
/// <param name="BaselineOf">Key of the figure that this is the naive way of; null for a figure of ours.</param>
internal sealed record Figure(string Key, string Title, double Value, string Unit, string Note, string? BaselineOf = null)
{
    public string Text => Value.ToString(Value >= 100 ? "N0" : "0.00", CultureInfo.InvariantCulture) + " " + Unit;

    /// <summary>The nearest-rank percentile of some latencies, in milliseconds.</summary>
    public static double Percentile(List<double> sorted, double share)
    {
        if (sorted.Count == 0) return double.NaN;
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
