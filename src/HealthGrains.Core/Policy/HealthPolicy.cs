namespace HealthGrains.Policy;

/// <summary>What the company decides about bands, alerts and budgets: data, versioned.</summary>
public sealed record HealthPolicy
{
    /// <summary>The name of this version.</summary>
    public required string Version { get; init; }
}
