using HealthGrains.Alerts;

namespace HealthGrains.Hosting;

/// <summary>What is mostly done with alerts.</summary>
public static class AlertActs
{
    /// <summary>Acknowledges an alert; see <see cref="IHealthGrains.ActOnAlertAsync"/>.</summary>
    public static ValueTask<AlertView?> AcknowledgeAlertAsync(
        this IHealthGrains host, string id, string actor, CancellationToken cancellationToken) =>
        host.ActOnAlertAsync(new AlertAct(id, actor, AlertDeed.Acknowledge), cancellationToken);

    /// <summary>Resolves an alert with a reason; see <see cref="IHealthGrains.ActOnAlertAsync"/>.</summary>
    public static ValueTask<AlertView?> ResolveAlertAsync(
        this IHealthGrains host, string id, string actor, string? reason, CancellationToken cancellationToken) =>
        host.ActOnAlertAsync(new AlertAct(id, actor, AlertDeed.Resolve, Reason: reason), cancellationToken);

    /// <summary>Refuses a deed that lacks its time or its person.</summary>
    /// <exception cref="InvalidQueryException">It lacks something.</exception>
    public static void Check(AlertAct act, long now)
    {
        if (act.Deed == AlertDeed.Snooze && !(act.Until > now))
            throw new InvalidQueryException("until", "say until when: a time ahead of now");
        if (act.Deed == AlertDeed.Assign && string.IsNullOrWhiteSpace(act.To))
            throw new InvalidQueryException("to", "say who is to have it");
    }

    /// <summary>The same as a command for the desk that an alert of a trigger lies on.</summary>
    public static Plays.DeskCommand ForDesk(AlertAct act)
    {
        _ = Plays.DeskIds.TryRead(act.Alert, out _, out var rule, out var number);
        return new Plays.ActOnDeskAlert(act.Actor, rule, number, act.Deed, act.Until, act.To, act.Reason);
    }
}
