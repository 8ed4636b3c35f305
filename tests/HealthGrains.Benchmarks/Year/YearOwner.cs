using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Plays;

namespace HealthGrains.Benchmarks.Year;

/// <summary>A CSM of the simulated year: is pushed what the budget chooses, and does the morning's work.</summary>
internal sealed class YearOwner(string name, IReadOnlyList<YearAccount> accounts, Practice practice)
{
    private readonly OwnerState _state = new();
    private readonly OwnerOutbox _outbox = new();
    private readonly List<AlertPush> _pushed = [];

    public string Name => name;

    public void Morning(in Turn turn, int day)
    {
        var open = accounts.SelectMany(account => account.Open).ToDictionary(alert => alert.View.Id);
        var sight = new OwnerSight { Owner = name, Alerts = [.. open.Values.Select(alert => alert.View)], Pushes = _pushed };
        OwnerTurns.Look(_state, sight, new OwnerTurn(turn.Now, practice, PlainWriter.Instance, _outbox));
        _pushed.AddRange(_outbox.Pushed.Select(pushed => pushed.Push));
        var fresh = _outbox.Pushed.Select(pushed => open[pushed.Alert.Id]).ToLookup(alert => alert.View.Account);
        _outbox.Clear();
        foreach (var alert in fresh.SelectMany(mine => mine)) alert.Pushed ??= day;
        foreach (var account in accounts) account.Morning([.. fresh[account.State.Profile.Id]], turn, day);
    }
}
