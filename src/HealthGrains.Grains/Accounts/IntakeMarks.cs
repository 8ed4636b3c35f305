using System.Buffers.Binary;

namespace HealthGrains.Grains.Accounts;

/// <summary>
/// What an account remembers of its intake, so that nothing counts twice: how far each partition of the log has been taken, and the
/// last ids. Stored with the state, in one write.
/// </summary>
public sealed class IntakeMarks
{
    /// <summary>How many ids are remembered.</summary>
    public const int MostIds = 256;

    private const byte FormatVersion = 1;
    private const int MarkBytes = 4 + 4 + 8;
    // An account has one partition a topic, and another one when the number of partitions was raised. Raised so often that these do
    // not suffice, the oldest is of a partition whose log is long gone.
    private const int MostMarks = 64;

    private readonly List<Mark> _marks = [];
    private ulong[] _ids = [];
    private int _count;
    private int _next;

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
        if (_ids.AsSpan(0, _count).Contains(id)) return false;
        if (_count < MostIds)
        {
            // Grows as the account does: most have few signals.
            if (_count == _ids.Length) Array.Resize(ref _ids, Math.Min(MostIds, Math.Max(8, _count * 2)));
            _ids[_count++] = id;
            return true;
        }
        _ids[_next] = id;
        _next = (_next + 1) % MostIds;
        return true;
    }

    /// <summary>Writes all of it.</summary>
    public byte[] Write()
    {
        var bytes = new byte[1 + 1 + _marks.Count * MarkBytes + 2 + _count * 8];
        bytes[0] = FormatVersion;
        bytes[1] = (byte)_marks.Count;
        var at = 2;
        foreach (var mark in _marks)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), mark.Topic);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at + 4), mark.Partition);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at + 8), mark.Next);
            at += MarkBytes;
        }
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)_count);
        at += 2;
        // Oldest first, so that the ring starts at its beginning when it is read.
        for (var i = 0; i < _count; i++, at += 8)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), _ids[_count < MostIds ? i : (_next + i) % MostIds]);
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
        (kept._ids, kept._count) = ([], 0);
        return kept.Write();
    }

    /// <summary>Reads what <see cref="Write"/> wrote. Throws <see cref="InvalidDataException"/> for anything else.</summary>
    public static IntakeMarks Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4) throw Damaged();
        if (bytes[0] != FormatVersion)
            throw new InvalidDataException($"stored intake marks have format {bytes[0]}; this build reads format {FormatVersion}");
        var marks = new IntakeMarks();
        var at = 2;
        if (bytes[1] > MostMarks || bytes.Length < at + bytes[1] * MarkBytes + 2) throw Damaged();
        for (var i = 0; i < bytes[1]; i++, at += MarkBytes)
            marks._marks.Add(new Mark(
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[(at + 4)..]),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[(at + 8)..])));
        var count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
        at += 2;
        if (count > MostIds || bytes.Length != at + count * 8) throw Damaged();
        marks._ids = new ulong[count];
        marks._count = count;
        for (var i = 0; i < count; i++, at += 8) marks._ids[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
        return marks;
    }

    private static InvalidDataException Damaged() => new("stored intake marks are damaged");

    private readonly record struct Mark(uint Topic, int Partition, long Next);
}
