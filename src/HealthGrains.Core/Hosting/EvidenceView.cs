using HealthGrains.Measures;
using HealthGrains.Signals;

namespace HealthGrains.Hosting;

/// <summary>A signal that can be seen in its own system.</summary>
/// <param name="Account">The account.</param>
/// <param name="At">When it happened.</param>
/// <param name="Source">usage, ticket, billing, engagement or crm.</param>
/// <param name="Kind">What happened, as it is on the wire.</param>
/// <param name="Url">Where to see it: an https address.</param>
public sealed record EvidenceView(string Account, DateTimeOffset At, string Source, string Kind, string Url)
{
    private const int MostBeside = 5;

    private static readonly TimeSpan Behind = TimeSpan.FromDays(28);

    /// <summary>How far back evidence of something that began then may lie.</summary>
    public static DateTimeOffset Before(DateTimeOffset since) => since - Behind;

    /// <summary>From what is stored.</summary>
    public static EvidenceView Of(EvidenceLink link) => new(
        link.Account, DateTimeOffset.FromUnixTimeMilliseconds(link.At), link.Kind.Source().WireName(), link.Kind.Rule().WireName, link.Url);

    /// <summary>
    /// An alert with its evidence, at most five: what happened at the very moment since which it holds comes first, then what is of the
    /// sources of its drivers and of the four weeks before it was raised, the newest first.
    /// </summary>
    public static AlertView Beside(AlertView alert, IReadOnlyList<EvidenceView> found)
    {
        if (found.Count == 0) return alert;
        var sources = alert.Drivers.Where(driver => driver.Points < 0)
            .Select(driver => MeasureRegistry.Find(driver.Measure)?.Source.WireName()).ToHashSet(StringComparer.Ordinal);
        var beside = found
            .Where(one => one.Account == alert.Account && one.At <= alert.RaisedAt.AddSeconds(1) && one.At >= Before(alert.RaisedAt)
                && (IsThen(one, alert.Since) || sources.Contains(one.Source)))
            .OrderByDescending(one => IsThen(one, alert.Since)).ThenByDescending(one => one.At)
            .ThenBy(one => one.Url, StringComparer.Ordinal)
            .Take(MostBeside).ToArray();
        return beside.Length == 0 ? alert : alert with { Evidence = beside };
    }

    /// <summary>What happened, with where it can be seen.</summary>
    public static TimelineItem Beside(TimelineItem item, IReadOnlyList<EvidenceView> found) =>
        found.FirstOrDefault(one => one.Kind == item.Kind && IsThen(one, item.At)) is { } there ? item with { Url = there.Url } : item;

    /// <summary>A term of a ledger with what of its day and its source can be seen.</summary>
    public static LedgerItem Beside(LedgerItem item, IReadOnlyList<EvidenceView> found)
    {
        if (item.Day is not { } day || item.Kinds is not { } kinds) return item;
        var beside = found.Where(one => kinds.ContainsKey(one.Kind) && DateOnly.FromDateTime(one.At.UtcDateTime) == day)
            .Take(MostBeside).ToArray();
        return beside.Length == 0 ? item : item with { Evidence = beside };
    }

    // A calendar keeps whole seconds.
    private static bool IsThen(EvidenceView one, DateTimeOffset at) => Math.Abs((one.At - at).TotalSeconds) <= 1;
}
