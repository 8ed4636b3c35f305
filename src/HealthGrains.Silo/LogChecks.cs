using HealthGrains.Grains.Hosting;
using HealthGrains.Kafka;

namespace HealthGrains.Silo;

/// <summary>A node that reads the log is ready when it has its share of it.</summary>
internal sealed class LogCheck(KafkaIntake log) : INodeCheck
{
    public string? NotReady => log.Completion is { IsFaulted: true, Exception: { } fault }
        ? $"reading the log has ended ({fault.InnerExceptions[0].Message}); restart the node"
        : log.IsReady ? null : "the log's partitions are not assigned yet";
}

/// <summary>A node that writes to the log is ready when it reaches the brokers.</summary>
internal sealed class WriterCheck(KafkaReach reach) : INodeCheck
{
    public string? NotReady => reach.Trouble;
}
