using System.Diagnostics;
using System.Text;
using HealthGrains.Hosting;
using HealthGrains.Intake;

namespace HealthGrains.Kafka;

/// <summary>Messages of one partition, read into one batch, with the offset of each signal and what had to be refused.</summary>
internal sealed class MessageBatch(LogPartition partition, MessageFormat usual, Func<IntakeContext> context, KafkaFigures figures)
{
    private long[] _offsets = new long[1024];
    private MessageReader? _reader;

    public IntakeBatch Signals { get; } = new();

    public ReadOnlyMemory<long> Offsets => _offsets.AsMemory(0, Signals.Count);

    /// <summary>The offsets, rising, of packed messages whose senders wait for them.</summary>
    public List<long> Awaited { get; } = [];

    /// <summary>Messages that could not be taken, whole or in part.</summary>
    public List<Rejection> Rejections { get; } = [];

    /// <summary>The recorded spans that appended messages of the batch.</summary>
    public List<ActivityContext> Spans { get; } = [];

    /// <summary>Messages read, of any kind.</summary>
    public int Messages { get; private set; }

    /// <summary>The last message's time, Unix milliseconds; 0 when it has none.</summary>
    public long LastTimestamp { get; private set; }

    /// <summary>The offset after the last message read.</summary>
    public long Next { get; private set; }

    /// <summary>Signals of native events that named another account than their message's key.</summary>
    public int Misrouted { get; private set; }

    /// <summary>Whether there is anything for a sink.</summary>
    public bool IsForSink => Signals.Count + Signals.Held.Count + Signals.Links.Count + Signals.Names.Count > 0;

    public void Clear()
    {
        Signals.Clear();
        Rejections.Clear();
        Awaited.Clear();
        Spans.Clear();
        Messages = 0;
        Misrouted = 0;
        _reader = null;
    }

    /// <summary>Whether the message is a profile, which is not read into the batch.</summary>
    public bool IsProfile(in LogMessage message) => FormatOf(message) is { IsProfile: true } && !message.Value.IsEmpty;

    /// <summary>Counts a message as read.</summary>
    public void Pass(in LogMessage message)
    {
        Messages++;
        LastTimestamp = message.Timestamp;
        if (Signals.ReceivedAt == 0) Signals.ReceivedAt = message.Timestamp;
        LogTraces.See(message, Spans);
        Next = message.Offset + 1;
    }

    /// <summary>Reads a message: what is good of it is in the batch then, what is not among the rejections.</summary>
    public void Read(in LogMessage message)
    {
        var before = Signals.Count;
        Pass(message);
        if (message.Value.IsEmpty)
        {
            // A deletion marker, or nothing at all: there is nothing to take, and nothing to tell.
            figures.Empty(partition.Topic);
            return;
        }

        if (FormatOf(message) is not { } format)
            Reject(message, MessageFormat.Header, $"no such format '{Shown(message.Header(MessageFormat.Header))}'; known: {MessageFormat.ForHeaders}");
        else if (format.IsPacked)
            ReadPacked(message);
        else
            ReadWire(message, format.Wire!.Value);
        Stamp(before, message.Offset);
    }

    /// <summary>Refuses a whole message.</summary>
    public void Reject(in LogMessage message, string field, string reason) =>
        Rejections.Add(new Rejection(message, 1, [new IntakeError(0, field, reason)]));

    private void ReadPacked(in LogMessage message)
    {
        if (message.Key.Account is not { } account)
        {
            Reject(message, "key", $"packed signals do not name their account, so the key must: {Accounts.AccountId.Rule}");
            return;
        }

        if (PackedSignals.WhyNot(message.Value.Span) is { } reason) Reject(message, "", $"no packed signals: {reason}");
        else
        {
            PackedSignals.Read(message.Value.Span, account, Signals);
            if (!message.Header(KafkaLog.AwaitedHeader).IsEmpty) Awaited.Add(message.Offset);
        }
    }

    private void ReadWire(in LogMessage message, WireFormat format)
    {
        _reader ??= new MessageReader(context(), Signals);
        var (before, rejected) = (Signals.Count, Signals.Rejected);
        DateTimeOffset? at = message.Timestamp > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(message.Timestamp) : null;
        try
        {
            _reader.Read(format, message.Value, ShapeOf(message), message.Key.Account, at);
        }
        catch (IntakeFormatException failure)
        {
            Reject(message, "", failure.Message);
            return;
        }

        if (Signals.Rejected > rejected)
        {
            Rejections.Add(new Rejection(message, Signals.Rejected - rejected, [.. Signals.Errors]));
            Signals.Errors.Clear();
        }

        if (format != WireFormat.Native || message.Key.Account is not { } key) return;
        foreach (ref readonly var signal in Signals.Signals[before..])
            if (!ReferenceEquals(signal.Account, key) && signal.Account != key) Misrouted++;
    }

    private void Stamp(int from, long offset)
    {
        var count = Signals.Count;
        if (_offsets.Length < count) Array.Resize(ref _offsets, Math.Max(count, _offsets.Length * 2));
        _offsets.AsSpan(from, count - from).Fill(offset);
    }

    private MessageFormat? FormatOf(in LogMessage message)
    {
        var named = message.Header(MessageFormat.Header);
        return named.IsEmpty ? usual : MessageFormat.Find(Encoding.UTF8.GetString(named));
    }

    private static BodyShape ShapeOf(in LogMessage message)
    {
        var type = message.Header("content-type");
        return type.IsEmpty ? BodyShape.Detect : WireFormats.ShapeOf(Encoding.UTF8.GetString(type));
    }

    private static string Shown(ReadOnlySpan<byte> header) => Encoding.UTF8.GetString(header[..Math.Min(header.Length, 40)]);
}

/// <summary>A message that could not be taken, whole or in part.</summary>
/// <param name="Message">The message.</param>
/// <param name="Count">How many of its events were refused.</param>
/// <param name="Errors">Why, for the first of them.</param>
internal sealed record Rejection(LogMessage Message, int Count, IReadOnlyList<IntakeError> Errors);
