using Confluent.Kafka;

namespace HealthGrains.Kafka;

/// <summary>A partition that is read here. The feed changes when work was lost and the partition is read again.</summary>
internal sealed class AssignedPartition(LogPartition partition, long committed, GroupCommits group)
{
    private long _committed = committed;
    private volatile PartitionFeed? _feed;
    private volatile bool _left;

    /// <summary>Nothing was ever committed of the partition.</summary>
    public const long Never = -1;

    public LogPartition Partition { get; } = partition;

    public TopicPartition TopicPartition { get; } = new(partition.Topic, partition.Partition);

    /// <summary>Commits of it go by here.</summary>
    public GroupCommits Group { get; } = group;

    /// <summary>Where it is read from now; null while it is being set back.</summary>
    public PartitionFeed? Feed { get => _feed; set => _feed = value; }

    /// <summary>The last offset committed; <see cref="Never"/>.</summary>
    public long Committed { get => Interlocked.Read(ref _committed); set => Interlocked.Exchange(ref _committed, value); }

    /// <summary>How far the sink has it saved by its own account; null when it keeps no places, or has not been asked yet.</summary>
    public long? Place { get; set; }

    /// <summary>Where reading begins without further knowledge: at the last commit, or at the beginning.</summary>
    public Offset Start => Committed == Never ? Offset.Beginning : new Offset(Committed);

    /// <summary>Messages not yet committed, by librdkafka's figures; -1: not known.</summary>
    public long Lag { get; set; } = -1;

    /// <summary>Whether it is being set back to the last commit.</summary>
    public bool Rewinding { get; set; }

    /// <summary>The last position that was told to be gone, and the last message offered by then.</summary>
    public (long Position, long LastOffered) Gone { get; set; } = (Never, Never);

    /// <summary>Whether it was taken away: nothing of it is committed any more.</summary>
    public bool Left { get => _left; set => _left = value; }
}
