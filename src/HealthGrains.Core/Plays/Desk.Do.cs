using HealthGrains.Accounts;
using HealthGrains.Alerts;

namespace HealthGrains.Plays;

/// <summary>What people ask of a desk.</summary>
internal sealed partial class Desk
{
    /// <summary>Does what is asked, or refuses and changes nothing.</summary>
    public DeskReply Do(DeskCommand command) => command switch
    {
        StartPlay start => Do(start),
        StopPlay stop => Do(stop),
        HoldPlay hold => Do(hold),
        EndStep step => Do(step),
        EditDraft edit => Do(edit),
        DecideDraft decide => Do(decide),
        ReadDraft read => Do(read),
        AddTask add => Do(add),
        EndTask end => Do(end),
        HandOver hand => Do(hand),
        ActOnDeskAlert act => Do(act),
        SetOverride set => Do(set),
        AddNote add => Do(add),
        PostponeTask put => Do(put),
        _ => DeskReply.Refused(DeskRefusal.Invalid, $"a desk knows no {command.GetType().Name}"),
    };

    private DeskReply Do(StartPlay start)
    {
        if (_turn.Practice.Find(start.Playbook) is not { } book)
            return DeskReply.Refused(DeskRefusal.Invalid, $"there is no playbook '{start.Playbook}'");
        if (HasChurned) return DeskReply.Refused(DeskRefusal.Conflict, "the account has churned");
        if (Running(book.Id) is { } running)
            return DeskReply.Refused(DeskRefusal.Conflict, $"{book.Title} is being played on this account already ({IdOf(running)})");
        if (StartRefusal(book) is { } refusal) return DeskReply.Refused(DeskRefusal.Conflict, refusal);
        return DeskReply.Done(IdOf(Start(book, null, 0, $"started by {start.Actor}", start.Actor)));
    }

    private DeskReply Do(StopPlay stop)
    {
        if (Find(stop.Play) is not { } play) return Missing("play", stop.Play);
        if (string.IsNullOrWhiteSpace(stop.Reason)) return DeskReply.Refused(DeskRefusal.Invalid, "say why the play is stopped");
        End(play, "stopped", stop.Actor, stop.Reason);
        return DeskReply.Done(IdOf(play));
    }

    private DeskReply Do(HoldPlay hold)
    {
        if (Find(hold.Play) is not { } play) return Missing("play", hold.Play);
        if (hold.Pause == (play.State == PlayState.Paused))
            return DeskReply.Refused(DeskRefusal.Conflict, hold.Pause ? "the play is paused already" : "the play is not paused");
        if (hold.Pause) Pause(play, hold.Actor);
        else Resume(play, hold.Actor);
        return DeskReply.Done(IdOf(play));
    }

    private DeskReply Do(EndStep ended)
    {
        if (Find(ended.Play) is not { } play) return Missing("play", ended.Play);
        if (ended.Step < 1 || ended.Step > play.Steps.Count)
            return DeskReply.Refused(DeskRefusal.NotFound, $"the play has steps 1 to {play.Steps.Count}, and no step {ended.Step}");
        var run = play.Steps[ended.Step - 1];
        if (run.State is StepState.Done or StepState.Skipped)
            return DeskReply.Refused(DeskRefusal.Conflict, $"step {ended.Step} is over: {(run.State == StepState.Done ? "done" : "skipped")}");
        if (ended.Skip && string.IsNullOrWhiteSpace(ended.Notes))
            return DeskReply.Refused(DeskRefusal.Invalid, "say why the step is left out");
        if (!ended.Skip && run.Draft is { } number && state.Drafts.Exists(draft => draft.Number == number))
            return DeskReply.Refused(DeskRefusal.Conflict, $"approve or reject its draft, {DeskIds.Draft(Account.Id, number)}, or skip the step");
        if (!ended.Skip && run.State == StepState.Waiting)
            return DeskReply.Refused(DeskRefusal.Conflict, $"step {ended.Step} is not due yet; skip it, or wait");
        // To skip an approval is to do without it.
        if (BookOf(play)?.Steps[ended.Step - 1] is { Kind: StepKind.Approval } step && !_turn.Practice.May(ended.Actor, step.By, Owner))
            return DeskReply.Refused(DeskRefusal.Forbidden, MayNot(ended.Actor, "skip it", $"it needs the {step.By}"));
        if (BadOutcome(play, ended.Outcome) is { } wrong) return DeskReply.Refused(DeskRefusal.Invalid, wrong);
        foreach (var draft in state.Drafts)
            if (draft.Play == play.Number && draft.Step == run.Id) Expire(draft, $"the step was skipped by {ended.Actor}");
        foreach (var task in state.Tasks.Where(task => task.Play == play.Number && task.Step == run.Id && task.State == TaskState.Open))
            Finish(task, ended.Skip ? TaskState.Cancelled : TaskState.Done, ended.Actor, ended.Outcome, ended.Notes);
        Capture(play, run, ended.Skip, ended.Actor, ended.Outcome, ended.Notes);
        Follow(ended.Actions, play);
        return DeskReply.Done(IdOf(play));
    }

    private DeskReply Do(EditDraft edit)
    {
        if (FindDraft(edit.Draft) is not { } draft) return Missing("draft", edit.Draft);
        if (draft.State == DraftState.Approved)
            return DeskReply.Refused(DeskRefusal.Conflict, "the draft is approved already; reject it instead");
        if (draft.State != DraftState.Pending) return Over(draft);
        if (string.IsNullOrWhiteSpace(edit.Text)) return DeskReply.Refused(DeskRefusal.Invalid, "a draft without text cannot be sent; reject it instead");
        (draft.Subject, draft.Text, draft.Edited) = (OneLine(edit.Subject ?? draft.Subject), edit.Text, true);
        draft.ReadAt ??= Now;
        Changed(draft);
        Note(edit.Actor, "draft.edited", DeskIds.Draft(Account.Id, draft.Number));
        return DeskReply.Done(DeskIds.Draft(Account.Id, draft.Number));
    }

    private DeskReply Do(DecideDraft decide)
    {
        if (FindDraft(decide.Draft) is not { } draft) return Missing("draft", decide.Draft);
        if (draft.State != DraftState.Pending && (decide.Approve || draft.State != DraftState.Approved))
            return Over(draft);
        if (!_turn.Practice.May(decide.Actor, draft.Needs, Owner))
        {
            return DeskReply.Refused(DeskRefusal.Forbidden,
                MayNot(decide.Actor, "decide on it", draft.NeedsBecause ?? $"it needs the {draft.Needs}"));
        }
        if (decide.Approve && (WrittenText.Hole(draft.Text) ?? WrittenText.Hole(draft.Subject)) is { } hole)
            return DeskReply.Refused(DeskRefusal.Invalid, $"the text still says {WrittenText.HoleBegin}{hole}{WrittenText.HoleEnd}: write what belongs there first");
        if (decide.Approve)
        {
            Approve(draft, decide.Actor);
            return DeskReply.Done(DeskIds.Draft(Account.Id, draft.Number));
        }
        if (string.IsNullOrWhiteSpace(decide.Reason)) return DeskReply.Refused(DeskRefusal.Invalid, "say why the draft is rejected");
        (draft.State, draft.Reason, draft.DecidedAt, draft.DecidedBy) = (DraftState.Rejected, decide.Reason, Now, decide.Actor);
        (draft.SendAt, draft.Delay) = (null, null);
        Changed(draft);
        Note(decide.Actor, "draft.rejected", Text($"{DeskIds.Draft(Account.Id, draft.Number)}: {decide.Reason}"));
        Settle(draft, StepState.Skipped, $"rejected: {decide.Reason}");
        if (draft.Kind == StepKind.Approval && Find(draft.Play) is { } play) End(play, "rejected", decide.Actor);
        return DeskReply.Done(DeskIds.Draft(Account.Id, draft.Number));
    }

    private DeskReply Do(ReadDraft read)
    {
        if (FindDraft(read.Draft) is not { } draft) return Missing("draft", read.Draft);
        if (draft.ReadAt is null)
        {
            draft.ReadAt = Now;
            Changed(draft);
        }
        return DeskReply.Done(DeskIds.Draft(Account.Id, draft.Number));
    }

    private DeskReply Do(AddTask add)
    {
        if (string.IsNullOrWhiteSpace(add.Title)) return DeskReply.Refused(DeskRefusal.Invalid, "a task needs a title");
        var task = NewTask(add.Title, add.Assignee, add.DueAt, null);
        Note(add.Actor, "task.added", DeskIds.Task(Account.Id, task.Number));
        return DeskReply.Done(DeskIds.Task(Account.Id, task.Number));
    }

    private DeskReply Do(EndTask end)
    {
        if (FindTask(end.Task) is not { } task) return Missing("task", end.Task);
        if (end.Cancel && string.IsNullOrWhiteSpace(end.Notes))
            return DeskReply.Refused(DeskRefusal.Invalid, "say why the task is no longer needed");
        var play = task.Play is { } number ? Find(number) : null;
        if (play is not null && BadOutcome(play, end.Outcome) is { } wrong) return DeskReply.Refused(DeskRefusal.Invalid, wrong);
        Finish(task, end.Cancel ? TaskState.Cancelled : TaskState.Done, end.Actor, end.Outcome, end.Notes);
        if (play?.Steps.FirstOrDefault(step => step.Id == task.Step) is { State: StepState.Open } run)
            Capture(play, run, end.Cancel, end.Actor, end.Outcome, end.Notes);
        Follow(end.Actions, play);
        return DeskReply.Done(DeskIds.Task(Account.Id, task.Number));
    }

    private DeskReply Do(HandOver hand)
    {
        if (string.IsNullOrWhiteSpace(hand.To)) return DeskReply.Refused(DeskRefusal.Invalid, "say to whom");
        if (!_turn.Practice.May(hand.Actor, Practice.Manager, Owner))
            return DeskReply.Refused(DeskRefusal.Forbidden, MayNot(hand.Actor, "hand it over", $"it needs the {Practice.Manager}"));
        var moved = 0;
        foreach (var play in state.Plays)
        {
            if (play.State == PlayState.Ended || !hand.Takes(play.Assignee ?? Owner, Practice.Owner)) continue;
            play.Assignee = hand.To;
            Changed(play);
            moved++;
        }
        foreach (var task in state.Tasks)
        {
            if (task.State != TaskState.Open || !hand.Takes(task.Assignee, IsManagers(task) ? Practice.Manager : Practice.Owner)) continue;
            task.Assignee = hand.To;
            Changed(task);
            WriteTask(task);
            moved++;
        }
        if (moved == 0) return DeskReply.Done(Account.Id);
        // Whose queue it is in.
        foreach (var draft in state.Drafts) Changed(draft);
        Note(hand.Actor, "desk.handedOver", hand.To);
        return DeskReply.Done(Account.Id);
    }

    private DeskReply Do(ActOnDeskAlert act)
    {
        if (state.Alerts.Find(alert => alert.Rule == act.Rule && alert.Number == act.Number && alert.ResolvedAt is null) is not { } alert)
            return DeskReply.Refused(DeskRefusal.NotFound, "the alert is over, or there never was one");
        var id = DeskIds.Alert(Account.Id, alert.Rule, alert.Number);
        switch (act.Deed)
        {
            case AlertDeed.Acknowledge:
                alert.State = AlertState.Acknowledged;
                alert.SnoozedUntil = null;
                alert.AcknowledgedAt ??= Now;
                alert.AcknowledgedBy ??= act.Actor;
                break;
            case AlertDeed.Snooze:
                if (act.Until is not { } until || until <= Now) return DeskReply.Refused(DeskRefusal.Invalid, "until: a time ahead of now");
                (alert.State, alert.SnoozedUntil) = (AlertState.Snoozed, until);
                break;
            case AlertDeed.Assign:
                if (string.IsNullOrWhiteSpace(act.To)) return DeskReply.Refused(DeskRefusal.Invalid, "to: who is to have it");
                alert.AssignedTo = act.To;
                break;
            default:
                (alert.State, alert.ResolvedAt, alert.ResolvedBy, alert.Resolution) = (AlertState.Resolved, Now, act.Actor, act.Reason);
                break;
        }
        Note(act.Actor, $"alert.{Deeds[(int)act.Deed]}", id);
        Tell(alert, act.Deed switch
        {
            AlertDeed.Acknowledge => AlertChange.Acknowledged,
            AlertDeed.Resolve => AlertChange.Resolved,
            _ => AlertChange.Changed,
        });
        return DeskReply.Done(id);
    }

    private static readonly string[] Deeds = ["acknowledged", "snoozed", "assigned", "resolved"];

    private DeskReply Do(SetOverride set)
    {
        if (set.Band is null && set.Score is null)
        {
            state.Override = null;
            Note(set.Actor, "override.ended", null);
            return DeskReply.Done(Account.Id);
        }
        if (set.Score is not (null or (>= 0 and <= 100))) return DeskReply.Refused(DeskRefusal.Invalid, "score: 0 to 100");
        if (string.IsNullOrWhiteSpace(set.Reason)) return DeskReply.Refused(DeskRefusal.Invalid, "say why you see it differently");
        if (set.Until <= Now) return DeskReply.Refused(DeskRefusal.Invalid, "until: a time ahead of now");
        state.Override = new HealthOverride(set.Band, set.Score, set.Reason, set.Actor, Now, set.Until);
        Note(set.Actor, "override.set", Text($"{set.Band?.ToString().ToLowerInvariant() ?? Text($"{set.Score:0.#}")}: {set.Reason}"));
        return DeskReply.Done(Account.Id);
    }

    private void Capture(PlayRun play, StepRun run, bool skip, string actor, string? outcome, string? notes)
    {
        End(run, skip ? StepState.Skipped : StepState.Done, actor, outcome, notes, skip ? notes : null);
        if (outcome is not null) play.Outcome = outcome;
        Changed(play);
        Note(actor, skip ? "step.skipped" : "step.done", Text($"{IdOf(play)} {run.Id}{(outcome is null ? "" : ": " + outcome)}"));
    }

    private void Finish(DeskTask task, TaskState how, string actor, string? outcome, string? notes)
    {
        (task.State, task.EndedAt, task.By, task.Outcome, task.Notes) = (how, Now, actor, outcome, notes);
        Changed(task);
        WriteTask(task);
    }

    private void Cancel(DeskTask task, string actor, string why) => Finish(task, TaskState.Cancelled, actor, null, why);

    private void Follow(IReadOnlyList<string> actions, PlayRun? play)
    {
        foreach (var action in actions)
            if (!string.IsNullOrWhiteSpace(action)) NewTask(action, play?.Assignee, null, play?.Number);
    }

    private DeskTask NewTask(string title, string? assignee, long? dueAt, int? play, string? brief = null, string? note = null)
    {
        var task = new DeskTask
        {
            Number = NextNumber(), Play = play, Title = title, Assignee = assignee ?? Owner, DueAt = dueAt ?? Now + 3 * Days.Millis,
            CreatedAt = Now, Brief = brief, Note = note,
        };
        state.Tasks.Add(task);
        Changed(task);
        WriteTask(task);
        return task;
    }

    private string? BadOutcome(PlayRun play, string? outcome) =>
        outcome is null || BookOf(play) is not { Outcomes.Count: > 0 } book || book.Outcomes.Contains(outcome) ? null
        : $"outcome: '{outcome}' is none of {string.Join(", ", book.Outcomes)}";

    private PlayRun? Find(int number) => state.Plays.FirstOrDefault(play => play.Number == number && play.State != PlayState.Ended);

    private Draft? FindDraft(int number) => state.Drafts.FirstOrDefault(draft => draft.Number == number);

    private bool IsManagers(DeskTask task) =>
        state.Plays.FirstOrDefault(play => play.Number == task.Play) is { } play
        && BookOf(play)?.Steps.FirstOrDefault(step => step.Id == task.Step)?.By == Practice.Manager;

    private string MayNot(string actor, string what, string rule) =>
        $"{actor} may not {what}: {rule}; {_turn.Practice.ManagerOf(Owner) ?? "a manager"} may";

    private static DeskReply Over(Draft draft) =>
        DeskReply.Refused(DeskRefusal.Conflict, $"the draft is {draft.State.ToString().ToLowerInvariant()} already");

    private DeskReply Missing(string what, int number) =>
        DeskReply.Refused(DeskRefusal.NotFound, $"{Account.Id} has no {what} {number} that is not over");
}
