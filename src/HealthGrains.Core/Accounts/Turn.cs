using HealthGrains.Health;
using HealthGrains.Policy;

namespace HealthGrains.Accounts;

/// <summary>All that goes into a turn beside the state and its input. Nothing else goes in or out.</summary>
/// <param name="Now">The host's clock: Unix time in milliseconds, UTC.</param>
/// <param name="Model">The active health model.</param>
/// <param name="Policy">The active policy.</param>
/// <param name="Tenant">What is known of the tenant as a whole.</param>
/// <param name="Outbox">Where effects go; the host delivers them after it has stored the state.</param>
public readonly record struct Turn(long Now, HealthModel Model, HealthPolicy Policy, TenantFacts Tenant, Outbox Outbox);

/// <summary>
/// When each source was first heard of, over all of a tenant's accounts: before that a count of zero is ignorance, after it
/// a count of zero is a fact. Merged by earliest event time, so that the order of arrival leaves no trace.
/// </summary>
public sealed class TenantFacts
{
    private readonly long[] _firstAt = [long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue];

    /// <summary>
    /// Beginning of the UTC day of the earliest signal of a source, Unix milliseconds; <see cref="long.MaxValue"/> when there was none.
    /// </summary>
    public long FirstAt(Signals.SignalSource source) => _firstAt[(int)source];

    /// <summary>How much of the tenant's usual users were seen on each day. No part of the score, and so of no close.</summary>
    public TenantPace Pace { get; init; } = TenantPace.Unknown;

    /// <summary>Tells whether anything changed since closes were computed.</summary>
    internal uint Fingerprint { get; private set; }

    /// <summary>Merges an event time. True when it was earlier than all before.</summary>
    public bool Merge(Signals.SignalSource source, long at)
    {
        if (at >= _firstAt[(int)source]) return false;
        // By days: every change makes every account compute its closes afresh, and history is often sent from new to old.
        _firstAt[(int)source] = Days.Start(Days.Of(at));
        var hash = new HashCode64();
        foreach (var first in _firstAt) hash.Add((ulong)first);
        Fingerprint = hash.ToUInt32();
        return true;
    }
}
