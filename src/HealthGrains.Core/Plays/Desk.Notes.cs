using HealthGrains.Accounts;

namespace HealthGrains.Plays;

/// <summary>What people write down and put off: notes, tasks that follow them, tasks whose day moves.</summary>
internal sealed partial class Desk
{
    private const int MostReason = 2_000;
    private const int MostFollowUpDays = 366;
    private const int TitleLength = 80;

    private DeskReply Do(AddNote add)
    {
        if (string.IsNullOrWhiteSpace(add.Text)) return DeskReply.Refused(DeskRefusal.Invalid, "text: write down what you learned");
        if (add.Text.Length > NoteView.MostText)
            return DeskReply.Refused(DeskRefusal.Invalid, $"text: longer than {NoteView.MostText} characters; this has {add.Text.Length}");
        if (add.FollowUpAt is null && (add.FollowUp ?? add.FollowUpBy) is not null)
            return DeskReply.Refused(DeskRefusal.Invalid, "followUpOn: say on which day it is to be followed up");
        if (add.FollowUpAt is { } on && OutOfReach(on, MostFollowUpDays) is { } wrong)
            return DeskReply.Refused(DeskRefusal.Invalid, $"followUpOn: {wrong}");
        var note = new NoteView
        {
            Id = DeskIds.Note(Account.Id, NextNumber()), Account = Account.Id, AccountName = Account.Name, Kind = add.Kind, Text = add.Text,
            At = Days.Time(Now), By = add.Actor, Owner = Owner,
        };
        if (add.FollowUpAt is { } due)
        {
            var task = NewTask(add.FollowUp ?? $"Follow up: {OneLine(Short(add.Text))}", add.FollowUpBy, due, null, add.Text, note.Id);
            note = note with { FollowUp = DeskIds.Task(Account.Id, task.Number) };
        }
        _turn.Outbox.Notes.Add(note);
        // The audit names the note, and its text is in one place.
        Note(add.Actor, "note.added", note.FollowUp is null ? note.Id : Text($"{note.Id}, followed up by {note.FollowUp}"));
        return DeskReply.Done(note.Id);
    }

    private DeskReply Do(PostponeTask put)
    {
        if (FindTask(put.Task) is not { } task) return Missing("task", put.Task);
        if (string.IsNullOrWhiteSpace(put.Reason)) return DeskReply.Refused(DeskRefusal.Invalid, "reason: say why the task is put off");
        if (put.Reason.Length > MostReason) return DeskReply.Refused(DeskRefusal.Invalid, $"reason: longer than {MostReason} characters");
        if (OutOfReach(put.Until, Postponement.MostDays) is { } wrong) return DeskReply.Refused(DeskRefusal.Invalid, $"until: {wrong}");
        if (put.Until <= task.DueAt)
            return DeskReply.Refused(DeskRefusal.Invalid, Text($"until: the task is due {Minute(task.DueAt)}; a later day puts it off"));
        if (task.Postponed.Count >= Postponement.MostTimes)
        {
            return DeskReply.Refused(DeskRefusal.Conflict,
                $"the task was put off {task.Postponed.Count} times already: do it, or cancel it with the reason");
        }
        task.Postponed.Add(new Postponement(Now, put.Actor, task.DueAt, put.Until, put.Reason));
        task.DueAt = put.Until;
        Changed(task);
        // A play is late while one of its tasks is.
        if (task.Play is { } number && Find(number) is { } play) Changed(play);
        WriteTask(task);
        Note(put.Actor, "task.postponed", Text($"{DeskIds.Task(Account.Id, task.Number)} to {Minute(put.Until)}: {put.Reason}"));
        return DeskReply.Done(DeskIds.Task(Account.Id, task.Number));
    }

    private DeskTask? FindTask(int number) => state.Tasks.FirstOrDefault(task => task.Number == number && task.State == TaskState.Open);

    private string? OutOfReach(long at, int mostDays)
    {
        if (at <= Now) return Text($"{Minute(at)} is past; give today or a later day");
        var latest = Now + mostDays * Days.Millis;
        return at > latest ? Text($"{Minute(at)} is more than {mostDays} days ahead; {Minute(latest)} is the latest") : null;
    }

    private static string Short(string text)
    {
        if (text.Length <= TitleLength) return text;
        // Not through the middle of a letter.
        var end = char.IsHighSurrogate(text[TitleLength - 1]) ? TitleLength - 1 : TitleLength;
        return text[..end].TrimEnd() + "...";
    }

    private static string Minute(long at) => Text($"{Days.Time(at):yyyy-MM-dd HH:mm} UTC");
}
