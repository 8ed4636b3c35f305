namespace HealthGrains.Health;

/// <summary>The colour of a score. Below 40 is red, below 65 yellow, unless the policy moves it for a tier or an age.</summary>
public enum Band : byte
{
    /// <summary>At risk.</summary>
    Red,
    /// <summary>Needs attention.</summary>
    Yellow,
    /// <summary>Healthy.</summary>
    Green,
}
