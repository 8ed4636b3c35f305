using HealthGrains.Alerts;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Accounts;

/// <summary>The turns of an account: pure functions of state, input and <see cref="Turn"/>.</summary>
public static class AccountTurns
{
    /// <summary>
    /// Signals arrived. Adds them to the calendar and nothing more; <see cref="Decide"/> follows once per batch or later.
    /// Allocates nothing in steady state. Returns how many were late (older than the calendar).
    /// </summary>
    public static int Take(AccountState state, ReadOnlySpan<Signal> signals, in Turn turn)
    {
        state.Advance(turn);
        var late = 0;
        foreach (ref readonly var signal in signals)
        {
            var churned = state.Calendar.ChurnedAt;
            if (!state.Calendar.Take(signal, turn.Now)) late++;
            // A renewal brings a churned account back: its calendar catches up before the next signal.
            if (churned != state.Calendar.ChurnedAt) state.Advance(turn);
        }
        return late;
    }

    /// <summary>
    /// Says that these accounts will take signals next. Changes nothing: it asks for the memory that they will need, one kind of thing
    /// after another over all of them, so that the waits overlap instead of following one another. Worth it in groups of about
    /// sixteen where there are more accounts than the processor's caches hold.
    /// </summary>
    public static void Warm(ReadOnlySpan<AccountState> states)
    {
        // Each round asks for what the one before has told where to find.
        foreach (var state in states) Prefetch.Line(in state.Place);
        foreach (var state in states) state.Calendar.WarmFields();
        foreach (var state in states) state.Calendar.WarmRows();
    }

    /// <summary>Decides what the state now amounts to: alerts raised, escalated or ended. True when the state changed.</summary>
    public static bool Decide(AccountState state, in Turn turn)
    {
        state.Advance(turn);
        state.Closes.Refresh(state, turn);
        return RiskDecision.Decide(state, turn);
    }

    /// <summary>A wake-up fell due: closes the days that are over, then decides. True when the state changed.</summary>
    public static bool Wake(AccountState state, in Turn turn)
    {
        state.Advance(turn);
        var first = Math.Max(state.LastClosedDay == int.MinValue ? int.MinValue : state.LastClosedDay + 1,
            state.Calendar.Today - Closes.Count);
        // The day of a churn is the last, unless the account comes back.
        var last = state.Calendar.Today - 1;
        if (state.Calendar.ChurnedAt != long.MinValue) last = Math.Min(last, Days.Of(state.Calendar.ChurnedAt));
        var closed = false;
        for (var day = first; day <= last; day++)
        {
            if (state.FirstAt >= Days.Start(day + 1)) continue;
            turn.Outbox.Closes.Add(AccountViews.Close(state, day, turn));
            closed = true;
        }
        if (closed || state.LastClosedDay != int.MinValue) state.LastClosedDay = Math.Max(state.LastClosedDay, last);
        return Decide(state, turn) || closed;
    }

    /// <summary>
    /// When the account next needs a <see cref="Wake"/>, Unix milliseconds: the end of the UTC day, or of a snooze; never after the day it
    /// churned on.
    /// </summary>
    public static long NextWake(AccountState state, in Turn turn) =>
        Math.Min(NextDay(state, turn), state.Episode is { State: AlertState.Snoozed, SnoozedUntil: { } until } ? until : long.MaxValue);

    private static long NextDay(AccountState state, in Turn turn) =>
        state.Calendar.ChurnedAt is var churned && churned != long.MinValue && Days.Of(churned) < Days.Of(turn.Now)
            ? long.MaxValue : Days.Start(Days.Of(turn.Now) + 1);

    /// <summary>Everything about the account at <see cref="Turn.Now"/>. Changes nothing that can be seen.</summary>
    public static AccountView View(AccountState state, INames names, in Turn turn)
    {
        state.Advance(turn);
        state.Closes.Refresh(state, turn);
        return AccountViews.View(state, turn.Now, turn);
    }

    /// <summary>The account as it was at a moment, with the signals known now: <paramref name="at"/> within the calendar.</summary>
    public static AccountView ViewAt(AccountState state, long at, INames names, in Turn turn)
    {
        state.Advance(turn);
        state.Closes.Refresh(state, turn);
        return AccountViews.View(state, Math.Clamp(at, turn.Now - Calendar.OpenDays * Days.Millis, turn.Now), turn);
    }

    /// <summary>The account's row for lists.</summary>
    public static AccountSummary Summarize(AccountState state, in Turn turn) =>
        Assess(state, turn).Summary(state.Profile, turn.Model.Version);

    /// <summary>The numbers of the account's row for lists. Allocates nothing.</summary>
    public static AccountFigures Assess(AccountState state, in Turn turn)
    {
        state.Advance(turn);
        state.Closes.Refresh(state, turn);
        return AccountViews.Figures(state, turn);
    }

    /// <summary>Today's point of the history, provisional.</summary>
    public static HistoryPoint Today(AccountState state, in Turn turn)
    {
        state.Advance(turn);
        return AccountViews.Point(state, Days.Of(turn.Now), turn.Now, turn.Now, provisional: true, turn);
    }

    /// <summary>Why the score changed between two moments within the calendar.</summary>
    public static Ledger Explain(AccountState state, long since, long until, in Turn turn)
    {
        state.Advance(turn);
        var oldest = turn.Now - Calendar.OpenDays * Days.Millis;
        return Explanation.Of(state, Math.Clamp(since, oldest, turn.Now), Math.Clamp(until, oldest, turn.Now), turn);
    }

    /// <summary>The profile was set. Shifts the level of the trend, never its slope.</summary>
    public static void SetProfile(AccountState state, AccountProfile profile, in Turn turn)
    {
        var before = state.Profile.Owner;
        state.Advance(turn);
        state.Closes.Rebase(state, turn, turn, profile);
        state.Changes++;
        // Whoever owns the account now has not heard of it.
        if (before != profile.Owner && state.Episode is { State: not AlertState.Resolved })
            RiskDecision.Tell(state, turn, AlertChange.Changed);
    }

    /// <summary>
    /// Another model (the turn's) takes over from <paramref name="before"/>. Shifts the level of the trend, never its slope.
    /// </summary>
    public static void ChangeModel(AccountState state, HealthModel before, in Turn turn)
    {
        state.Advance(turn with { Model = before });
        state.Closes.Rebase(state, turn with { Model = before }, turn, state.Profile);
        state.Changes++;
    }

    /// <summary>
    /// A person deals with an alert; null when the account has no such alert that is not over. Throws
    /// <see cref="ArgumentException"/> where a deed lacks its time or its person.
    /// </summary>
    public static AlertView? Act(AccountState state, AlertAct act, in Turn turn)
    {
        if (Open(state, act.Alert) is not { } episode) return null;
        if (act.Deed == AlertDeed.Acknowledge && episode.State == AlertState.Acknowledged) return episode.View(state.Profile);
        state.Episode = act.Deed switch
        {
            AlertDeed.Acknowledge => episode with
            {
                State = AlertState.Acknowledged, AcknowledgedAt = turn.Now, AcknowledgedBy = act.Actor, SnoozedUntil = null,
            },
            AlertDeed.Snooze => episode with { State = AlertState.Snoozed, SnoozedUntil = act.Until ?? throw Lacks("until") },
            AlertDeed.Assign => episode with { AssignedTo = act.To ?? throw Lacks("to") },
            _ => episode with
            {
                State = AlertState.Resolved, ResolvedAt = turn.Now, ResolvedBy = act.Actor, Resolution = act.Reason, CalmSince = null,
                SnoozedUntil = null,
            },
        };
        state.Changes++;
        RiskDecision.Tell(state, turn, act.Deed switch
        {
            AlertDeed.Acknowledge => AlertChange.Acknowledged,
            AlertDeed.Resolve => AlertChange.Resolved,
            _ => AlertChange.Changed,
        });
        return state.Episode.View(state.Profile);

        static ArgumentException Lacks(string what) => new($"the deed lacks {what}", nameof(act));
    }

    /// <summary>Acknowledges an alert; null when the account has no such alert that is not over.</summary>
    public static AlertView? Acknowledge(AccountState state, string alert, string actor, in Turn turn) =>
        Act(state, new AlertAct(alert, actor, AlertDeed.Acknowledge), turn);

    /// <summary>Resolves an alert; null when the account has no such alert that is not over.</summary>
    public static AlertView? Resolve(AccountState state, string alert, string actor, string? reason, in Turn turn) =>
        Act(state, new AlertAct(alert, actor, AlertDeed.Resolve, Reason: reason), turn);

    /// <summary>What happened to the account from a moment on and is worth a mark on its history; alerts are not part of it.</summary>
    public static IEnumerable<TimelineItem> Timeline(AccountState state, long since, INames names, in Turn turn)
    {
        state.Advance(turn);
        return AccountTimeline.Of(state, since, turn.Now, names);
    }

    private static RiskEpisode? Open(AccountState state, string alert) =>
        state.Episode is { State: not (AlertState.Resolved or AlertState.Closed) } episode
        && RiskEpisode.IdOf(state.Profile.Id, episode.Number) == alert ? episode : null;
}
