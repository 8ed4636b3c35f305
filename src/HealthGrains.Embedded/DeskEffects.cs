using HealthGrains.Delivery;
using HealthGrains.Hosting;
using HealthGrains.Plays;

namespace HealthGrains.Embedded;

/// <summary>What desk turns leave to be stored and told; all of it may be stored twice.</summary>
internal sealed class DeskEffects
{
    public List<(int Account, PlayView View)> Plays { get; } = [];
    public List<(int Account, DraftView View)> Drafts { get; } = [];
    public List<(int Account, TaskView View)> Tasks { get; } = [];
    public List<(int Account, NoteView View)> Notes { get; } = [];
    public List<(int Account, Dispatch Dispatch)> Dispatches { get; } = [];

    /// <summary>The key is the account, the desk's version and the place in the turn: the same in every replay.</summary>
    public List<(int Account, string Key, AuditView Entry)> Audit { get; } = [];

    public int Count => Plays.Count + Drafts.Count + Tasks.Count + Notes.Count + Dispatches.Count + Audit.Count;

    public bool IsEmpty => Count == 0;

    /// <summary>Takes what a desk's turn left, and empties that.</summary>
    public void Take(AccountSlot slot, DeskOutbox outbox, List<(int Account, string Id, Accounts.AlertEffect Effect)> alerts)
    {
        foreach (var alert in outbox.Alerts) alerts.Add((slot.Number, slot.Id, alert));
        foreach (var play in outbox.Plays) Plays.Add((slot.Number, play));
        foreach (var draft in outbox.Drafts) Drafts.Add((slot.Number, draft));
        foreach (var task in outbox.Tasks) Tasks.Add((slot.Number, task));
        foreach (var note in outbox.Notes) Notes.Add((slot.Number, note));
        foreach (var dispatch in outbox.Dispatches) Dispatches.Add((slot.Number, dispatch));
        for (var i = 0; i < outbox.Audit.Count; i++)
        {
            var key = string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"{slot.Number}:{slot.Desk?.Version ?? 0}:{i}");
            Audit.Add((slot.Number, key, outbox.Audit[i]));
        }

        outbox.Clear();
    }

    /// <summary>Appends other effects.</summary>
    public void Add(DeskEffects later)
    {
        Plays.AddRange(later.Plays);
        Drafts.AddRange(later.Drafts);
        Tasks.AddRange(later.Tasks);
        Notes.AddRange(later.Notes);
        Dispatches.AddRange(later.Dispatches);
        Audit.AddRange(later.Audit);
    }

    /// <summary>Drops what is of an account that was erased.</summary>
    public void Remove(int account)
    {
        Plays.RemoveAll(row => row.Account == account);
        Drafts.RemoveAll(row => row.Account == account);
        Tasks.RemoveAll(row => row.Account == account);
        Notes.RemoveAll(row => row.Account == account);
        Dispatches.RemoveAll(row => row.Account == account);
        Audit.RemoveAll(row => row.Account == account);
    }

    public void Clear()
    {
        Plays.Clear();
        Drafts.Clear();
        Tasks.Clear();
        Notes.Clear();
        Dispatches.Clear();
        Audit.Clear();
    }
}
