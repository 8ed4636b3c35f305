using System.Buffers;
using System.Buffers.Binary;
using HealthGrains.Accounts;
using HealthGrains.Hosting;

namespace HealthGrains.Embedded.Storage;

/// <summary>What all closes of one model have in common, stored once: the model's version and the keys of its categories.</summary>
/// <param name="Model">The model's version.</param>
/// <param name="Categories">Keys of the categories, in the order of the stored scores.</param>
internal sealed record CloseShape(string Model, IReadOnlyList<string> Categories);

/// <summary>A daily close: score, interval, coverage, categories, the day's counters, a checksum. About 130 bytes.</summary>
internal static class CloseBlob
{
    private const byte Version = 1;
    private const int Header = 1 + 4 * 8;

    /// <summary>The shape that a point needs.</summary>
    public static CloseShape ShapeOf(HistoryPoint point) => new(point.Model, [.. point.Categories.Keys.Order(StringComparer.Ordinal)]);

    /// <summary>Writes a close.</summary>
    public static byte[] Write(DailyClose close, CloseShape shape)
    {
        var most = Header + shape.Categories.Count * 8 + 5 + close.Counts.Count * 5 + Checksum.Length;
        var scratch = ArrayPool<byte>.Shared.Rent(most);
        var point = close.Point;
        scratch[0] = Version;
        BinaryPrimitives.WriteDoubleLittleEndian(scratch.AsSpan(1), point.Score);
        BinaryPrimitives.WriteDoubleLittleEndian(scratch.AsSpan(9), point.Low);
        BinaryPrimitives.WriteDoubleLittleEndian(scratch.AsSpan(17), point.High);
        BinaryPrimitives.WriteDoubleLittleEndian(scratch.AsSpan(25), point.Coverage);
        var at = Header;
        foreach (var key in shape.Categories)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(scratch.AsSpan(at), point.Categories[key]);
            at += 8;
        }

        WriteVarint((uint)close.Counts.Count, scratch, ref at);
        for (var i = 0; i < close.Counts.Count; i++) WriteVarint(close.Counts[i], scratch, ref at);
        var blob = scratch.AsSpan(0, at + Checksum.Length).ToArray();
        ArrayPool<byte>.Shared.Return(scratch);
        Checksum.Seal(blob);
        return blob;
    }

    /// <summary>Reads the point of a close; null when the blob is damaged.</summary>
    public static HistoryPoint? ReadPoint(ReadOnlySpan<byte> blob, DateOnly day, CloseShape shape)
    {
        if (!Checksum.TryOpen(blob, out var bytes) || bytes.Length < Header + shape.Categories.Count * 8) return null;
        if (bytes[0] != Version) return null;
        var categories = new Dictionary<string, double>(shape.Categories.Count);
        for (var i = 0; i < shape.Categories.Count; i++)
            categories.Add(shape.Categories[i], BinaryPrimitives.ReadDoubleLittleEndian(bytes[(Header + i * 8)..]));
        return new HistoryPoint(
            day,
            BinaryPrimitives.ReadDoubleLittleEndian(bytes[1..]),
            BinaryPrimitives.ReadDoubleLittleEndian(bytes[9..]),
            BinaryPrimitives.ReadDoubleLittleEndian(bytes[17..]),
            BinaryPrimitives.ReadDoubleLittleEndian(bytes[25..]),
            Provisional: false, categories, shape.Model);
    }

    /// <summary>Reads the day's counters of a close; null when the blob is damaged.</summary>
    public static uint[]? ReadCounts(ReadOnlySpan<byte> blob, CloseShape shape)
    {
        if (!Checksum.TryOpen(blob, out var bytes) || bytes.Length <= Header + shape.Categories.Count * 8) return null;
        if (bytes[0] != Version) return null;
        var at = Header + shape.Categories.Count * 8;
        var counts = new uint[ReadVarint(bytes, ref at)];
        for (var i = 0; i < counts.Length; i++) counts[i] = ReadVarint(bytes, ref at);
        return counts;
    }

    private static void WriteVarint(uint value, Span<byte> to, ref int at)
    {
        for (; value >= 0x80; value >>= 7) to[at++] = (byte)(value | 0x80);
        to[at++] = (byte)value;
    }

    private static uint ReadVarint(ReadOnlySpan<byte> from, ref int at)
    {
        var value = 0u;
        for (var shift = 0; ; shift += 7)
        {
            var b = from[at++];
            value |= (uint)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }
    }
}
