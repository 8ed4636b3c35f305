namespace HealthGrains.Grains.Time;

/// <summary>How far old days have been thrown away. Stored, so that a book too large for one go is not begun anew at every start.</summary>
public sealed class PruneMark
{
    /// <summary>The day of the pass.</summary>
    public DateOnly Day { get; set; }

    /// <summary>The last account visited; null when the pass is over.</summary>
    public string? After { get; set; }

    /// <summary>The last day on which nothing was left to drop of what is over.</summary>
    public DateOnly Settled { get; set; }
}
