using HealthGrains.Alerts;
using Orleans.Concurrency;

namespace HealthGrains.Grains.Owners;

/// <summary>Tells an owner of alerts, and writes the digest of the morning. Its key is <see cref="OwnerKeys.Of"/>.</summary>
[Alias("healthgrains.owner")]
public interface IOwnerGrain : IGrainWithStringKey
{
    /// <summary>
    /// There may be something to tell: it asks the store itself. Looking twice is harmless. Completes when what came of it is stored.
    /// </summary>
    [Alias("look"), AlwaysInterleave]
    Task LookAsync();
}

/// <summary>The keys of owners' grains: nobody has one too, and a key is never empty.</summary>
public static class OwnerKeys
{
    private const char Mark = '@';

    /// <summary>The key of an owner; null for nobody.</summary>
    public static string Of(string? owner) => Mark + (owner ?? OwnerTurns.Nobody);

    /// <summary>The owner of a key.</summary>
    public static string Owner(string key) => key[1..];
}
