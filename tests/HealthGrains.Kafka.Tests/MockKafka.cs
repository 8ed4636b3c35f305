using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;
using HealthGrains.Signals;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace HealthGrains.Kafka.Tests;

/// <summary>
/// librdkafka's own mock cluster, in this process: it speaks Kafka's protocol on a local port. It keeps 5 MiB a partition and
/// cannot create topics by the admin client, so topics are made through its own functions.
/// </summary>
public sealed partial class MockKafka : IDisposable
{
    private const string Library = "librdkafka";

    // As Confluent.Kafka looks for them: the second does without libsasl2.so.3, which Debian does not have.
    private static readonly string[] Builds = [Library, "centos8-librdkafka"];

    private const int Producer = 0;
    private const int TheBroker = 1;

    private readonly nint _client;
    private nint _cluster;
    private readonly List<IDisposable> _clients = [];
    private readonly Dictionary<string, IConsumer<string?, byte[]?>> _askers = [];

    static MockKafka() => NativeLibrary.SetDllImportResolver(
        typeof(MockKafka).Assembly, (name, assembly, path) => name == Library ? Load(assembly, path) : nint.Zero);

    public MockKafka(int partitions = 1)
    {
        var error = new byte[512];
        // Its own client needs no broker: silence what it says about that.
        var configuration = NewConfiguration();
        SetConfiguration(configuration, "log_level", "2", error, (nuint)error.Length);
        _client = New(Producer, configuration, error, (nuint)error.Length);
        if (_client == nint.Zero) throw new InvalidOperationException(Encoding.UTF8.GetString(error).TrimEnd('\0'));
        _cluster = NewCluster(_client, 1);
        // Otherwise every group waits three seconds for members that might still come.
        SetRebalanceDelay(_cluster, 100);
        BootstrapServers = Marshal.PtrToStringUTF8(Bootstraps(_cluster))!;
        foreach (var topic in Options().SourceTopics) Create(topic, partitions);
        Create(Options().Rejected, 1);
    }

    /// <summary>Why the tests cannot run here; null when they can.</summary>
    public static string? WhyNot { get; } = TryLoad();

    public string BootstrapServers { get; }

    public KafkaOptions Options() => new()
    {
        BootstrapServers = BootstrapServers,
        CommitInterval = TimeSpan.FromMilliseconds(30),
        StopTimeout = TimeSpan.FromMilliseconds(500),
        RetryDelay = TimeSpan.FromMilliseconds(5),
        RetryDelayLimit = TimeSpan.FromMilliseconds(50),
        StatisticsInterval = TimeSpan.FromMilliseconds(100),
        AppendTimeout = TimeSpan.FromSeconds(5),
        Settings = { ["session.timeout.ms"] = "6000", ["heartbeat.interval.ms"] = "100", ["fetch.wait.max.ms"] = "20" },
    };

    public void Create(string topic, int partitions) => Check(CreateTopic(_cluster, topic, partitions, 1));

    /// <summary>Answers requests for the topic with an error from now on.</summary>
    public void Break(string topic, ErrorCode error) => SetTopicError(_cluster, topic, (int)error);

    public void Mend(string topic) => SetTopicError(_cluster, topic, 0);

    /// <summary>Nobody reaches the broker from now on.</summary>
    public void GoDown() => Check(SetBrokerDown(_cluster, TheBroker));

    public void ComeBack() => Check(SetBrokerUp(_cluster, TheBroker));

    /// <summary>A producer to these brokers, disposed with them.</summary>
    public IProducer<string?, byte[]?> Produce() => Keep(new ProducerBuilder<string?, byte[]?>(
        new ProducerConfig { BootstrapServers = BootstrapServers, LingerMs = 1 }).SetLogHandler((_, _) => { }).Build());

    /// <summary>Where the topic's group has committed, by partition; -1 where it has not.</summary>
    public Dictionary<LogPartition, long> Committed(string topic, int partitions, string groups = "healthgrains")
    {
        var group = GroupOf(topic, groups);
        if (!_askers.TryGetValue(group, out var consumer)) _askers[group] = consumer = Keep(Member(group));
        return consumer.Committed([.. Enumerable.Range(0, partitions).Select(number => new TopicPartition(topic, number))], Wait.Patience)
            .ToDictionary(at => new LogPartition(at.Topic, at.Partition.Value), at => at.Offset.IsSpecial ? -1 : at.Offset.Value);
    }

    /// <summary>Commits for the topic's group, as another member would have.</summary>
    public void Commit(string topic, int partition, long offset, string groups = "healthgrains")
    {
        using var consumer = Member(GroupOf(topic, groups));
        consumer.Commit([new TopicPartitionOffset(topic, partition, offset)]);
    }

    /// <summary>Reads a topic of one partition until it has given so many messages.</summary>
    public List<ConsumeResult<string?, byte[]?>> Read(string topic, int count)
    {
        using var consumer = Member("reader of " + topic);
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var found = new List<ConsumeResult<string?, byte[]?>>();
        using var deadline = new CancellationTokenSource(Wait.Patience);
        while (found.Count < count) found.Add(consumer.Consume(deadline.Token));
        return found;
    }

    public string Topic(SignalSource source) => Options().TopicOf(source);

    /// <summary>Ends all brokers at once and for good.</summary>
    public void Kill()
    {
        if (_cluster != nint.Zero) DestroyCluster(_cluster);
        _cluster = nint.Zero;
    }

    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
        Kill();
        Destroy(_client);
    }

    private string GroupOf(string topic, string groups)
    {
        var options = Options();
        options.GroupId = groups;
        return options.GroupOf(topic);
    }

    private IConsumer<string?, byte[]?> Member(string group) => new ConsumerBuilder<string?, byte[]?>(
        new ConsumerConfig { BootstrapServers = BootstrapServers, GroupId = group, EnableAutoCommit = false })
        .SetLogHandler((_, _) => { }).Build();

    private T Keep<T>(T client)
        where T : IDisposable
    {
        _clients.Add(client);
        return client;
    }

    private static string? TryLoad()
    {
        try
        {
            return Load(typeof(MockKafka).Assembly, null) != nint.Zero ? null : "librdkafka cannot be loaded here";
        }
        catch (BadImageFormatException)
        {
            return "librdkafka has no build for this machine";
        }
    }

    private static nint Load(Assembly assembly, DllImportSearchPath? path)
    {
        foreach (var build in Builds)
            if (NativeLibrary.TryLoad(build, assembly, path, out var handle)) return handle;
        return nint.Zero;
    }

    private static void Check(int error)
    {
        if (error != 0) throw new KafkaException((ErrorCode)error);
    }

    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    private static partial nint New(int type, nint configuration, [Out] byte[] error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    private static partial nint NewConfiguration();

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetConfiguration(nint configuration, string name, string value, [Out] byte[] error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    private static partial void Destroy(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_new")]
    private static partial nint NewCluster(nint client, int brokers);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    private static partial void DestroyCluster(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    private static partial nint Bootstraps(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateTopic(nint cluster, string topic, int partitions, int replication);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_set_error", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void SetTopicError(nint cluster, string topic, int error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_down")]
    private static partial int SetBrokerDown(nint cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_up")]
    private static partial int SetBrokerUp(nint cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_group_initial_rebalance_delay_ms")]
    private static partial void SetRebalanceDelay(nint cluster, int milliseconds);
}
