using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Plays;

namespace HealthGrains.Alerts;

/// <summary>An alert that was pushed to its owner.</summary>
/// <param name="Alert">Its id.</param>
/// <param name="At">When.</param>
/// <param name="Urgent">Whether it stood outside the budget.</param>
public readonly record struct AlertPush(string Alert, DateTimeOffset At, bool Urgent);

/// <summary>An owner's alerts at a moment, parted by the budget.</summary>
/// <param name="Pushed">What is pushed now: the urgent ones, then the others, the first in rank first.</param>
/// <param name="Listed">What waits in the list for room, the first in rank first.</param>
public sealed record AlertChoice(IReadOnlyList<AlertView> Pushed, IReadOnlyList<AlertView> Listed);

/// <summary>
/// So many alerts a CSM is pushed in so many days (<see cref="GuardrailKind.AlertBudget"/>); the others are listed, and pushed when there
/// is room and nothing ranks above them. It hides nothing and raises nothing: an alert that is listed is as open as any other. Pure: the
/// same alerts and pushes give the same choice, in whatever order they come.
/// </summary>
public static class AlertBudget
{
    /// <summary>
    /// The last place of a budget of more than one is kept for what ranks as high as this: otherwise a Monday's small things would let a
    /// churn risk of Tuesday wait for a week.
    /// </summary>
    public const int KeptFrom = 80;

    /// <summary>Parts an owner's alerts.</summary>
    /// <param name="alerts">The owner's alerts. Those that somebody has seen, put off or ended are left out.</param>
    /// <param name="before">
    /// What was pushed to the owner before: of alerts that are not over, and of the days that the budget counts. See <see cref="Keep"/>.
    /// </param>
    /// <param name="rules">Guardrails; of several budgets each is kept, and without one all is pushed.</param>
    /// <param name="now">The moment.</param>
    public static AlertChoice Choose(
        IEnumerable<AlertView> alerts, IReadOnlyCollection<AlertPush> before, IEnumerable<Guardrail> rules, DateTimeOffset now)
    {
        var known = before.Select(push => push.Alert).ToHashSet(StringComparer.Ordinal);
        var waiting = alerts.Where(alert => alert.State == AlertState.Open && !known.Contains(alert.Id)).Order(ByRank.Instance)
            .DistinctBy(alert => alert.Id).ToArray();
        var urgent = waiting.Where(alert => alert.Urgent);
        var others = waiting.Where(alert => !alert.Urgent).ToArray();
        var budgets = rules.Where(rule => rule.Kind == GuardrailKind.AlertBudget).ToArray();
        var high = others.Count(alert => alert.Rank >= KeptFrom);
        // What ranks high stands first, so whoever comes after it has what is left of the places that are anybody's.
        var taken = Math.Min(high, Room(before, budgets, now, keeps: false));
        var pushed = taken < high ? taken : Math.Clamp(Room(before, budgets, now, keeps: true), taken, others.Length);
        return new AlertChoice([.. urgent, .. others.Take(pushed)], [.. others.Skip(pushed)]);
    }

    /// <summary>The pushes that are still needed: those that a budget counts, and those of alerts that are not over.</summary>
    public static IReadOnlyList<AlertPush> Keep(
        IEnumerable<AlertPush> before, IReadOnlySet<string> open, IEnumerable<Guardrail> rules, DateTimeOffset now)
    {
        var days = rules.Where(rule => rule.Kind == GuardrailKind.AlertBudget).Select(rule => rule.Days).DefaultIfEmpty(0).Max();
        return [.. before.Where(push => open.Contains(push.Alert) || IsWithin(push, days, now))];
    }

    private static int Room(IReadOnlyCollection<AlertPush> before, Guardrail[] budgets, DateTimeOffset now, bool keeps)
    {
        var room = int.MaxValue;
        foreach (var rule in budgets)
        {
            var places = keeps && rule.Most > 1 ? rule.Most - 1 : rule.Most;
            room = Math.Min(room, places - before.Count(push => !push.Urgent && IsWithin(push, rule.Days, now)));
        }
        return Math.Max(0, room);
    }

    private static bool IsWithin(AlertPush push, int days, DateTimeOffset now) => push.At > now.AddDays(-days);

    /// <summary>Rank, then red before yellow, then the larger ARR, then who has waited longer.</summary>
    private sealed class ByRank : IComparer<AlertView>
    {
        public static ByRank Instance { get; } = new();

        public int Compare(AlertView? x, AlertView? y)
        {
            var order = y!.Rank.CompareTo(x!.Rank);
            if (order == 0) order = (y.Severity == Band.Red).CompareTo(x.Severity == Band.Red);
            if (order == 0) order = (y.Arr ?? 0).CompareTo(x.Arr ?? 0);
            if (order == 0) order = x.RaisedAt.CompareTo(y.RaisedAt);
            return order != 0 ? order : string.CompareOrdinal(x.Id, y.Id);
        }
    }
}
