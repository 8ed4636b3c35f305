namespace HealthGrains.Kafka;

/// <summary>A partition of a topic: within it, messages have an order.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Partition">Its number, from 0.</param>
public readonly record struct LogPartition(string Topic, int Partition)
{
    /// <summary>As operators write it: topic/partition.</summary>
    public override string ToString() => $"{Topic}/{Partition}";
}

/// <summary>Where a message lies in the log.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its place there.</param>
public readonly record struct LogPosition(LogPartition Partition, long Offset)
{
    /// <summary>As operators write it: topic/partition@offset.</summary>
    public override string ToString() => $"{Partition}@{Offset}";
}
