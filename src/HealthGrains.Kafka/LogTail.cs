using System.Text;
using Confluent.Kafka;

namespace HealthGrains.Kafka;

/// <summary>
/// Reads the log backwards, for one who wants to know what was written last. Commits nothing and is no member of any group.
/// </summary>
public sealed class LogTail : IDisposable
{
    private const int FirstStep = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IConsumer<Ignore, Ignore> _consumer;
    private readonly IAdminClient _admin;

    /// <summary>A reader. Throws <see cref="KafkaSetupException"/> for settings that cannot be.</summary>
    public LogTail(KafkaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var config = ClientSettings.Consumer(options);
        (config.GroupInstanceId, config.EnablePartitionEof, config.StatisticsIntervalMs) = (null, true, 0);
        // Many short readings, each of what is there: nothing is gained by a broker that waits for more.
        config.FetchWaitMaxMs = 20;
        _consumer = new ConsumerBuilder<Ignore, Ignore>(config)
            .SetErrorHandler((_, _) => { })
            .SetLogHandler((_, _) => { })
            .Build();
        _admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
    }

    /// <summary>The partitions of a topic, each with whether its oldest messages have been deleted.</summary>
    public IReadOnlyList<(LogPartition Partition, bool IsCut)> Partitions(string topic) => [.. _admin.GetMetadata(topic, Patience)
        .Topics.Where(found => found.Topic == topic).SelectMany(found => found.Partitions)
        .Select(found => new LogPartition(topic, found.PartitionId))
        .Select(partition => (partition, Range(partition).Low > 0))];

    /// <summary>
    /// The values of a header, piece by piece from the end of a partition: each piece in the order of the log, the last piece first.
    /// Messages without the header are passed over. Pieces get longer.
    /// </summary>
    public IEnumerable<IReadOnlyList<string>> Back(LogPartition partition, string header, CancellationToken cancellationToken)
    {
        var (low, high) = Range(partition);
        for (var step = FirstStep; high > low; step *= 4)
        {
            var from = Math.Max(low, high - step);
            yield return Read(partition, from, high, header, cancellationToken);
            high = from;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _admin.Dispose();
        _consumer.Dispose();
    }

    private List<string> Read(LogPartition partition, long from, long to, string header, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        _consumer.Assign(new TopicPartitionOffset(partition.Topic, partition.Partition, from));
        try
        {
            while (_consumer.Consume(cancellationToken) is { } message)
            {
                if (message.IsPartitionEOF || message.Offset >= to) break;
                if (message.Message.Headers.TryGetLastBytes(header, out var value)) found.Add(Encoding.UTF8.GetString(value));
                if (message.Offset == to - 1) break;
            }
        }
        finally
        {
            _consumer.Unassign();
        }
        return found;
    }

    private (long Low, long High) Range(LogPartition partition)
    {
        var range = _consumer.QueryWatermarkOffsets(new TopicPartition(partition.Topic, partition.Partition), Patience);
        return (range.Low.Value, range.High.Value);
    }
}
