using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace HealthGrains.Intake;

/// <summary>The inside of JSON strings and numbers: escapes, numbers, and how a refused value is echoed.</summary>
internal static class JsonText
{
    public const int MaxEchoed = 40;

    private const int LongestNumber = 64;

    public enum Outcome { Whole, Cut, HalfSurrogate }

    /// <summary>
    /// Writes a string without its escapes, as far as the destination reaches. The escapes are known to be well formed (the
    /// cursor checked them); half a surrogate pair is written as U+FFFD and told.
    /// </summary>
    public static Outcome Unescape(ReadOnlySpan<byte> raw, Span<byte> destination, out int written)
    {
        written = 0;
        var outcome = Outcome.Whole;
        while (!raw.IsEmpty)
        {
            var plain = raw.IndexOf((byte)'\\');
            if (plain < 0) plain = raw.Length;
            if (plain > destination.Length - written)
            {
                var room = destination.Length - written;
                raw[..room].CopyTo(destination[written..]);
                written += room;
                return Outcome.Cut;
            }
            raw[..plain].CopyTo(destination[written..]);
            written += plain;
            raw = raw[plain..];
            if (raw.IsEmpty) break;

            var rune = ReadEscape(ref raw, ref outcome);
            if (!rune.TryEncodeToUtf8(destination[written..], out var bytes)) return Outcome.Cut;
            written += bytes;
        }
        return outcome;
    }

    /// <summary>A number of JSON, or the same in a string. False for what is none, NaN and infinity included.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> digits, out double number)
    {
        number = 0;
        if (digits.IsEmpty || digits.Length > LongestNumber) return false;
        if (digits.Length <= 9)
        {
            var small = 0;
            foreach (var digit in digits)
            {
                if ((uint)(digit - '0') > 9) { small = -1; break; }
                small = small * 10 + (digit - '0');
            }
            number = small;
            if (small >= 0) return true;
        }
        if (!char.IsAsciiDigit((char)digits[^1])) return false; // NaN, Infinity, a trailing space or unit
        return Utf8Parser.TryParse(digits, out number, out int consumed) && consumed == digits.Length;
    }

    /// <summary>A refused value as it is shown in a reason: quoted, at most 40 characters, control characters escaped.</summary>
    public static string Echo(ReadOnlySpan<byte> utf8)
    {
        var text = new StringBuilder("'");
        var shown = 0;
        while (!utf8.IsEmpty && shown < MaxEchoed)
        {
            Rune.DecodeFromUtf8(utf8, out var rune, out var consumed);
            utf8 = utf8[consumed..];
            shown++;
            if (Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator)
                text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else text.Append(rune.ToString());
        }
        if (!utf8.IsEmpty) text.Append("...");
        return text.Append('\'').ToString();
    }

    private static Rune ReadEscape(ref ReadOnlySpan<byte> raw, ref Outcome outcome)
    {
        var escape = raw[1];
        if (escape != 'u')
        {
            raw = raw[2..];
            return new Rune(escape switch
            {
                (byte)'n' => '\n',
                (byte)'t' => '\t',
                (byte)'r' => '\r',
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                _ => (char)escape, // " \ /
            });
        }
        var unit = Unit(raw);
        raw = raw[6..];
        if (!char.IsSurrogate(unit)) return new Rune(unit);
        if (char.IsHighSurrogate(unit) && raw is [(byte)'\\', (byte)'u', ..] && char.IsLowSurrogate(Unit(raw)))
        {
            var pair = new Rune(unit, Unit(raw));
            raw = raw[6..];
            return pair;
        }
        outcome = Outcome.HalfSurrogate;
        return Rune.ReplacementChar;
    }

    private static char Unit(ReadOnlySpan<byte> raw)
    {
        var unit = 0;
        for (var i = 2; i < 6; i++)
        {
            var digit = raw[i] | 0x20; // 0-9 keep their value, A-F become a-f
            unit = unit << 4 | (digit <= '9' ? digit - '0' : digit - 'a' + 10);
        }
        return (char)unit;
    }
}
