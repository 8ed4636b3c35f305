using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;
using HealthGrains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using HealthGrains.Signals;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Kafka;

/// <summary>
/// Writes to the log what the API takes: signals packed by account and source, keyed by the account, on the source's topic; and
/// profiles. Idempotent, acknowledged by all in-sync replicas. For many threads.
/// </summary>
public sealed class KafkaLog : IDisposable
{
    /// <summary>The header that says who wrote a profile.</summary>
    public const string ActorHeader = "actor";

    /// <summary>The header of packed signals whose sender waits until their account has taken them.</summary>
    public const string AwaitedHeader = "awaited";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly byte[] Yes = "1"u8.ToArray();
    private static readonly byte[] PackedFormat = Encoding.UTF8.GetBytes(PackedSignals.FormatName);
    private static readonly byte[] ProfileFormat = Encoding.UTF8.GetBytes(MessageFormat.ProfileName);

    private readonly KafkaOptions _options;
    private readonly KafkaFigures _figures;
    private readonly IProducer<string, byte[]> _producer;
    private readonly Lock _gate = new();
    private int _messages;
    private long _bytes;

    /// <summary>A log to append to. Throws <see cref="KafkaSetupException"/> for settings that cannot be.</summary>
    public KafkaLog(KafkaOptions options, ILogger<KafkaLog> logger, KafkaFigures figures)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _figures = figures;
        _producer = new ProducerBuilder<string, byte[]>(ClientSettings.Producer(options))
            .SetErrorHandler((_, error) => Log.Trouble(logger, error.Reason))
            .SetLogHandler((_, log) => Log.Library(logger, log.Facility, log.Message))
            .Build();
    }

    /// <summary>Messages under way to the brokers.</summary>
    public int InFlight
    {
        get
        {
            lock (_gate) return _messages;
        }
    }

    /// <summary>
    /// Appends signals and completes when the brokers have all of them; then returns where each message lies. The signals are the
    /// caller's again as soon as this returns its task. Names, links and held events are not in the log: keep them first.
    /// Throws <see cref="IntakeSaturatedException"/> at once when too much is under way: nothing was appended then. Throws
    /// <see cref="HostUnavailableException"/> when the brokers did not take all of it: some may be there, and appending the same
    /// signals again counts nothing twice, for they carry ids.
    /// </summary>
    /// <param name="signals">What intake read.</param>
    /// <param name="awaited">Whether their sender waits until their accounts have taken them: the messages say so.</param>
    /// <param name="cancellationToken">Ends the waiting, not the appending.</param>
    public ValueTask<IReadOnlyList<AppendedMessage>> AppendAsync(
        ReadOnlySpan<IncomingSignal> signals, bool awaited, CancellationToken cancellationToken) =>
        AppendAsync(Pack(signals, awaited), cancellationToken);

    /// <summary>
    /// Appends a profile to the CRM's topic and completes when the brokers have it. Throws as
    /// <see cref="AppendAsync(ReadOnlySpan{IncomingSignal}, bool, CancellationToken)"/> does, and <see cref="ArgumentException"/> for
    /// what is no account id.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="profile">The profile, as the sink will get it.</param>
    /// <param name="actor">Who writes it; null when not known.</param>
    /// <param name="cancellationToken">Ends the waiting, not the appending.</param>
    public async ValueTask<LogPosition> AppendProfileAsync(
        string account, ReadOnlyMemory<byte> profile, string? actor, CancellationToken cancellationToken)
    {
        if (!AccountId.IsValid(account)) throw new ArgumentException(AccountId.Rule, nameof(account));
        if (profile.IsEmpty) throw new ArgumentException("an empty profile", nameof(profile));
        var headers = new Headers { { MessageFormat.Header, ProfileFormat } };
        LogTraces.AddTo(headers);
        if (actor is not null) headers.Add(ActorHeader, Encoding.UTF8.GetBytes(actor));
        var topic = _options.TopicOf(SignalSource.Crm);
        var appended = await AppendAsync([new Append(topic, account, 0, profile.ToArray(), headers)], cancellationToken);
        return appended[0].Position;
    }

    /// <summary>Asks the brokers for anything; throws <see cref="KafkaException"/> when none answers in time. Blocks.</summary>
    internal void Ask(TimeSpan timeout)
    {
        using var admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        admin.GetMetadata(_options.TopicOf(SignalSource.Crm), timeout);
    }

    /// <summary>Sends what is under way, for at most <see cref="KafkaOptions.AppendTimeout"/>, and lets go of the brokers.</summary>
    public void Dispose()
    {
        _producer.Flush(_options.AppendTimeout);
        _producer.Dispose();
    }

    private ValueTask<IReadOnlyList<AppendedMessage>> AppendAsync(List<Append> appends, CancellationToken cancellationToken)
    {
        if (appends.Count == 0) return new([]);
        var bytes = appends.Sum(append => (long)append.Value.Length);
        Reserve(appends.Count, bytes);
        var delivery = new Delivery(appends.Count);
        for (var i = 0; i < appends.Count; i++)
        {
            var index = i;
            var append = appends[i];
            var message = new Message<string, byte[]> { Key = append.Account, Value = append.Value, Headers = append.Headers };
            try
            {
                _producer.Produce(
                    append.Topic, message, report => Delivered(delivery, index, append, report.TopicPartitionOffset, report.Error));
            }
            catch (KafkaException refused)
            {
                Delivered(delivery, index, append, new TopicPartitionOffset(append.Topic, Partition.Any, Offset.Unset), refused.Error);
            }
        }

        return new(delivery.Task.WaitAsync(cancellationToken));
    }

    private void Reserve(int messages, long bytes)
    {
        lock (_gate)
        {
            // What is larger than the whole bound goes when nothing else is under way.
            if (_messages > 0 && (_messages + messages > _options.InFlightMessages || _bytes + bytes > _options.InFlightBytes))
            {
                _figures.Saturated();
                throw new IntakeSaturatedException(RetryAfter);
            }

            _messages += messages;
            _bytes += bytes;
        }
    }

    private void Delivered(Delivery delivery, int index, Append append, TopicPartitionOffset at, Error error)
    {
        lock (_gate)
        {
            _messages--;
            _bytes -= append.Value.Length;
        }

        _figures.Appended(append.Topic, !error.IsError);
        if (error.IsError) delivery.Failed(append.Topic, error);
        else
        {
            var position = new LogPosition(new LogPartition(at.Topic, at.Partition.Value), at.Offset.Value);
            delivery.Done(index, new AppendedMessage(append.Account, append.Signals, position));
        }
    }

    private List<Append> Pack(ReadOnlySpan<IncomingSignal> signals, bool awaited)
    {
        var groups = new Dictionary<(string Account, SignalSource Source), int>();
        var counts = new List<(string Account, SignalSource Source, int Count)>();
        Span<int> groupOf = signals.Length <= 256 ? stackalloc int[256] : new int[signals.Length];
        for (var i = 0; i < signals.Length; i++)
        {
            ref readonly var incoming = ref signals[i];
            var source = incoming.Signal.Source;
            ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, (incoming.Account, source), out var known);
            if (!known || counts[group].Count == _options.PackedMessageSignals)
            {
                group = counts.Count;
                counts.Add((incoming.Account, source, 0));
            }

            groupOf[i] = group;
            CollectionsMarshal.AsSpan(counts)[group].Count++;
        }

        var appends = new List<Append>(counts.Count);
        foreach (var (account, source, count) in counts)
        {
            var headers = new Headers { { MessageFormat.Header, PackedFormat } };
            LogTraces.AddTo(headers);
            if (awaited) headers.Add(AwaitedHeader, Yes);
            appends.Add(new Append(_options.TopicOf(source), account, count, new byte[PackedSignals.SizeOf(count)], headers));
        }

        Span<int> next = counts.Count <= 256 ? stackalloc int[256] : new int[counts.Count];
        next.Clear();
        for (var i = 0; i < signals.Length; i++)
            PackedSignals.Put(appends[groupOf[i]].Value, next[groupOf[i]]++, signals[i].Signal);
        for (var group = 0; group < counts.Count; group++) PackedSignals.Seal(appends[group].Value, counts[group].Count);
        return appends;
    }

    private readonly record struct Append(string Topic, string Account, int Signals, byte[] Value, Headers Headers);

    /// <summary>The messages of one call, until the brokers have answered for each.</summary>
    private sealed class Delivery(int count)
    {
        private readonly TaskCompletionSource<IReadOnlyList<AppendedMessage>> _all =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly AppendedMessage[] _messages = new AppendedMessage[count];
        private int _open = count;
        private volatile string? _failure;

        public Task<IReadOnlyList<AppendedMessage>> Task => _all.Task;

        public void Done(int index, AppendedMessage message)
        {
            _messages[index] = message;
            Close();
        }

        public void Failed(string topic, Error error)
        {
            _failure ??= $"Kafka did not take a message for {topic}: {error.Reason}; send the request again, "
                + "what it took of it is not counted twice";
            Close();
        }

        private void Close()
        {
            if (Interlocked.Decrement(ref _open) > 0) return;
            if (_failure is { } failure) _all.TrySetException(new HostUnavailableException(failure));
            else _all.TrySetResult(_messages);
        }
    }
}

/// <summary>A message that was appended.</summary>
/// <param name="Account">The account whose it is.</param>
/// <param name="Signals">How many signals it holds.</param>
/// <param name="Position">Where it lies.</param>
public readonly record struct AppendedMessage(string Account, int Signals, LogPosition Position);
