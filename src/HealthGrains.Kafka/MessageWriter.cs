using System.Text;
using Confluent.Kafka;
using HealthGrains.Hosting;

namespace HealthGrains.Kafka;

/// <summary>
/// Writes messages as a sender of events does: a key, a body in a wire format, headers. Idempotent, acknowledged by all in-sync
/// replicas, in the order of the calls for each partition. For one thread.
/// </summary>
public sealed class MessageWriter : IDisposable
{
    private const int UnderWay = 10_000;

    private readonly IProducer<string, byte[]> _producer;
    private readonly List<Task> _open = [];

    /// <summary>A writer. Throws <see cref="KafkaSetupException"/> for settings that cannot be.</summary>
    public MessageWriter(KafkaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _producer = new ProducerBuilder<string, byte[]>(ClientSettings.Producer(options))
            .SetErrorHandler((_, _) => { })
            .SetLogHandler((_, _) => { })
            .Build();
    }

    /// <summary>Messages that the brokers have.</summary>
    public long Written { get; private set; }

    /// <summary>Sends a message; waits only when many are under way. Throws as <see cref="FlushAsync"/> does.</summary>
    public async Task WriteAsync(string topic, string key, byte[] body, params (string Name, string Value)[] headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var message = new Message<string, byte[]> { Key = key, Value = body, Headers = [] };
        foreach (var (name, value) in headers) message.Headers.Add(name, Encoding.UTF8.GetBytes(value));
        _open.Add(_producer.ProduceAsync(topic, message));
        if (_open.Count >= UnderWay) await FlushAsync();
    }

    /// <summary>
    /// Completes when the brokers have all that was sent. Throws <see cref="HostUnavailableException"/> when they did not take all of
    /// it: what came before is there, what comes after is not sure.
    /// </summary>
    public async Task FlushAsync()
    {
        try
        {
            await Task.WhenAll(_open);
            Written += _open.Count;
        }
        catch (KafkaException failure)
        {
            throw new HostUnavailableException($"Kafka did not take a message: {failure.Error.Reason}");
        }
        finally
        {
            _open.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _producer.Dispose();
}
