namespace HealthGrains.Accounts;

/// <summary>The rule for account ids: [A-Za-z0-9._:-]{1,128}.</summary>
public static class AccountId
{
    /// <summary>The longest id, in characters.</summary>
    public const int MaxLength = 128;

    /// <summary>Why an id is refused, for error messages.</summary>
    public const string Rule = "an account id is 1 to 128 characters of A-Z a-z 0-9 . _ : -";

    /// <summary>Whether the characters are an account id.</summary>
    public static bool IsValid(ReadOnlySpan<char> id)
    {
        if (id.IsEmpty || id.Length > MaxLength) return false;
        foreach (var c in id)
            if (!(char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-')) return false;
        return true;
    }

    /// <summary>Whether the UTF-8 bytes are an account id.</summary>
    public static bool IsValid(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty || utf8.Length > MaxLength) return false;
        foreach (var b in utf8)
            if (!(char.IsAsciiLetterOrDigit((char)b) || b is (byte)'.' or (byte)'_' or (byte)':' or (byte)'-')) return false;
        return true;
    }
}
