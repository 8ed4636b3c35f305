namespace HealthGrains.Intake;

/// <summary>A property that holds a text or a number, read as the bytes of its text.</summary>
internal static class Scalar
{
    /// <summary>
    /// The bytes of a string or number, of which numbers are taken as written: systems send ids both ways. An absent one is
    /// empty. Points into the JSON where it can, else into the scratch.
    /// </summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? Read(
        ReadOnlySpan<byte> json, JsonSpan span, int maxBytes, Span<byte> scratch, out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        if (span.IsAbsent) return null;
        if (span.Type is not (JsonType.String or JsonType.Number)) return $"not a string: {JsonText.Echo(span.In(json))}";
        utf8 = span.In(json);
        if (span.Escaped)
        {
            var outcome = JsonText.Unescape(utf8, scratch, out var written);
            if (outcome == JsonText.Outcome.HalfSurrogate) return "holds half of a surrogate pair, which is no character";
            if (outcome == JsonText.Outcome.Cut) return TooLong(maxBytes, scratch[..written]);
            utf8 = scratch[..written];
        }
        return utf8.Length > maxBytes ? TooLong(maxBytes, utf8) : null;
    }

    /// <summary>A number, or a string that holds one. An absent one is NaN.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? ReadNumber(ReadOnlySpan<byte> json, JsonSpan span, out double number)
    {
        number = double.NaN;
        if (span.IsAbsent) return null;
        var written = span.In(json);
        if (span.Type is JsonType.String or JsonType.Number && !span.Escaped && JsonText.TryNumber(written, out number)) return null;
        number = double.NaN;
        return $"not a number: {JsonText.Echo(written)}";
    }

    private static string TooLong(int maxBytes, ReadOnlySpan<byte> start) => $"longer than {maxBytes} bytes: {JsonText.Echo(start)}";
}
