namespace HealthGrains.Embedded;

/// <summary>How far along something is.</summary>
/// <param name="Sequence">The last journal entry applied.</param>
/// <param name="Turn">The last turn of time applied.</param>
internal readonly record struct Position(long Sequence, long Turn);
