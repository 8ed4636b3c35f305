using HealthGrains.Hosting;
using HealthGrains.Plays;

namespace HealthGrains.Embedded.Storage;

/// <summary>What a row of the table is. The values are stored and never change.</summary>
internal enum WorkKind
{
    Play = 1,
    Draft = 2,
    Task = 3,
    Note = 4,
}

/// <summary>A play, draft, task or note as a row for lists.</summary>
internal readonly record struct WorkRow(string Id, WorkKind Kind, string State, bool IsOver, string? Owner, long Sort, string Body)
{
    public static WorkRow Of(PlayView play) => new(
        play.Id, WorkKind.Play, Name(play.State), play.State == PlayState.Ended, play.Owner, play.StartedAt.ToUnixTimeMilliseconds(),
        Json.Write(play));

    public static WorkRow Of(DraftView draft) => new(
        draft.Id, WorkKind.Draft, Name(draft.State), draft.State is not (DraftState.Pending or DraftState.Approved), draft.Reviewer,
        draft.CreatedAt.ToUnixTimeMilliseconds(), Json.Write(draft));

    public static WorkRow Of(TaskView task) => new(
        task.Id, WorkKind.Task, Name(task.State), task.State != TaskState.Open, task.Owner, task.DueAt.ToUnixTimeMilliseconds(),
        Json.Write(task));

    public static WorkRow Of(NoteView note) => new(
        note.Id, WorkKind.Note, "kept", false, null, note.At.ToUnixTimeMilliseconds(), Json.Write(note));

    /// <summary>Whether lists of a kind begin with the latest.</summary>
    public static bool IsLatestFirst(WorkKind kind) => kind is WorkKind.Play or WorkKind.Note;

    private static string Name<T>(T state) where T : struct, Enum => state.ToString().ToLowerInvariant();
}
