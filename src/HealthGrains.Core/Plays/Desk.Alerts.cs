using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Delivery;
using HealthGrains.Health;
using HealthGrains.Hosting;

namespace HealthGrains.Plays;

/// <summary>
/// Alerts of triggers: raised, put off, told to the manager, ended. Which of them the owner is told is decided for all of an owner's.
/// </summary>
internal sealed partial class Desk
{
    private const int MostEscalated = 50;

    private void Raise(TriggerRule rule, TriggerMemory memory, AlertTemplate template)
    {
        var alert = new DeskAlert
        {
            Rule = rule.Id, RuleVersion = rule.Version, Number = memory.Episodes, Severity = template.Severity, RaisedAt = Now,
            Since = memory.Since, Reason = rule.Title, Score = Situation.Score, Drivers = [.. Situation.Drivers],
            Approach = template.Approach, Urgent = template.Urgent, Rank = template.Rank, TriedBefore = [.. TriedBefore()], Owner = Owner,
        };
        state.Alerts.Add(alert);
        Tell(alert, AlertChange.Raised);
    }

    private void Close(DeskAlert alert, string how)
    {
        (alert.State, alert.ResolvedAt, alert.Resolution) = (AlertState.Closed, Now, how);
        Tell(alert, AlertChange.Resolved);
    }

    private void Tell(DeskAlert alert, AlertChange change)
    {
        _changed = true;
        _turn.Outbox.Alerts.Add(new AlertEffect(change, ViewOf(alert)));
    }

    private void FollowAlerts()
    {
        foreach (var alert in state.Alerts)
        {
            if (alert.Owner != Owner && alert.ResolvedAt is null)
            {
                alert.Owner = Owner;
                Tell(alert, AlertChange.Changed);
            }
            if (alert is { State: AlertState.Snoozed, SnoozedUntil: { } until } && until <= Now)
            {
                alert.State = AlertState.Open;
                Tell(alert, AlertChange.Reopened);
            }
            if (EscalateAt(alert) is not { } due || due > Now) continue;
            alert.EscalatedAt = Now;
            Escalate(ViewOf(alert));
            Tell(alert, AlertChange.Changed);
        }
        if (Situation.Risk is not { } risk || state.Escalated.Contains(EscalationOf(risk))) return;
        if (EscalateAt(risk.State, risk.Severity, RiskSince(risk)) is not { } at || at > Now) return;
        state.Escalated.Add(EscalationOf(risk));
        if (state.Escalated.Count > MostEscalated) state.Escalated.RemoveAt(0);
        Escalate(risk);
    }

    private long NextAlert()
    {
        var next = long.MaxValue;
        foreach (var alert in state.Alerts)
        {
            if (alert is { State: AlertState.Snoozed, SnoozedUntil: { } until }) next = Math.Min(next, until);
            if (EscalateAt(alert) is { } due) next = Math.Min(next, due);
        }
        if (Situation.Risk is { } risk && !state.Escalated.Contains(EscalationOf(risk))
            && EscalateAt(risk.State, risk.Severity, RiskSince(risk)) is { } at) next = Math.Min(next, at);
        return next;
    }

    // Who has put it off has seen it: the time begins again when it is back.
    private long? EscalateAt(DeskAlert alert) => alert.EscalatedAt is not null || alert.AcknowledgedAt is not null ? null
        : EscalateAt(alert.State, alert.Severity, alert.SnoozedUntil ?? alert.RaisedAt);

    private long? EscalateAt(AlertState where, Band severity, long since)
    {
        if (where != AlertState.Open) return null;
        long? at = null;
        foreach (var rule in Rules(GuardrailKind.Escalation))
        {
            if (rule.Marks.Count > 0 && !rule.Marks.Contains(severity == Band.Red ? "red" : "yellow")) continue;
            var due = since + rule.Hours * 3_600_000L;
            at = at is { } other ? Math.Min(other, due) : due;
        }
        return at;
    }

    private void Escalate(AlertView alert)
    {
        var manager = _turn.Practice.ManagerOf(Owner);
        Note(Machine, "alert.toldToManager", Text($"{alert.Id}: {manager ?? "no team names a manager"}"));
        Dispatch(ReceiverKeys.Chat, new ChatBody(
            Text($"{manager ?? "To the manager"}: nobody has acknowledged {alert.AccountName}: {alert.Reason} (owner {Owner ?? "nobody"})"), Link()));
    }

    // A risk that has turned red may be told once more.
    private static string EscalationOf(AlertView risk) => risk.Severity == Band.Red ? risk.Id + ":red" : risk.Id;

    private static long RiskSince(AlertView risk) => (risk.EscalatedAt ?? risk.RaisedAt).ToUnixTimeMilliseconds();
}
