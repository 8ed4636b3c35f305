using HealthGrains.Accounts;
using HealthGrains.Delivery;

namespace HealthGrains.Plays;

/// <summary>Drafts are reviewed, and leave when guardrails let them.</summary>
internal sealed partial class Desk
{
    private Draft Draft(PlayRun play, PlayStep step, Contact? contact, WrittenText? written)
    {
        var rule = ApprovalFor(step);
        var needs = rule?.By ?? step.By;
        var draft = new Draft
        {
            Number = NextNumber(), Play = play.Number, Step = step.Id, Kind = step.Kind, Title = step.Title, Contact = contact?.Id,
            ContactName = contact?.Name, Email = contact?.Email, Subject = OneLine(written?.Subject ?? ""),
            Text = written?.Text ?? step.Title,
            Template = step.Template is { } id && _turn.Practice.Template(id) is { } template ? $"{template.Id} {template.Version}" : null,
            Facts = Situation.Facts(), Marks = [.. step.Marks], Needs = needs, NeedsBecause = rule is null ? null : Named(rule),
            CreatedAt = Now, ExpiresAt = Now + step.WithinDays * Days.Millis,
        };
        state.Drafts.Add(draft);
        Changed(draft);
        // Without its template it has the step's title for a text: a person sees that, a customer must not.
        var isWritten = written is { Missing.Count: 0 } && step.Kind != StepKind.Approval;
        if (isWritten && rule is null && step.Automatic.Contains(Account.Tier)) Approve(draft, Machine);
        return draft;
    }

    // Subjects become headers.
    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private void Approve(Draft draft, string by)
    {
        (draft.State, draft.DecidedAt, draft.DecidedBy) = (DraftState.Approved, Now, by);
        Changed(draft);
        Note(by, "draft.approved", DeskIds.Draft(Account.Id, draft.Number));
    }

    /// <summary>Moves a draft on: it expires, leaves, or is put off. True when something was done.</summary>
    private bool Review(Draft draft)
    {
        if (draft.State == DraftState.Pending)
        {
            if (Now < draft.ExpiresAt) return false;
            const string why = "nobody approved it in time";
            Expire(draft, why);
            Settle(draft, StepState.Skipped, why);
            // What nobody allowed is not allowed.
            if (draft.Kind == StepKind.Approval && Find(draft.Play) is { } play) End(play, "rejected", reason: why);
            return true;
        }
        if (draft.State != DraftState.Approved) return false;
        if (draft.Kind == StepKind.Approval)
        {
            Leave(draft);
            return true;
        }
        return Send(draft);
    }

    private bool Send(Draft draft)
    {
        var contact = Account.Contacts.FirstOrDefault(known => known.Id == draft.Contact);
        var refusal = contact is null ? "the profile no longer names the contact"
            : draft.Kind == StepKind.Email && !HasAddress(contact) ? "the contact no longer has an address"
            : HoldoutRefusal() ?? ContactRefusal(contact);
        if (refusal is not null)
        {
            (draft.State, draft.Reason, draft.SendAt, draft.Delay) = (DraftState.Rejected, refusal, null, null);
            Changed(draft);
            Note(Machine, "draft.refused", Text($"{DeskIds.Draft(Account.Id, draft.Number)}: {refusal}"));
            Settle(draft, StepState.Skipped, refusal);
            return true;
        }
        if (Find(draft.Play) is { State: PlayState.Paused }) return PutOff(draft, null, "the play is paused");
        if (Delay(contact!) is ({ } rule, var until)) return PutOff(draft, until, Named(rule));
        draft.Email = contact!.Email;
        Leave(draft);
        state.Sent.Add(new SentMessage(contact.Id, Now, draft.Number));
        var id = Text($"{Account.Id}:{draft.Number}");
        if (draft.Kind == StepKind.Email)
            Dispatch(ReceiverKeys.Email,
                new EmailBody(contact.Email!, contact.Name, Account.OwnerEmail, draft.Subject, draft.Text) { Quiet = Quiet(contact) }, id);
        else
            Dispatch("inApp", new NoticeBody("message.inApp",
                Data(("account", Account.Id), ("contact", contact.Id), ("subject", draft.Subject), ("text", draft.Text))), id);
        return true;
    }

    private bool PutOff(Draft draft, long? until, string why)
    {
        if ((draft.SendAt, draft.Delay) == (until, why)) return false;
        (draft.SendAt, draft.Delay) = (until, why);
        Changed(draft);
        return false;
    }

    private void Leave(Draft draft)
    {
        (draft.State, draft.SentAt, draft.SendAt, draft.Delay) = (DraftState.Sent, Now, null, null);
        Changed(draft);
        Settle(draft, StepState.Done, null);
    }

    private void Expire(Draft draft, string reason)
    {
        (draft.State, draft.Reason, draft.DecidedAt, draft.SendAt) = (DraftState.Expired, reason, Now, null);
        draft.Delay = null;
        Changed(draft);
    }

    /// <summary>What became of a draft is what became of its step.</summary>
    private void Settle(Draft draft, StepState how, string? reason)
    {
        if (state.Plays.FirstOrDefault(play => play.Number == draft.Play) is not { } play) return;
        if (play.Steps.FirstOrDefault(step => step.Id == draft.Step) is not { State: StepState.Open } run) return;
        End(run, how, draft.DecidedBy ?? Machine, how == StepState.Done ? (draft.Kind == StepKind.Approval ? "approved" : "sent") : null,
            reason: reason);
        Changed(play);
    }
}
