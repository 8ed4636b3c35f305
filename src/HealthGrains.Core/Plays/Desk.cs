using System.Globalization;
using HealthGrains.Accounts;
using HealthGrains.Delivery;
using HealthGrains.Hosting;
using HealthGrains.Situations;

namespace HealthGrains.Plays;

/// <summary>A desk in a turn: the state, what the turn brings, and what has changed.</summary>
internal sealed partial class Desk(DeskState state, in DeskTurn turn)
{
    /// <summary>Who acts where nobody did.</summary>
    public const string Machine = "playbook";

    internal static readonly Fact Churned = Fact.Find("churned")!;
    internal static readonly Fact RenewedAge = Fact.Find("renewedAgeDays")!;

    private readonly DeskTurn _turn = turn;
    private readonly HashSet<PlayRun> _plays = [];
    private readonly HashSet<Draft> _drafts = [];
    private readonly HashSet<DeskTask> _tasks = [];
    private bool _changed;

    private long Now => _turn.Now;

    private Situation Situation => _turn.Situation;

    private AccountProfile Account => Situation.Profile;

    private string? Owner => Account.Owner;

    private bool HasChurned => Situation.Number(Churned) == 1;

    /// <summary>Looks, tells what changed, and says when to be woken. True when anything changed.</summary>
    public bool Run()
    {
        Look();
        var wake = NextWake();
        if (wake != state.WakeAt)
        {
            state.WakeAt = wake;
            _changed = true;
        }
        foreach (var play in _plays) _turn.Outbox.Plays.Add(ViewOf(play));
        foreach (var draft in _drafts) _turn.Outbox.Drafts.Add(ViewOf(draft));
        foreach (var task in _tasks) _turn.Outbox.Tasks.Add(ViewOf(task));
        Tidy();
        if (_changed) state.Version++;
        return _changed;
    }

    /// <summary>Takes all that the situation and the time ask for.</summary>
    public void Look()
    {
        Forget();
        Watch();
        // A play that ends may begin another, and a step done may make another due.
        for (var again = true; again;)
        {
            again = StartPlays();
            foreach (var play in state.Plays.ToArray()) again |= Advance(play);
            foreach (var draft in state.Drafts.ToArray()) again |= Review(draft);
        }
        FollowAlerts();
        WriteBack();
    }

    // What is over has been told, and is kept where lists are.
    private void Tidy()
    {
        state.Plays.RemoveAll(play => play.State == PlayState.Ended);
        state.Drafts.RemoveAll(draft => draft.State is DraftState.Sent or DraftState.Rejected or DraftState.Expired);
        state.Tasks.RemoveAll(task => task.State != TaskState.Open);
        state.Alerts.RemoveAll(alert => alert.ResolvedAt is not null);
    }

    private void Forget()
    {
        var longest = 28;
        foreach (var rule in _turn.Practice.Guardrails)
            if (rule.Kind is GuardrailKind.MessagesPerContact or GuardrailKind.MessagesPerAccount) longest = Math.Max(longest, rule.Days);
        _changed |= state.Sent.RemoveAll(sent => sent.At < Now - longest * Days.Millis) > 0;
        if (state.Override is { } said && said.Until <= Now)
        {
            state.Override = null;
            Note(said.By, "override.ended", null);
        }
    }

    private long NextWake()
    {
        var wake = long.MaxValue;
        foreach (var play in state.Plays)
        {
            // Conditions of exits and waits are looked at once a day at least, at the play's own time of the day: whoever looks in
            // between changes nothing.
            if (play.State != PlayState.Running) continue;
            var day = play.StartedAt + (Math.Max(0, (Now - play.StartedAt) / Days.Millis) + 1) * Days.Millis;
            wake = Math.Min(wake, Math.Min(day, NextStep(play)));
        }
        foreach (var draft in state.Drafts)
        {
            if (draft.State == DraftState.Pending) wake = Math.Min(wake, draft.ExpiresAt);
            else if (draft is { State: DraftState.Approved, SendAt: { } at }) wake = Math.Min(wake, at);
        }
        foreach (var (id, memory) in state.Triggers)
            if (memory is { Holds: true, ClearSince: { } since } && RuleOf(id) is { } rule)
                wake = Math.Min(wake, since + rule.ClearDays * Days.Millis);
        if (state.Override is { } said) wake = Math.Min(wake, said.Until);
        return Math.Min(wake, Math.Min(NextAlert(), NextStart()));
    }

    private int NextNumber() => ++state.LastNumber;

    private void Changed(PlayRun play)
    {
        _changed = true;
        _plays.Add(play);
    }

    private void Changed(Draft draft)
    {
        _changed = true;
        _drafts.Add(draft);
    }

    private void Changed(DeskTask task)
    {
        _changed = true;
        _tasks.Add(task);
    }

    private void Note(string actor, string action, string? detail)
    {
        _changed = true;
        _turn.Outbox.Audit.Add(new AuditView(Days.Time(Now), actor, action, Account.Id, detail));
    }

    private void Dispatch(string receiver, DeliveryBody body, string? id = null, long? notBefore = null) =>
        _turn.Outbox.Dispatches.Add(new Dispatch(
            id ?? Text($"{Account.Id}:{NextNumber()}"), Account.Id, Owner, receiver, Now, notBefore ?? Now, body));

    private TriggerRule? RuleOf(string id) => _turn.Practice.Triggers.FirstOrDefault(rule => rule.Id == id);

    // A version that is gone, or was changed without another number, is not what the run began with.
    private Playbook? BookOf(PlayRun play) =>
        _turn.Practice.Find(play.Playbook, play.Version) is { } book && book.Steps.Count == play.Steps.Count
        && book.Steps.Zip(play.Steps).All(pair => pair.First.Id == pair.Second.Id) ? book : null;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
