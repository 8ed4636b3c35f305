using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace HealthGrains.Kafka;

/// <summary>Whether Kafka is as the settings say: asked at start, so that what is wrong is told then, in a sentence.</summary>
public static class KafkaCheck
{
    /// <summary>
    /// Validates the settings and asks the brokers for every topic. Throws <see cref="KafkaSetupException"/> with all that is wrong.
    /// Changes nothing: a topic that does not exist is not made.
    /// </summary>
    public static Task RunAsync(KafkaOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        // librdkafka's metadata calls block; they are made on a thread that may.
        return Task.Factory.StartNew(
            () => Run(options, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static void Run(KafkaOptions options, CancellationToken cancellationToken)
    {
        using var client = Build(options, out var trouble);
        using var admin = new DependentAdminClientBuilder(client.Handle).Build();
        var wrong = new List<string>();
        foreach (var topic in options.SourceTopics.Append(options.Rejected))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (WhyNot(admin, topic, options, trouble) is { } reason) wrong.Add(reason);
        }

        if (wrong.Count > 0) throw new KafkaSetupException(string.Join(". ", wrong));
    }

    private static IConsumer<Ignore, Ignore> Build(KafkaOptions options, out List<Error> trouble)
    {
        var errors = trouble = [];
        var config = ClientSettings.Consumer(options);
        config.StatisticsIntervalMs = 0;
        config.AllowAutoCreateTopics = false;
        try
        {
            return new ConsumerBuilder<Ignore, Ignore>(config)
                .SetErrorHandler((_, error) => Note(errors, error))
                .SetLogHandler((_, _) => { })
                .Build();
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException or KafkaException)
        {
            throw new KafkaSetupException(
                $"librdkafka refuses the settings: {failure.Message}. Look at {KafkaOptions.Section}:Settings", failure);
        }
        catch (DllNotFoundException failure)
        {
            throw new KafkaSetupException(
                $"librdkafka cannot be loaded: {failure.Message}. It is built for Linux with glibc or musl, Windows and macOS on 64-bit machines", failure);
        }
    }

    private static string? WhyNot(IAdminClient admin, string topic, KafkaOptions options, List<Error> trouble)
    {
        Metadata metadata;
        try
        {
            metadata = admin.GetMetadata(topic, options.CheckTimeout);
        }
        catch (KafkaException failure)
        {
            throw new KafkaSetupException(
                $"No broker of {options.BootstrapServers} answers within {options.CheckTimeout.TotalSeconds:0.#} s ({Cause(failure, trouble)}). "
                + $"Start Kafka, or correct {KafkaOptions.Section}:BootstrapServers (and security.protocol under Settings)", failure);
        }

        var error = metadata.Topics.Find(found => found.Topic == topic)?.Error ?? new Error(ErrorCode.UnknownTopicOrPart);
        return error.Code switch
        {
            ErrorCode.NoError or ErrorCode.LeaderNotAvailable => null,
            ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic =>
                $"The topic {topic} does not exist: make it, or name another one in {Setting(options, topic)}",
            ErrorCode.TopicAuthorizationFailed => $"No permission to see the topic {topic}: allow this user to "
                + (topic == options.Rejected ? "write it" : "read it (and to write it, where the API takes signals)"),
            _ => $"The topic {topic} cannot be used: {error.Reason}",
        };
    }

    private static string Setting(KafkaOptions options, string topic)
    {
        var source = options.Topics.FirstOrDefault(one => one.Value == topic);
        return source.Value is null ? $"{KafkaOptions.Section}:Rejected" : $"{KafkaOptions.Section}:Topics:{source.Key}";
    }

    private static string Cause(KafkaException failure, List<Error> trouble)
    {
        lock (trouble)
            return trouble.Find(error => error.Code is ErrorCode.Local_Authentication or ErrorCode.Local_Ssl or ErrorCode.Local_Resolve)
                is { } cause ? cause.Reason : failure.Error.Reason;
    }

    private static void Note(List<Error> trouble, Error error)
    {
        lock (trouble) trouble.Add(error);
    }
}
