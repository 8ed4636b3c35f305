using HealthGrains.Accounts;
using HealthGrains.Health;
using HealthGrains.Policy;
using HealthGrains.Signals;
using HealthGrains.Tenants;

namespace HealthGrains.Hosting;

/// <summary>What decides at present. Immutable: readers take it as it is published and keep it for one answer.</summary>
/// <param name="Model">The active model.</param>
/// <param name="Policy">The active policy.</param>
/// <param name="Facts">What is known of the tenant; never merged into after it was published here.</param>
public sealed record Ruling(HealthModel Model, HealthPolicy Policy, TenantFacts Facts)
{
    /// <summary>A turn under this ruling.</summary>
    /// <param name="now">The host's clock, Unix milliseconds.</param>
    /// <param name="outbox">Where effects go.</param>
    public Turn Turn(long now, Outbox outbox) => new(now, Model, Policy, Facts, outbox);

    /// <summary>Whether a signal's time teaches something about the tenant.</summary>
    public bool Teaches(SignalSource source, long at, long now) => Math.Min(at, now) < Facts.FirstAt(source);

    /// <summary>
    /// The facts with a signal's time merged in; the same ruling when that teaches nothing. A time ahead of the clock counts as now,
    /// as it does for the account.
    /// </summary>
    public Ruling Merge(SignalSource source, long at, long now)
    {
        if (!Teaches(source, at, now)) return this;
        var facts = Facts.Copy();
        facts.Merge(source, Math.Min(at, now));
        return this with { Facts = facts };
    }

    /// <summary>The same with another count over all accounts.</summary>
    public Ruling With(TenantPulse pulse) => this with { Facts = Facts.With(pulse) };

    /// <summary>Facts as numbers, by source, for a host's storage; <see cref="FactsOf"/> reads them.</summary>
    public static long[] TimesOf(TenantFacts facts) => [.. Enum.GetValues<SignalSource>().Select(facts.FirstAt)];

    /// <summary>Facts from their numbers.</summary>
    public static TenantFacts FactsOf(IReadOnlyList<long> times, TenantPulse? pulse = null)
    {
        var facts = new TenantFacts { Pulse = pulse ?? TenantPulse.Unknown };
        for (var i = 0; i < times.Count; i++) facts.Merge((SignalSource)i, times[i]);
        return facts;
    }
}
