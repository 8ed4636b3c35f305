using System.Buffers.Binary;
using System.Numerics;

namespace HealthGrains.Embedded.Storage;

/// <summary>CRC-32C over bytes: every blob that is stored ends with it.</summary>
internal static class Checksum
{
    public const int Length = 4;

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }

    /// <summary>Writes the checksum of all but the last four bytes into the last four.</summary>
    public static void Seal(Span<byte> blob) =>
        BinaryPrimitives.WriteUInt32LittleEndian(blob[^Length..], Of(blob[..^Length]));

    /// <summary>The blob without its checksum; false when that does not fit.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> blob, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (blob.Length < Length) return false;
        bytes = blob[..^Length];
        return BinaryPrimitives.ReadUInt32LittleEndian(blob[^Length..]) == Of(bytes);
    }
}
