using HealthGrains.Hosting;
using HealthGrains.Plays.Files;

namespace HealthGrains.Embedded;

/// <summary>Desks, on the journal thread: what their turns leave is stored and told.</summary>
internal sealed partial class JournalThread
{
    /// <summary>The practice as it is when all that was journaled has been applied.</summary>
    public PracticeBook Practice { get; set; }

    /// <summary>When owners next need to be told, Unix milliseconds. For any thread.</summary>
    public long OwnersDue => _owners.DueAt;

    /// <summary>A change of the practice, as it was journaled.</summary>
    public void Store(long sequence, PracticeEdit edit)
    {
        _store.Practice(sequence, edit);
        _owners.CallAll();
    }

    public Database Database => _store.Database;

    private void Store(DeskEffects desks)
    {
        foreach (var (account, play) in desks.Plays)
            if (!_erased.Contains(account)) _store.Work(account, WorkRow.Of(play));
        foreach (var (account, draft) in desks.Drafts)
            if (!_erased.Contains(account)) _store.Work(account, WorkRow.Of(draft));
        foreach (var (account, task) in desks.Tasks)
            if (!_erased.Contains(account)) _store.Work(account, WorkRow.Of(task));
        foreach (var (account, note) in desks.Notes)
            if (!_erased.Contains(account)) _store.Work(account, WorkRow.Of(note));
        foreach (var (account, dispatch) in desks.Dispatches)
            if (!_erased.Contains(account)) _store.Dispatch(account, dispatch);
        foreach (var (account, key, entry) in desks.Audit)
            if (!_erased.Contains(account)) _store.Audit(key, entry);
    }

    private void Tell(DeskEffects desks)
    {
        var hub = _turns!.Hub;
        foreach (var (account, play) in desks.Plays)
            if (!_erased.Contains(account)) hub.Publish(ChangeType.PlayChanged, play.Account, play.Owner, play);
        foreach (var (account, draft) in desks.Drafts)
            if (!_erased.Contains(account)) hub.Publish(ChangeType.DraftChanged, draft.Account, draft.Owner, draft);
        foreach (var (account, task) in desks.Tasks)
            if (!_erased.Contains(account)) hub.Publish(ChangeType.TaskChanged, task.Account, task.Owner, task);
        foreach (var (account, note) in desks.Notes)
            if (!_erased.Contains(account)) hub.Publish(ChangeType.NoteAdded, note.Account, note.Owner, note);
        foreach (var receiver in desks.Dispatches.Select(row => row.Dispatch.Receiver).Distinct()) _bell?.Ring(receiver);
    }
}
