using System.Globalization;
using Confluent.Kafka;

namespace HealthGrains.Kafka;

/// <summary>The settings of librdkafka's clients, as our options make them.</summary>
internal static class ClientSettings
{
    // What decides when a message counts as written or read; nobody may change it from outside.
    private static readonly HashSet<string> Ours = new(StringComparer.OrdinalIgnoreCase)
    {
        "bootstrap.servers", "metadata.broker.list", "group.id", "group.instance.id", "enable.auto.commit", "enable.auto.offset.store",
        "auto.offset.reset", "partition.assignment.strategy", "group.protocol", "acks", "request.required.acks", "enable.idempotence",
        "statistics.interval.ms", "message.timeout.ms", "delivery.timeout.ms", "allow.auto.create.topics", "enable.partition.eof",
    };

    public static bool IsOurs(string name) => Ours.Contains(Spelled(name));

    // librdkafka's own defaults, for one consumer.
    private const int PrefetchKilobytes = 64 << 10;
    private const int FetchBytes = 50 << 20;

    /// <summary>For one of the consumers that read a topic each: together they hold no more than one of all topics would.</summary>
    public static ConsumerConfig Reader(KafkaOptions options, string topic)
    {
        var share = options.SourceTopics.Count;
        return Consumer(options, options.GroupOf(topic), new ConsumerConfig
        {
            QueuedMaxMessagesKbytes = PrefetchKilobytes / share,
            FetchMaxBytes = FetchBytes / share,
        });
    }

    /// <summary>For one that joins no group.</summary>
    public static ConsumerConfig Consumer(KafkaOptions options) =>
        Consumer(options, options.GroupOf(options.SourceTopics[0]), new ConsumerConfig());

    private static ConsumerConfig Consumer(KafkaOptions options, string group, ConsumerConfig own) => With(options, new ConsumerConfig(own)
    {
        GroupId = group,
        GroupInstanceId = options.MemberId,
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        // An offset that is gone is told and counted, not stepped over in silence; where nothing was committed we say so ourselves.
        AutoOffsetReset = AutoOffsetReset.Error,
        PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
        AllowAutoCreateTopics = false,
        EnablePartitionEof = false,
        StatisticsIntervalMs = (int)options.StatisticsInterval.TotalMilliseconds,
    });

    public static ProducerConfig Producer(KafkaOptions options) => With(options, new ProducerConfig
    {
        Acks = Acks.All,
        EnableIdempotence = true,
        MessageTimeoutMs = (int)options.AppendTimeout.TotalMilliseconds,
        LingerMs = 2,
        CompressionType = CompressionType.Lz4,
        DeliveryReportFields = "status",
        // Above our own bounds, so that a batch is never refused in the middle.
        QueueBufferingMaxMessages = options.InFlightMessages * 2 + 1_000,
        QueueBufferingMaxKbytes = (int)Math.Min(options.InFlightBytes / 512 + 65_536, int.MaxValue),
    });

    public static AdminClientConfig Admin(KafkaOptions options) => With(options, new AdminClientConfig());

    private static T With<T>(KafkaOptions options, T config)
        where T : ClientConfig
    {
        config.BootstrapServers = options.BootstrapServers;
        config.ClientId = options.MemberId is null ? "healthgrains" : $"healthgrains-{options.MemberId}";
        foreach (var (name, value) in options.Settings) config.Set(Spelled(name), value);
        return config;
    }

    private static string Spelled(string name) =>
        name.Contains('.', StringComparison.Ordinal) ? name : name.Replace('_', '.').ToLower(CultureInfo.InvariantCulture);
}
