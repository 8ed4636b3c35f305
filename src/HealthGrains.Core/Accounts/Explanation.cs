using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Accounts;

/// <summary>
/// The ledger: the change between two moments as a telescoping sum. First time passes with nothing new known (silence, old days
/// leaving their windows), then what happened becomes known day by day; every step's change of every measure's points is an entry,
/// so the entries sum to the whole by construction.
/// </summary>
internal static class Explanation
{
    public static Ledger Of(AccountState state, long since, long until, in Turn turn)
    {
        if (until < since) (since, until) = (until, since);
        var entries = turn.Model.Entries;
        Span<double> before = stackalloc double[HealthEvaluator.MaxMeasures];
        Span<double> after = stackalloc double[HealthEvaluator.MaxMeasures];
        var items = new List<LedgerItem>();

        var from = HealthEvaluator.Evaluate(state, turn, since, since, before);
        HealthEvaluator.Evaluate(state, turn, until, since, after);
        Add(items, LedgerCause.Time, null, null, turn.Model, before, after);

        var known = since;
        for (var day = Days.Of(since); known < until; day++)
        {
            // What happens at midnight belongs to the day that begins.
            var next = Math.Min(Days.Start(day + 1) - 1, until);
            if (next == known) continue;
            after.CopyTo(before);
            HealthEvaluator.Evaluate(state, turn, until, next, after);
            Add(items, LedgerCause.Signal, Days.Date(day), Happened(state, day, known, next), turn.Model, before, after);
            known = next;
        }
        var to = HealthEvaluator.Evaluate(state, turn, until, until, after);
        AddCaps(items, from, to);
        return new Ledger(new ScoreAt(Days.Time(since), from.Value), new ScoreAt(Days.Time(until), to.Value), InOrder(items));
    }

    // A measure's entries belong together (what left its window against what came in): the measure that moved most comes first, and
    // within a measure time comes before the days.
    private static List<LedgerItem> InOrder(List<LedgerItem> items)
    {
        var net = new Dictionary<string, double>();
        foreach (var item in items) net[item.Measure] = net.GetValueOrDefault(item.Measure) + item.Delta;
        return [.. items
            .OrderByDescending(item => Math.Abs(net[item.Measure])).ThenBy(item => item.Measure, StringComparer.Ordinal)
            .ThenBy(item => item.Day is not null).ThenBy(item => item.Day)];
    }

    private static void Add(
        List<LedgerItem> items, LedgerCause cause, DateOnly? day, Dictionary<SignalKind, int>? happened, HealthModel model,
        ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        for (var k = 0; k < model.Entries.Length; k++)
        {
            var delta = after[k] - before[k];
            if (delta == 0) continue;
            var measure = model.Entries[k].Definition;
            IReadOnlyDictionary<string, int>? kinds = null;
            int? count = null;
            if (happened is not null)
            {
                var mine = happened.Where(entry => entry.Key.Source() == measure.Source)
                    .ToDictionary(entry => entry.Key.Rule().WireName, entry => entry.Value);
                (kinds, count) = (mine, mine.Values.Sum());
            }
            items.Add(new LedgerItem(cause, measure.Key, before[k], after[k], delta, day, count, kinds));
        }
    }

    // A cap's entry is what it took away before and after; when another rule binds, the old one ends and the new one begins.
    private static void AddCaps(List<LedgerItem> items, in Score from, in Score to)
    {
        var (ruleBefore, ruleAfter) = (from.Caps.Lowest.Rule, to.Caps.Lowest.Rule);
        if (ruleBefore == ruleAfter)
        {
            if (from.CapPoints != to.CapPoints)
                items.Add(new LedgerItem(LedgerCause.Cap, Cap.Key(ruleAfter), from.CapPoints, to.CapPoints, to.CapPoints - from.CapPoints));
            return;
        }
        if (from.CapPoints != 0) items.Add(new LedgerItem(LedgerCause.Cap, Cap.Key(ruleBefore), from.CapPoints, 0, -from.CapPoints));
        if (to.CapPoints != 0) items.Add(new LedgerItem(LedgerCause.Cap, Cap.Key(ruleAfter), 0, to.CapPoints, to.CapPoints));
    }

    private static Dictionary<SignalKind, int> Happened(AccountState state, int day, long from, long until)
    {
        var counts = new Dictionary<SignalKind, int>();
        var calendar = state.Calendar;
        // Rows are whole days: a part of a day counts in proportion, except the newest, which holds nothing later.
        var share = until >= calendar.LastAt && from <= Days.Start(day) ? 1 : (until - from) / (double)Days.Millis;
        AddRow(counts, SignalKind.Login, calendar, DayColumn.Logins, day, share);
        AddRow(counts, SignalKind.SessionEnded, calendar, DayColumn.Sessions, day, share);
        AddRow(counts, SignalKind.FeatureUsed, calendar, DayColumn.FeatureUses, day, share);
        AddRow(counts, SignalKind.WorkflowCompleted, calendar, DayColumn.Workflows, day, share);
        AddRow(counts, SignalKind.EmailSent, calendar, DayColumn.EmailsSent, day, share);
        AddRow(counts, SignalKind.EmailOpened, calendar, DayColumn.EmailsOpened, day, share);
        AddAll(counts, calendar.Events.Items, from, until);
        AddAll(counts, calendar.Facts.Items, from, until);
        foreach (ref readonly var gauge in calendar.Gauges.Items)
            if (gauge.At > from && gauge.At <= until) counts[gauge.Kind] = counts.GetValueOrDefault(gauge.Kind) + 1;
        return counts;
    }

    private static void AddRow(
        Dictionary<SignalKind, int> counts, SignalKind kind, Calendar calendar, DayColumn column, int day, double share)
    {
        var count = (int)Math.Round(calendar.Counters.Get(column, Calendar.Slot(day)) * share);
        if (count > 0) counts[kind] = count;
    }

    private static void AddAll(Dictionary<SignalKind, int> counts, ReadOnlySpan<Happening> items, long from, long until)
    {
        foreach (ref readonly var item in items)
            if (item.At > from && item.At <= until) counts[item.Kind] = counts.GetValueOrDefault(item.Kind) + 1;
    }
}
