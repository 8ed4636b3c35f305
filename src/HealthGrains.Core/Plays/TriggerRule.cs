using HealthGrains.Health;
using HealthGrains.Situations;

namespace HealthGrains.Plays;

/// <summary>
/// What makes the company act on an account: a condition over facts, as data. It fires once an episode: from when it holds until it has
/// not held for <see cref="ClearDays"/>; or, with <see cref="Per"/>, once a happening.
/// </summary>
public sealed record TriggerRule
{
    /// <summary>Stable id, such as <c>npsDetractor</c>.</summary>
    public required string Id { get; init; }
    /// <summary>Version, from 1; every decision names it.</summary>
    public required int Version { get; init; }
    /// <summary>What it is, for people.</summary>
    public required string Title { get; init; }
    /// <summary>When it holds.</summary>
    public required Condition When { get; init; }
    /// <summary>
    /// A fact in days since something happened: a later happening is another episode, and the same is never one again. Null for a
    /// condition that comes and goes.
    /// </summary>
    public Fact? Per { get; init; }
    /// <summary>Days, 0 to 90, for which the condition must not hold before it is over and may fire again.</summary>
    public int ClearDays { get; init; } = 3;
    /// <summary>The alert that it raises; null when it only starts plays.</summary>
    public AlertTemplate? Alert { get; init; }
}

/// <summary>The alert of a trigger.</summary>
/// <param name="Severity">Yellow or red.</param>
/// <param name="Approach">What to do about it.</param>
/// <param name="Urgent">Whether it stands outside the weekly budget: told to the owner at once.</param>
/// <param name="Rank">0 to 100: which comes first where the budget does not hold all.</param>
public sealed record AlertTemplate(Band Severity, string Approach, bool Urgent = false, int Rank = 50);
