namespace HealthGrains.Intake;

/// <summary>What a tenant's Segment events mean.</summary>
public sealed record SegmentMapping
{
    /// <summary>The defaults.</summary>
    public static SegmentMapping Default { get; } = new();
}
