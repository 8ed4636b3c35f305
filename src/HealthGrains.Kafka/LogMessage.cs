using Confluent.Kafka;
using HealthGrains.Accounts;
using HealthGrains.Intake;

namespace HealthGrains.Kafka;

/// <summary>A message's key: an account's id, or bytes that are none.</summary>
/// <param name="Account">The account; null when the key is absent or no account id.</param>
/// <param name="Raw">The bytes of a key that is no account id; null when it is one, or absent.</param>
internal readonly record struct MessageKey(string? Account, byte[]? Raw)
{
    public byte[]? ToBytes() => Account is null ? Raw : System.Text.Encoding.ASCII.GetBytes(Account);
}

/// <summary>A message as it waits to be read.</summary>
internal readonly record struct LogMessage(long Offset, long Timestamp, MessageKey Key, ReadOnlyMemory<byte> Value, Headers? Headers)
{
    /// <summary>What the message weighs while it waits: its value, and about what its objects take.</summary>
    public int Weight => Value.Length + 128;

    /// <summary>The last header of that name, or empty.</summary>
    public ReadOnlySpan<byte> Header(string name)
    {
        if (Headers is not null)
            for (var i = Headers.Count - 1; i >= 0; i--)
                if (Headers[i].Key.Equals(name, StringComparison.OrdinalIgnoreCase)) return Headers[i].GetValueBytes();
        return default;
    }
}

/// <summary>Keys as account ids without a new string for each message.</summary>
internal sealed class KeyReader : IDeserializer<MessageKey>
{
    public MessageKey Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        if (data.IsEmpty) return default;
        return AccountId.IsValid(data)
            ? new MessageKey(Utf8StringPool.Shared.Get(data), null)
            : new MessageKey(null, data.ToArray());
    }
}

/// <summary>
/// Values, cut from larger pieces of memory: messages are small, many, and go together. For the one thread that consumes.
/// </summary>
internal sealed class ValueReader : IDeserializer<ReadOnlyMemory<byte>>
{
    private const int PieceBytes = 64 * 1024;
    private const int LargeBytes = PieceBytes / 4;

    private byte[] _piece = [];
    private int _used;

    public ReadOnlyMemory<byte> Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        if (data.IsEmpty) return default;
        if (data.Length > LargeBytes) return data.ToArray();
        if (_piece.Length - _used < data.Length)
        {
            _piece = GC.AllocateUninitializedArray<byte>(PieceBytes);
            _used = 0;
        }

        var value = _piece.AsMemory(_used, data.Length);
        data.CopyTo(value.Span);
        _used += data.Length;
        return value;
    }
}
