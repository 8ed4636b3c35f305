namespace HealthGrains.Kafka;

/// <summary>What a sink says about work that it has taken and not yet saved.</summary>
public readonly record struct Unsaved
{
    private readonly long _state; // 0: none; -1: lost; else the offset and 1

    private Unsaved(long state) => _state = state;

    /// <summary>All that was taken is saved.</summary>
    public static Unsaved None => default;

    /// <summary>Some of what was taken is gone; it must be read again from the last commit.</summary>
    public static Unsaved Lost => new(-1);

    /// <summary>Everything before this offset is saved.</summary>
    /// <param name="offset">The lowest offset that was taken and is not saved, 0 or more.</param>
    public static Unsaved From(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return new Unsaved(offset + 1);
    }

    /// <summary>Whether all is saved.</summary>
    public bool IsNone => _state == 0;

    /// <summary>Whether some of it is gone.</summary>
    public bool IsLost => _state < 0;

    /// <summary>The lowest offset that is not saved; null when all is saved or some is lost.</summary>
    public long? Offset => _state > 0 ? _state - 1 : null;

    /// <summary>In words.</summary>
    public override string ToString() => IsNone ? "all saved" : IsLost ? "lost" : $"unsaved from {Offset}";
}
