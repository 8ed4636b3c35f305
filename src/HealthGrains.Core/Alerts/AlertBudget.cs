using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Plays;

namespace HealthGrains.Alerts;

/// <summary>An alert that was pushed to its owner.</summary>
/// <param name="Key">What was pushed: see <see cref="AlertBudget.KeyOf"/>.</param>
/// <param name="At">When.</param>
/// <param name="Urgent">Whether it stood outside the budget.</param>
public readonly record struct AlertPush(string Key, DateTimeOffset At, bool Urgent);

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
    public const int KeptFrom = 75;

    /// <summary>What is pushed once: an alert, and once more a yellow one that has turned red, which is another piece of news.</summary>
    public static string KeyOf(AlertView alert) => alert.EscalatedAt is null ? alert.Id : $"{alert.Id}:red";

    /// <summary>
    /// Whether somebody should still hear of an alert: nobody has it, or who has it took it while it was yellow. What is put off waits
    /// until its time is up.
    /// </summary>
    public static bool Waits(AlertView alert) => alert.State == AlertState.Open
        || (alert.State == AlertState.Acknowledged && alert.EscalatedAt > alert.AcknowledgedAt);

    /// <summary>Parts an owner's alerts.</summary>
    /// <param name="alerts">The owner's alerts. Those that need not be heard of any more are left out; see <see cref="Waits"/>.</param>
    /// <param name="before">
    /// What was pushed to the owner before: of alerts that are not over, and of the days that the budget counts.
    /// </param>
    /// <param name="rules">Guardrails; of several budgets each is kept, and without one all is pushed.</param>
    /// <param name="now">The moment.</param>
    /// <param name="atRisk">The ARR at risk by account; of one that is not in it the ARR ranks.</param>
    public static AlertChoice Choose(
        IEnumerable<AlertView> alerts, IReadOnlyCollection<AlertPush> before, IEnumerable<Guardrail> rules, DateTimeOffset now,
        IReadOnlyDictionary<string, decimal>? atRisk = null)
    {
        var known = before.Select(push => push.Key).ToHashSet(StringComparer.Ordinal);
        var waiting = alerts.Where(alert => Waits(alert) && !known.Contains(KeyOf(alert))).Order(new ByRank(atRisk))
            .DistinctBy(alert => alert.Id).ToArray();
        var urgent = waiting.Where(alert => alert.Urgent);
        var others = waiting.Where(alert => !alert.Urgent).ToArray();
        var budgets = BudgetsOf(rules);
        var high = others.Count(alert => alert.Rank >= KeptFrom);
        // What ranks high stands first, so whoever comes after it has what is left of the places that are anybody's.
        var taken = Math.Min(high, Room(before, budgets, now, keeps: false));
        var pushed = taken < high ? taken : Math.Clamp(Room(before, budgets, now, keeps: true), taken, others.Length);
        return new AlertChoice([.. urgent, .. others.Take(pushed)], [.. others.Skip(pushed)]);
    }

    /// <summary>The guardrails that are budgets.</summary>
    public static Guardrail[] BudgetsOf(IEnumerable<Guardrail> rules) =>
        [.. rules.Where(rule => rule.Kind == GuardrailKind.AlertBudget)];

    /// <summary>How many days back pushes count.</summary>
    public static int DaysOf(IEnumerable<Guardrail> rules) => BudgetsOf(rules).Select(rule => rule.Days).DefaultIfEmpty(0).Max();

    /// <summary>When the first of the pushes that count counts no longer, so that there may be room; null when none counts.</summary>
    public static DateTimeOffset? NextRoom(IEnumerable<AlertPush> before, IEnumerable<Guardrail> rules, DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        var budgets = BudgetsOf(rules);
        foreach (var push in before)
        {
            if (push.Urgent) continue;
            foreach (var rule in budgets)
                if (IsWithin(push, rule.Days, now) && !(push.At.AddDays(rule.Days) >= next)) next = push.At.AddDays(rule.Days);
        }
        return next;
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

    /// <summary>Rank, then red before yellow, then the larger ARR at risk, then who has waited longer.</summary>
    private sealed class ByRank(IReadOnlyDictionary<string, decimal>? atRisk) : IComparer<AlertView>
    {
        public int Compare(AlertView? x, AlertView? y)
        {
            var order = y!.Rank.CompareTo(x!.Rank);
            if (order == 0) order = (y.Severity == Band.Red).CompareTo(x.Severity == Band.Red);
            if (order == 0) order = Money(y).CompareTo(Money(x));
            if (order == 0) order = x.RaisedAt.CompareTo(y.RaisedAt);
            return order != 0 ? order : string.CompareOrdinal(x.Id, y.Id);
        }

        private decimal Money(AlertView alert) =>
            atRisk is not null && atRisk.TryGetValue(alert.Account, out var risk) ? risk : alert.Arr ?? 0;
    }
}
