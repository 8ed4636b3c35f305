using HealthGrains.Signals;

namespace HealthGrains.Grains.Time;

/// <summary>Accounts are swept in shards, so that the work of waking silent ones spreads over the silos.</summary>
public static class Shards
{
    /// <summary>How many there are. Stored with every account, so it never changes.</summary>
    public const int Count = 64;

    /// <summary>The shard of an account.</summary>
    public static int Of(string account) => (int)(NameId.Of(account) % Count);
}
