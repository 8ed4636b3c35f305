using HealthGrains.Grains.Actors;
using Orleans.Concurrency;

namespace HealthGrains.Grains.Desks;

/// <summary>The desk of an account: its plays, drafts, tasks and alerts of triggers. Its key is the account's id.</summary>
[Alias("healthgrains.desk")]
public interface IDeskGrain : IActorGrain, IGrainWithStringKey
{
    /// <summary>
    /// There may be something for the desk: it asks the account itself. Looking twice is harmless. Completes when what came of it is
    /// stored.
    /// </summary>
    [Alias("look")]
    Task LookAsync();

    /// <summary>A person asks something of the desk (JSON). The reply (JSON), once it is stored; null without such an account.</summary>
    /// <param name="request">Names the request: one that is made again is answered as it was.</param>
    /// <param name="command">What is asked.</param>
    [Alias("do")]
    Task<byte[]?> DoAsync(string request, byte[] command);

    /// <summary>The desk as it is now (JSON), for whoever answers a question about it.</summary>
    [Alias("copy"), AlwaysInterleave]
    Task<byte[]> CopyAsync();

    /// <summary>
    /// The account is about to be erased, or was: the desk goes with it. Told of it beforehand, so that it is sure to look whether there
    /// is still an account.
    /// </summary>
    [Alias("erase")]
    Task EraseAsync(bool isDone);
}

/// <summary>What an account knows of its desk.</summary>
/// <param name="Version">The desk's version, as it was last told; 0 without a desk.</param>
/// <param name="OpenAlerts">Its alerts that are not over.</param>
[GenerateSerializer, Immutable, Alias("healthgrains.deskHead")]
public readonly record struct DeskHead([property: Id(0)] long Version, [property: Id(1)] int OpenAlerts)
{
    /// <summary>Whether there is a desk.</summary>
    public bool Exists => Version > 0;
}
