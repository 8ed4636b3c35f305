using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using HealthGrains.Hosting;

namespace HealthGrains.Portfolio;

/// <summary>
/// Where a page ended: the place, name and id of its last row, sealed with the tenant's secret so that one that was made up or
/// belongs to another order is told at once. It names a position in the order, not a row: it holds when rows come, go or move.
/// </summary>
internal readonly record struct PageCursor(ulong Place, string FoldedName, string Id)
{
    private const int SealBytes = 8;

    /// <summary>The cursor as it is handed out.</summary>
    public string Write(AccountOrder order, in TenantKeys keys)
    {
        // Nothing but the seal ties it to its order: the sort goes into the seal and not into the text.
        var name = order.ByName ? FoldedName : "";
        var bytes = new byte[8 + 2 + Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(Id) + SealBytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Place);
        var nameBytes = Encoding.UTF8.GetBytes(name, bytes.AsSpan(10));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(8), checked((ushort)nameBytes));
        var idBytes = Encoding.UTF8.GetBytes(Id, bytes.AsSpan(10 + nameBytes));
        var body = 10 + nameBytes + idBytes;
        Seal(bytes.AsSpan(0, body), order, keys, bytes.AsSpan(body, SealBytes));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>
    /// Reads a cursor that <see cref="Write"/> gave for the same order. Throws <see cref="InvalidQueryException"/> for any other.
    /// </summary>
    public static PageCursor Read(string text, AccountOrder order, in TenantKeys keys)
    {
        const int longest = 64 * 1024;
        var bytes = new byte[Base64Url.GetMaxDecodedLength(Math.Min(text.Length, longest))];
        if (text.Length > longest || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var count)) throw Invalid();
        var body = count - SealBytes;
        if (body < 10) throw Invalid();
        Span<byte> seal = stackalloc byte[SealBytes];
        Seal(bytes.AsSpan(0, body), order, keys, seal);
        if (!CryptographicOperations.FixedTimeEquals(seal, bytes.AsSpan(body, SealBytes))) throw Invalid();
        var nameBytes = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(8));
        if (10 + nameBytes > body) throw Invalid();
        return new PageCursor(
            BinaryPrimitives.ReadUInt64BigEndian(bytes),
            Encoding.UTF8.GetString(bytes, 10, nameBytes),
            Encoding.UTF8.GetString(bytes, 10 + nameBytes, body - 10 - nameBytes));
    }

    private static InvalidQueryException Invalid() =>
        new("cursor", "not a cursor of this list in this order; start again without one");

    private static void Seal(ReadOnlySpan<byte> body, AccountOrder order, in TenantKeys keys, Span<byte> seal)
    {
        Span<byte> key = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(key, keys.Low);
        BinaryPrimitives.WriteUInt64BigEndian(key[8..], keys.High);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData("accounts:"u8);
        hash.AppendData(Encoding.ASCII.GetBytes(order.Text));
        hash.AppendData(":"u8);
        hash.AppendData(body);
        Span<byte> whole = stackalloc byte[32];
        hash.GetHashAndReset(whole);
        whole[..SealBytes].CopyTo(seal);
    }
}
