using HealthGrains.Accounts;
using HealthGrains.Delivery;
using HealthGrains.Situations;

namespace HealthGrains.Plays;

/// <summary>Steps are prepared: a task, a draft, a notice, a brief, an approval, a wait.</summary>
internal sealed partial class Desk
{
    private void Open(PlayRun play, Playbook book, PlayStep step, StepRun run)
    {
        run.OpenedAt = Now;
        Changed(play);
        if (step.When?.Holds(Situation) == false)
        {
            End(run, StepState.Skipped, Machine, reason: $"only where {step.When.Words}");
            return;
        }
        run.State = StepState.Open;
        switch (step.Kind)
        {
            case StepKind.Task:
                run.Task = Give(play, step, Write(play, book, step, null)?.Text).Number;
                break;
            case StepKind.Brief:
                run.Text = Write(play, book, step, null)?.Text;
                End(run, StepState.Done, Machine);
                break;
            case StepKind.Notice:
                Notify(play, book, step);
                End(run, StepState.Done, Machine);
                break;
            case StepKind.Approval:
                run.Draft = Draft(play, step, null, Write(play, book, step, null)).Number;
                break;
            case StepKind.Email or StepKind.InApp:
                Address(play, book, step, run);
                break;
        }
    }

    private bool Wait(PlayRun play, PlayStep step, StepRun run)
    {
        var met = step.Until?.Holds(Situation) == true;
        if (!met && Now < run.OpenedAt + step.WithinDays * Days.Millis) return false;
        End(run, StepState.Done, Machine, outcome: met ? step.Until!.Words : $"{step.WithinDays} days have passed");
        Changed(play);
        return true;
    }

    private DeskTask Give(PlayRun play, PlayStep step, string? brief, string? title = null)
    {
        var task = new DeskTask
        {
            Number = NextNumber(), Play = play.Number, Step = step.Id, Title = title ?? step.Title, Brief = brief,
            Assignee = PersonOf(step.By, play), DueAt = Now + step.WithinDays * Days.Millis, CreatedAt = Now,
        };
        state.Tasks.Add(task);
        Changed(task);
        WriteTask(task);
        return task;
    }

    private void Notify(PlayRun play, Playbook book, PlayStep step)
    {
        var text = Write(play, book, step, null)?.Text ?? step.Title;
        if (step.Receiver == ReceiverKeys.Chat) Dispatch(ReceiverKeys.Chat, new ChatBody(text, Link()));
        else Dispatch(step.Receiver, new NoticeBody("play.notice", Data(("account", Account.Id), ("play", IdOf(play)), ("text", text))));
    }

    /// <summary>Finds whom a message goes to, and makes a draft of it; a person gets a task where there is nobody.</summary>
    private void Address(PlayRun play, Playbook book, PlayStep step, StepRun run)
    {
        string? refusal = null;
        foreach (var contact in Contacts(step))
        {
            refusal = ContactRefusal(contact);
            if (refusal is not null) continue;
            var draft = Draft(play, step, contact, Write(play, book, step, contact));
            run.Draft = draft.Number;
            return;
        }
        if (refusal is not null)
        {
            End(run, StepState.Skipped, Machine, reason: refusal);
            Note(Machine, "draft.refused", Text($"{IdOf(play)} {step.Id}: {refusal}"));
            return;
        }
        var roles = step.To.Count == 0 ? "contact" : string.Join(" or ", step.To);
        run.Task = Give(play, step, null, $"{step.Title}: the profile names no {roles} with an address").Number;
    }

    private IEnumerable<Contact> Contacts(PlayStep step)
    {
        var reachable = Account.Contacts.Where(contact => step.Kind == StepKind.InApp || HasAddress(contact));
        return step.To.Count == 0 ? reachable : step.To.SelectMany(role => reachable.Where(contact => contact.Role == role));
    }

    private static bool HasAddress(Contact contact) => !string.IsNullOrWhiteSpace(contact.Email);

    // A text that cannot be written must not hold up the desk: whoever does the step finds it empty, and the audit says why.
    private WrittenText? Write(PlayRun play, Playbook book, PlayStep step, Contact? contact)
    {
        if (step.Template is not { } id || _turn.Practice.Template(id) is not { } template) return null;
        try
        {
            return _turn.Writer.Write(template, FactsOf(play, book, contact));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Note(Machine, "text.failed", Text($"{IdOf(play)} {step.Id}, template {template.Id} {template.Version}: {fault.Message}"));
            return null;
        }
    }

    private TextFacts FactsOf(PlayRun play, Playbook book, Contact? contact) => new()
    {
        Account = Account, Facts = Situation.Facts(), Drivers = Situation.Drivers, Contact = contact, Reason = play.Reason,
        FeaturesNotUsed = [.. book.Features.Where(feature => Fact.Find($"feature:{feature}") is { } fact && Situation.Number(fact) != 1)],
        TriedBefore = TriedBefore(), Today = Days.Date(Days.Of(Now)),
    };

    private IReadOnlyList<string> TriedBefore() => [.. state.Past.AsEnumerable().Reverse().Take(5).Select(past => Text(
        $"{past.Title}, {Days.Date(Days.Of(past.StartedAt)):yyyy-MM-dd}: {past.Outcome ?? past.Exit}, score {past.ScoreAtStart:0} to {past.ScoreAtEnd:0}"))];

    private string? PersonOf(string role, PlayRun? play) => role == Practice.Manager
        ? _turn.Practice.ManagerOf(Owner) ?? Owner : play?.Assignee ?? Owner;

    private string Link() => $"/accounts/{Uri.EscapeDataString(Account.Id)}";
}
