using System.Buffers;

namespace HealthGrains.Intake;

/// <summary>
/// The <c>url</c> of a signal: where a person sees what happened in its own system. Looked at byte by byte, so that the many signals
/// whose address is not kept cost nothing more.
/// </summary>
internal static class Evidence
{
    /// <summary>The longest address, in bytes: longer ones carry what is no address.</summary>
    public const int MaxBytes = 1024;

    private const string Rule = "an address is https://host/..., up to 1024 bytes, without a user's name and without spaces";

    private static readonly SearchValues<byte> Never = SearchValues.Create("\"<>\\^`{|}"u8);

    /// <summary>Reads it; what is wrong with it, or null. Empty when there is none.</summary>
    public static string? Read(ReadOnlySpan<byte> json, JsonSpan written, Span<byte> scratch, out ReadOnlySpan<byte> url)
    {
        url = default;
        if (written.IsAbsent) return null;
        if (written.Type != JsonType.String) return $"not a string: {JsonText.Echo(written.In(json))}";
        var bytes = written.In(json);
        if (written.Escaped)
        {
            if (JsonText.Unescape(bytes, scratch, out var length) != JsonText.Outcome.Whole) return $"{bytes.Length} bytes: {Rule}";
            bytes = scratch[..length];
        }
        if (bytes.IsEmpty) return null;
        if (bytes.Length > MaxBytes) return $"{bytes.Length} bytes: {Rule}";
        if (WhyNot(bytes) is { } wrong) return $"{JsonText.Echo(bytes)}: {wrong}";
        url = bytes;
        return null;
    }

    private static string? WhyNot(ReadOnlySpan<byte> url)
    {
        if (!System.Text.Ascii.EqualsIgnoreCase(url[..Math.Min(url.Length, 8)], "https://"u8))
            return url.IndexOf("://"u8) > 0 ? "only https:// is taken" : $"not a whole address; {Rule}";
        if (url.IndexOfAnyExceptInRange((byte)0x21, (byte)0x7e) >= 0 || url.ContainsAny(Never))
            return "a byte that no address has: percent-encode it";
        var rest = url[8..];
        var end = rest.IndexOfAny("/?#"u8);
        var authority = end < 0 ? rest : rest[..end];
        if (authority.Contains((byte)'@')) return "it names a user: leave that out";
        var colon = authority.LastIndexOf((byte)':');
        var host = colon < 0 || authority[^1] == ']' ? authority : authority[..colon];
        return host.IsEmpty ? "it names no host" : null;
    }
}
