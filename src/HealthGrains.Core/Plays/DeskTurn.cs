using HealthGrains.Accounts;
using HealthGrains.Delivery;
using HealthGrains.Hosting;
using HealthGrains.Situations;

namespace HealthGrains.Plays;

/// <summary>All that goes into a turn of a desk beside its state and the input.</summary>
/// <param name="Now">The host's clock, Unix milliseconds.</param>
/// <param name="Situation">The account as it is at that moment.</param>
/// <param name="Practice">The company's practice.</param>
/// <param name="Writer">Writes the texts.</param>
/// <param name="Outbox">Where effects go; the host stores them with the state.</param>
public readonly record struct DeskTurn(long Now, Situation Situation, Practice Practice, ITextWriter Writer, DeskOutbox Outbox);

/// <summary>The effects of desk turns, in order; of each thing the last view is the one that counts.</summary>
public sealed class DeskOutbox
{
    /// <summary>Alerts raised, acknowledged, put off or ended.</summary>
    public List<AlertEffect> Alerts { get; } = [];

    /// <summary>Plays as they are now.</summary>
    public List<PlayView> Plays { get; } = [];

    /// <summary>Drafts as they are now.</summary>
    public List<DraftView> Drafts { get; } = [];

    /// <summary>Tasks as they are now.</summary>
    public List<TaskView> Tasks { get; } = [];

    /// <summary>Notes that were written.</summary>
    public List<NoteView> Notes { get; } = [];

    /// <summary>What is to leave the house.</summary>
    public List<Dispatch> Dispatches { get; } = [];

    /// <summary>What was decided or refused, by whom and by which rule.</summary>
    public List<AuditView> Audit { get; } = [];

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty =>
        Alerts.Count + Plays.Count + Drafts.Count + Tasks.Count + Notes.Count + Dispatches.Count + Audit.Count == 0;

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        Alerts.Clear();
        Plays.Clear();
        Drafts.Clear();
        Tasks.Clear();
        Notes.Clear();
        Dispatches.Clear();
        Audit.Clear();
    }
}
