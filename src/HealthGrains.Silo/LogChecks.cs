using System.Globalization;
using HealthGrains.Grains.Hosting;
using HealthGrains.Kafka;

namespace HealthGrains.Silo;

/// <summary>A node that reads the log is ready when it has its share of it.</summary>
internal sealed class LogCheck(KafkaIntake log) : INodeCheck
{
    public string? NotReady => log.Completion is { IsFaulted: true, Exception: { } fault }
        ? $"reading the log has ended ({fault.InnerExceptions[0].Message}); restart the node"
        : log.IsReady ? null : "the log's partitions are not assigned yet";

    public string? Degraded => log.Away is { } away
        ? string.Create(
            CultureInfo.InvariantCulture, $"no Kafka broker has answered for {away.TotalSeconds:0} s; nothing new is read until one does")
        : null;
}

/// <summary>
/// A node that writes to the log says when it does not reach the brokers. It is ready all the same: all nodes share them, and questions
/// are answered without.
/// </summary>
internal sealed class WriterCheck(KafkaReach reach) : INodeCheck
{
    public string? NotReady => null;

    public string? Degraded => reach.Trouble;
}
