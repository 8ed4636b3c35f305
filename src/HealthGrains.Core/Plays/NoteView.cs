namespace HealthGrains.Plays;

/// <summary>What somebody wrote down about an account.</summary>
public enum NoteKind : byte
{
    /// <summary>Whatever it was.</summary>
    Note,
    /// <summary>What was said in a call.</summary>
    Call,
    /// <summary>What was said in a meeting.</summary>
    Meeting,
    /// <summary>What somebody saw.</summary>
    Observation,
}

/// <summary>A note on an account as people see it: what was learned, by whom and when. It is never changed.</summary>
public sealed record NoteView
{
    /// <summary>The most characters that a note holds.</summary>
    public const int MostText = 4_000;

    /// <summary>Stable id.</summary>
    public required string Id { get; init; }
    /// <summary>The account.</summary>
    public required string Account { get; init; }
    /// <summary>The account's name.</summary>
    public required string AccountName { get; init; }
    /// <summary>What it is of: a call, a meeting, an observation, or just a note.</summary>
    public required NoteKind Kind { get; init; }
    /// <summary>What was written.</summary>
    public required string Text { get; init; }
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>Who.</summary>
    public required string By { get; init; }
    /// <summary>The CSM whom the account had then.</summary>
    public string? Owner { get; init; }
    /// <summary>The task that follows it up; null where none does.</summary>
    public string? FollowUp { get; init; }
}
