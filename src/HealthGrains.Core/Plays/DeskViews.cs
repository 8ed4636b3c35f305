using HealthGrains.Health;
using HealthGrains.Hosting;

namespace HealthGrains.Plays;

/// <summary>A play as people see it.</summary>
public sealed record PlayView
{
    /// <summary>Stable id.</summary>
    public required string Id { get; init; }
    /// <summary>The account.</summary>
    public required string Account { get; init; }
    /// <summary>The account's name.</summary>
    public required string AccountName { get; init; }
    /// <summary>The playbook.</summary>
    public required string Playbook { get; init; }
    /// <summary>Its version.</summary>
    public required int Version { get; init; }
    /// <summary>Its name.</summary>
    public required string Title { get; init; }
    /// <summary>Running, paused or ended.</summary>
    public required PlayState State { get; init; }
    /// <summary>The trigger that began it; null when a person did.</summary>
    public string? Trigger { get; init; }
    /// <summary>Why it began, in words.</summary>
    public required string Reason { get; init; }
    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>Who began it.</summary>
    public required string StartedBy { get; init; }
    /// <summary>Who does its steps.</summary>
    public string? Owner { get; init; }
    /// <summary>When the next step falls due; null when none is planned.</summary>
    public DateTimeOffset? NextAt { get; init; }
    /// <summary>Whether a step that is open should have been done by now.</summary>
    public bool Late { get; init; }
    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }
    /// <summary>How: completed, recovered, churned, renewed, replaced, stopped, rejected.</summary>
    public string? Exit { get; init; }
    /// <summary>The last outcome captured.</summary>
    public string? Outcome { get; init; }
    /// <summary>The score when it began.</summary>
    public required double ScoreAtStart { get; init; }
    /// <summary>Its steps.</summary>
    public required IReadOnlyList<StepView> Steps { get; init; }
}

/// <summary>A step of a play as people see it.</summary>
/// <param name="Number">Its place, from 1.</param>
/// <param name="Id">Its id in the playbook.</param>
/// <param name="Title">What is to be done.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Day">Its day.</param>
/// <param name="State">Waiting, open, done or skipped.</param>
/// <param name="DueAt">When it falls due; null once it has.</param>
/// <param name="OpenedAt">When it was prepared.</param>
/// <param name="EndedAt">When it was done or left out.</param>
/// <param name="By">Who did it or left it out.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Notes">What was noted.</param>
/// <param name="Reason">Why it was left out.</param>
/// <param name="Task">The id of its task.</param>
/// <param name="Draft">The id of its draft.</param>
/// <param name="Text">Its brief.</param>
public sealed record StepView(
    int Number, string Id, string Title, StepKind Kind, int Day, StepState State, DateTimeOffset? DueAt, DateTimeOffset? OpenedAt,
    DateTimeOffset? EndedAt, string? By, string? Outcome, string? Notes, string? Reason, string? Task, string? Draft, string? Text);

/// <summary>A draft as people see it, with its facts.</summary>
public sealed record DraftView
{
    /// <summary>Stable id.</summary>
    public required string Id { get; init; }
    /// <summary>The account.</summary>
    public required string Account { get; init; }
    /// <summary>The account's name.</summary>
    public required string AccountName { get; init; }
    /// <summary>The play.</summary>
    public required string Play { get; init; }
    /// <summary>The play's name.</summary>
    public required string PlayTitle { get; init; }
    /// <summary>Why the play began.</summary>
    public required string PlayReason { get; init; }
    /// <summary>The step.</summary>
    public required string Step { get; init; }
    /// <summary>E-mail, in-app message or approval.</summary>
    public required StepKind Kind { get; init; }
    /// <summary>What it is.</summary>
    public required string Title { get; init; }
    /// <summary>To whom: the name.</summary>
    public string? ContactName { get; init; }
    /// <summary>To whom: the address.</summary>
    public string? Email { get; init; }
    /// <summary>Subject line.</summary>
    public required string Subject { get; init; }
    /// <summary>The text.</summary>
    public required string Text { get; init; }
    /// <summary>The template and its version.</summary>
    public string? Template { get; init; }
    /// <summary>What it was written from.</summary>
    public required IReadOnlyDictionary<string, object> Facts { get; init; }
    /// <summary>Concession, sensitive ...</summary>
    public required IReadOnlyList<string> Marks { get; init; }
    /// <summary>Where it stands.</summary>
    public required DraftState State { get; init; }
    /// <summary>Who must approve: owner or manager.</summary>
    public required string Needs { get; init; }
    /// <summary>The guardrail that asks for the manager.</summary>
    public string? NeedsBecause { get; init; }
    /// <summary>The CSM.</summary>
    public string? Owner { get; init; }
    /// <summary>Whose queue it is in: the owner, or the manager where one must approve.</summary>
    public string? Reviewer { get; init; }
    /// <summary>When it was prepared.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>When it expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
    /// <summary>When a person first opened it.</summary>
    public DateTimeOffset? ReadAt { get; init; }
    /// <summary>Whether a person changed the text.</summary>
    public required bool Edited { get; init; }
    /// <summary>When it was approved, rejected or expired.</summary>
    public DateTimeOffset? DecidedAt { get; init; }
    /// <summary>By whom.</summary>
    public string? DecidedBy { get; init; }
    /// <summary>Why it was rejected or expired.</summary>
    public string? Reason { get; init; }
    /// <summary>When it leaves, while guardrails put it off.</summary>
    public DateTimeOffset? SendAt { get; init; }
    /// <summary>The guardrail that puts it off.</summary>
    public string? Delay { get; init; }
    /// <summary>When it left.</summary>
    public DateTimeOffset? SentAt { get; init; }
}

/// <summary>A task as people see it.</summary>
public sealed record TaskView
{
    /// <summary>Stable id.</summary>
    public required string Id { get; init; }
    /// <summary>The account.</summary>
    public required string Account { get; init; }
    /// <summary>The account's name.</summary>
    public required string AccountName { get; init; }
    /// <summary>The play; null for one of its own.</summary>
    public string? Play { get; init; }
    /// <summary>The play's name.</summary>
    public string? PlayTitle { get; init; }
    /// <summary>The step's place in the play, from 1.</summary>
    public int? Step { get; init; }
    /// <summary>What is to be done.</summary>
    public required string Title { get; init; }
    /// <summary>What to know for it.</summary>
    public string? Brief { get; init; }
    /// <summary>Who does it.</summary>
    public string? Owner { get; init; }
    /// <summary>Until when.</summary>
    public required DateTimeOffset DueAt { get; init; }
    /// <summary>When it was prepared.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>Open, done or cancelled.</summary>
    public required TaskState State { get; init; }
    /// <summary>The words in which its outcome is captured.</summary>
    public required IReadOnlyList<string> Outcomes { get; init; }
    /// <summary>When it was done or cancelled.</summary>
    public DateTimeOffset? EndedAt { get; init; }
    /// <summary>By whom.</summary>
    public string? By { get; init; }
    /// <summary>What came of it.</summary>
    public string? Outcome { get; init; }
    /// <summary>What was noted, or why it was cancelled.</summary>
    public string? Notes { get; init; }
    /// <summary>Who does it by its playbook: owner or manager.</summary>
    public string Needs { get; init; } = Practice.Owner;
    /// <summary>How it was put off, oldest first.</summary>
    public IReadOnlyList<PostponementView> Postponed { get; init; } = [];
    /// <summary>The id of the note that it follows up; null for none.</summary>
    public string? Note { get; init; }
}

/// <summary>How a task was put off.</summary>
/// <param name="At">When that was decided.</param>
/// <param name="By">Who decided.</param>
/// <param name="From">When it was due.</param>
/// <param name="To">When it was due then.</param>
/// <param name="Reason">Why.</param>
public sealed record PostponementView(DateTimeOffset At, string By, DateTimeOffset From, DateTimeOffset To, string Reason);

/// <summary>The desk of an account as people see it.</summary>
/// <param name="Account">The account.</param>
/// <param name="Plays">Plays that are not over.</param>
/// <param name="Drafts">Drafts that wait.</param>
/// <param name="Tasks">Tasks that are not done.</param>
/// <param name="Past">Plays that are over, newest first.</param>
/// <param name="Override">What a person says against the computed score.</param>
/// <param name="Alerts">Alerts of triggers that are not over.</param>
/// <param name="Version">Grows with every change of it.</param>
public sealed record DeskView(
    string Account, IReadOnlyList<PlayView> Plays, IReadOnlyList<DraftView> Drafts, IReadOnlyList<TaskView> Tasks,
    IReadOnlyList<PastPlay> Past, OverrideView? Override, IReadOnlyList<AlertView> Alerts, long Version);

/// <summary>What a person says against the computed score.</summary>
/// <param name="Band">The band; null when only the score is given.</param>
/// <param name="Score">0..100; null when only the band is given.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who.</param>
/// <param name="SetAt">When.</param>
/// <param name="Until">Until when it holds.</param>
public sealed record OverrideView(Band? Band, double? Score, string Reason, string By, DateTimeOffset SetAt, DateTimeOffset Until);
