using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Hosting;

namespace HealthGrains.Plays;

/// <summary>What people see.</summary>
internal sealed partial class Desk
{
    public DeskView View() => new(
        Account.Id, [.. state.Plays.Select(ViewOf)], [.. state.Drafts.Select(ViewOf)],
        [.. state.Tasks.Where(task => task.State == TaskState.Open).Select(ViewOf)], [.. state.Past.AsEnumerable().Reverse()],
        state.Override is { } said && said.Until > Now
            ? new OverrideView(said.Band, said.Score, said.Reason, said.By, Days.Time(said.SetAt), Days.Time(said.Until)) : null,
        [.. state.Alerts.Where(alert => alert.ResolvedAt is null).Select(ViewOf)], state.Version);

    private PlayView ViewOf(PlayRun play)
    {
        var book = BookOf(play);
        var next = play.State == PlayState.Running ? NextStep(play) : long.MaxValue;
        return new PlayView
        {
            Id = IdOf(play), Account = Account.Id, AccountName = Account.Name, Playbook = play.Playbook, Version = play.Version,
            Title = play.Title, State = play.State, Trigger = play.Trigger, Reason = play.Reason, StartedAt = Days.Time(play.StartedAt),
            StartedBy = play.StartedBy, Owner = play.Assignee ?? Owner, NextAt = next == long.MaxValue ? null : Days.Time(next),
            Late = state.Tasks.Exists(task => task.Play == play.Number && task.State == TaskState.Open && task.DueAt < Now),
            EndedAt = Time(play.EndedAt), Exit = play.Exit, Outcome = play.Outcome, ScoreAtStart = play.ScoreAtStart,
            Steps = [.. play.Steps.Select((run, k) => ViewOf(play, book, run, k))],
        };
    }

    private StepView ViewOf(PlayRun play, Playbook? book, StepRun run, int k)
    {
        var step = book?.Steps[k];
        return new StepView(
            k + 1, run.Id, step?.Title ?? run.Id, step?.Kind ?? StepKind.Task, step?.Day ?? 0, run.State,
            step is not null && run.State == StepState.Waiting && play.State == PlayState.Running ? Days.Time(DueAt(play, step)) : null,
            Time(run.OpenedAt), Time(run.EndedAt), run.By, run.Outcome, run.Notes, run.Reason,
            run.Task is { } task ? DeskIds.Task(Account.Id, task) : null,
            run.Draft is { } draft ? DeskIds.Draft(Account.Id, draft) : null, run.Text);
    }

    private DraftView ViewOf(Draft draft)
    {
        var play = PlayOf(draft.Play);
        return new DraftView
        {
            Id = DeskIds.Draft(Account.Id, draft.Number), Account = Account.Id, AccountName = Account.Name,
            Play = DeskIds.Play(Account.Id, draft.Play), PlayTitle = play?.Title ?? "", PlayReason = play?.Reason ?? "", Step = draft.Step,
            Kind = draft.Kind, Title = draft.Title, ContactName = draft.ContactName, Email = draft.Email, Subject = draft.Subject,
            Text = draft.Text, Template = draft.Template, Facts = draft.Facts, Marks = draft.Marks, State = draft.State,
            Needs = draft.Needs, NeedsBecause = draft.NeedsBecause, Owner = Owner, Reviewer = PersonOf(draft.Needs, play),
            CreatedAt = Days.Time(draft.CreatedAt), ExpiresAt = Days.Time(draft.ExpiresAt), ReadAt = Time(draft.ReadAt),
            Edited = draft.Edited,
            DecidedAt = Time(draft.DecidedAt), DecidedBy = draft.DecidedBy, Reason = draft.Reason, SendAt = Time(draft.SendAt),
            Delay = draft.Delay, SentAt = Time(draft.SentAt),
        };
    }

    private PlayRun? PlayOf(int? number) =>
        state.Plays.FirstOrDefault(play => play.Number == number) ?? _plays.FirstOrDefault(play => play.Number == number);

    private TaskView ViewOf(DeskTask task)
    {
        var play = PlayOf(task.Play);
        var step = play?.Steps.FindIndex(step => step.Id == task.Step) ?? -1;
        return new TaskView
        {
            Id = DeskIds.Task(Account.Id, task.Number), Account = Account.Id, AccountName = Account.Name,
            Play = task.Play is { } number ? DeskIds.Play(Account.Id, number) : null, PlayTitle = play?.Title,
            Step = step < 0 ? null : step + 1, Title = task.Title, Brief = task.Brief, Owner = task.Assignee,
            DueAt = Days.Time(task.DueAt), CreatedAt = Days.Time(task.CreatedAt),
            State = task.State, Outcomes = play is null ? [] : BookOf(play)?.Outcomes ?? [], EndedAt = Time(task.EndedAt), By = task.By,
            Outcome = task.Outcome, Notes = task.Notes, Needs = IsManagers(task) ? Practice.Manager : Practice.Owner, Note = task.Note,
            Postponed = [.. task.Postponed.Select(
                put => new PostponementView(Days.Time(put.At), put.By, Days.Time(put.From), Days.Time(put.To), put.Reason))],
        };
    }

    private AlertView ViewOf(DeskAlert alert) => new()
    {
        Id = DeskIds.Alert(Account.Id, alert.Rule, alert.Number), Account = Account.Id, AccountName = Account.Name, Rule = alert.Rule,
        Severity = alert.Severity, State = alert.State, RaisedAt = Days.Time(alert.RaisedAt), Since = Days.Time(alert.Since),
        Reason = alert.Reason, Score = alert.Score, Drivers = alert.Drivers, SuggestedApproach = alert.Approach, Tier = Account.Tier,
        Arr = Account.Arr, Currency = Account.Currency,
        TenureDays = Account.StartedAt is { } started ? (int)Math.Floor((Days.Time(alert.RaisedAt) - started).TotalDays) : null,
        RenewalDate = Account.RenewalDate, Owner = alert.AssignedTo ?? Owner, AcknowledgedAt = Time(alert.AcknowledgedAt),
        AcknowledgedBy = alert.AcknowledgedBy, ResolvedAt = Time(alert.ResolvedAt), ResolvedBy = alert.ResolvedBy,
        Resolution = alert.Resolution, RuleVersion = alert.RuleVersion,
        SnoozedUntil = alert.State == AlertState.Snoozed ? Time(alert.SnoozedUntil) : null, AssignedTo = alert.AssignedTo,
        Urgent = alert.Urgent, Rank = alert.Rank, TriedBefore = alert.TriedBefore, EscalatedToManagerAt = Time(alert.EscalatedAt),
    };

    private static DateTimeOffset? Time(long? at) => at is { } known ? Days.Time(known) : null;
}
