using System.Buffers.Binary;
using System.Text;

namespace HealthGrains.Intake;

/// <summary>
/// Gives the string for some ASCII bytes without allocating it again: a busy tenant names the same accounts all day. Bounded:
/// once it is full, a new string takes the place of an old one. Safe for many threads; a look-up takes no lock.
/// </summary>
public sealed class Utf8StringPool
{
    /// <summary>The pool for account ids that all of a process may share: up to about half a million.</summary>
    public static Utf8StringPool Shared { get; } = new(1 << 19);

    // A look-up ends after this many places, so that ids chosen to collide cost an allocation and never a long search.
    private const int MaxProbes = 16;
    private const int MaxPooledBytes = 256;

    private readonly Lock _growing = new();
    private readonly int _capacity;
    private string?[] _places;
    private int _count;

    /// <summary>An empty pool.</summary>
    /// <param name="capacity">How many strings it holds at most, 16 or more.</param>
    public Utf8StringPool(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 16);
        _capacity = capacity;
        _places = new string?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(capacity, 1024) * 2)];
    }

    /// <summary>How many strings it holds.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The string of these bytes. Anything but ASCII, and anything longer than 256 bytes, is decoded afresh.</summary>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return "";
        return Find(utf8) ?? Add(utf8);
    }

    /// <summary>The string of these bytes if it is known, else null.</summary>
    public string? Find(ReadOnlySpan<byte> utf8)
    {
        var places = Volatile.Read(ref _places);
        var at = (int)Hash(utf8);
        for (var probe = 0; probe < MaxProbes; probe++, at++)
        {
            var known = places[at & (places.Length - 1)];
            if (known is null) return null;
            if (known.Length == utf8.Length && Ascii.Equals(utf8, known)) return known;
        }
        return null;
    }

    private string Add(ReadOnlySpan<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8);
        if (utf8.Length > MaxPooledBytes || !Ascii.IsValid(utf8)) return text;
        lock (_growing)
        {
            if (Find(utf8) is { } meanwhile) return meanwhile;
            if (_count < _capacity && _count * 2 >= _places.Length) Grow();
            if (Place(_places, text, Hash(utf8), replace: _count >= _capacity)) _count++;
        }
        return text;
    }

    private void Grow()
    {
        var larger = new string?[_places.Length * 2];
        var kept = 0;
        Span<byte> bytes = stackalloc byte[MaxPooledBytes];
        foreach (var text in _places)
        {
            if (text is null) continue;
            var length = Encoding.UTF8.GetBytes(text, bytes);
            if (Place(larger, text, Hash(bytes[..length]), replace: false)) kept++;
        }
        _count = kept;
        Volatile.Write(ref _places, larger);
    }

    // True when a free place was taken; else the string stands where another stood. Places never become free again, so a search
    // that stops at the first free place misses nothing.
    private static bool Place(string?[] places, string text, uint hash, bool replace)
    {
        var mask = places.Length - 1;
        for (var probe = 0; !replace && probe < MaxProbes; probe++)
        {
            ref var place = ref places[((int)hash + probe) & mask];
            if (place is not null) continue;
            Volatile.Write(ref place, text);
            return true;
        }
        Volatile.Write(ref places[(int)hash & mask], text);
        return false;
    }

    private static uint Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = (ulong)utf8.Length * 0x9E3779B97F4A7C15;
        while (utf8.Length >= 8)
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(utf8)) * 0xFF51AFD7ED558CCD;
            hash ^= hash >> 32;
            utf8 = utf8[8..];
        }
        var rest = 0UL;
        for (var i = 0; i < utf8.Length; i++) rest |= (ulong)utf8[i] << (8 * i);
        hash = (hash ^ rest) * 0xC4CEB9FE1A85EC53;
        return (uint)(hash >> 32);
    }
}
