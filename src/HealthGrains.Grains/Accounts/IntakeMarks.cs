using System.Buffers.Binary;
using HealthGrains.Signals;

namespace HealthGrains.Grains.Accounts;

/// <summary>
/// What an account remembers of its intake, so that nothing counts twice: how far each partition of the log has been taken, the last
/// ids, and, of what came many at once, which sets of ids there were. Stored with the state, in one write.
/// </summary>
/// <remarks>
/// A request that is sent again may be larger than the memory of ids. So one of more than <see cref="LargeEntry"/> signals of the account
/// is remembered as a whole, by 8 bytes, and its ids in a memory of their own: they push out no others, and accounts that never had such a
/// request have no such memory.
/// </remarks>
public sealed class IntakeMarks
{
    /// <summary>How many ids are remembered.</summary>
    public const int MostIds = 256;

    /// <summary>The most signals that may come at once and are remembered by their ids alone.</summary>
    public const int LargeEntry = 32;

    /// <summary>How many large entries are remembered as a whole.</summary>
    public const int MostEntries = 32;

    private const byte FormatVersion = 1;
    // Also what came many at once; written only where there is any, so that all else is read by builds before.
    private const byte LargeFormatVersion = 2;
    private const int MarkBytes = 4 + 4 + 8;
    // An account has one partition a topic, and another one when the number of partitions was raised. Raised so often that these do
    // not suffice, the oldest is of a partition whose log is long gone.
    private const int MostMarks = 64;

    private readonly List<Mark> _marks = [];
    private NumberRing _ids = new(MostIds);
    private LargeEntries? _large;

    /// <summary>Whether the log's entry was taken before.</summary>
    public bool IsTaken(uint topic, int partition, long offset)
    {
        foreach (var mark in _marks)
            if (mark.Topic == topic && mark.Partition == partition) return offset < mark.Next;
        return false;
    }

    /// <summary>The same.</summary>
    public bool IsTaken(LogPlace place) => IsTaken(place.Topic, place.Partition, place.Offset);

    /// <summary>The log's entry is taken, and all before it.</summary>
    public void Taken(uint topic, int partition, long offset)
    {
        for (var i = 0; i < _marks.Count; i++)
        {
            if (_marks[i].Topic != topic || _marks[i].Partition != partition) continue;
            if (_marks[i].Next <= offset) _marks[i] = new Mark(topic, partition, offset + 1);
            return;
        }
        if (_marks.Count == MostMarks) _marks.RemoveAt(0);
        _marks.Add(new Mark(topic, partition, offset + 1));
    }

    /// <summary>Remembers an id. False when it is remembered already.</summary>
    public bool Add(ulong id)
    {
        if (_ids.Contains(id) || (_large?.Ids.Contains(id) ?? false)) return false;
        _ids.Add(id);
        return true;
    }

    /// <summary>
    /// Remembers the signals of one entry: of one message of the log, or of one request where there is no log. Returns how many of them
    /// are not remembered already, and puts these into <paramref name="fresh"/>, in order.
    /// </summary>
    public int Add(ReadOnlySpan<Signal> entry, Span<Signal> fresh)
    {
        var kept = 0;
        if (entry.Length <= LargeEntry)
        {
            foreach (ref readonly var signal in entry)
                if (Add(signal.Id)) fresh[kept++] = signal;
            return kept;
        }
        // The same set of ids in any order, however often each is in it.
        var seen = new HashSet<ulong>(entry.Length);
        var set = 0ul;
        foreach (ref readonly var signal in entry)
            if (seen.Add(signal.Id)) set += Mixed(signal.Id);
        _large ??= new LargeEntries();
        if (_large.Sets.Contains(set)) return 0;
        foreach (ref readonly var signal in entry)
        {
            if (!seen.Remove(signal.Id) || _ids.Contains(signal.Id) || _large.Ids.Contains(signal.Id)) continue;
            _large.Ids.Add(signal.Id);
            fresh[kept++] = signal;
        }
        _large.Sets.Add(set);
        return kept;
    }

    /// <summary>Writes all of it.</summary>
    public byte[] Write()
    {
        var large = _large is null ? 0 : 2 + _large.Ids.Count * 8 + 2 + _large.Sets.Count * 8;
        var bytes = new byte[1 + 1 + _marks.Count * MarkBytes + 2 + _ids.Count * 8 + large];
        bytes[0] = _large is null ? FormatVersion : LargeFormatVersion;
        bytes[1] = (byte)_marks.Count;
        var at = 2;
        foreach (var mark in _marks)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), mark.Topic);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at + 4), mark.Partition);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at + 8), mark.Next);
            at += MarkBytes;
        }
        at += _ids.Write(bytes.AsSpan(at));
        if (_large is null) return bytes;
        at += _large.Ids.Write(bytes.AsSpan(at));
        _large.Sets.Write(bytes.AsSpan(at));
        return bytes;
    }

    /// <summary>
    /// What is kept of an account that is erased: how far each partition had been taken, so that reading it again does not bring the
    /// account back. No ids. Null when it never took anything from a log.
    /// </summary>
    /// <param name="bytes">What <see cref="Write"/> wrote.</param>
    public static byte[]? OfErased(ReadOnlySpan<byte> bytes)
    {
        var kept = Read(bytes);
        if (kept._marks.Count == 0) return null;
        (kept._ids, kept._large) = (new NumberRing(MostIds), null);
        return kept.Write();
    }

    /// <summary>Reads what <see cref="Write"/> wrote. Throws <see cref="InvalidDataException"/> for anything else.</summary>
    public static IntakeMarks Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4) throw Damaged();
        if (bytes[0] is not (FormatVersion or LargeFormatVersion))
        {
            throw new InvalidDataException(
                $"stored intake marks have format {bytes[0]}; this build reads formats {FormatVersion} and {LargeFormatVersion}");
        }
        var marks = new IntakeMarks();
        var at = 2;
        if (bytes[1] > MostMarks || bytes.Length < at + bytes[1] * MarkBytes) throw Damaged();
        for (var i = 0; i < bytes[1]; i++, at += MarkBytes)
            marks._marks.Add(new Mark(
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[(at + 4)..]),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[(at + 8)..])));
        var rest = bytes[at..];
        marks._ids = Ring(MostIds, ref rest);
        if (bytes[0] == LargeFormatVersion)
            marks._large = new LargeEntries { Ids = Ring(MostIds, ref rest), Sets = Ring(MostEntries, ref rest) };
        return rest.IsEmpty ? marks : throw Damaged();
    }

    private static NumberRing Ring(int most, ref ReadOnlySpan<byte> bytes) => NumberRing.Read(most, ref bytes) ?? throw Damaged();

    // Sums of what is mixed so say which set it was: splitmix64's last steps.
    private static ulong Mixed(ulong id)
    {
        id += 0x9e3779b97f4a7c15;
        id = (id ^ (id >> 30)) * 0xbf58476d1ce4e5b9;
        id = (id ^ (id >> 27)) * 0x94d049bb133111eb;
        return id ^ (id >> 31);
    }

    private static InvalidDataException Damaged() => new("stored intake marks are damaged");

    private readonly record struct Mark(uint Topic, int Partition, long Next);

    private sealed class LargeEntries
    {
        public NumberRing Ids = new(MostIds);
        public NumberRing Sets = new(MostEntries);
    }
}
