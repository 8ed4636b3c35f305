using HealthGrains.Situations;

namespace HealthGrains.Plays;

/// <summary>What a guardrail keeps.</summary>
public enum GuardrailKind : byte
{
    /// <summary>At most <see cref="Guardrail.Most"/> messages to a contact in <see cref="Guardrail.Days"/>.</summary>
    MessagesPerContact,
    /// <summary>At most <see cref="Guardrail.Most"/> messages to all contacts of an account in <see cref="Guardrail.Days"/>.</summary>
    MessagesPerAccount,
    /// <summary>No message between <see cref="Guardrail.From"/> and <see cref="Guardrail.To"/> in the contact's time zone.</summary>
    QuietHours,
    /// <summary>
    /// No message to a contact who did not agree; with <see cref="Guardrail.Most"/> 1 who has not said either way counts as agreed.
    /// </summary>
    Consent,
    /// <summary>No message to these addresses, domains or accounts.</summary>
    Suppression,
    /// <summary>A share of accounts, the same ones always, is left alone: what they do shows what the plays are worth.</summary>
    Holdout,
    /// <summary>Somebody must approve.</summary>
    Approval,
    /// <summary>At most <see cref="Guardrail.Most"/> plays at once on an account.</summary>
    PlaysAtOnce,
    /// <summary>An alert that nobody has acknowledged after <see cref="Guardrail.Hours"/> is told to the manager.</summary>
    Escalation,
    /// <summary>
    /// At most <see cref="Guardrail.Most"/> alerts are pushed to a CSM in <see cref="Guardrail.Days"/>; the others are listed.
    /// </summary>
    AlertBudget,
    /// <summary>
    /// Each working morning at <see cref="Guardrail.From"/>, in the CSM's time zone, a digest of <see cref="Guardrail.Template"/> says what
    /// there is to do. Nothing to say, no digest.
    /// </summary>
    Digest,
}

/// <summary>A limit to what the system may do by itself or at all. Data, versioned; every refusal names it.</summary>
public sealed record Guardrail
{
    /// <summary>Stable id, such as <c>twoAWeek</c>.</summary>
    public required string Id { get; init; }
    /// <summary>Version, from 1.</summary>
    public required int Version { get; init; }
    /// <summary>The rule in words: what a person is told who runs into it.</summary>
    public required string Title { get; init; }
    /// <summary>What it keeps.</summary>
    public required GuardrailKind Kind { get; init; }
    /// <summary>Only for accounts of which this holds; null for all.</summary>
    public Condition? When { get; init; }
    /// <summary>Only for texts with one of these marks; none for all.</summary>
    public IReadOnlyList<string> Marks { get; init; } = [];
    /// <summary>How many.</summary>
    public int Most { get; init; }
    /// <summary>In how many days.</summary>
    public int Days { get; init; } = 7;
    /// <summary>In how many hours.</summary>
    public int Hours { get; init; } = 24;
    /// <summary>Beginning of the quiet hours, or the time of the digest, local time.</summary>
    public TimeOnly From { get; init; }
    /// <summary>End of the quiet hours, local time.</summary>
    public TimeOnly To { get; init; }
    /// <summary>Whether Saturday and Sunday are quiet throughout.</summary>
    public bool Weekends { get; init; }
    /// <summary>Percent of the accounts.</summary>
    public double Percent { get; init; }
    /// <summary>Who must approve: owner or manager.</summary>
    public string By { get; init; } = Practice.Manager;
    /// <summary>E-mail addresses, domains (<c>@example.com</c>) and accounts.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
    /// <summary>The template of what is sent.</summary>
    public string? Template { get; init; }
}
