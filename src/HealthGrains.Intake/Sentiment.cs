namespace HealthGrains.Intake;

/// <summary>The tone of a text.</summary>
public static class Sentiment
{
    /// <summary>How much of a text is considered, in bytes.</summary>
    public const int MaxBytes = 32 * 1024;

    /// <summary>The tone.</summary>
    public static sbyte Of(ReadOnlySpan<byte> utf8) => 0;
}
