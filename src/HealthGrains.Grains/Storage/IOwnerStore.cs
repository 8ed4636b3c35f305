using HealthGrains.Alerts;
using HealthGrains.Hosting;
using HealthGrains.Plays;

namespace HealthGrains.Grains.Storage;

/// <summary>What an owner is told by.</summary>
/// <param name="Now">The host's clock, Unix milliseconds.</param>
/// <param name="Practice">The company's practice.</param>
/// <param name="Writer">Writes digests.</param>
public sealed record OwnerWays(long Now, Practice Practice, ITextWriter Writer);

/// <summary>What came of looking at an owner's alerts.</summary>
/// <param name="WakeAt">When to look again, Unix milliseconds.</param>
/// <param name="Pushed">What is pushed, and stored.</param>
/// <param name="Receivers">For whom something is to leave.</param>
public sealed record OwnerLooked(long WakeAt, IReadOnlyList<AlertView> Pushed, IReadOnlyList<string> Receivers);

/// <summary>What owners were told, and what they are told of.</summary>
public interface IOwnerStore
{
    /// <summary>
    /// Takes a turn of an owner's actor: reads what it sees, and writes what it decides, in one transaction, with the owner's row locked.
    /// So two silos that look at once do nothing twice, and whatever dies leaves all of it or nothing.
    /// </summary>
    Task<OwnerLooked> LookAtOwnerAsync(string owner, OwnerWays ways, CancellationToken cancellationToken);

    /// <summary>Owners who were told anything, and those who have alerts that nobody has looked at.</summary>
    Task<IReadOnlyList<string>> OwnersAsync(CancellationToken cancellationToken);

    /// <summary>The rows of the team's figures since a moment, Unix milliseconds.</summary>
    /// <param name="owners">CSMs who have accounts.</param>
    /// <param name="since">The first moment that counts.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<TeamRows> TeamAsync(IReadOnlyList<string> owners, long since, CancellationToken cancellationToken);
}
