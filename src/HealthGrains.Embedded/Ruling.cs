using HealthGrains.Accounts;
using HealthGrains.Health;
using HealthGrains.Policy;
using HealthGrains.Signals;

namespace HealthGrains.Embedded;

/// <summary>What decides at present. Immutable: readers take it as it is published and keep it for one answer.</summary>
/// <param name="Model">The active model.</param>
/// <param name="Policy">The active policy.</param>
/// <param name="Facts">What is known of the tenant; never merged into after it was published here.</param>
internal sealed record Ruling(HealthModel Model, HealthPolicy Policy, TenantFacts Facts)
{
    public Turn Turn(long now, Outbox outbox) => new(now, Model, Policy, Facts, outbox);

    /// <summary>
    /// The facts with a signal's time merged in; the same ruling when that teaches nothing. A time ahead of the clock counts as now,
    /// as it does for the account.
    /// </summary>
    public Ruling Merge(SignalSource source, long at, long now)
    {
        at = Math.Min(at, now);
        if (at >= Facts.FirstAt(source)) return this;
        var facts = Copy(Facts);
        facts.Merge(source, at);
        return this with { Facts = facts };
    }

    /// <summary>Facts as text, for the file.</summary>
    public static string Write(TenantFacts facts) => Json.Write(Enum.GetValues<SignalSource>().Select(facts.FirstAt).ToArray());

    /// <summary>Facts from the file.</summary>
    public static TenantFacts Read(string? text)
    {
        var facts = new TenantFacts();
        if (text is null) return facts;
        var times = Json.Read<long[]>(text, "the tenant's facts");
        for (var i = 0; i < times.Length; i++) facts.Merge((SignalSource)i, times[i]);
        return facts;
    }

    private static TenantFacts Copy(TenantFacts from)
    {
        var facts = new TenantFacts();
        foreach (var source in Enum.GetValues<SignalSource>()) facts.Merge(source, from.FirstAt(source));
        return facts;
    }
}
