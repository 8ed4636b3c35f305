using HealthGrains.Hosting;
using HealthGrains.Plays;

namespace HealthGrains.Grains.Storage;

/// <summary>What a row for lists is. The values are stored and never change.</summary>
public enum WorkKind
{
    /// <summary>A play.</summary>
    Play = 1,
    /// <summary>A draft.</summary>
    Draft = 2,
    /// <summary>A task.</summary>
    Task = 3,
    /// <summary>A note.</summary>
    Note = 4,
}

/// <summary>How a draft was reviewed. The values are stored and never change.</summary>
[Flags]
internal enum Review
{
    None = 0,
    /// <summary>It went by a playbook's own leave.</summary>
    Automatic = 1,
    /// <summary>Nobody had opened it.</summary>
    Unread = 2,
    /// <summary>Nobody had changed it.</summary>
    Unedited = 4,
}

/// <summary>A play, draft, task or note as a row for lists.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What it is.</param>
/// <param name="State">Its state's name.</param>
/// <param name="IsOver">Whether it is over.</param>
/// <param name="Owner">In whose list it is.</param>
/// <param name="Csm">The account's owner, of a draft.</param>
/// <param name="Sort">What lists are sorted by, Unix milliseconds.</param>
/// <param name="DecidedAt">When a draft for a customer was decided; null for all else.</param>
/// <param name="Review">How it was reviewed.</param>
/// <param name="Body">All of it, JSON.</param>
internal sealed record WorkRow(
    string Id, WorkKind Kind, string State, bool IsOver, string? Owner, string? Csm, long Sort, long? DecidedAt, Review Review, byte[] Body)
{
    /// <summary>When it ended, Unix milliseconds; null while it has not.</summary>
    public long? EndedAt { get; init; }

    public static WorkRow Of(PlayView play) => new(
        play.Id, WorkKind.Play, Name(play.State), play.State == PlayState.Ended, play.Owner, null, play.StartedAt.ToUnixTimeMilliseconds(),
        null, Review.None, StoredJson.WriteBytes(play)) { EndedAt = play.EndedAt?.ToUnixTimeMilliseconds() };

    public static WorkRow Of(DraftView draft) => new(
        draft.Id, WorkKind.Draft, Name(draft.State), draft.State is not (DraftState.Pending or DraftState.Approved), draft.Reviewer,
        draft.Owner, draft.CreatedAt.ToUnixTimeMilliseconds(),
        draft.Kind == StepKind.Approval ? null : draft.DecidedAt?.ToUnixTimeMilliseconds(),
        (draft.DecidedBy == DeskTurns.ByItself ? Review.Automatic : Review.None)
            | (draft.ReadAt is null ? Review.Unread : Review.None) | (draft.Edited ? Review.None : Review.Unedited),
        StoredJson.WriteBytes(draft)) { EndedAt = (draft.SentAt ?? draft.DecidedAt)?.ToUnixTimeMilliseconds() };

    public static WorkRow Of(TaskView task) => new(
        task.Id, WorkKind.Task, Name(task.State), task.State != TaskState.Open, task.Owner, null, task.DueAt.ToUnixTimeMilliseconds(),
        null, Review.None, StoredJson.WriteBytes(task)) { EndedAt = task.EndedAt?.ToUnixTimeMilliseconds() };

    public static WorkRow Of(NoteView note) => new(
        note.Id, WorkKind.Note, "kept", false, null, null, note.At.ToUnixTimeMilliseconds(), null, Review.None,
        StoredJson.WriteBytes(note));

    /// <summary>Whether lists of a kind begin with the latest.</summary>
    public static bool IsLatestFirst(WorkKind kind) => kind is WorkKind.Play or WorkKind.Note;

    /// <summary>The rows of what a turn left; of each thing the last.</summary>
    public static WorkRow[] Of(Desks.DeskMessage left) =>
    [
        .. left.Plays.Select(Of).Concat(left.Drafts.Select(Of)).Concat(left.Tasks.Select(Of)).Concat(left.Notes.Select(Of))
            .Reverse().DistinctBy(row => row.Id).OrderBy(row => row.Id, StringComparer.Ordinal),
    ];

    /// <summary>Adds up how drafts were decided.</summary>
    public static ReviewFigures Add(ReviewFigures figures, string state, Review review, int count) =>
        (state, review.HasFlag(Review.Automatic)) switch
        {
            ("sent" or "approved", true) => figures with { Automatic = figures.Automatic + count },
            ("sent" or "approved", _) => figures with
            {
                Approved = figures.Approved + count,
                Unread = figures.Unread + (review.HasFlag(Review.Unread) ? count : 0),
                Unedited = figures.Unedited + (review.HasFlag(Review.Unedited) ? count : 0),
            },
            ("rejected", false) => figures with { Rejected = figures.Rejected + count },
            ("expired", _) => figures with { Expired = figures.Expired + count },
            _ => figures,
        };

    private static string Name<T>(T state) where T : struct, Enum => state.ToString().ToLowerInvariant();
}
