using System.Collections.Concurrent;
using System.Text;
using Confluent.Kafka;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using HealthGrains.Signals;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Kafka.Tests;

/// <summary>A mock cluster and members of a group that read it.</summary>
public sealed class KafkaFixture(int partitions = 1, bool tellsShares = false) : IAsyncDisposable, IIdentities, INames
{
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly List<KafkaIntake> _members = [];
    private IProducer<string?, byte[]?>? _producer;

    public MockKafka Kafka { get; } = new(partitions, tellsShares);

    public KafkaFigures Figures { get; } = new();

    public RememberingLogger Logger { get; } = new();

    public string Usage => Kafka.Topic(SignalSource.Usage);

    public LogPartition First => new(Usage, 0);

    /// <summary>What reading cannot go on after.</summary>
    public Exception? Fault { get; set; }

    public IntakeContext Context() => Fault is { } fault
        ? throw fault
        : new() { Now = Now, Keys = TenantKeys.Repeatable, Identities = this, Names = this };

    public async Task<KafkaIntake> StartAsync(ISignalSink sink, Action<KafkaOptions>? configure = null)
    {
        var options = Kafka.Options();
        configure?.Invoke(options);
        var member = new KafkaIntake(options, sink, Context, Logger, Figures);
        _members.Add(member);
        await member.StartAsync(CancellationToken.None);
        return member;
    }

    /// <summary>Sends logins; the id says which.</summary>
    public async Task SendLoginsAsync(int from, int count, Func<int, string>? accountOf = null)
    {
        accountOf ??= _ => "acme";
        await SendAsync(Enumerable.Range(from, count).Select(i => Message(accountOf(i), Login(i, accountOf(i)))));
    }

    public async Task SendAsync(IEnumerable<Message<string?, byte[]?>> messages, SignalSource source = SignalSource.Usage)
    {
        _producer ??= Kafka.Produce();
        await Task.WhenAll(messages.Select(message => _producer.ProduceAsync(Kafka.Topic(source), message)).ToList());
    }

    public Task SendAsync(SignalSource source, params Message<string?, byte[]?>[] messages) => SendAsync(messages, source);

    public static string Login(int i, string account) =>
        $$"""{"id":"{{i}}","account":"{{account}}","source":"usage","kind":"login","at":"2026-11-21T10:15:30Z","subject":"u-1"}""";

    public static ulong IdOf(int i) => Pseudonyms.OfSignal(
        TenantKeys.Repeatable, SignalSource.Usage, Encoding.UTF8.GetBytes(i.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    public static Message<string?, byte[]?> Message(string? key, string? value, params (string Name, string Value)[] headers) =>
        Message(key, value is null ? null : Encoding.UTF8.GetBytes(value), headers);

    public static Message<string?, byte[]?> Message(string? key, byte[]? value, params (string Name, string Value)[] headers)
    {
        var message = new Message<string?, byte[]?> { Key = key, Value = value, Headers = [] };
        foreach (var (name, text) in headers) message.Headers.Add(name, Encoding.UTF8.GetBytes(text));
        return message;
    }

    public long Committed(LogPartition partition) => Kafka.Committed(partition.Topic, partition.Partition + 1)[partition];

    public async Task UntilCommittedAsync(LogPartition partition, long offset) =>
        await Wait.Until(() => Committed(partition) == offset, () => $"commit {offset} of {partition}, which is at {Committed(partition)}");

    public async Task UntilHandedAsync(RecordingSink sink, int count) =>
        await Wait.Until(() => sink.Count >= count, () => $"{count} signals, of which {sink.Count} came\n{Logger}");

    public string? Find(string source, ReadOnlySpan<char> externalId) => null;

    public bool AccountExists(ReadOnlySpan<char> id) => true;

    public bool Contains(uint id) => false;

    public string Text(uint id) => $"{id:x8}";

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members) await member.DisposeAsync();
        Figures.Dispose();
        Kafka.Dispose();
    }
}

/// <summary>What an operator would have read.</summary>
public sealed class RememberingLogger : ILogger<KafkaIntake>, ILogger<KafkaLog>
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = [];

    /// <summary>Called with each line, on the thread that says it.</summary>
    public Action<string> Heard { get; set; } = _ => { };

    public IEnumerable<string> At(LogLevel level) => _lines.Where(line => line.Level == level).Select(line => line.Text);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = formatter(state, exception);
        _lines.Enqueue((logLevel, line));
        Heard(line);
    }

    public override string ToString() => string.Join('\n', _lines.Where(line => line.Level > LogLevel.Debug).TakeLast(40).Select(line => $"{line.Level}: {line.Text}"));
}
