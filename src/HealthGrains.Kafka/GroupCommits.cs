using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Kafka;

/// <summary>The commits of a group's member: one at a time, and none of a partition that has left but by who takes it away.</summary>
internal sealed class GroupCommits(string group, Action<List<TopicPartitionOffset>> commit, KafkaFigures figures, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly BoundedCommit _commit = new(commit);
    private bool _failing;

    /// <summary>Whether the last commit was not answered: to wait for another is of no use to one who leaves.</summary>
    public bool IsUnanswered { get; private set; }

    /// <summary>From here on, nothing of these partitions is committed but by who takes them away.</summary>
    public void Leave(IEnumerable<AssignedPartition> partitions)
    {
        lock (_gate)
            foreach (var partition in partitions) partition.Left = true;
    }

    /// <summary>Commits offsets of this group. False when the group did not take them; then it is told why.</summary>
    public bool Commit(List<(AssignedPartition Partition, long Offset)> due, bool leaving, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            due.RemoveAll(one => one.Partition.Left && !leaving);
            if (due.Count == 0) return true;
            try
            {
                _commit.Run(
                    [.. due.Select(one => new TopicPartitionOffset(one.Partition.TopicPartition, one.Offset))], cancellationToken);
                foreach (var (partition, offset) in due) partition.Committed = offset;
                figures.Commit(done: true);
                if (_failing) Log.CommitsAgain(logger, group);
                _failing = IsUnanswered = false;
                return true;
            }
            catch (KafkaException failure)
            {
                IsUnanswered = failure.Error.Code == ErrorCode.Local_TimedOut;
                if (cancellationToken.IsCancellationRequested) return false;
                figures.Commit(done: false);
                if (failure.Error.Code is ErrorCode.RebalanceInProgress or ErrorCode.IllegalGeneration)
                    Log.CommitWaits(logger, group, failure.Error.Reason);
                else
                {
                    // Once for a time of it, not every second.
                    Log.CommitFailed(logger, _failing ? LogLevel.Debug : LogLevel.Warning, group, failure.Error.Reason);
                    _failing = true;
                }
                return false;
            }
        }
    }
}
