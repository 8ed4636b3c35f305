using HealthGrains.Accounts;
using HealthGrains.Hosting;

namespace HealthGrains.Grains.Accounts;

/// <summary>Effects of turns that leave with the next write.</summary>
public sealed class AccountEffects
{
    /// <summary>Days closed.</summary>
    public List<DailyClose> Closes { get; } = [];

    /// <summary>Alerts raised, escalated, acknowledged or ended.</summary>
    public List<AlertEffect> Alerts { get; } = [];

    /// <summary>What people did.</summary>
    public List<AuditView> Audit { get; } = [];

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => Closes.Count == 0 && Alerts.Count == 0 && Audit.Count == 0;

    /// <summary>Appends what turns put into their outbox, and empties that.</summary>
    public void Take(Outbox outbox)
    {
        Closes.AddRange(outbox.Closes);
        Alerts.AddRange(outbox.Alerts);
        outbox.Clear();
    }

    /// <summary>Appends other effects.</summary>
    public void Add(AccountEffects later)
    {
        Closes.AddRange(later.Closes);
        Alerts.AddRange(later.Alerts);
        Audit.AddRange(later.Audit);
    }
}
