namespace HealthGrains.Decline;

/// <summary>What the trend of an account's score amounts to.</summary>
public enum DeclineState : byte
{
    /// <summary>No trend beyond noise.</summary>
    Steady,
    /// <summary>Rising beyond noise.</summary>
    Improving,
    /// <summary>Falling beyond the threshold that the false-alarm budget gives.</summary>
    Declining,
    /// <summary>Falling faster than the account's own slow trend, beyond that threshold.</summary>
    Accelerating,
}
