using HealthGrains.Hosting;

namespace HealthGrains.Grains.Storage;

/// <summary>What changed in the directory since a reader last looked.</summary>
/// <param name="Mark">Where to go on from.</param>
/// <param name="Names">New names.</param>
/// <param name="Links">New or changed links; a target of null means that the link is gone.</param>
/// <param name="Accounts">Accounts that came (true) or were erased (false).</param>
public sealed record DirectoryChanges(
    long Mark, IReadOnlyList<NewName> Names, IReadOnlyList<(string Source, string ExternalId, string? Target)> Links,
    IReadOnlyList<(string Id, bool Exists)> Accounts)
{
    /// <summary>
    /// Pseudonyms of accounts that were erased, from a store that keeps nothing of them, not even for telling other nodes. They went
    /// before any of <see cref="Accounts"/> came.
    /// </summary>
    public IReadOnlyList<string> Erased { get; init; } = [];
}

/// <summary>When a model was last activated, and by whom.</summary>
public readonly record struct ModelActivation(string Version, DateTimeOffset At, string Actor);

/// <summary>
/// What all nodes know of a tenant: names, identities, events that wait for one, activations. Every node keeps a copy of the small
/// parts in memory and follows the changes.
/// </summary>
public interface IDirectoryStore
{
    /// <summary>What changed since a mark; everything for a mark of 0.</summary>
    Task<DirectoryChanges> ChangesAsync(long mark, CancellationToken cancellationToken);

    /// <summary>Adds names. Those that are known stay as they are.</summary>
    Task AddNamesAsync(IReadOnlyList<NewName> names, CancellationToken cancellationToken);

    /// <summary>Adds where signals can be seen in their own system. What is known stays as it is.</summary>
    Task AddEvidenceAsync(IReadOnlyList<EvidenceLink> links, CancellationToken cancellationToken);

    /// <summary>The same of accounts since a moment (Unix milliseconds), newest first.</summary>
    Task<IReadOnlyList<EvidenceLink>> EvidenceAsync(
        IReadOnlyCollection<string> accounts, long since, int limit, CancellationToken cancellationToken);

    /// <summary>Adds or changes links; the answer says of each whether it changed.</summary>
    Task<bool[]> SetLinksAsync(IReadOnlyList<IdentityLink> links, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps events until their account is known; the answer says of each whether it is new. Throws
    /// <see cref="IntakeSaturatedException"/> when too many wait.
    /// </summary>
    Task<bool[]> HoldAsync(IReadOnlyList<HeldEvent> events, long now, CancellationToken cancellationToken);

    /// <summary>The events that wait for an external id, oldest first. They go on to wait until they are settled.</summary>
    Task<IReadOnlyList<HeldEvent>> WaitingAsync(string source, string externalId, CancellationToken cancellationToken);

    /// <summary>
    /// The same, also those that were released less than a day ago, and marks them as released: for a caller that reads them itself,
    /// and may ask again should it fail.
    /// </summary>
    Task<IReadOnlyList<HeldEvent>> ReleaseAsync(string source, string externalId, long now, CancellationToken cancellationToken);

    /// <summary>The events' signals are taken: they wait no longer.</summary>
    Task SettleAsync(IReadOnlyList<HeldEvent> events, CancellationToken cancellationToken);

    /// <summary>A page of what waits, by external id.</summary>
    Task<Page<HeldView>> HeldAsync(int limit, string? cursor, long now, CancellationToken cancellationToken);

    /// <summary>Adds an entry to the audit.</summary>
    Task AuditAsync(AuditView entry, CancellationToken cancellationToken);

    /// <summary>Notes an activation.</summary>
    Task ActivatedAsync(ModelActivation activation, CancellationToken cancellationToken);

    /// <summary>The last activation of each model.</summary>
    Task<IReadOnlyList<ModelActivation>> ActivationsAsync(CancellationToken cancellationToken);
}
