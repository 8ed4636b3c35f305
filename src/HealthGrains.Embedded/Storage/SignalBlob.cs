using System.Buffers.Binary;
using HealthGrains.Signals;

namespace HealthGrains.Embedded.Storage;

/// <summary>A signal and the number of its account.</summary>
internal readonly record struct NumberedSignal(int Account, Signal Signal);

/// <summary>
/// The signals of one commit as one blob: a version byte, a count, records of fixed length, a checksum. Fixed records cost
/// some bytes more than packed ones and need no parsing: recovery and erasure step through them.
/// </summary>
internal static class SignalBlob
{
    private const byte Version = 1;
    private const int Header = 5;
    private const int Record = 38;

    /// <summary>How many bytes so many signals take.</summary>
    public static int Size(int count) => Header + count * Record + Checksum.Length;

    /// <summary>Writes signals. <paramref name="blob"/> has exactly the length that <see cref="Size"/> gives.</summary>
    public static void Write(ReadOnlySpan<NumberedSignal> signals, Span<byte> blob)
    {
        blob[0] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(blob[1..], signals.Length);
        var to = blob[Header..];
        foreach (ref readonly var entry in signals)
        {
            BinaryPrimitives.WriteInt32LittleEndian(to, entry.Account);
            BinaryPrimitives.WriteUInt64LittleEndian(to[4..], entry.Signal.Id);
            BinaryPrimitives.WriteInt64LittleEndian(to[12..], entry.Signal.At);
            to[20] = (byte)entry.Signal.Kind;
            BinaryPrimitives.WriteUInt64LittleEndian(to[21..], entry.Signal.Subject);
            BinaryPrimitives.WriteUInt32LittleEndian(to[29..], entry.Signal.Name);
            BinaryPrimitives.WriteSingleLittleEndian(to[33..], entry.Signal.Value);
            to[37] = (byte)entry.Signal.Sentiment;
            to = to[Record..];
        }

        Checksum.Seal(blob);
    }

    /// <summary>Opens a blob: the records, to be read with <see cref="Read"/>; -1 when it is damaged.</summary>
    public static int Open(ReadOnlySpan<byte> blob, out ReadOnlySpan<byte> records)
    {
        records = default;
        if (!Checksum.TryOpen(blob, out var bytes) || bytes.Length < Header || bytes[0] != Version) return -1;
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes[1..]);
        records = bytes[Header..];
        return count >= 0 && records.Length == (long)count * Record ? count : -1;
    }

    /// <summary>The signal at an index.</summary>
    public static NumberedSignal Read(ReadOnlySpan<byte> records, int index)
    {
        var from = records.Slice(index * Record, Record);
        return new NumberedSignal(
            BinaryPrimitives.ReadInt32LittleEndian(from),
            new Signal(
                BinaryPrimitives.ReadUInt64LittleEndian(from[4..]),
                BinaryPrimitives.ReadInt64LittleEndian(from[12..]),
                (SignalKind)from[20],
                BinaryPrimitives.ReadUInt64LittleEndian(from[21..]),
                BinaryPrimitives.ReadUInt32LittleEndian(from[29..]),
                BinaryPrimitives.ReadSingleLittleEndian(from[33..]),
                (sbyte)from[37]));
    }

    /// <summary>The account of the signal at an index.</summary>
    public static int Account(ReadOnlySpan<byte> records, int index) =>
        BinaryPrimitives.ReadInt32LittleEndian(records.Slice(index * Record, 4));

    /// <summary>The id of the signal at an index.</summary>
    public static ulong Id(ReadOnlySpan<byte> records, int index) =>
        BinaryPrimitives.ReadUInt64LittleEndian(records.Slice(index * Record + 4, 8));
}
