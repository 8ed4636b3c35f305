using HealthGrains.Grains.Accounts;
using HealthGrains.Grains.Hosting;
using HealthGrains.Hosting;
using HealthGrains.Kafka;

namespace HealthGrains.Silo;

/// <summary>From the API to the log.</summary>
internal sealed class SignalLog(KafkaLog log) : ISignalLog
{
    public ValueTask<IReadOnlyList<LogEntry>> AppendAsync(
        ReadOnlySpan<IncomingSignal> signals, bool awaited, CancellationToken cancellationToken) =>
        EntriesAsync(log.AppendAsync(signals, awaited, cancellationToken));

    public async ValueTask<LogPlace> AppendProfileAsync(
        string account, byte[] profile, string actor, CancellationToken cancellationToken)
    {
        var ((topic, partition), offset) = await log.AppendProfileAsync(account, profile, actor, cancellationToken);
        return LogPlace.OfProfile(topic, partition, offset);
    }

    private static async ValueTask<IReadOnlyList<LogEntry>> EntriesAsync(ValueTask<IReadOnlyList<AppendedMessage>> appending) =>
        [.. (await appending).Select(message => new LogEntry(message.Account, message.Signals, PlaceOf(message.Position)))];

    private static LogPlace PlaceOf(LogPosition position) =>
        LogPlace.Of(position.Partition.Topic, position.Partition.Partition, position.Offset);
}
