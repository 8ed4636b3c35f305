using HealthGrains.Hosting;

namespace HealthGrains.Intake;

/// <summary>What intake must know to read a request: the time, the tenant's secret, and what the host has seen before.</summary>
public sealed class IntakeContext
{
    /// <summary>The host's now: the time of an event that gives none, and the measure of one that lies ahead.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The tenant's secret.</summary>
    public required TenantKeys Keys { get; init; }

    /// <summary>Which account an external id belongs to.</summary>
    public required IIdentities Identities { get; init; }

    /// <summary>The names that the host can show already.</summary>
    public required INames Names { get; init; }

    /// <summary>Strings of account ids, shared over requests.</summary>
    public Utf8StringPool Accounts { get; init; } = Utf8StringPool.Shared;

    /// <summary>What the tenant's Segment events mean.</summary>
    public SegmentMapping Segment { get; init; } = SegmentMapping.Default;

    /// <summary>
    /// Groups of users that this intake has learned but the host may not have taken yet. A reader of many batches (a replay)
    /// keeps one over all of them; null: one a request.
    /// </summary>
    public LearnedGroups? Groups { get; init; }

    // The same, with groups that outlive a batch.
    internal IntakeContext WithGroups() => Groups is not null ? this : new IntakeContext
    {
        Now = Now, Keys = Keys, Identities = Identities, Names = Names, Accounts = Accounts, Segment = Segment,
        Groups = new LearnedGroups(),
    };

    /// <summary>The context of a request to a host, at its now.</summary>
    public static IntakeContext Of(IHealthGrains host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return new IntakeContext { Now = host.Clock.GetUtcNow(), Keys = host.Keys, Identities = host.Identities, Names = host.Names };
    }
}
