using System.Buffers.Binary;
using System.IO.Compression;

namespace HealthGrains.Api.Http;

/// <summary>
/// Unpacks gzip into a rented buffer, and notices a body that was cut off: the framework's stream takes the end of its input
/// for the end of the data, and half a request would be acknowledged as a whole one.
/// </summary>
internal static class Gzip
{
    private const int Shortest = 20; // header 10, empty block 2, checksum and length 8
    private static readonly uint[] Table = MakeTable();

    /// <summary>Unpacks. Throws <see cref="InvalidDataException"/> for what is not whole, and a refusal over the limit.</summary>
    public static PooledBody Unpack(PooledBody packed, int limit)
    {
        if (packed.Length < Shortest) throw new InvalidDataException("shorter than any gzip member");
        var trailer = packed.Memory.Span[^8..];
        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);

        // The length is the sender's word, so it sizes the buffer only within reason.
        var unpacked = new PooledBody(Math.Min(length, (long)packed.Length * 64), limit);
        try
        {
            using var stream = new MemoryStream(packed.Array, 0, packed.Length, writable: false);
            using var unpacker = new GZipStream(stream, CompressionMode.Decompress);
            while (true)
            {
                var read = unpacker.Read(unpacked.Room().Span);
                if (read == 0) break;
                unpacked.Advance(read);
            }
            if (!IsWhole(unpacked.Memory.Span, checksum, length)) throw new InvalidDataException("cut off");
            return unpacked;
        }
        catch
        {
            unpacked.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether the last eight bytes of the input are the trailer of what came out. Of one member that is its length; of several
    /// joined ones the trailer is the last one's, which then is the tail with that checksum.
    /// </summary>
    private static bool IsWhole(ReadOnlySpan<byte> data, uint checksum, uint length) =>
        length == data.Length || (length < data.Length && Crc32(data[^(int)length..]) == checksum);

    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data) crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : 0xedb88320u ^ (crc >> 1);
            table[i] = crc;
        }
        return table;
    }
}
