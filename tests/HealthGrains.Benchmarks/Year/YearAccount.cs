using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Delivery;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Signals;
using HealthGrains.Situations;

namespace HealthGrains.Benchmarks.Year;

/// <summary>What the days of the year bring to every account.</summary>
/// <param name="Practice">Decides.</param>
/// <param name="Writer">Writes the texts.</param>
internal sealed record YearWays(Practice Practice, ITextWriter Writer);

/// <summary>
/// An account and its desk through the simulated year. Like the embedded host: a desk looks when its situation calls for it, or when it
/// asked to be woken.
/// </summary>
internal sealed class YearAccount(AccountState state, YearWays ways)
{
    private readonly DeskState _desk = new();
    private readonly Outbox _outbox = new();
    private readonly DeskOutbox _deskOutbox = new();
    private ulong _calls;

    public AccountState State => state;

    /// <summary>Every alert that was raised, in order.</summary>
    public List<YearAlert> Alerts { get; } = [];

    public HashSet<string> Plays { get; } = [];

    public HashSet<string> Drafts { get; } = [];

    public HashSet<string> Tasks { get; } = [];

    public int Rejected { get; private set; }

    public Dictionary<string, int> Left { get; } = [];

    public IEnumerable<YearAlert> Open => Alerts.Where(alert => alert.Over is null);

    /// <summary>The signals of a day are taken at its end, and it is decided then.</summary>
    public void EndDay(Signal[] signals, in Turn turn, int day)
    {
        var mine = turn with { Outbox = _outbox };
        if (signals.Length > 0) AccountTurns.Take(state, signals, mine);
        AccountTurns.Wake(state, mine);
        Look(mine, day);
    }

    /// <summary>The desk is woken whenever it asked to be until a moment.</summary>
    public void LiveUntil(long until, Func<long, Turn> turnAt, int day)
    {
        while (_desk.WakeAt <= until) Look(turnAt(_desk.WakeAt), day);
    }

    /// <summary>
    /// A morning of the account's CSM: what was pushed is acknowledged, tasks that are due are done, drafts are read and approved, and
    /// rejected where they cannot leave.
    /// </summary>
    public void Morning(IReadOnlyCollection<YearAlert> pushed, in Turn turn, int day)
    {
        var who = state.Profile.Owner ?? "nobody";
        var mine = turn with { Outbox = _outbox };
        foreach (var alert in pushed)
        {
            if (alert.IsRisk) AccountTurns.Acknowledge(state, alert.View.Id, who, mine);
            else if (_desk.Alerts.Find(own => alert.View.Id == DeskIds.Alert(state.Profile.Id, own.Rule, own.Number)) is { } own)
                Do(new ActOnDeskAlert(who, own.Rule, own.Number, AlertDeed.Acknowledge, null, null, null), turn);
        }
        var today = turn.Now + Days.Millis;
        foreach (var task in _desk.Tasks.Where(task => task.DueAt <= today).Select(task => task.Number).ToArray())
            Do(new EndTask(who, task, false, null, null, []), turn);
        foreach (var draft in _desk.Drafts.Where(draft => draft.State == DraftState.Pending).Select(draft => draft.Number).ToArray())
        {
            Do(new ReadDraft(who, draft), turn);
            if (Do(new DecideDraft(who, draft, true, null), turn).Refusal == DeskRefusal.None) continue;
            Do(new DecideDraft(who, draft, false, "it cannot leave as it is"), turn);
            Rejected++;
        }
        Collect(day);
    }

    private void Look(in Turn turn, int day)
    {
        var situation = Situation.Of(state, turn);
        var calls = DeskTurns.Calls(situation, ways.Practice);
        if (calls == _calls && _desk.WakeAt > turn.Now)
        {
            Collect(day);
            return;
        }
        _calls = calls;
        DeskTurns.Look(_desk, Turn(situation, turn.Now));
        Collect(day);
    }

    private DeskReply Do(DeskCommand command, in Turn turn) =>
        DeskTurns.Do(_desk, command, Turn(Situation.Of(state, turn), turn.Now));

    private DeskTurn Turn(Situation situation, long now) => new(now, situation, ways.Practice, ways.Writer, _deskOutbox);

    private void Collect(int day)
    {
        foreach (var (change, alert) in _outbox.Alerts.Concat(_deskOutbox.Alerts).Select(effect => (effect.Change, effect.Alert)))
        {
            var known = Alerts.FindLast(one => one.View.Id == alert.Id);
            if (known is null) Alerts.Add(known = new YearAlert(alert, day));
            known.View = alert;
            if (change == AlertChange.Resolved) known.Over = day;
        }
        Plays.UnionWith(_deskOutbox.Plays.Select(play => play.Id));
        Drafts.UnionWith(_deskOutbox.Drafts.Select(draft => draft.Id));
        Tasks.UnionWith(_deskOutbox.Tasks.Select(task => task.Id));
        foreach (var sent in _deskOutbox.Dispatches)
            Left[sent.Receiver] = Left.GetValueOrDefault(sent.Receiver) + 1;
        _outbox.Clear();
        _deskOutbox.Clear();
    }
}
