using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using HealthGrains.Hosting;

namespace HealthGrains.Kafka;

/// <summary>
/// Where messages go that could not be taken: as they came, with headers that say why and where from. Sending completes when the
/// brokers have them.
/// </summary>
internal sealed class RejectedTopic(string topic, IProducer<byte[]?, byte[]?> producer)
{
    public const string ReasonHeader = "healthgrains-reason";
    public const string FieldHeader = "healthgrains-field";
    public const string ErrorsHeader = "healthgrains-errors";
    public const string CountHeader = "healthgrains-rejected";
    public const string TopicHeader = "healthgrains-topic";
    public const string PartitionHeader = "healthgrains-partition";
    public const string OffsetHeader = "healthgrains-offset";
    public const string OmittedHeader = "healthgrains-omitted";

    private const int ErrorsSpelledOut = 20;

    /// <summary>Writes a message; a <see cref="ProduceException{TKey,TValue}"/> when the brokers did not take it.</summary>
    public async ValueTask SendAsync(LogPartition partition, Rejection rejection, CancellationToken cancellationToken)
    {
        try
        {
            await producer.ProduceAsync(topic, Make(partition, rejection, whole: true), cancellationToken);
        }
        catch (ProduceException<byte[]?, byte[]?> failure) when (failure.Error.Code == ErrorCode.MsgSizeTooLarge)
        {
            // It came in with less room for headers. It still lies where the headers say.
            await producer.ProduceAsync(topic, Make(partition, rejection, whole: false), cancellationToken);
        }
    }

    private static Message<byte[]?, byte[]?> Make(LogPartition partition, Rejection rejection, bool whole)
    {
        var message = rejection.Message;
        var headers = new Headers();
        if (whole && message.Headers is not null)
            foreach (var header in message.Headers) headers.Add(header.Key, header.GetValueBytes());
        var first = rejection.Errors.Count > 0 ? rejection.Errors[0] : default;
        Add(headers, ReasonHeader, first.Reason ?? "");
        Add(headers, FieldHeader, first.Field ?? "");
        Add(headers, CountHeader, rejection.Count.ToString(CultureInfo.InvariantCulture));
        if (rejection.Errors.Count > 1 && whole) headers.Add(ErrorsHeader, Spell(rejection.Errors));
        Add(headers, TopicHeader, partition.Topic);
        Add(headers, PartitionHeader, partition.Partition.ToString(CultureInfo.InvariantCulture));
        Add(headers, OffsetHeader, message.Offset.ToString(CultureInfo.InvariantCulture));
        if (!whole) Add(headers, OmittedHeader, $"value and headers: too large to be copied ({message.Value.Length} bytes)");
        return new Message<byte[]?, byte[]?>
        {
            Key = message.Key.ToBytes(),
            Value = whole ? message.Value.ToArray() : null,
            Headers = headers,
            Timestamp = message.Timestamp > 0 ? new Timestamp(message.Timestamp, TimestampType.CreateTime) : Timestamp.Default,
        };
    }

    private static void Add(Headers headers, string name, string value) => headers.Add(name, Encoding.UTF8.GetBytes(value));

    private static byte[] Spell(IReadOnlyList<IntakeError> errors) => JsonSerializer.SerializeToUtf8Bytes(
        errors.Take(ErrorsSpelledOut).Select(error => new { position = error.Position, field = error.Field, reason = error.Reason }));
}
