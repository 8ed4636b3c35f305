using System.Text.Json.Serialization;
using HealthGrains.Alerts;
using HealthGrains.Health;

namespace HealthGrains.Plays;

/// <summary>Something that a person asks of a desk. Hosts journal it and pass it between silos as JSON.</summary>
/// <param name="Actor">Who asks.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "do")]
[JsonDerivedType(typeof(StartPlay), "startPlay")]
[JsonDerivedType(typeof(StopPlay), "stopPlay")]
[JsonDerivedType(typeof(HoldPlay), "holdPlay")]
[JsonDerivedType(typeof(EndStep), "endStep")]
[JsonDerivedType(typeof(EditDraft), "editDraft")]
[JsonDerivedType(typeof(DecideDraft), "decideDraft")]
[JsonDerivedType(typeof(ReadDraft), "readDraft")]
[JsonDerivedType(typeof(AddTask), "addTask")]
[JsonDerivedType(typeof(EndTask), "endTask")]
[JsonDerivedType(typeof(HandOver), "handOver")]
[JsonDerivedType(typeof(ActOnDeskAlert), "actOnAlert")]
[JsonDerivedType(typeof(SetOverride), "setOverride")]
[JsonDerivedType(typeof(AddNote), "addNote")]
[JsonDerivedType(typeof(PostponeTask), "postponeTask")]
public abstract record DeskCommand(string Actor);

/// <summary>Starts a playbook.</summary>
public sealed record StartPlay(string Actor, string Playbook) : DeskCommand(Actor);

/// <summary>Stops a play, with the reason.</summary>
public sealed record StopPlay(string Actor, int Play, string Reason) : DeskCommand(Actor);

/// <summary>Pauses a play, or lets it go on.</summary>
public sealed record HoldPlay(string Actor, int Play, bool Pause) : DeskCommand(Actor);

/// <summary>A step is done, with what came of it, or skipped, with the reason in <paramref name="Notes"/>.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Play">The play's number.</param>
/// <param name="Step">The step's place, from 1.</param>
/// <param name="Skip">Whether it is left out.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Notes">What is noted, or why it is left out.</param>
/// <param name="Actions">What is to be done next: each becomes a task.</param>
public sealed record EndStep(string Actor, int Play, int Step, bool Skip, string? Outcome, string? Notes, IReadOnlyList<string> Actions)
    : DeskCommand(Actor);

/// <summary>Changes a draft's text.</summary>
public sealed record EditDraft(string Actor, int Draft, string? Subject, string Text) : DeskCommand(Actor);

/// <summary>Approves or rejects a draft.</summary>
public sealed record DecideDraft(string Actor, int Draft, bool Approve, string? Reason) : DeskCommand(Actor);

/// <summary>A person opened a draft.</summary>
public sealed record ReadDraft(string Actor, int Draft) : DeskCommand(Actor);

/// <summary>Adds a task.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Title">What is to be done.</param>
/// <param name="Assignee">By whom; null for the account's owner.</param>
/// <param name="DueAt">Until when, Unix milliseconds; null for in three days.</param>
public sealed record AddTask(string Actor, string Title, string? Assignee, long? DueAt) : DeskCommand(Actor);

/// <summary>A task is done or no longer needed.</summary>
public sealed record EndTask(string Actor, int Task, bool Cancel, string? Outcome, string? Notes, IReadOnlyList<string> Actions)
    : DeskCommand(Actor);

/// <summary>Puts a task off to a later day.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Task">The task's number.</param>
/// <param name="Until">When it is due then, Unix milliseconds.</param>
/// <param name="Reason">Why.</param>
public sealed record PostponeTask(string Actor, int Task, long Until, string Reason) : DeskCommand(Actor);

/// <summary>Writes down what was learned about the account, and where asked opens a task that follows it up.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Kind">What it is of.</param>
/// <param name="Text">What was learned.</param>
/// <param name="FollowUpAt">When the task is due, Unix milliseconds; null for no task.</param>
/// <param name="FollowUp">What the task says; null for the beginning of the note.</param>
/// <param name="FollowUpBy">Who does it; null for the account's owner.</param>
public sealed record AddNote(string Actor, NoteKind Kind, string Text, long? FollowUpAt, string? FollowUp, string? FollowUpBy)
    : DeskCommand(Actor);

/// <summary>Hands the open plays and tasks to somebody else. A manager's deed, where there are teams.</summary>
/// <param name="Actor">Who.</param>
/// <param name="To">To whom.</param>
/// <param name="From">Only what is this person's; null for all but what is the manager's.</param>
public sealed record HandOver(string Actor, string To, string? From = null) : DeskCommand(Actor)
{
    /// <summary>Whether it takes what is somebody's to do.</summary>
    /// <param name="whose">Who does it.</param>
    /// <param name="needs">Who does it by its playbook: owner or manager.</param>
    public bool Takes(string? whose, string needs) => From is null ? needs != Practice.Manager : whose == From;
}

/// <summary>Deals with an alert of a trigger.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Rule">The trigger.</param>
/// <param name="Number">The episode.</param>
/// <param name="Deed">What is done.</param>
/// <param name="Until">Until when it is put off, Unix milliseconds.</param>
/// <param name="To">To whom it is given.</param>
/// <param name="Reason">Why it is resolved.</param>
public sealed record ActOnDeskAlert(string Actor, string Rule, int Number, AlertDeed Deed, long? Until, string? To, string? Reason)
    : DeskCommand(Actor);

/// <summary>Says something against the computed score, until a time; with neither band nor score takes it back.</summary>
public sealed record SetOverride(string Actor, Band? Band, double? Score, string Reason, long Until) : DeskCommand(Actor);

/// <summary>Why a desk refused.</summary>
public enum DeskRefusal : byte
{
    /// <summary>It did not.</summary>
    None,
    /// <summary>There is no such thing on it.</summary>
    NotFound,
    /// <summary>It is in no state for that.</summary>
    Conflict,
    /// <summary>That person may not.</summary>
    Forbidden,
    /// <summary>What was asked makes no sense.</summary>
    Invalid,
}

/// <summary>What came of a command.</summary>
/// <param name="Refusal">Whether and why it was refused; then nothing was changed.</param>
/// <param name="Reason">The reason in words, with the rule.</param>
/// <param name="Subject">The id of what was made or changed.</param>
public sealed record DeskReply(DeskRefusal Refusal, string? Reason, string? Subject)
{
    /// <summary>Done.</summary>
    public static DeskReply Done(string subject) => new(DeskRefusal.None, null, subject);

    /// <summary>Refused.</summary>
    public static DeskReply Refused(DeskRefusal refusal, string reason) => new(refusal, reason, null);
}
