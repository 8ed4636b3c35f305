namespace HealthGrains.Plays;

/// <summary>What a CSM's digest of a morning may be written from.</summary>
public sealed record DigestFacts
{
    /// <summary>To whom it goes.</summary>
    public required string To { get; init; }
    /// <summary>The day it is written on, in that person's time zone.</summary>
    public required DateOnly Today { get; init; }
    /// <summary>Alerts that were pushed and are not over, as they were pushed.</summary>
    public required IReadOnlyList<DigestAlert> Pushed { get; init; }
    /// <summary>Alerts that are listed only, the first in rank first.</summary>
    public required IReadOnlyList<DigestAlert> Listed { get; init; }
    /// <summary>Why they are listed only: the budget, in words; null when none are.</summary>
    public string? ListedBecause { get; init; }
    /// <summary>Tasks that are due today or were before.</summary>
    public required IReadOnlyList<DigestWork> Tasks { get; init; }
    /// <summary>Drafts that wait for this person.</summary>
    public required IReadOnlyList<DigestWork> Drafts { get; init; }
    /// <summary>Alerts that ended since the digest before.</summary>
    public required IReadOnlyList<DigestAlert> Ended { get; init; }

    /// <summary>Whether there is nothing to say.</summary>
    public bool IsEmpty => Pushed.Count + Listed.Count + Tasks.Count + Drafts.Count + Ended.Count == 0;
}

/// <summary>An alert in a digest.</summary>
/// <param name="Account">The account's name.</param>
/// <param name="Reason">What fired it.</param>
/// <param name="Severity">Yellow or red, in a word.</param>
/// <param name="Approach">What to do about it.</param>
/// <param name="Since">The day since when it is there.</param>
/// <param name="Acknowledged">Whether somebody has it.</param>
/// <param name="ArrAtRisk">The ARR at risk; null when it is not known.</param>
/// <param name="Currency">Of the money.</param>
/// <param name="How">How it ended; null while it has not.</param>
public sealed record DigestAlert(
    string Account, string Reason, string Severity, string Approach, DateOnly Since, bool Acknowledged, decimal? ArrAtRisk, string Currency,
    string? How);

/// <summary>A task or a draft in a digest.</summary>
/// <param name="Account">The account's name.</param>
/// <param name="Title">What is to be done or looked at.</param>
/// <param name="Due">Until when.</param>
/// <param name="Late">Whether that is past.</param>
public sealed record DigestWork(string Account, string Title, DateOnly Due, bool Late);
