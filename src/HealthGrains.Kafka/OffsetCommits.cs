using Microsoft.Extensions.Logging;

namespace HealthGrains.Kafka;

/// <summary>
/// Commits, for each partition, the offset before which everything is saved: the next one to be applied, or the lowest that is
/// not saved, whichever is less. What was applied is looked at before the sink is asked; the other way round, something applied in
/// between would pass for saved.
/// </summary>
internal sealed class OffsetCommits(ISignalSink sink, ILogger logger)
{
    /// <summary>
    /// Asks and commits; partitions may be of several groups, and the sink keeps the places of all in one go. Returns the partitions
    /// whose work was lost, and whether all that was applied of the others is saved and committed.
    /// </summary>
    public async Task<(List<AssignedPartition> Lost, bool AllSaved)> RoundAsync(
        IReadOnlyCollection<AssignedPartition> partitions, bool leaving, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(partitions.Select(partition => AskAsync(partition, cancellationToken)));
        var due = new List<(AssignedPartition Partition, long Offset)>();
        var lost = new List<AssignedPartition>();
        var allSaved = true;
        foreach (var (partition, applied, unsaved) in answers)
        {
            if (unsaved is not { } known)
            {
                allSaved = false;
                continue;
            }

            if (known.IsLost)
            {
                lost.Add(partition);
                continue;
            }

            var offset = Math.Min(applied, known.Offset ?? applied);
            allSaved &= offset == applied;
            if (offset > Math.Max(partition.Committed, 0)) due.Add((partition, offset));
        }

        // First what is the truth, then the hint: a commit is never ahead of the sink's own place.
        if (!await KeepAsync(due, lost, cancellationToken)) return (lost, false);
        // However short the time is: what is saved is committed once, if the brokers are there.
        return (lost, await CommitAsync(due, leaving, leaving ? CancellationToken.None : cancellationToken) && allSaved);
    }

    // A coordinator that is away holds up its own group; the others commit meanwhile. A commit blocks, so it has a thread of its own.
    private static async Task<bool> CommitAsync(
        List<(AssignedPartition Partition, long Offset)> due, bool leaving, CancellationToken cancellationToken)
    {
        var done = await Task.WhenAll(due.GroupBy(one => one.Partition.Group).Select(group => Task.Factory.StartNew(
            () => group.Key.Commit([.. group], leaving, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        return done.All(committed => committed);
    }

    private async Task<bool> KeepAsync(
        List<(AssignedPartition Partition, long Offset)> due, List<AssignedPartition> lost, CancellationToken cancellationToken)
    {
        var moves = due.Where(one => one.Partition.Place < one.Offset).ToList();
        if (moves.Count == 0) return true;
        try
        {
            var steps = moves.Select(one => new PlaceStep(one.Partition.Partition, one.Partition.Place ?? 0, one.Offset)).ToList();
            var behind = await sink.KeepPlacesAsync(steps, cancellationToken).AsTask().WaitAsync(cancellationToken);
            foreach (var (partition, offset) in moves)
            {
                if (!behind.Contains(partition.Partition))
                {
                    partition.Place = offset;
                    continue;
                }
                lost.Add(partition);
                due.RemoveAll(one => one.Partition == partition);
            }
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception failure)
        {
            Log.PlacesNotKept(logger, failure.Message);
            return false;
        }
    }

    private async Task<(AssignedPartition Partition, long Applied, Unsaved? Unsaved)> AskAsync(
        AssignedPartition partition, CancellationToken cancellationToken)
    {
        var feed = partition.Feed;
        if (feed is not { Begun: true } || partition.Rewinding) return (partition, 0, Unsaved.None);
        var applied = feed.Applied;
        try
        {
            var unsaved = await sink.UnsavedAsync(partition.Partition, cancellationToken).AsTask().WaitAsync(cancellationToken);
            // Set back in the meantime: the answer may be about other work than was looked at.
            return (partition, applied, ReferenceEquals(feed, partition.Feed) ? unsaved : null);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Log.UnsavedUnknown(logger, partition.Partition.ToString(), failure.Message, failure);
            return (partition, applied, null);
        }
        catch (OperationCanceledException)
        {
            return (partition, applied, null);
        }
    }
}
