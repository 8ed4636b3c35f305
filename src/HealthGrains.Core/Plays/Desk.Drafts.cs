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
            ContactName = contact?.Name, Email = contact?.Email, Subject = written?.Subject ?? "", Text = written?.Text ?? step.Title,
            Template = step.Template is { } id && _turn.Practice.Template(id) is { } template ? $"{template.Id} {template.Version}" : null,
            Facts = Situation.Facts(), Marks = [.. step.Marks], Needs = needs, NeedsBecause = rule is null ? null : Named(rule),
            CreatedAt = Now, ExpiresAt = Now + step.WithinDays * Days.Millis,
        };
        state.Drafts.Add(draft);
        Changed(draft);
        if (step.Kind != StepKind.Approval && rule is null && step.Automatic.Contains(Account.Tier)) Approve(draft, Machine);
        return draft;
    }

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
            Expire(draft, "nobody approved it in time");
            Settle(draft, StepState.Skipped, "nobody approved it in time");
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
        var refusal = contact is null ? "the profile no longer names the contact" : HoldoutRefusal() ?? ContactRefusal(contact);
        if (refusal is not null)
        {
            (draft.State, draft.Reason, draft.SendAt, draft.Delay) = (DraftState.Rejected, refusal, null, null);
            Changed(draft);
            Note(Machine, "draft.refused", Text($"{DeskIds.Draft(Account.Id, draft.Number)}: {refusal}"));
            Settle(draft, StepState.Skipped, refusal);
            return true;
        }
        if (Delay(contact!) is ({ } rule, var until))
        {
            if (draft.SendAt == until) return false;
            (draft.SendAt, draft.Delay) = (until, Named(rule));
            Changed(draft);
            return false;
        }
        Leave(draft);
        state.Sent.Add(new SentMessage(contact!.Id, Now, draft.Number));
        var id = Text($"{Account.Id}:{draft.Number}");
        if (draft.Kind == StepKind.Email)
            Dispatch(ReceiverKeys.Email, new EmailBody(contact.Email!, contact.Name, Account.OwnerEmail, draft.Subject, draft.Text), id);
        else
            Dispatch("inApp", new NoticeBody("message.inApp",
                Data(("account", Account.Id), ("contact", contact.Id), ("subject", draft.Subject), ("text", draft.Text))), id);
        return true;
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
