using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Plays;

namespace HealthGrains.Benchmarks.Year;

/// <summary>A CSM of the simulated year: is pushed what the budget chooses, and does the morning's work.</summary>
internal sealed class YearOwner(string name, IReadOnlyList<YearAccount> accounts, Practice practice)
{
    private IReadOnlyList<AlertPush> _pushed = [];

    public string Name => name;

    public void Morning(in Turn turn, int day)
    {
        var now = Days.Time(turn.Now);
        var open = accounts.SelectMany(account => account.Open).ToDictionary(alert => alert.View.Id);
        var choice = AlertBudget.Choose(open.Values.Select(alert => alert.View), _pushed, practice.Guardrails, now);
        var fresh = choice.Pushed.Select(alert => open[alert.Id]).ToLookup(alert => alert.View.Account);
        foreach (var alert in fresh.SelectMany(mine => mine)) alert.Pushed = day;
        _pushed = AlertBudget.Keep(_pushed.Concat(choice.Pushed.Select(alert => new AlertPush(alert.Id, now, alert.Urgent))),
            open.Keys.ToHashSet(), practice.Guardrails, now);
        foreach (var account in accounts) account.Morning([.. fresh[account.State.Profile.Id]], turn, day);
    }
}
