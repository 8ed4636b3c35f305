using HealthGrains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Plays;

namespace HealthGrains.Alerts;

/// <summary>
/// What a host has in its rows of the alerts of 28 days. An owner is <see cref="OwnerTurns.Nobody"/> where there is none.
/// </summary>
/// <param name="Owners">CSMs who have accounts.</param>
/// <param name="Pushes">Pushes of those days.</param>
/// <param name="Acknowledged">Alerts acknowledged in those days: raised and acknowledged, Unix milliseconds.</param>
/// <param name="Resolved">Alerts resolved by hand in those days: raised and resolved, Unix milliseconds.</param>
/// <param name="Open">Alerts that are not over, and how many of them are listed only.</param>
public sealed record TeamRows(
    IReadOnlyList<string> Owners, IReadOnlyList<(string Owner, long At, bool Urgent)> Pushes,
    IReadOnlyList<(string Owner, long Raised, long At)> Acknowledged, IReadOnlyList<(string Owner, long Raised, long At)> Resolved,
    IReadOnlyList<(string Owner, int Open, int Listed)> Open);

/// <summary>The figures of alerts and people, from rows: the same on every host.</summary>
public static class TeamFigures
{
    /// <summary>How many days they are of.</summary>
    public const int SpanDays = 28;

    /// <summary>The figures at a moment, Unix milliseconds.</summary>
    public static TeamView Of(TeamRows rows, Practice practice, long now)
    {
        var budget = AlertBudget.BudgetsOf(practice.Guardrails).FirstOrDefault();
        var since = now - (budget?.Days ?? 7) * Days.Millis;
        var pushes = rows.Pushes.Where(push => push.At > now - SpanDays * Days.Millis && push.At <= now).ToLookup(push => push.Owner);
        var acknowledged = rows.Acknowledged.ToLookup(row => row.Owner, row => row.At - row.Raised);
        var resolved = rows.Resolved.ToLookup(row => row.Owner, row => row.At - row.Raised);
        var open = rows.Open.ToDictionary(row => row.Owner, StringComparer.Ordinal);
        string[] names =
        [
            .. rows.Owners.Concat(practice.Teams.SelectMany(team => team.Members)).Concat(rows.Pushes.Select(push => push.Owner))
                .Concat(rows.Open.Select(row => row.Owner)).Concat(rows.Acknowledged.Select(row => row.Owner))
                .Concat(rows.Resolved.Select(row => row.Owner)).Distinct(StringComparer.Ordinal)
                .OrderBy(name => name.Length == 0).ThenBy(name => name, StringComparer.OrdinalIgnoreCase)
                .ThenBy(name => name, StringComparer.Ordinal),
        ];
        OwnerFigures[] owners = [.. names.Select(FiguresOf)];
        var people = owners.Where(owner => owner.Owner is not null).ToArray();
        var all = new OwnerFigures(null, null, owners.Sum(owner => owner.Pushed), owners.Sum(owner => owner.Urgent),
            Mean(people, owner => owner.PushedAWeek), Mean(people, owner => owner.UrgentAWeek),
            owners.Sum(owner => owner.Open), owners.Sum(owner => owner.Listed),
            Times(rows.Acknowledged.Select(row => row.At - row.Raised)), Times(rows.Resolved.Select(row => row.At - row.Raised)));
        return new TeamView(
            Days.Time(now), budget is null ? null : new BudgetView(budget.Id, budget.Version, budget.Title, budget.Most, budget.Days), all,
            owners);

        OwnerFigures FiguresOf(string name)
        {
            var (own, waiting) = (pushes[name].ToArray(), open.GetValueOrDefault(name));
            return new OwnerFigures(
                name.Length == 0 ? null : name, practice.ManagerOf(name), own.Count(push => !push.Urgent && push.At > since),
                own.Count(push => push.Urgent && push.At > since), own.Count(push => !push.Urgent) * 7.0 / SpanDays,
                own.Count(push => push.Urgent) * 7.0 / SpanDays, waiting.Open, waiting.Listed, Times(acknowledged[name]),
                Times(resolved[name]));
        }
    }

    private static double Mean(OwnerFigures[] owners, Func<OwnerFigures, double> what) => owners.Length == 0 ? 0 : owners.Average(what);

    private static TimesView Times(IEnumerable<long> millis)
    {
        double[] hours = [.. millis.Select(span => Math.Max(0, span) / 3_600_000.0).Order()];
        return new TimesView(hours.Length, Quantile(hours, 0.5), Quantile(hours, 0.9));
    }

    /// <summary>A quantile of what is in order, interpolated between neighbours (Hyndman and Fan's seventh kind).</summary>
    private static double? Quantile(double[] ordered, double share)
    {
        if (ordered.Length == 0) return null;
        var place = share * (ordered.Length - 1);
        var (below, above) = ((int)Math.Floor(place), (int)Math.Ceiling(place));
        return Math.Round(ordered[below] + (ordered[above] - ordered[below]) * (place - below), 2);
    }
}
