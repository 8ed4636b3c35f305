using HealthGrains.Delivery;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;

namespace HealthGrains.Hosting;

/// <summary>
/// The part of the port that is about what people do for accounts: desks with their plays, drafts and tasks, the practice by which they
/// work, and what leaves the house. Lists may be 1 s (embedded) or 5 s (cluster) behind.
/// </summary>
public interface IDesks
{
    /// <summary>The desk of an account as it is now; null without such an account.</summary>
    ValueTask<DeskView?> GetDeskAsync(string account, CancellationToken cancellationToken);

    /// <summary>A person asks something of a desk. Completes when it is stored; null without such an account.</summary>
    ValueTask<DeskReply?> DoAsync(string account, DeskCommand command, CancellationToken cancellationToken);

    /// <summary>Plays, the latest started first. Throws <see cref="InvalidQueryException"/> for a bad limit or cursor.</summary>
    ValueTask<Page<PlayView>> ListPlaysAsync(WorkQuery query, CancellationToken cancellationToken);

    /// <summary>Drafts, the oldest first. Throws <see cref="InvalidQueryException"/> for a bad limit or cursor.</summary>
    ValueTask<Page<DraftView>> ListDraftsAsync(WorkQuery query, CancellationToken cancellationToken);

    /// <summary>Tasks, the first due first. Throws <see cref="InvalidQueryException"/> for a bad limit or cursor.</summary>
    ValueTask<Page<TaskView>> ListTasksAsync(WorkQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Notes, the latest first; they have no state and no owner. Throws <see cref="InvalidQueryException"/> for a bad limit or cursor.
    /// </summary>
    ValueTask<Page<NoteView>> ListNotesAsync(WorkQuery query, CancellationToken cancellationToken);

    /// <summary>A play, over or not; null without such a play.</summary>
    ValueTask<PlayView?> GetPlayAsync(string id, CancellationToken cancellationToken);

    /// <summary>A draft, decided or not; null without such a draft.</summary>
    ValueTask<DraftView?> GetDraftAsync(string id, CancellationToken cancellationToken);

    /// <summary>A task, done or not; null without such a task.</summary>
    ValueTask<TaskView?> GetTaskAsync(string id, CancellationToken cancellationToken);

    /// <summary>A note; null without such a note.</summary>
    ValueTask<NoteView?> GetNoteAsync(string id, CancellationToken cancellationToken);

    /// <summary>How drafts were reviewed since a moment.</summary>
    ValueTask<ReviewFigures> GetReviewFiguresAsync(string? owner, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>
    /// How alerts reach people and how long they take: what is pushed against the budget, times to acknowledge and to resolve.
    /// </summary>
    ValueTask<TeamView> GetTeamAsync(CancellationToken cancellationToken);

    /// <summary>The practice that decides, with the files that it is made of.</summary>
    ValueTask<PracticeBook> GetPracticeAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Adds, replaces and takes away files of the practice, all together. A file with a mistake is refused with all that is wrong, and
    /// what it was before stays; the others are taken.
    /// </summary>
    ValueTask<PracticeChange> ChangePracticeAsync(PracticeEdit edit, string actor, CancellationToken cancellationToken);

    /// <summary>What is to leave the house.</summary>
    IDeliveryStore Deliveries { get; }
}

/// <summary>Which plays, drafts or tasks.</summary>
/// <param name="State">Only in this state, by its name; null for all that are not over.</param>
/// <param name="Owner">Only this person's: who does the play, reviews the draft, has the task.</param>
/// <param name="Account">Only this account's.</param>
/// <param name="Limit">Rows a page, 1..500.</param>
/// <param name="Cursor">The cursor of the page before.</param>
public sealed record WorkQuery(string? State = null, string? Owner = null, string? Account = null, int Limit = 50, string? Cursor = null);

/// <summary>How drafts were reviewed: a queue that is rubber-stamped is not a review.</summary>
/// <param name="Since">Of drafts decided since.</param>
/// <param name="Approved">How many a person approved.</param>
/// <param name="Unread">How many of these nobody had opened.</param>
/// <param name="Unedited">How many of these nobody had changed.</param>
/// <param name="Rejected">How many a person rejected.</param>
/// <param name="Expired">How many expired.</param>
/// <param name="Automatic">How many went by a playbook's own leave.</param>
public sealed record ReviewFigures(
    DateTimeOffset Since, int Approved, int Unread, int Unedited, int Rejected, int Expired, int Automatic);

/// <summary>A change of the practice's files.</summary>
/// <param name="With">Files added or replaced.</param>
/// <param name="Without">Paths of files taken away.</param>
public sealed record PracticeEdit(IReadOnlyList<PracticeFile> With, IReadOnlyList<string> Without);
