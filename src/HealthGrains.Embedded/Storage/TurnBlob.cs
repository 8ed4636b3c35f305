using System.Buffers.Binary;

namespace HealthGrains.Embedded.Storage;

/// <summary>Which turn changed an account without an input from outside.</summary>
internal enum TurnKind : byte
{
    /// <summary>A decision after signals.</summary>
    Decide = 1,
    /// <summary>A wake-up.</summary>
    Wake = 2,
    /// <summary>The desk looked.</summary>
    Desk = 3,
    /// <summary>The tenant was counted. Of no account; what was counted is an entry of its own.</summary>
    Tenant = 4,
}

/// <summary>
/// A turn as an input of its own: time made it, so time is what is recorded. Recovery runs it again at the same place: after the
/// journal entry <paramref name="After"/> and before the next one.
/// </summary>
/// <param name="After">Journal sequence up to which the turn thread had applied.</param>
/// <param name="Account">The account's number.</param>
/// <param name="Now">The turn's now.</param>
/// <param name="Kind">Which turn.</param>
internal readonly record struct TurnRecord(long After, int Account, long Now, TurnKind Kind);

/// <summary>Turns of one commit as one blob; they are numbered from <c>first</c> on.</summary>
internal static class TurnBlob
{
    private const byte Version = 1;
    private const int Header = 13;
    private const int Record = 21;

    public static byte[] Write(long first, ReadOnlySpan<TurnRecord> turns)
    {
        var blob = new byte[Header + turns.Length * Record + Checksum.Length];
        blob[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(blob.AsSpan(1), first);
        BinaryPrimitives.WriteInt32LittleEndian(blob.AsSpan(9), turns.Length);
        var to = blob.AsSpan(Header);
        foreach (ref readonly var turn in turns)
        {
            BinaryPrimitives.WriteInt64LittleEndian(to, turn.After);
            BinaryPrimitives.WriteInt32LittleEndian(to[8..], turn.Account);
            BinaryPrimitives.WriteInt64LittleEndian(to[12..], turn.Now);
            to[20] = (byte)turn.Kind;
            to = to[Record..];
        }

        Checksum.Seal(blob);
        return blob;
    }

    /// <summary>Appends the turns of a blob, with their numbers. False when it is damaged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> blob, List<(long Number, TurnRecord Turn)> turns)
    {
        if (!Checksum.TryOpen(blob, out var bytes) || bytes.Length < Header || bytes[0] != Version) return false;
        var first = BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]);
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes[9..]);
        var from = bytes[Header..];
        if (count < 0 || from.Length != (long)count * Record) return false;
        for (var i = 0; i < count; i++, from = from[Record..])
        {
            turns.Add((first + i, new TurnRecord(
                BinaryPrimitives.ReadInt64LittleEndian(from),
                BinaryPrimitives.ReadInt32LittleEndian(from[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(from[12..]),
                (TurnKind)from[20])));
        }

        return true;
    }
}
