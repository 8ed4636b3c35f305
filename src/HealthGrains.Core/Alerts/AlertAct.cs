namespace HealthGrains.Alerts;

/// <summary>What is done with an alert.</summary>
public enum AlertDeed : byte
{
    /// <summary>Somebody has it.</summary>
    Acknowledge,
    /// <summary>Put off until a time.</summary>
    Snooze,
    /// <summary>Given to somebody.</summary>
    Assign,
    /// <summary>Ended by hand.</summary>
    Resolve,
}

/// <summary>A person deals with an alert.</summary>
/// <param name="Alert">The alert's id.</param>
/// <param name="Actor">Who.</param>
/// <param name="Deed">What is done.</param>
/// <param name="Until">Until when it is put off, Unix milliseconds.</param>
/// <param name="To">To whom it is given.</param>
/// <param name="Reason">Why it is resolved.</param>
public sealed record AlertAct(
    string Alert, string Actor, AlertDeed Deed, long? Until = null, string? To = null, string? Reason = null)
{
    /// <summary>What the audit calls it.</summary>
    public string Action => Deed switch
    {
        AlertDeed.Acknowledge => "alert.acknowledged",
        AlertDeed.Snooze => "alert.snoozed",
        AlertDeed.Assign => "alert.assigned",
        _ => "alert.resolved",
    };
}
