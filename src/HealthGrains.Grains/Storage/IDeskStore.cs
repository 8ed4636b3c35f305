using HealthGrains.Delivery;
using HealthGrains.Grains.Desks;
using HealthGrains.Hosting;

namespace HealthGrains.Grains.Storage;

/// <summary>What came of writing what a desk's turn left.</summary>
public enum DeskWritten
{
    /// <summary>It is stored.</summary>
    Now,
    /// <summary>It was stored before, or something later was; nothing was done.</summary>
    Before,
    /// <summary>There is no such account, so nothing was stored.</summary>
    NoAccount,
}

/// <summary>A change of the practice, as it was taken.</summary>
/// <param name="Number">Counts them from 1.</param>
/// <param name="Edit">The files.</param>
public sealed record StoredEdit(long Number, PracticeEdit Edit);

/// <summary>What desks leave, for lists and for sending, and the practice.</summary>
public interface IDeskStore
{
    /// <summary>
    /// Writes what a turn left, all of it or nothing, once: of one desk versions only grow, so a message that comes again or too late
    /// is known by its version.
    /// </summary>
    Task<DeskWritten> WriteDeskAsync(string account, DeskMessage left, CancellationToken cancellationToken);

    /// <summary>A play, draft, task or note by its id; null when there is none.</summary>
    Task<T?> WorkAsync<T>(WorkKind kind, string id, CancellationToken cancellationToken) where T : class;

    /// <summary>
    /// A page of plays or notes (the latest first), drafts or tasks (the first due first). Throws <see cref="InvalidQueryException"/> for a
    /// limit or cursor that is none.
    /// </summary>
    Task<Page<T>> WorkAsync<T>(WorkKind kind, WorkQuery query, long now, CancellationToken cancellationToken);

    /// <summary>How drafts were decided since a moment.</summary>
    Task<ReviewFigures> ReviewsAsync(string? owner, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>The changes of the practice after a number, in order.</summary>
    Task<IReadOnlyList<StoredEdit>> PracticeAsync(long after, CancellationToken cancellationToken);

    /// <summary>Adds a change of the practice; false, and nothing is done, when there is one of that number.</summary>
    Task<bool> AddPracticeAsync(StoredEdit edit, IReadOnlyList<AuditView> audit, CancellationToken cancellationToken);

    /// <summary>
    /// Writes what a count of the tenant left, all of it or nothing: of a dispatch that is known neither it nor its entry of the audit.
    /// </summary>
    /// <param name="dispatches">What is to leave the house.</param>
    /// <param name="audit">Of each dispatch its entry, in the same order.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task WriteTenantAsync(IReadOnlyList<Dispatch> dispatches, IReadOnlyList<AuditView> audit, CancellationToken cancellationToken);

    /// <summary>
    /// Drops plays, drafts and tasks that ended before a moment, and deliveries that were settled, and due, before another, so many of each
    /// at most. Returns how many that were.
    /// </summary>
    /// <param name="work">Unix milliseconds.</param>
    /// <param name="deliveries">Unix milliseconds.</param>
    /// <param name="most">How many of each at most.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<int> PruneSettledAsync(long work, long deliveries, int most, CancellationToken cancellationToken);

    /// <summary>What is to leave the house.</summary>
    IDeliveryStore Deliveries { get; }
}
