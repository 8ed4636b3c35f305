namespace HealthGrains.Grains.Watching;

/// <summary>A change as it is sent to the nodes.</summary>
[GenerateSerializer, Immutable, Alias("healthgrains.change")]
public readonly record struct SentChange(
    [property: Id(0)] string Type, [property: Id(1)] string Account, [property: Id(2)] string? Owner, [property: Id(3)] byte[] Data);

/// <summary>What changed on one silo within a moment.</summary>
/// <param name="Changes">What is told.</param>
/// <param name="Passed">How many accounts changed that nothing is told of, for nobody was known to watch.</param>
[GenerateSerializer, Immutable, Alias("healthgrains.changeBatch")]
public sealed record ChangeBatch([property: Id(0)] SentChange[] Changes, [property: Id(1)] int Passed = 0);
