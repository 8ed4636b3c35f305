namespace HealthGrains.Policy;

/// <summary>The policies that come with the product.</summary>
public static class HealthPolicies
{
    /// <summary>The design's defaults.</summary>
    public static HealthPolicy Default { get; } = new() { Version = "default-1", Title = "Default bands, caps and alerts" };

    /// <summary>The presets; the first is active until another is activated.</summary>
    public static IReadOnlyList<HealthPolicy> Presets { get; } = [Default];
}
