using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using HealthGrains.Hosting;

namespace HealthGrains.Grains.Postgres;

/// <summary>Where a page of alerts, audit entries or held events ended, sealed so that one that was made up is told at once.</summary>
internal static class ListCursor
{
    private const int MostRows = 500;
    private const int SealBytes = 8;
    private const char Separator = '\n';

    /// <summary>Throws <see cref="InvalidQueryException"/> for a limit that is none.</summary>
    public static void Check(int limit)
    {
        if (limit is < 1 or > MostRows) throw new InvalidQueryException("limit", $"{limit} is not within 1..{MostRows}");
    }

    public static string Write(string list, TenantKeys keys, params ReadOnlySpan<string> position)
    {
        var body = Encoding.UTF8.GetBytes(string.Join(Separator, position));
        return Base64Url.EncodeToString([.. Seal(list, body, keys), .. body]);
    }

    /// <summary>
    /// The position; null without a cursor. Throws <see cref="InvalidQueryException"/> for one that is none of this list.
    /// </summary>
    public static string[]? Read(string list, string? cursor, int parts, TenantKeys keys)
    {
        const int longest = 8 * 1024;
        if (string.IsNullOrEmpty(cursor)) return null;
        var bytes = new byte[Base64Url.GetMaxDecodedLength(Math.Min(cursor.Length, longest))];
        if (cursor.Length > longest || !Base64Url.IsValid(cursor) || !Base64Url.TryDecodeFromChars(cursor, bytes, out var count)
            || count < SealBytes) throw Invalid();
        var body = bytes.AsSpan(SealBytes, count - SealBytes);
        if (!CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, SealBytes), Seal(list, body, keys))) throw Invalid();
        var position = Encoding.UTF8.GetString(body).Split(Separator, parts);
        return position.Length == parts ? position : throw Invalid();
    }

    public static InvalidQueryException Invalid() => new("cursor", "not a cursor of this list; start again without one");

    private static byte[] Seal(string list, ReadOnlySpan<byte> body, TenantKeys keys)
    {
        Span<byte> key = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(key, keys.Low);
        BinaryPrimitives.WriteUInt64BigEndian(key[8..], keys.High);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.ASCII.GetBytes($"{list}:"));
        hash.AppendData(body);
        return hash.GetHashAndReset()[..SealBytes];
    }
}
