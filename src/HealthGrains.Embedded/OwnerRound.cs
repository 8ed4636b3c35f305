using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Portfolio;

namespace HealthGrains.Embedded;

/// <summary>
/// Tells owners, on the journal thread: within the commit that stores an alert it is decided whether it is pushed, and the push, its
/// delivery and the owner's state are in that commit too. So after a crash either all of it is there or none, and what was not decided
/// is decided at the start.
/// </summary>
internal sealed class OwnerRound
{
    // Whatever a look leaves due is taken again soon, but does not keep the thread turning.
    private const long Breath = 1_000;

    private readonly OwnerStore _store;
    private readonly HostMemory _memory;
    private readonly PortfolioIndex _index;
    private readonly ITextWriter _writer;
    private readonly Dictionary<string, OwnerState> _states;
    private readonly HashSet<string> _called = new(StringComparer.Ordinal);
    private readonly OwnerOutbox _outbox = new();
    private readonly List<AlertView> _told = [];
    private readonly HashSet<string> _receivers = new(StringComparer.Ordinal);
    private long _dueAt;

    public OwnerRound(JournalStore store, HostMemory memory, PortfolioIndex index, ITextWriter writer)
    {
        _store = new OwnerStore(store);
        (_memory, _index, _writer) = (memory, index, writer);
        _states = _store.States();
        // Whatever was stored while nobody looked, by this host before it ended or by an older one, is looked at once.
        CallAll();
    }

    /// <summary>When it next needs to run, Unix milliseconds. For any thread.</summary>
    public long DueAt => Volatile.Read(ref _dueAt);

    /// <summary>An alert was stored.</summary>
    public void Call(AlertEffect effect, Practice practice)
    {
        if (effect.Change is AlertChange.Acknowledged or AlertChange.Resolved) return;
        var owner = effect.Alert.Owner ?? OwnerTurns.Nobody;
        // Of many accounts that nobody owns, and nobody answers for, not every alert is worth a look at all of them.
        if (owner.Length == 0 && !effect.Alert.Urgent && practice.PersonOf(owner) is null) return;
        _called.Add(owner);
    }

    /// <summary>Another practice decides, or the host begins: everybody is looked at.</summary>
    public void CallAll()
    {
        _called.UnionWith(_states.Keys);
        _called.UnionWith(_store.OwnersOfAlerts());
        Volatile.Write(ref _dueAt, 0);
    }

    /// <summary>Looks at those who were called and those who are due, within a commit.</summary>
    public void Run(Practice practice)
    {
        var now = _memory.Clock.Now();
        if (_called.Count == 0 && _dueAt > now) return;
        var due = _states.Where(owner => owner.Value.WakeAt <= now).Select(owner => owner.Key);
        foreach (var owner in _called.Union(due).Order(StringComparer.Ordinal).ToArray()) Look(owner, practice, now);
        _called.Clear();
        var next = _states.Count == 0 ? long.MaxValue : _states.Values.Min(state => state.WakeAt);
        Volatile.Write(ref _dueAt, Math.Max(next, now + Breath));
    }

    /// <summary>Tells what was stored, once it is committed.</summary>
    public void Tell(ChangeHub hub, Action<string>? ring)
    {
        foreach (var alert in _told) hub.Publish(ChangeType.AlertPushed, alert.Account, alert.Owner, alert);
        foreach (var receiver in _receivers) ring?.Invoke(receiver);
        _told.Clear();
        _receivers.Clear();
    }

    private void Look(string owner, Practice practice, long now)
    {
        if (!_states.TryGetValue(owner, out var state)) _states.Add(owner, state = new OwnerState());
        var onlyUrgent = owner.Length == 0 && practice.PersonOf(owner) is null;
        var sight = _store.Sight(owner, onlyUrgent, now - AlertBudget.DaysOf(practice.Guardrails) * Days.Millis);
        var risks = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var alert in sight.Alerts)
            if (!risks.ContainsKey(alert.Account) && _index.Find(alert.Account)?.ArrAtRisk is { } risk) risks.Add(alert.Account, risk);
        sight = sight with
        {
            AtRisk = risks,
            Morning = OwnerTurns.DigestDue(state, owner, practice, now) is { } since ? _store.Morning(owner, since) : null,
        };
        if (OwnerTurns.Look(state, sight, new OwnerTurn(now, practice, _writer, _outbox))) Store(owner, state);
        _outbox.Clear();
    }

    private void Store(string owner, OwnerState state)
    {
        _store.State(owner, state);
        foreach (var pushed in _outbox.Pushed)
        {
            if (!_memory.Accounts.TryFind(pushed.Alert.Account, out var account)) continue;
            _store.Push(account, pushed);
            _told.Add(pushed.Alert with { PushedAt = pushed.Push.At });
        }

        // Nothing of this is replayed, so an entry is made once.
        foreach (var entry in _outbox.Audit) _store.Audit(entry);
        foreach (var dispatch in _outbox.Dispatches)
        {
            var account = 0;
            if (dispatch.Account.Length > 0 && !_memory.Accounts.TryFind(dispatch.Account, out account)) continue;
            _store.Dispatch(account, dispatch);
            _receivers.Add(dispatch.Receiver);
        }
    }
}
