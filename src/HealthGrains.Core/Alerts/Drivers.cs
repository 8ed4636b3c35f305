using HealthGrains.Accounts;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Measures;

namespace HealthGrains.Alerts;

/// <summary>Which measures moved the score.</summary>
internal static class Drivers
{
    private const int Most = 5;
    private const double Least = 0.05;

    /// <summary>Up to five measures whose points changed most since a moment, the worst first.</summary>
    public static IReadOnlyList<DriverView> Of(AccountState state, in Turn turn, long since) => Of(state, turn, since, turn.Now);

    /// <summary>The same between two moments.</summary>
    public static IReadOnlyList<DriverView> Of(AccountState state, in Turn turn, long since, long until)
    {
        Span<double> before = stackalloc double[HealthEvaluator.MaxMeasures];
        Span<double> after = stackalloc double[HealthEvaluator.MaxMeasures];
        Span<Reading> readings = stackalloc Reading[HealthEvaluator.MaxMeasures];
        HealthEvaluator.Evaluate(state, turn, since, since, before);
        HealthEvaluator.Evaluate(state, turn, until, until, after, readings);
        var entries = turn.Model.Entries;
        var moved = new List<(double Change, int Index)>(entries.Length);
        for (var k = 0; k < entries.Length; k++)
            if (Math.Abs(after[k] - before[k]) >= Least) moved.Add((after[k] - before[k], k));
        // Of all that moved the five that moved most, and of these the worst first.
        moved.Sort(static (a, b) =>
            Math.Abs(b.Change).CompareTo(Math.Abs(a.Change)) is var order and not 0 ? order : a.Index.CompareTo(b.Index));
        if (moved.Count > Most) moved.RemoveRange(Most, moved.Count - Most);
        moved.Sort(static (a, b) => a.Change.CompareTo(b.Change) is var order and not 0 ? order : a.Index.CompareTo(b.Index));
        var drivers = new DriverView[moved.Count];
        for (var k = 0; k < drivers.Length; k++)
        {
            var (change, index) = moved[k];
            var entry = entries[index];
            drivers[k] = new DriverView(entry.Definition.Key, turn.Model.Categories[entry.Category].Key, change, Days.Time(since),
                Note(entry.Definition, readings[index]));
        }
        return drivers;
    }

    private static string Note(MeasureDefinition measure, in Reading reading)
    {
        if (reading.Coverage <= 0) return "not observed";
        var note = string.Format(System.Globalization.CultureInfo.InvariantCulture, measure.Format, reading.Value);
        return reading.OwnWeight > 0.2 && Math.Abs(reading.OwnRatio - 1) > 0.05
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"{note}, {reading.OwnRatio - 1:+0 %;-0 %} on its own weeks 3 to 6")
            : note;
    }
}
