using HealthGrains.Hosting;
using HealthGrains.Intake;

namespace HealthGrains.Kafka;

/// <summary>
/// Takes what the log holds; a host implements it. For one partition there is one call of <see cref="BeginAsync"/>,
/// <see cref="ApplyAsync"/> or <see cref="PutProfileAsync"/> at a time, in the order of the log; partitions run side by side, and
/// <see cref="UnsavedAsync"/> may come while another call runs. Whatever is thrown is taken for a passing trouble: the same call
/// is made again, later and later, and nothing is skipped.
/// </summary>
public interface ISignalSink
{
    /// <summary>
    /// Reading of a partition begins, or begins again after work was lost: forget what was unsaved or lost of it. Nothing that
    /// was handed over before is still under way.
    /// </summary>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The first offset that may come; 0 when nothing of it was ever committed.</param>
    /// <param name="cancellationToken">Ends when the partition is taken away.</param>
    ValueTask BeginAsync(LogPartition partition, long offset, CancellationToken cancellationToken) => default;

    /// <summary>
    /// Takes signals. Completes when every one of them has been applied in memory; saving may come later. Names, links and held
    /// events of the batch have no offset and are stored for good before it completes. All signals of one message are in one
    /// call. Signals at offsets that an account has seen (its watermark) are dropped by the sink.
    /// </summary>
    /// <param name="partition">Where they come from.</param>
    /// <param name="batch">What was read; the sink's until the call completes. May hold no signal.</param>
    /// <param name="offsets">For each signal of the batch its offset, never falling.</param>
    /// <param name="awaited">
    /// Those of the offsets, rising, whose senders wait to hear what came of them; the sink's as long as the batch is.
    /// </param>
    /// <param name="cancellationToken">Ends when the partition is taken away.</param>
    ValueTask ApplyAsync(
        LogPartition partition, IntakeBatch batch, ReadOnlyMemory<long> offsets, IReadOnlyCollection<long> awaited,
        CancellationToken cancellationToken);

    /// <summary>
    /// Takes a profile that was written over the log. Throws <see cref="IntakeFormatException"/> when it can never be taken: it
    /// goes to the rejected topic then.
    /// </summary>
    /// <param name="partition">Where it comes from.</param>
    /// <param name="offset">Its offset.</param>
    /// <param name="account">The account, which is the message's key.</param>
    /// <param name="profile">The profile as it was appended.</param>
    /// <param name="actor">Who wrote it; null when not said.</param>
    /// <param name="cancellationToken">Ends when the partition is taken away.</param>
    ValueTask PutProfileAsync(
        LogPartition partition, long offset, string account, ReadOnlyMemory<byte> profile, string? actor,
        CancellationToken cancellationToken);

    /// <summary>
    /// What has been taken of a partition and is not saved. <see cref="Unsaved.Lost"/> is answered until <see cref="BeginAsync"/>
    /// is called.
    /// </summary>
    ValueTask<Unsaved> UnsavedAsync(LogPartition partition, CancellationToken cancellationToken);

    /// <summary>
    /// Whether the sink keeps, beside what it saves, how far each partition is saved. Then that is the truth and the group's commit a
    /// hint: reading begins at the lesser of the two.
    /// </summary>
    bool KeepsPlaces => false;

    /// <summary>
    /// How far partitions are saved, where <see cref="KeepsPlaces"/>: the offset before which everything is. One that is not answered
    /// has nothing saved. Asked whenever reading of them begins, or begins again.
    /// </summary>
    ValueTask<IReadOnlyDictionary<LogPartition, long>> PlacesAsync(CancellationToken cancellationToken) =>
        new(new Dictionary<LogPartition, long>());

    /// <summary>
    /// Keeps new places, where <see cref="KeepsPlaces"/>; what comes of it is committed only then. Answers the partitions whose place is
    /// before <see cref="PlaceStep.From"/>: what the sink saves to was set back, so they are read again from the place that it has now.
    /// </summary>
    ValueTask<IReadOnlyCollection<LogPartition>> KeepPlacesAsync(IReadOnlyList<PlaceStep> steps, CancellationToken cancellationToken) =>
        new([]);

    /// <summary>The partition is no longer read here: all that is remembered of it may go.</summary>
    void End(LogPartition partition)
    {
    }
}

/// <summary>A partition is saved further than before.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="From">The place that the sink answered or kept last; 0 for none.</param>
/// <param name="Next">Everything before this offset is saved.</param>
public readonly record struct PlaceStep(LogPartition Partition, long From, long Next);
