namespace HealthGrains.Kafka;

/// <summary>
/// Asks the sink how far partitions are saved, until it says so, and settles where reading begins: at the lesser of that and the
/// group's commit. A group that is ahead of its database would pass over what the database has never seen.
/// </summary>
#pragma warning disable CA1001 // a source of cancellations without a timer holds nothing that would have to be let go
internal sealed class StoredPlaces(FeedSurroundings with, Action<Action> post)
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _ending = new();

    /// <summary>Asks for them; what is to be done then is done on the consuming thread.</summary>
    public void Ask(IReadOnlyList<AssignedPartition> partitions, Action<AssignedPartition> found) =>
        Task.Run(() => AskAsync(partitions, found));

    /// <summary>Asks no more.</summary>
    public void End() => _ending.Cancel();

    private async Task AskAsync(IReadOnlyList<AssignedPartition> partitions, Action<AssignedPartition> found)
    {
        var delay = with.Options.RetryDelay;
        // Those that are taken away meanwhile are somebody else's to begin.
        while (partitions.Count(partition => !partition.Left) is var count and > 0 && !_ending.IsCancellationRequested)
        {
            try
            {
                var places = await with.Sink.PlacesAsync(_ending.Token);
                post(() => Begin(partitions, places, found));
                return;
            }
            catch (Exception failure) when (!_ending.IsCancellationRequested)
            {
                Log.PlacesUnknown(with.Logger, count, failure.Message);
                await Task.Delay(delay, with.Clock, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                delay = delay * 2 < with.Options.RetryDelayLimit ? delay * 2 : with.Options.RetryDelayLimit;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Begin(
        IReadOnlyList<AssignedPartition> partitions, IReadOnlyDictionary<LogPartition, long> places, Action<AssignedPartition> found)
    {
        foreach (var partition in partitions)
        {
            if (partition.Left) continue;
            Settle(partition, places.GetValueOrDefault(partition.Partition));
            found(partition);
        }
    }

    private void Settle(AssignedPartition partition, long place)
    {
        partition.Place = place;
        var committed = partition.Committed;
        if (committed == AssignedPartition.Never)
        {
            // Neither knows it: from the beginning, wherever that is.
            if (place > 0) partition.Committed = place;
            return;
        }

        if (place >= committed) return;
        // Also when nothing is stored: from offset 0, so that it is told when the log no longer begins there.
        partition.Committed = place;
        Log.Older(with.Logger, partition.Partition.ToString(), place, committed);
    }
}
