namespace HealthGrains.Grains.Storage;

/// <summary>How far a partition of a log is stored.</summary>
/// <param name="Topic">The log's topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Next">Everything before this offset is stored.</param>
public readonly record struct StoredPlace(string Topic, int Partition, long Next);

/// <summary>A partition's place moves on.</summary>
/// <param name="Topic">The log's topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="From">The place that whoever moves it has last seen or written; 0 for none.</param>
/// <param name="Next">Everything before this offset is stored.</param>
public readonly record struct PlaceMove(string Topic, int Partition, long From, long Next);

/// <summary>
/// How far the log is stored, beside what is stored of it. It is the truth: what the log's own group has committed may be ahead of a
/// database that was restored.
/// </summary>
public interface ILogPlaceStore
{
    /// <summary>All places. A partition that has none has nothing stored.</summary>
    Task<IReadOnlyList<StoredPlace>> PlacesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Moves places on; none ever goes back. The answer says of each whether it counts: false when the place is before
    /// <see cref="PlaceMove.From"/>, for then the store is older than what its caller knows of it, and nothing is moved.
    /// </summary>
    /// <param name="moves">At most one of each partition.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<bool[]> MovePlacesAsync(IReadOnlyList<PlaceMove> moves, CancellationToken cancellationToken);
}
