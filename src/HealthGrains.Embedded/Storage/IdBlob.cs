using System.Buffers.Binary;

namespace HealthGrains.Embedded.Storage;

/// <summary>
/// What is left of a commit's signals after the journal's days are over: their ids alone, which are keyed hashes, so that a late
/// repeat is still known as one after a restart.
/// </summary>
internal static class IdBlob
{
    private const byte Version = 1;

    /// <summary>Keeps the ids of a blob of signals.</summary>
    public static byte[] From(ReadOnlySpan<byte> records, int count)
    {
        var blob = new byte[1 + count * 8 + Checksum.Length];
        blob[0] = Version;
        for (var i = 0; i < count; i++) BinaryPrimitives.WriteUInt64LittleEndian(blob.AsSpan(1 + i * 8), SignalBlob.Id(records, i));
        Checksum.Seal(blob);
        return blob;
    }

    /// <summary>Opens a blob; -1 when it is damaged.</summary>
    public static int Open(ReadOnlySpan<byte> blob, out ReadOnlySpan<byte> ids)
    {
        ids = default;
        if (!Checksum.TryOpen(blob, out var bytes) || bytes.Length < 1 || bytes[0] != Version || bytes.Length % 8 != 1) return -1;
        ids = bytes[1..];
        return ids.Length / 8;
    }

    /// <summary>The id at an index.</summary>
    public static ulong Read(ReadOnlySpan<byte> ids, int index) => BinaryPrimitives.ReadUInt64LittleEndian(ids[(index * 8)..]);
}
