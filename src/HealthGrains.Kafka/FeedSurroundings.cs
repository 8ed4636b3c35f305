using HealthGrains.Intake;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Kafka;

/// <summary>What all partitions of an intake share.</summary>
internal sealed record FeedSurroundings(
    KafkaOptions Options, ISignalSink Sink, RejectedTopic Rejected, Func<IntakeContext> Context, KafkaFigures Figures, ILogger Logger,
    TimeProvider Clock, Action<Exception> Fault);
