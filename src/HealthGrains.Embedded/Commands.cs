using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;

namespace HealthGrains.Embedded;

/// <summary>
/// Something people ask for that changes an account or the host. The journal thread stores it, the turn thread applies it, and the
/// caller hears of it when both are done.
/// </summary>
internal abstract class Command
{
    /// <summary>Journal sequence; 0 when it has none, because it changes no state.</summary>
    public long Sequence { get; set; }

    /// <summary>Stores it, within the commit. False when there is nothing for the turn thread to do.</summary>
    public abstract bool Store(JournalThread journal, CommitGroup group);

    /// <summary>Applies it. True when its effects are still to be stored, and the caller waits for that.</summary>
    public virtual bool Apply(TurnThread turns, long now) => false;

    /// <summary>Answers the caller.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that it failed.</summary>
    public abstract void Fail(Exception reason);
}

/// <summary>A command with an answer.</summary>
internal abstract class Command<T> : Command
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _done.Task;

    protected T? Answer { get; set; }

    /// <summary>When set, the caller gets this in place of the answer.</summary>
    protected Exception? Refusal { get; set; }

    public override void Complete()
    {
        if (Refusal is null) _done.TrySetResult(Answer!);
        else _done.TrySetException(Refusal);
    }

    public override void Fail(Exception reason) => _done.TrySetException(reason);
}

/// <summary>A profile is set.</summary>
internal sealed class PutProfile(AccountProfile profile, string actor) : Command<bool>
{
    private int _account;

    /// <summary>Held events whose identity this profile has taught.</summary>
    public List<HeldEvent> Released { get; } = [];

    public override bool Store(JournalThread journal, CommitGroup group)
    {
        if (!journal.TryNumber(profile.Id, group, out _account, out var isNew))
        {
            Refusal = new InvalidQueryException("id", journal.AccountLimitReason);
            return false;
        }

        Answer = isNew;
        if (isNew) journal.FindHeld(SegmentReader.Groups, profile.Id, Released);
        foreach (var (source, external) in profile.ExternalIds)
            if (journal.SetIdentity(source, external, profile.Id)) journal.FindHeld(source, external, Released);
        Sequence = journal.Append(EntryKind.Profile, group.Now, _account, Json.WriteBytes(profile));
        journal.Audit(group.Now, actor, isNew ? "account.created" : "account.updated", profile.Id, null);
        return true;
    }

    public override bool Apply(TurnThread turns, long now) => turns.SetProfile(_account, profile, now);
}

/// <summary>What is stored of an alert action. At first there were two deeds; the others have names.</summary>
internal sealed record AlertAction(
    string Alert, string Actor, bool Resolve, string? Reason, AlertDeed? Deed = null, long? Until = null, string? To = null)
{
    public AlertAct Act => new(Alert, Actor, Deed ?? (Resolve ? AlertDeed.Resolve : AlertDeed.Acknowledge), Until, To, Reason);

    public static AlertAction Of(AlertAct act) =>
        new(act.Alert, act.Actor, act.Deed == AlertDeed.Resolve, act.Reason, act.Deed, act.Until, act.To);
}

/// <summary>An alert is acknowledged or resolved.</summary>
internal sealed class ActOnAlert(string account, AlertAction action) : Command<AlertView?>
{
    private int _number;

    public override bool Store(JournalThread journal, CommitGroup group)
    {
        if (!journal.Accounts.TryFind(account, out _number)) return false;
        Sequence = journal.Append(EntryKind.Alert, group.Now, _number, Json.WriteBytes(action));
        journal.Audit(group.Now, action.Actor, action.Act.Action, account, action.Alert);
        return true;
    }

    public override bool Apply(TurnThread turns, long now)
    {
        Answer = turns.ActOnAlert(_number, action, now);
        if (Answer is null) Refusal = new InvalidTransitionException($"alert {action.Alert} is over");
        return true;
    }
}

/// <summary>A person asks something of a desk.</summary>
internal sealed class DoAtDesk(string account, DeskCommand asked) : Command<DeskReply?>
{
    private int _number;

    public override bool Store(JournalThread journal, CommitGroup group)
    {
        if (!journal.Accounts.TryFind(account, out _number)) return false;
        Sequence = journal.Append(EntryKind.Desk, group.Now, _number, Json.WriteBytes(asked));
        return true;
    }

    public override bool Apply(TurnThread turns, long now)
    {
        Answer = turns.Do(_number, asked, now);
        return true;
    }
}

/// <summary>Files of the practice are added, replaced or taken away.</summary>
internal sealed class ChangePractice(PracticeEdit edit, string actor) : Command<PracticeChange>
{
    private PracticeBook? _book;

    public override bool Store(JournalThread journal, CommitGroup group)
    {
        Answer = journal.Practice.Change(edit.With, edit.Without);
        if (ReferenceEquals(Answer.Book, journal.Practice)) return false;
        // Files that were refused would be refused again; what is kept is what was taken.
        var taken = new PracticeEdit([.. edit.With.Where(file => !Answer.Refused.Contains(file.Path))], edit.Without);
        journal.Practice = _book = Answer.Book;
        Sequence = journal.Append(EntryKind.Practice, group.Now, null, Json.WriteBytes(taken));
        journal.Store(Sequence, taken);
        foreach (var file in taken.With) journal.Audit(group.Now, actor, "practice.file.put", file.Path, null);
        foreach (var path in taken.Without) journal.Audit(group.Now, actor, "practice.file.removed", path, null);
        return true;
    }

    public override bool Apply(TurnThread turns, long now)
    {
        turns.Practise(_book!);
        return false;
    }
}

/// <summary>Reads or writes what is not an account's: deliveries.</summary>
internal sealed class WithDatabase(Func<Database, object?> work) : Command<object?>
{
    public override bool Store(JournalThread journal, CommitGroup group)
    {
        Answer = work(journal.Database);
        return false;
    }
}

/// <summary>A model is activated.</summary>
internal sealed class ActivateModel(string version, string actor) : Command<bool>
{
    public override bool Store(JournalThread journal, CommitGroup group)
    {
        Sequence = journal.Append(EntryKind.Model, group.Now, null, Json.WriteBytes(version));
        journal.Activate(version, group.Now, actor);
        journal.Audit(group.Now, actor, "model.activated", version, null);
        Answer = true;
        return true;
    }

    public override bool Apply(TurnThread turns, long now) => turns.ActivateModel(version, now);
}

/// <summary>An external id is linked to an account.</summary>
internal sealed class Link(string source, string externalId, string account, string actor) : Command<IReadOnlyList<HeldEvent>>
{
    public override bool Store(JournalThread journal, CommitGroup group)
    {
        if (!journal.Accounts.TryFind(account, out _))
        {
            Refusal = new InvalidQueryException("account", $"there is no account '{account}'; create it first");
            return false;
        }

        if (!journal.SetIdentity(source, externalId, account) && journal.Identities.Find(source, externalId) != account)
        {
            Refusal = new InvalidQueryException("externalId", "the limit of identity links is reached");
            return false;
        }

        Answer = journal.ReleaseHeld(source, externalId, group.Now);
        journal.Audit(group.Now, actor, "identity.linked", account, $"{source}:{externalId}");
        return false;
    }
}

/// <summary>An account is erased. Completes when nothing of it is left in any file.</summary>
internal sealed class Erase(string account, string actor) : Command<EraseReceipt?>
{
    private int _number;
    private int _closes;
    private long _at;

    public int Number => _number;

    public int Closes => _closes;

    public override bool Store(JournalThread journal, CommitGroup group)
    {
        if (!journal.Accounts.TryFind(account, out _number)) return false;
        _at = group.Now;
        _closes = journal.EraseRows(account, _number, actor, group);
        Sequence = journal.Append(EntryKind.Erase, group.Now, null, Json.WriteBytes(_number));
        journal.BeginErasure(this);
        return true;
    }

    public override bool Apply(TurnThread turns, long now)
    {
        turns.Remove(_number);
        // The journal thread completes it, when the signals are out of the journal too.
        return true;
    }

    public void Finish(int signals)
    {
        Answer = new EraseReceipt(account, DateTimeOffset.FromUnixTimeMilliseconds(_at), _closes, signals);
        Complete();
    }
}

/// <summary>Changes nothing: completes when all before it is done.</summary>
internal sealed class Barrier : Command<bool>
{
    public override bool Store(JournalThread journal, CommitGroup group) => true;
}
