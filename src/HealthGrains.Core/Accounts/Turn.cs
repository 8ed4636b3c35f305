using HealthGrains.Health;
using HealthGrains.Policy;
using HealthGrains.Signals;
using HealthGrains.Tenants;

namespace HealthGrains.Accounts;

/// <summary>All that goes into a turn beside the state and its input. Nothing else goes in or out.</summary>
/// <param name="Now">The host's clock: Unix time in milliseconds, UTC.</param>
/// <param name="Model">The active health model.</param>
/// <param name="Policy">The active policy.</param>
/// <param name="Tenant">What is known of the tenant as a whole.</param>
/// <param name="Outbox">Where effects go; the host delivers them after it has stored the state.</param>
public readonly record struct Turn(long Now, HealthModel Model, HealthPolicy Policy, TenantFacts Tenant, Outbox Outbox);

/// <summary>
/// What is known of a tenant over all of its accounts. When each source was first heard of: before that a count of zero is ignorance,
/// after it a count of zero is a fact; merged by earliest event time, so that the order of arrival leaves no trace. And what was last
/// counted over them: which source is silent for all, and how much they all use.
/// </summary>
public sealed class TenantFacts
{
    private readonly long[] _firstAt = [long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue];
    private readonly TenantPulse _pulse = TenantPulse.Unknown;
    private readonly LostDays[] _lost = [LostDays.None, LostDays.None, LostDays.None, LostDays.None, LostDays.None];

    /// <summary>Facts about a tenant of which nothing is known.</summary>
    public TenantFacts()
    {
    }

    /// <summary>The same first times, with another pulse.</summary>
    private TenantFacts(TenantFacts other, TenantPulse pulse)
    {
        other._firstAt.CopyTo(_firstAt, 0);
        Pulse = pulse;
        // A pace that was set by itself, in tests and benchmarks.
        if (ReferenceEquals(pulse, other._pulse)) Pace = other.Pace;
    }

    /// <summary>
    /// Beginning of the UTC day of the earliest signal of a source, Unix milliseconds; <see cref="long.MaxValue"/> when there was none.
    /// </summary>
    public long FirstAt(SignalSource source) => _firstAt[(int)source];

    /// <summary>What was last counted over all accounts.</summary>
    public TenantPulse Pulse
    {
        get => _pulse;
        init
        {
            _pulse = value;
            Pace = value.Pace;
            for (var source = 0; source < _lost.Length; source++) _lost[source] = value.Lost((SignalSource)source);
            Fingerprint = Hash();
        }
    }

    /// <summary>How much of the tenant's usual users were seen on each day. No part of the score, and so of no close.</summary>
    public TenantPace Pace { get; init; } = TenantPace.Unknown;

    /// <summary>The days on which nothing of a source was told for the whole tenant.</summary>
    public LostDays Lost(SignalSource source) => _lost[(int)source];

    /// <summary>Tells whether anything changed since closes were computed.</summary>
    internal uint Fingerprint { get; private set; }

    /// <summary>Merges an event time. True when it was earlier than all before.</summary>
    public bool Merge(SignalSource source, long at)
    {
        if (at >= _firstAt[(int)source]) return false;
        // By days: every change makes every account compute its closes afresh, and history is often sent from new to old.
        _firstAt[(int)source] = Days.Start(Days.Of(at));
        Fingerprint = Hash();
        return true;
    }

    /// <summary>A copy that may be merged into.</summary>
    public TenantFacts Copy() => new(this, _pulse);

    /// <summary>The same with another count.</summary>
    public TenantFacts With(TenantPulse pulse) => new(this, pulse);

    private uint Hash()
    {
        var hash = new HashCode64();
        foreach (var first in _firstAt) hash.Add((ulong)first);
        // Where nothing was ever lost the hash is what it was before losses were known of: closes that are stored stay good.
        foreach (var lost in _lost)
            if (!lost.IsEmpty) lost.AddTo(ref hash);
        return hash.ToUInt32();
    }
}
