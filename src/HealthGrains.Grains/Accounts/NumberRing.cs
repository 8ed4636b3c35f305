using System.Buffers.Binary;

namespace HealthGrains.Grains.Accounts;

/// <summary>The last so many of a row of numbers. It grows as they come: most accounts have few signals.</summary>
/// <param name="most">How many are remembered.</param>
internal struct NumberRing(int most)
{
    private ulong[] _numbers = [];
    private int _next;

    public int Count { get; private set; }

    public readonly bool Contains(ulong number) => _numbers.AsSpan(0, Count).Contains(number);

    /// <summary>Remembers a number, and forgets the oldest when there is no room.</summary>
    public void Add(ulong number)
    {
        if (Count < most)
        {
            if (Count == _numbers.Length) Array.Resize(ref _numbers, Math.Min(most, Math.Max(8, Count * 2)));
            _numbers[Count++] = number;
            return;
        }
        _numbers[_next] = number;
        _next = (_next + 1) % most;
    }

    /// <summary>Writes how many there are (2 bytes) and all of them; returns how many bytes that took.</summary>
    public readonly int Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)Count);
        // Oldest first, so that the ring starts at its beginning when it is read.
        for (var i = 0; i < Count; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(2 + i * 8)..], _numbers[Count < most ? i : (_next + i) % most]);
        return 2 + Count * 8;
    }

    /// <summary>Takes what <see cref="Write"/> wrote off the front of the bytes; null when that is not there.</summary>
    public static NumberRing? Read(int most, ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2) return null;
        var count = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        if (count > most || bytes.Length < 2 + count * 8) return null;
        var numbers = new ulong[count];
        for (var i = 0; i < count; i++) numbers[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(2 + i * 8)..]);
        bytes = bytes[(2 + count * 8)..];
        return new NumberRing(most) { _numbers = numbers, Count = count };
    }
}
