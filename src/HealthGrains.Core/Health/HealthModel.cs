namespace HealthGrains.Health;

/// <summary>A health model: data, versioned.</summary>
public sealed record HealthModel
{
    /// <summary>The name of this version.</summary>
    public required string Version { get; init; }
}
