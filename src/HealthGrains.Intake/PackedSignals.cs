using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Intake;

/// <summary>
/// Signals that have been read already, of one account, on their way through a log or between processes. Version 1, all numbers
/// little-endian: a header of the version (1 byte), the count (4) and a CRC-32C over both and the records (4); then a record of
/// 34 bytes a signal: id (8), at (8), subject (8), name (4), value (4), kind (1), sentiment (1). Nothing follows. Writing and
/// reading allocate nothing but what they return.
/// </summary>
public static class PackedSignals
{
    /// <summary>The version that this build writes and reads.</summary>
    public const byte Version = 1;

    /// <summary>Bytes before the first record.</summary>
    public const int HeaderBytes = 9;

    /// <summary>Bytes a signal.</summary>
    public const int RecordBytes = 34;

    /// <summary>The name of this form where formats are named; it has no <see cref="WireFormat"/>, for it is not JSON.</summary>
    public const string FormatName = "packed";

    private const int ChecksumAt = 5;

    // What a DateTimeOffset can hold: beyond, no date can be made of it.
    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>How many bytes so many signals take. Throws <see cref="ArgumentOutOfRangeException"/> beyond 2 GB.</summary>
    public static int SizeOf(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (Array.MaxLength - HeaderBytes) / RecordBytes);
        return HeaderBytes + count * RecordBytes;
    }

    /// <summary>Writes signals to the beginning of a destination and returns how many bytes they took.</summary>
    /// <param name="signals">The signals, in order.</param>
    /// <param name="destination">At least <see cref="SizeOf"/> bytes; a shorter one throws <see cref="ArgumentException"/>.</param>
    public static int Write(ReadOnlySpan<Signal> signals, Span<byte> destination)
    {
        for (var i = 0; i < signals.Length; i++) Put(destination, i, signals[i]);
        return Seal(destination, signals.Length);
    }

    /// <summary>Appends signals to a buffer.</summary>
    public static void Write(ReadOnlySpan<Signal> signals, IBufferWriter<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.Advance(Write(signals, buffer.GetSpan(SizeOf(signals.Length))));
    }

    /// <summary>Writes one record, for writers whose signals do not lie side by side; <see cref="Seal"/> ends it.</summary>
    public static void Put(Span<byte> destination, int index, in Signal signal)
    {
        var record = RecordOf(destination, index);
        BinaryPrimitives.WriteUInt64LittleEndian(record, signal.Id);
        BinaryPrimitives.WriteInt64LittleEndian(record[8..], signal.At);
        BinaryPrimitives.WriteUInt64LittleEndian(record[16..], signal.Subject);
        BinaryPrimitives.WriteUInt32LittleEndian(record[24..], signal.Name);
        BinaryPrimitives.WriteSingleLittleEndian(record[28..], signal.Value);
        record[32] = (byte)signal.Kind;
        record[33] = (byte)signal.Sentiment;
    }

    /// <summary>Writes the header before so many records and returns how many bytes there are.</summary>
    public static int Seal(Span<byte> destination, int count)
    {
        var size = SizeOf(count);
        if (destination.Length < size)
            throw new ArgumentException($"{count} signals take {size} bytes; there are {destination.Length}", nameof(destination));
        destination[0] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(destination[1..], count);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[ChecksumAt..], Checksum(destination[..size]));
        return size;
    }

    /// <summary>Why the bytes are no packed signals, in words; null when they are and every record is a signal.</summary>
    public static string? WhyNot(ReadOnlySpan<byte> packed)
    {
        if (packed.IsEmpty) return "empty: packed signals begin with a version";
        if (packed[0] != Version) return $"version {packed[0]}: this build reads version {Version}";
        if (packed.Length < HeaderBytes) return $"{packed.Length} bytes: the header alone takes {HeaderBytes}";
        var count = BinaryPrimitives.ReadUInt32LittleEndian(packed[1..]);
        var size = HeaderBytes + (long)count * RecordBytes;
        if (packed.Length != size) return $"{packed.Length} bytes: a header and {count} records take {size}";
        if (BinaryPrimitives.ReadUInt32LittleEndian(packed[ChecksumAt..]) != Checksum(packed))
            return "the checksum differs: the bytes were changed or cut on the way";
        for (var i = 0; i < count; i++)
            if (WhyNot(Get(packed, i)) is { } reason) return $"record {i}: {reason}";
        return null;
    }

    /// <summary>How many signals there are, by the header.</summary>
    /// <param name="packed">Bytes that <see cref="WhyNot(ReadOnlySpan{byte})"/> finds nothing wrong with.</param>
    public static int Count(ReadOnlySpan<byte> packed) => BinaryPrimitives.ReadInt32LittleEndian(packed[1..]);

    /// <summary>The signal at an index.</summary>
    /// <param name="packed">Bytes that <see cref="WhyNot(ReadOnlySpan{byte})"/> finds nothing wrong with.</param>
    /// <param name="index">From 0.</param>
    public static Signal Get(ReadOnlySpan<byte> packed, int index)
    {
        var record = packed.Slice(HeaderBytes + index * RecordBytes, RecordBytes);
        return new Signal(
            BinaryPrimitives.ReadUInt64LittleEndian(record),
            BinaryPrimitives.ReadInt64LittleEndian(record[8..]),
            (SignalKind)record[32],
            BinaryPrimitives.ReadUInt64LittleEndian(record[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(record[24..]),
            BinaryPrimitives.ReadSingleLittleEndian(record[28..]),
            (sbyte)record[33]);
    }

    /// <summary>
    /// Reads all signals and returns how many. Throws <see cref="IntakeFormatException"/> when the bytes are anything else, and
    /// <see cref="ArgumentException"/> when the destination is too short.
    /// </summary>
    public static int Read(ReadOnlySpan<byte> packed, Span<Signal> destination)
    {
        Check(packed);
        var count = Count(packed);
        if (destination.Length < count)
            throw new ArgumentException($"{count} signals; there is room for {destination.Length}", nameof(destination));
        for (var i = 0; i < count; i++) destination[i] = Get(packed, i);
        return count;
    }

    /// <summary>
    /// Appends all signals to a batch as this account's. Throws <see cref="IntakeFormatException"/> when the bytes are anything
    /// else; the batch is then as it was.
    /// </summary>
    public static void Read(ReadOnlySpan<byte> packed, string account, IntakeBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Check(packed);
        var count = Count(packed);
        for (var i = 0; i < count; i++) batch.Add(account, Get(packed, i));
    }

    private static void Check(ReadOnlySpan<byte> packed)
    {
        if (WhyNot(packed) is { } reason) throw new IntakeFormatException($"no packed signals: {reason}");
    }

    private static string? WhyNot(in Signal signal)
    {
        if (!SignalKinds.IsDefined(signal.Kind)) return $"kind 0x{(byte)signal.Kind:x2} is none that this build knows";
        if (signal.At < Earliest || signal.At > Latest) return $"time {signal.At} is no date";
        if (float.IsInfinity(signal.Value)) return "the value is infinite";
        if (signal.Sentiment is not (Signal.NoSentiment or (>= -100 and <= 100))) return $"sentiment {signal.Sentiment} is outside -100..100";
        return null;
    }

    private static Span<byte> RecordOf(Span<byte> packed, int index) => packed.Slice(HeaderBytes + index * RecordBytes, RecordBytes);

    private static uint Checksum(ReadOnlySpan<byte> packed)
    {
        var crc = Crc32C(uint.MaxValue, packed[..ChecksumAt]);
        return ~Crc32C(crc, packed[HeaderBytes..]);
    }

    private static uint Crc32C(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= 8; bytes = bytes[8..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes) crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}
