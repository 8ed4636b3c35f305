using HealthGrains.Intake;
using HealthGrains.Signals;

namespace HealthGrains.Kafka;

/// <summary>Settings of the log, bound from <see cref="Section"/>. docs/kafka.md describes each.</summary>
public sealed class KafkaOptions
{
    /// <summary>Where the settings are in the configuration.</summary>
    public const string Section = "HealthGrains:Kafka";

    /// <summary>Brokers to begin with: host:port, several with commas.</summary>
    public string BootstrapServers { get; set; } = "";

    /// <summary>What the consumer groups that all silos share are called; each topic has one of its own: <see cref="GroupOf"/>.</summary>
    public string GroupId { get; set; } = "healthgrains";

    /// <summary>This member's fixed name in each group, so that a restart moves no partitions; null for none.</summary>
    public string? MemberId { get; set; }

    /// <summary>The topic of each source. Sources may share one.</summary>
    public Dictionary<SignalSource, string> Topics { get; set; } = new()
    {
        [SignalSource.Usage] = "healthgrains.usage",
        [SignalSource.Ticket] = "healthgrains.tickets",
        [SignalSource.Billing] = "healthgrains.billing",
        [SignalSource.Engagement] = "healthgrains.engagement",
        [SignalSource.Crm] = "healthgrains.crm",
    };

    /// <summary>
    /// The format of a source's topic where a message does not name one: native (the default), segment, stripe, any or packed.
    /// </summary>
    public Dictionary<SignalSource, string> Formats { get; set; } = [];

    /// <summary>Where messages go that cannot be taken, whole or in part.</summary>
    public string Rejected { get; set; } = "healthgrains.rejected";

    /// <summary>How many messages one call of the sink gathers at most.</summary>
    public int BatchMessages { get; set; } = 2_000;

    /// <summary>After this many signals a batch takes no further message.</summary>
    public int BatchSignals { get; set; } = 10_000;

    /// <summary>With this many messages waiting, a partition is paused.</summary>
    public int HighWater { get; set; } = 20_000;

    /// <summary>With no more than this many waiting, it is resumed.</summary>
    public int LowWater { get; set; } = 5_000;

    /// <summary>With this many bytes of messages waiting, a partition is paused as well; resumed at a quarter of it.</summary>
    public long HighWaterBytes { get; set; } = 32 << 20;

    /// <summary>How often offsets are committed, and the sink is asked what it has not saved.</summary>
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the first retry of a failed call waits; each further one twice as long.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait between retries.</summary>
    public TimeSpan RetryDelayLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a partition that is taken away may take to finish and save.</summary>
    public TimeSpan RevokeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long stopping may take to finish, save and commit.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the check at start waits for brokers.</summary>
    public TimeSpan CheckTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often librdkafka reports its figures, from which the lag comes.</summary>
    public TimeSpan StatisticsInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many messages may be under way to the brokers; beyond, appending is refused.</summary>
    public int InFlightMessages { get; set; } = 50_000;

    /// <summary>How many bytes may be under way to the brokers; beyond, appending is refused.</summary>
    public long InFlightBytes { get; set; } = 64 << 20;

    /// <summary>How many signals one packed message holds at most.</summary>
    public int PackedMessageSignals { get; set; } = 8_192;

    /// <summary>How long a message may be under way before appending it has failed.</summary>
    public TimeSpan AppendTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Further settings for librdkafka, by its names (<c>security.protocol</c>, <c>sasl.username</c> ...). In environment variables,
    /// where a dot is hard to write, an underscore stands for it.
    /// </summary>
    public Dictionary<string, string> Settings { get; set; } = [];

    /// <summary>The topic of a source.</summary>
    public string TopicOf(SignalSource source) => Topics[source];

    /// <summary>All topics that are read, each once.</summary>
    public IReadOnlyList<string> SourceTopics => [.. Topics.Values.Distinct(StringComparer.Ordinal)];

    /// <summary>
    /// The consumer group that shares out a topic: <see cref="GroupId"/> and its source, such as <c>healthgrains.usage</c>. Of sources
    /// that share the topic the first.
    /// </summary>
    public string GroupOf(string topic) => $"{GroupId}.{Word(Enum.GetValues<SignalSource>().First(source => Topics[source] == topic))}";

    /// <summary>Throws <see cref="KafkaSetupException"/> that says which setting is wrong, and what would be right.</summary>
    public void Validate()
    {
        Given(nameof(BootstrapServers), BootstrapServers, "name the brokers, such as kafka-1:9092,kafka-2:9092");
        Given(nameof(GroupId), GroupId, "name the consumer group, the same on every silo");
        if (MemberId is not null) Given(nameof(MemberId), MemberId, "name this member, differently on every silo, or leave it out");
        foreach (var source in Enum.GetValues<SignalSource>())
        {
            Topic($"{nameof(Topics)}:{source}", Topics.GetValueOrDefault(source));
            var format = FormatOf(source);
            if (MessageFormat.Find(format) is null or { IsProfile: true })
                throw Wrong($"{nameof(Formats)}:{source}", $"is '{format}', which is no format; known: {MessageFormat.ForTopics}");
            var topic = Topics[source];
            if (Topics.FirstOrDefault(other => other.Value == topic && FormatOf(other.Key) != format) is { Value: not null } shared)
                throw Wrong(nameof(Formats), $"give {source} and {shared.Key}, which share the topic {topic}, two formats; give them one");
        }

        Topic(nameof(Rejected), Rejected);
        if (SourceTopics.Contains(Rejected))
            throw Wrong(nameof(Rejected), $"is {Rejected}, which is read as well; what is rejected would come in again: name another topic");
        Within(nameof(BatchMessages), BatchMessages, 1, 1_000_000);
        Within(nameof(BatchSignals), BatchSignals, 1, 1_000_000);
        Within(nameof(HighWater), HighWater, 1, 10_000_000);
        Within(nameof(LowWater), LowWater, 0, HighWater - 1);
        Within(nameof(HighWaterBytes), HighWaterBytes, 1 << 16, 1L << 34);
        Within(nameof(InFlightMessages), InFlightMessages, 1, 1_000_000);
        Within(nameof(InFlightBytes), InFlightBytes, 1 << 16, 1L << 31);
        Within(nameof(PackedMessageSignals), PackedMessageSignals, 1, 25_000);
        Within(nameof(CommitInterval), CommitInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(5));
        Within(nameof(RetryDelay), RetryDelay, TimeSpan.FromMilliseconds(1), RetryDelayLimit);
        Within(nameof(RetryDelayLimit), RetryDelayLimit, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5));
        Within(nameof(RevokeTimeout), RevokeTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        Within(nameof(StopTimeout), StopTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(4));
        Within(nameof(CheckTimeout), CheckTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        Within(nameof(StatisticsInterval), StatisticsInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        Within(nameof(AppendTimeout), AppendTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(15));
        foreach (var name in Settings.Keys.Where(name => ClientSettings.IsOurs(name)))
            throw Wrong($"{nameof(Settings)}:{name}", "is not to be set: what is acknowledged and committed hangs on it; take it out");
    }

    internal string FormatOf(SignalSource source) => Formats.GetValueOrDefault(source) ?? WireFormat.Native.WireName();

    /// <summary>The format of each topic where a message does not name one.</summary>
    internal Dictionary<string, MessageFormat> TopicFormats()
    {
        var formats = new Dictionary<string, MessageFormat>(StringComparer.Ordinal);
        foreach (var (source, topic) in Topics) formats[topic] = MessageFormat.Find(FormatOf(source))!.Value;
        return formats;
    }

    // As the default topics are called.
    private static string Word(SignalSource source) =>
        source == SignalSource.Ticket ? "tickets" : source.ToString().ToLowerInvariant();

    private static void Topic(string name, string? topic)
    {
        Given(name, topic, "name the topic");
        if (topic!.Length > 249 || topic is "." or ".." || !topic.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
            throw Wrong(name, $"is '{topic}'; a topic's name is 1 to 249 characters of A-Z a-z 0-9 . _ -");
    }

    private static void Given(string name, string? value, string whatToDo)
    {
        if (string.IsNullOrWhiteSpace(value)) throw Wrong(name, $"is empty: {whatToDo}");
    }

    private static void Within<T>(string name, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0) throw Wrong(name, $"is {value}; it must be between {least} and {most}");
    }

    private static KafkaSetupException Wrong(string name, string reason) => new($"{Section}:{name} {reason}");
}
