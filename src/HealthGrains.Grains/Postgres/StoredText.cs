using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace HealthGrains.Grains.Postgres;

/// <summary>
/// Text as the database can hold it. It has no NUL and no half of a surrogate pair, and refuses a whole write for one of them; a
/// customer's strange name must not stop the thousands of other accounts in the batch, so such characters become U+FFFD.
/// </summary>
internal static class StoredText
{
    private const char Replacement = '\uFFFD';

    private static readonly SearchValues<char> Suspects =
        SearchValues.Create([.. Enumerable.Range(0xD800, 0x800).Select(code => (char)code), '\0']);

    /// <summary>The text, or its nearest that can be stored.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text)
    {
        if (text is null || !text.AsSpan().ContainsAny(Suspects)) return text;
        var stored = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == 0) stored.Append(Replacement);
            else stored.Append(rune.ToString());
        }
        return stored.ToString();
    }
}
