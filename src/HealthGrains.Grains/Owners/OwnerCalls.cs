using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Grains.Tenants;

namespace HealthGrains.Grains.Owners;

/// <summary>Calls owners' grains when alerts were stored that they may have to be told of.</summary>
internal static class OwnerCalls
{
    /// <summary>Whom these alerts may be told to.</summary>
    public static IEnumerable<string> Of(IEnumerable<AlertEffect> effects, TenantWatch tenant)
    {
        foreach (var (change, alert) in effects.Select(effect => (effect.Change, effect.Alert)))
        {
            if (change is AlertChange.Acknowledged or AlertChange.Resolved) continue;
            // Of many accounts that nobody owns, and nobody answers for, not every alert is worth a look at all of them.
            if (alert.Owner is null && !alert.Urgent && tenant.Practice.Practice.PersonOf(OwnerTurns.Nobody) is null) continue;
            yield return OwnerKeys.Of(alert.Owner);
        }
    }

    /// <summary>Calls them. A call that is lost is made good by the sweep.</summary>
    public static void Call(this IGrainFactory grains, IEnumerable<string> keys)
    {
        foreach (var key in keys.Distinct(StringComparer.Ordinal)) grains.GetGrain<IOwnerGrain>(key).LookAsync().Ignore();
    }
}
