using HealthGrains.Alerts;
using HealthGrains.Health;
using HealthGrains.Hosting;

namespace HealthGrains.Plays;

/// <summary>
/// The desk of an account: everything that the company does for it beyond watching. One actor an account and not one a play, for the
/// promises to keep are the account's: the same play never twice at once, so many messages a week, one after another.
/// </summary>
public sealed class DeskState
{
    /// <summary>When the desk next needs to be woken, Unix milliseconds; <see cref="long.MaxValue"/> for not at all.</summary>
    public long WakeAt { get; set; } = long.MaxValue;

    /// <summary>Grows with every turn that changed something.</summary>
    public long Version { get; set; }

    /// <summary>The last number given to a play, draft, task, note or delivery.</summary>
    public int LastNumber { get; set; }

    /// <summary>What each trigger has had, by the trigger's id.</summary>
    public Dictionary<string, TriggerMemory> Triggers { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Alerts that are not over.</summary>
    public List<DeskAlert> Alerts { get; set; } = [];

    /// <summary>Plays that are not over.</summary>
    public List<PlayRun> Plays { get; set; } = [];

    /// <summary>Drafts that wait for a person or for the moment to leave.</summary>
    public List<Draft> Drafts { get; set; } = [];

    /// <summary>Tasks that are not done.</summary>
    public List<DeskTask> Tasks { get; set; } = [];

    /// <summary>Messages that left for a contact in the last weeks, oldest first: what guardrails count.</summary>
    public List<SentMessage> Sent { get; set; } = [];

    /// <summary>
    /// Plays that are over, oldest first, at most <see cref="MostPast"/> and the last of each playbook that may not be played again yet.
    /// </summary>
    public List<PastPlay> Past { get; set; } = [];

    /// <summary>What a person says against the computed score; null when nobody does.</summary>
    public HealthOverride? Override { get; set; }

    /// <summary>Alerts that were told to the manager: their ids.</summary>
    public List<string> Escalated { get; set; } = [];

    /// <summary>The score that the CRM was last told; NaN as -1 before the first.</summary>
    public double WrittenScore { get; set; } = -1;

    /// <summary>The band that the CRM was last told.</summary>
    public Band? WrittenBand { get; set; }

    /// <summary>How many plays that are over are remembered.</summary>
    public const int MostPast = 20;

    /// <summary>Whether there is nothing on it and never was.</summary>
    public bool IsEmpty => Version == 0;
}

/// <summary>What a trigger has had on an account.</summary>
public sealed class TriggerMemory
{
    /// <summary>How many episodes there were: their number in ids.</summary>
    public int Episodes { get; set; }
    /// <summary>Whether one is not over.</summary>
    public bool Holds { get; set; }
    /// <summary>Since when it holds, or when the happening was.</summary>
    public long Since { get; set; } = long.MinValue;
    /// <summary>Since when the condition has no longer held without a break; null while it does.</summary>
    public long? ClearSince { get; set; }
    /// <summary>The version of the trigger that began it.</summary>
    public int Rule { get; set; }
    /// <summary>Whether the episode has begun its play.</summary>
    public bool Played { get; set; }
    /// <summary>Why it could not begin one, the last time that it was tried.</summary>
    public string? Refusal { get; set; }
}

/// <summary>An alert of a trigger.</summary>
public sealed class DeskAlert
{
    /// <summary>The trigger.</summary>
    public required string Rule { get; set; }
    /// <summary>The trigger's version.</summary>
    public required int RuleVersion { get; set; }
    /// <summary>The episode's number.</summary>
    public required int Number { get; set; }
    /// <summary>Yellow or red.</summary>
    public required Band Severity { get; set; }
    /// <summary>Where it stands.</summary>
    public AlertState State { get; set; }
    /// <summary>When it was raised.</summary>
    public required long RaisedAt { get; set; }
    /// <summary>Since when it holds, in event time.</summary>
    public required long Since { get; set; }
    /// <summary>What fired it, in words.</summary>
    public required string Reason { get; set; }
    /// <summary>The score then.</summary>
    public required double Score { get; set; }
    /// <summary>The measures that moved it.</summary>
    public List<DriverView> Drivers { get; set; } = [];
    /// <summary>What to do about it.</summary>
    public required string Approach { get; set; }
    /// <summary>Whether it stands outside the weekly budget.</summary>
    public bool Urgent { get; set; }
    /// <summary>0 to 100: which comes first where the budget does not hold all.</summary>
    public int Rank { get; set; }
    /// <summary>What was tried before and what followed.</summary>
    public List<string> TriedBefore { get; set; } = [];
    /// <summary>When it was acknowledged.</summary>
    public long? AcknowledgedAt { get; set; }
    /// <summary>By whom.</summary>
    public string? AcknowledgedBy { get; set; }
    /// <summary>When it ended.</summary>
    public long? ResolvedAt { get; set; }
    /// <summary>By whom; null when it ended by itself.</summary>
    public string? ResolvedBy { get; set; }
    /// <summary>Why.</summary>
    public string? Resolution { get; set; }
    /// <summary>Until when it is put off.</summary>
    public long? SnoozedUntil { get; set; }
    /// <summary>Who has it, when not the account's owner.</summary>
    public string? AssignedTo { get; set; }
    /// <summary>The account's owner when it was last told of: another one has not heard of it.</summary>
    public string? Owner { get; set; }
    /// <summary>When the manager was told that nobody had acknowledged it.</summary>
    public long? EscalatedAt { get; set; }
}

/// <summary>Where a play stands.</summary>
public enum PlayState : byte
{
    /// <summary>Its steps fall due.</summary>
    Running,
    /// <summary>Held; nothing falls due.</summary>
    Paused,
    /// <summary>Over.</summary>
    Ended,
}

/// <summary>A playbook being played on an account.</summary>
public sealed class PlayRun
{
    /// <summary>Its number on the desk.</summary>
    public required int Number { get; set; }
    /// <summary>The playbook.</summary>
    public required string Playbook { get; set; }
    /// <summary>The version that it began with and keeps.</summary>
    public required int Version { get; set; }
    /// <summary>The playbook's name then.</summary>
    public required string Title { get; set; }
    /// <summary>The trigger that began it; null when a person did.</summary>
    public string? Trigger { get; set; }
    /// <summary>The number of the trigger's episode.</summary>
    public int Episode { get; set; }
    /// <summary>Why it began, in words.</summary>
    public required string Reason { get; set; }
    /// <summary>When it began.</summary>
    public required long StartedAt { get; set; }
    /// <summary>Who began it: a person, or the trigger with its version.</summary>
    public required string StartedBy { get; set; }
    /// <summary>Where it stands.</summary>
    public PlayState State { get; set; }
    /// <summary>By how much its days have moved: what was late or paused keeps its distance from what follows.</summary>
    public long Shift { get; set; }
    /// <summary>When it was paused.</summary>
    public long? PausedAt { get; set; }
    /// <summary>Its steps, in the playbook's order.</summary>
    public List<StepRun> Steps { get; set; } = [];
    /// <summary>Who does its steps, when not the account's owner.</summary>
    public string? Assignee { get; set; }
    /// <summary>The score when it began.</summary>
    public double ScoreAtStart { get; set; }
    /// <summary>When it ended.</summary>
    public long? EndedAt { get; set; }
    /// <summary>How: completed, recovered, churned, renewed, replaced, stopped, rejected.</summary>
    public string? Exit { get; set; }
    /// <summary>The last outcome that was captured.</summary>
    public string? Outcome { get; set; }
}

/// <summary>Where a step stands.</summary>
public enum StepState : byte
{
    /// <summary>Not due yet.</summary>
    Waiting,
    /// <summary>Prepared: somebody has a task or a draft, or it waits for a condition.</summary>
    Open,
    /// <summary>Done.</summary>
    Done,
    /// <summary>Left out, with the reason.</summary>
    Skipped,
}

/// <summary>A step of a play.</summary>
public sealed class StepRun
{
    /// <summary>The step's id in the playbook.</summary>
    public required string Id { get; set; }
    /// <summary>Where it stands.</summary>
    public StepState State { get; set; }
    /// <summary>When it was prepared.</summary>
    public long? OpenedAt { get; set; }
    /// <summary>When it was done or left out.</summary>
    public long? EndedAt { get; set; }
    /// <summary>Who did it or left it out.</summary>
    public string? By { get; set; }
    /// <summary>What came of it.</summary>
    public string? Outcome { get; set; }
    /// <summary>What was noted.</summary>
    public string? Notes { get; set; }
    /// <summary>Why it was left out.</summary>
    public string? Reason { get; set; }
    /// <summary>The number of its task.</summary>
    public int? Task { get; set; }
    /// <summary>The number of its draft.</summary>
    public int? Draft { get; set; }
    /// <summary>Its brief.</summary>
    public string? Text { get; set; }
}

/// <summary>Where a draft stands.</summary>
public enum DraftState : byte
{
    /// <summary>Waits for a person.</summary>
    Pending,
    /// <summary>Approved; waits for the moment at which guardrails let it leave.</summary>
    Approved,
    /// <summary>Left.</summary>
    Sent,
    /// <summary>Rejected, with the reason.</summary>
    Rejected,
    /// <summary>Its reason is gone, or nobody approved it in time.</summary>
    Expired,
}

/// <summary>What could reach a customer, before it does; or what needs an approval within the company.</summary>
public sealed class Draft
{
    /// <summary>Its number on the desk.</summary>
    public required int Number { get; set; }
    /// <summary>The play's number.</summary>
    public required int Play { get; set; }
    /// <summary>The step's id.</summary>
    public required string Step { get; set; }
    /// <summary>E-mail, in-app message or approval.</summary>
    public required StepKind Kind { get; set; }
    /// <summary>What it is, in a few words.</summary>
    public required string Title { get; set; }
    /// <summary>The contact's id; null for an approval.</summary>
    public string? Contact { get; set; }
    /// <summary>The contact's name.</summary>
    public string? ContactName { get; set; }
    /// <summary>The contact's address.</summary>
    public string? Email { get; set; }
    /// <summary>Subject line.</summary>
    public string Subject { get; set; } = "";
    /// <summary>The text.</summary>
    public string Text { get; set; } = "";
    /// <summary>The template and its version, such as <c>reEngage 2</c>.</summary>
    public string? Template { get; set; }
    /// <summary>What it was written from.</summary>
    public Dictionary<string, object> Facts { get; set; } = new(StringComparer.Ordinal);
    /// <summary>Concession, sensitive ...</summary>
    public List<string> Marks { get; set; } = [];
    /// <summary>Where it stands.</summary>
    public DraftState State { get; set; }
    /// <summary>Who must approve: owner or manager.</summary>
    public required string Needs { get; set; }
    /// <summary>The guardrail that asks for the manager, in words.</summary>
    public string? NeedsBecause { get; set; }
    /// <summary>When it was prepared.</summary>
    public required long CreatedAt { get; set; }
    /// <summary>When it expires.</summary>
    public required long ExpiresAt { get; set; }
    /// <summary>When a person first opened it.</summary>
    public long? ReadAt { get; set; }
    /// <summary>Whether a person changed the text.</summary>
    public bool Edited { get; set; }
    /// <summary>When it was approved, rejected or expired.</summary>
    public long? DecidedAt { get; set; }
    /// <summary>By whom; <c>playbook</c> for a step that goes by itself.</summary>
    public string? DecidedBy { get; set; }
    /// <summary>Why it was rejected or expired.</summary>
    public string? Reason { get; set; }
    /// <summary>When it may leave, once approved.</summary>
    public long? SendAt { get; set; }
    /// <summary>The guardrail that puts it off, in words.</summary>
    public string? Delay { get; set; }
    /// <summary>When it left.</summary>
    public long? SentAt { get; set; }
}

/// <summary>Where a task stands.</summary>
public enum TaskState : byte
{
    /// <summary>To be done.</summary>
    Open,
    /// <summary>Done.</summary>
    Done,
    /// <summary>No longer needed.</summary>
    Cancelled,
}

/// <summary>Something that a person does.</summary>
public sealed class DeskTask
{
    /// <summary>Its number on the desk.</summary>
    public required int Number { get; set; }
    /// <summary>The play's number; null for one of its own.</summary>
    public int? Play { get; set; }
    /// <summary>The step's id.</summary>
    public string? Step { get; set; }
    /// <summary>What is to be done.</summary>
    public required string Title { get; set; }
    /// <summary>The brief: what to know for it.</summary>
    public string? Brief { get; set; }
    /// <summary>Who does it.</summary>
    public string? Assignee { get; set; }
    /// <summary>Until when.</summary>
    public required long DueAt { get; set; }
    /// <summary>When it was prepared.</summary>
    public required long CreatedAt { get; set; }
    /// <summary>Where it stands.</summary>
    public TaskState State { get; set; }
    /// <summary>When it was done or cancelled.</summary>
    public long? EndedAt { get; set; }
    /// <summary>By whom.</summary>
    public string? By { get; set; }
    /// <summary>What came of it.</summary>
    public string? Outcome { get; set; }
    /// <summary>What was noted, or why it was cancelled.</summary>
    public string? Notes { get; set; }
    /// <summary>How it was put off, oldest first.</summary>
    public List<Postponement> Postponed { get; set; } = [];
    /// <summary>The id of the note that it follows up.</summary>
    public string? Note { get; set; }
}

/// <summary>A task whose day moved.</summary>
/// <param name="At">When that was decided.</param>
/// <param name="By">Who decided.</param>
/// <param name="From">When it was due.</param>
/// <param name="To">When it is due since.</param>
/// <param name="Reason">Why.</param>
public sealed record Postponement(long At, string By, long From, long To, string Reason)
{
    /// <summary>How many days ahead a task is put off at most.</summary>
    public const int MostDays = 90;

    /// <summary>How often a task is put off at most.</summary>
    public const int MostTimes = 20;
}

/// <summary>A message that left for a contact.</summary>
/// <param name="Contact">The contact's id.</param>
/// <param name="At">When, Unix milliseconds.</param>
/// <param name="Draft">The draft's number.</param>
public sealed record SentMessage(string Contact, long At, int Draft);

/// <summary>A play that is over: what was tried and what followed.</summary>
/// <param name="Playbook">The playbook.</param>
/// <param name="Version">Its version.</param>
/// <param name="Title">Its name.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Exit">How.</param>
/// <param name="Outcome">The last outcome captured.</param>
/// <param name="ScoreAtStart">The score when it began.</param>
/// <param name="ScoreAtEnd">The score when it ended.</param>
public sealed record PastPlay(
    string Playbook, int Version, string Title, long StartedAt, long EndedAt, string Exit, string? Outcome, double ScoreAtStart,
    double ScoreAtEnd);

/// <summary>What a person says against the computed score: shown beside it, never instead of it.</summary>
/// <param name="Band">The band; null when only the score is given.</param>
/// <param name="Score">0..100; null when only the band is given.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who.</param>
/// <param name="SetAt">When.</param>
/// <param name="Until">Until when it holds.</param>
public sealed record HealthOverride(Band? Band, double? Score, string Reason, string By, long SetAt, long Until);
