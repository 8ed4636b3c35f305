namespace HealthGrains.Alerts;

/// <summary>
/// Where an alert stands. Edges: open to acknowledged, snoozed, resolved or closed; acknowledged and snoozed to resolved or
/// closed.
/// </summary>
public enum AlertState : byte
{
    /// <summary>Raised; nobody has looked.</summary>
    Open,
    /// <summary>Somebody has it.</summary>
    Acknowledged,
    /// <summary>Put off until a time.</summary>
    Snoozed,
    /// <summary>Resolved by hand; the account stays quiet until it has recovered.</summary>
    Resolved,
    /// <summary>Ended by recovery or churn.</summary>
    Closed,
}
