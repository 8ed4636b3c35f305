using HealthGrains.Accounts;
using HealthGrains.Situations;

namespace HealthGrains.Plays;

/// <summary>Plays begin, go on and end.</summary>
internal sealed partial class Desk
{
    // A step this late was held up: by downtime, a pause, a wait, or a step before it. What follows keeps its distance.
    private const long Late = Days.Millis / 2;

    // Of what is over, what ended in this turn is still there.
    private PlayRun? Running(string book) =>
        state.Plays.FirstOrDefault(play => play.Playbook == book && play.State != PlayState.Ended);

    private PlayRun Start(Playbook book, string? trigger, int episode, string reason, string by)
    {
        foreach (var replaced in state.Plays.Where(play => book.Replaces.Contains(play.Playbook)).ToArray()) End(replaced, "replaced");
        var play = new PlayRun
        {
            Number = NextNumber(), Playbook = book.Id, Version = book.Version, Title = book.Title, Trigger = trigger, Episode = episode,
            Reason = reason, StartedAt = Now, StartedBy = by, ScoreAtStart = Situation.Score,
            Steps = [.. book.Steps.Select(step => new StepRun { Id = step.Id })],
        };
        state.Plays.Add(play);
        Changed(play);
        Note(by, "play.started", Text($"{IdOf(play)} {book.Id} {book.Version}: {reason}"));
        return play;
    }

    /// <summary>Takes a play as far as it goes now. True when something was done.</summary>
    private bool Advance(PlayRun play)
    {
        if (play.State != PlayState.Running || BookOf(play) is not { } book) return false;
        if (ExitOf(play, book) is { } exit)
        {
            End(play, exit);
            return true;
        }
        var done = false;
        for (var k = 0; k < book.Steps.Count && play.State == PlayState.Running; k++)
        {
            var (step, run) = (book.Steps[k], play.Steps[k]);
            if (run.State == StepState.Open && step.Kind == StepKind.Wait) done |= Wait(play, step, run);
            if (run.State != StepState.Waiting || !IsFree(play, book, k)) continue;
            var due = DueAt(play, step);
            if (due > Now) continue;
            if (Now - due > Late) play.Shift += Now - due;
            Open(play, book, step, run);
            done = true;
        }
        if (play.State != PlayState.Running || play.Steps.Exists(step => step.State is StepState.Waiting or StepState.Open)) return done;
        End(play, "completed");
        return true;
    }

    private string? ExitOf(PlayRun play, Playbook book)
    {
        // A play that a churn began (a farewell, winning back) is not ended by it.
        if (HasChurned && !(play.Trigger is { } trigger && RuleOf(trigger)?.When.Facts.Any(fact => fact.Key == Churned.Key) == true))
            return "churned";
        if (book.Exits.Renewed && Situation.Number(RenewedAge) is var days && Now - days * Days.Millis > play.StartedAt) return "renewed";
        return book.Exits.When?.Holds(Situation) == true ? "recovered" : null;
    }

    /// <summary>Whether what a step must wait for is over: the steps that it names, and any wait or approval before it.</summary>
    private static bool IsFree(PlayRun play, Playbook book, int index)
    {
        for (var k = 0; k < book.Steps.Count; k++)
        {
            var before = book.Steps[k];
            var holds = (k < index && before.Kind is (StepKind.Wait or StepKind.Approval)) || book.Steps[index].After.Contains(before.Id);
            if (holds && play.Steps[k].State is StepState.Waiting or StepState.Open) return false;
        }
        return true;
    }

    private static long DueAt(PlayRun play, PlayStep step) => play.StartedAt + play.Shift + step.Day * Days.Millis;

    private long NextStep(PlayRun play)
    {
        var next = long.MaxValue;
        if (BookOf(play) is not { } book) return next;
        for (var k = 0; k < book.Steps.Count; k++)
        {
            if (play.Steps[k].State == StepState.Waiting && IsFree(play, book, k)) next = Math.Min(next, DueAt(play, book.Steps[k]));
            else if (play.Steps[k] is { State: StepState.Open, OpenedAt: { } opened } && book.Steps[k].Kind == StepKind.Wait)
                next = Math.Min(next, opened + book.Steps[k].WithinDays * Days.Millis);
        }
        return Math.Max(next, Now + 1);
    }

    private void Pause(PlayRun play, string actor)
    {
        (play.State, play.PausedAt) = (PlayState.Paused, Now);
        Changed(play);
        Note(actor, "play.paused", IdOf(play));
    }

    private void Resume(PlayRun play, string actor)
    {
        // What was due already stays due; what was still to come keeps its distance.
        play.Shift += Now - play.PausedAt!.Value;
        (play.State, play.PausedAt) = (PlayState.Running, null);
        Changed(play);
        Note(actor, "play.resumed", IdOf(play));
    }

    private void End(PlayRun play, string exit, string by = Machine, string? reason = null)
    {
        if (play.State == PlayState.Ended) return;
        (play.State, play.Exit, play.EndedAt) = (PlayState.Ended, exit, Now);
        var why = exit == "stopped" ? $"stopped: {reason}" : exit;
        foreach (var step in play.Steps)
            if (step.State is StepState.Waiting or StepState.Open) End(step, StepState.Skipped, by, reason: why);
        foreach (var draft in state.Drafts)
            if (draft.Play == play.Number && draft.State is (DraftState.Pending or DraftState.Approved))
                Expire(draft, $"the play is over ({exit})");
        foreach (var task in state.Tasks)
            // What a person noted as to be done is still to be done.
            if (task is { Step: not null, State: TaskState.Open } && task.Play == play.Number)
                Cancel(task, by, $"the play is over ({exit})");
        state.Past.Add(new PastPlay(
            play.Playbook, play.Version, play.Title, play.StartedAt, Now, exit, play.Outcome, play.ScoreAtStart, Situation.Score));
        ForgetPast();
        Changed(play);
        Note(by, "play.ended", Text($"{IdOf(play)} {play.Playbook} {play.Version}: {why}"));
        WriteOutcome(play);
        if (exit == "completed") StartNext(play);
    }

    // The oldest first; but the last of a playbook is needed until it may be played again.
    private void ForgetPast()
    {
        for (var k = 0; k < state.Past.Count && state.Past.Count > DeskState.MostPast;)
        {
            var past = state.Past[k];
            var days = _turn.Practice.Find(past.Playbook)?.CooldownDays ?? 0;
            var isLast = !state.Past.Skip(k + 1).Any(later => later.Playbook == past.Playbook);
            if (isLast && past.EndedAt + days * Days.Millis > Now) k++;
            else state.Past.RemoveAt(k);
        }
    }

    // Not what has run or runs in this turn: playbooks that follow each other in a circle would hold it up for ever.
    private void StartNext(PlayRun play)
    {
        if (BookOf(play)?.Then is not { } then || _turn.Practice.Find(then) is not { } next || HasChurned) return;
        if (state.Plays.Exists(other => other.Playbook == next.Id) || StartRefusal(next) is not null) return;
        Start(next, null, 0, $"{play.Title} has run to its end", Machine);
    }

    private void End(StepRun step, StepState how, string by, string? outcome = null, string? notes = null, string? reason = null)
    {
        (step.State, step.EndedAt, step.By) = (how, Now, by);
        (step.Outcome, step.Notes, step.Reason) = (outcome ?? step.Outcome, notes ?? step.Notes, reason);
        _changed = true;
    }

    private string IdOf(PlayRun play) => DeskIds.Play(Account.Id, play.Number);
}
