using HealthGrains.Accounts;
using HealthGrains.Situations;

namespace HealthGrains.Plays;

/// <summary>What a step does.</summary>
public enum StepKind : byte
{
    /// <summary>A task for a person.</summary>
    Task,
    /// <summary>An e-mail to a contact, as a draft.</summary>
    Email,
    /// <summary>A message inside the product, as a draft.</summary>
    InApp,
    /// <summary>A notice to colleagues: chat or a webhook.</summary>
    Notice,
    /// <summary>A brief, written from facts for whoever does the next step.</summary>
    Brief,
    /// <summary>An approval within the company, before what follows.</summary>
    Approval,
    /// <summary>Waits until a condition holds, or for so many days.</summary>
    Wait,
}

/// <summary>A versioned recipe for a situation: who it is for, what happens on which day, when it is over. Data, never code.</summary>
public sealed record Playbook
{
    /// <summary>Stable id, such as <c>atRiskSave</c>.</summary>
    public required string Id { get; init; }
    /// <summary>Version, from 1; a run keeps the version it began with.</summary>
    public required int Version { get; init; }
    /// <summary>Its name.</summary>
    public required string Title { get; init; }
    /// <summary>What it is to reach, in one sentence.</summary>
    public required string Goal { get; init; }
    /// <summary>The trigger that starts it; null for one that only people start.</summary>
    public string? Trigger { get; init; }
    /// <summary>Which accounts it is for; null for all. The first playbook of a trigger that fits is taken.</summary>
    public Condition? Who { get; init; }
    /// <summary>The higher, the earlier it is looked at.</summary>
    public int Priority { get; init; }
    /// <summary>The steps, in the order of their days.</summary>
    public required IReadOnlyList<PlayStep> Steps { get; init; }
    /// <summary>When a run is over before its last step.</summary>
    public PlayExits Exits { get; init; } = new();
    /// <summary>Playbooks whose runs end when this one starts.</summary>
    public IReadOnlyList<string> Replaces { get; init; } = [];
    /// <summary>Playbooks during whose runs this one does not start by itself.</summary>
    public IReadOnlyList<string> NotDuring { get; init; } = [];
    /// <summary>The playbook that starts when this one has run to its end; null for none.</summary>
    public string? Then { get; init; }
    /// <summary>Days after a run before the same starts by itself again.</summary>
    public int CooldownDays { get; init; } = 30;
    /// <summary>Features whose adoption matters, for texts that name those not used yet.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];
    /// <summary>The words in which an outcome is captured.</summary>
    public IReadOnlyList<string> Outcomes { get; init; } = [];
}

/// <summary>A step of a playbook.</summary>
public sealed record PlayStep
{
    /// <summary>Id within the playbook.</summary>
    public required string Id { get; init; }
    /// <summary>Day, counted from the start: 0 is at once.</summary>
    public required int Day { get; init; }
    /// <summary>What it does.</summary>
    public required StepKind Kind { get; init; }
    /// <summary>What is to be done, in a few words.</summary>
    public required string Title { get; init; }
    /// <summary>Only for accounts of which this holds when it falls due; it is skipped for others.</summary>
    public Condition? When { get; init; }
    /// <summary>Steps that must be done or skipped before.</summary>
    public IReadOnlyList<string> After { get; init; } = [];
    /// <summary>The template of its text.</summary>
    public string? Template { get; init; }
    /// <summary>Roles of the contact it goes to, the first that can be reached: champion, executive, admin, user.</summary>
    public IReadOnlyList<string> To { get; init; } = [];
    /// <summary>Who does or approves it: owner or manager.</summary>
    public string By { get; init; } = Practice.Owner;
    /// <summary>Tiers for which it goes out without a person's approval; guardrails hold all the same.</summary>
    public IReadOnlyList<Tier> Automatic { get; init; } = [];
    /// <summary>What the text may hold that needs a closer look: <c>concession</c>, <c>sensitive</c>.</summary>
    public IReadOnlyList<string> Marks { get; init; } = [];
    /// <summary>Days within which a person should have done it; a draft that is not approved by then expires.</summary>
    public int WithinDays { get; init; } = 3;
    /// <summary>What a <see cref="StepKind.Wait"/> waits for; it ends after <see cref="WithinDays"/> all the same.</summary>
    public Condition? Until { get; init; }
    /// <summary>The receiver of a <see cref="StepKind.Notice"/>: chat, or the name of a webhook.</summary>
    public string Receiver { get; init; } = "chat";
}

/// <summary>When a run is over before its last step.</summary>
/// <param name="Recovered">What began it is over.</param>
/// <param name="Renewed">The account has renewed since.</param>
/// <param name="When">This holds; null for never.</param>
/// <remarks>A churn ends every run, but those that begin with one.</remarks>
public sealed record PlayExits(bool Recovered = true, bool Renewed = false, Condition? When = null);
