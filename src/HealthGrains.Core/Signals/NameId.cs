namespace HealthGrains.Signals;

/// <summary>
/// A name (feature, workflow, milestone, role ...) as the 32-bit number that states hold. It depends on the name alone, so the
/// order in which names are first seen leaves no trace in a state. The host keeps the table from numbers back to names.
/// </summary>
public static class NameId
{
    /// <summary>The longest name kept, in UTF-8 bytes.</summary>
    public const int MaxBytes = 128;

    /// <summary>The role of a champion, the customer's own advocate of the product.</summary>
    public static readonly uint Champion = Of("champion"u8);
    /// <summary>The role of an executive sponsor.</summary>
    public static readonly uint Executive = Of("executive"u8);
    /// <summary>The role of an administrator.</summary>
    public static readonly uint Admin = Of("admin"u8);
    /// <summary>The role of a user.</summary>
    public static readonly uint User = Of("user"u8);

    /// <summary>
    /// The number of a name given as UTF-8: FNV-1a with a final avalanche (murmur3's), never 0 except for the empty name.
    /// </summary>
    public static uint Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return 0;
        var hash = 2166136261u;
        foreach (var b in utf8) hash = (hash ^ b) * 16777619u;
        hash ^= hash >> 16;
        hash *= 0x85ebca6bu;
        hash ^= hash >> 13;
        hash *= 0xc2b2ae35u;
        hash ^= hash >> 16;
        return hash == 0 ? 1 : hash;
    }

    /// <summary>The number of a name.</summary>
    public static uint Of(string name) => Of(System.Text.Encoding.UTF8.GetBytes(name));
}
