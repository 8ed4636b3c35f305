using HealthGrains.Hosting;

namespace HealthGrains.Accounts;

/// <summary>What happened to an alert in a turn.</summary>
public enum AlertChange : byte
{
    /// <summary>It was raised.</summary>
    Raised,
    /// <summary>Yellow turned red.</summary>
    Escalated,
    /// <summary>Somebody acknowledged it.</summary>
    Acknowledged,
    /// <summary>Somebody put it off or gave it to somebody.</summary>
    Changed,
    /// <summary>It was put off, and the time is up.</summary>
    Reopened,
    /// <summary>It is over: recovered, churned or resolved by hand.</summary>
    Resolved,
}

/// <summary>An alert that a turn changed.</summary>
/// <param name="Change">What happened to it.</param>
/// <param name="Alert">The alert as it is now.</param>
public readonly record struct AlertEffect(AlertChange Change, AlertView Alert);

/// <summary>A day of an account, closed: kept 800 days for charts, calibration and drift.</summary>
/// <param name="Day">The UTC day.</param>
/// <param name="Point">The score and its parts at the end of the day.</param>
/// <param name="Counts">The day's row of the calendar: usage counters in column order.</param>
public sealed record DailyClose(DateOnly Day, HistoryPoint Point, IReadOnlyList<uint> Counts);

/// <summary>The effects of turns, in order. One outbox serves many turns; the host empties it.</summary>
public sealed class Outbox
{
    /// <summary>Alerts raised, escalated, acknowledged or ended.</summary>
    public List<AlertEffect> Alerts { get; } = [];

    /// <summary>Days closed. Storing one twice is harmless: account and day are its key.</summary>
    public List<DailyClose> Closes { get; } = [];

    /// <summary>Whether the turns had any effect that must be stored.</summary>
    public bool IsEmpty => Alerts.Count == 0 && Closes.Count == 0;

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        Alerts.Clear();
        Closes.Clear();
    }
}
