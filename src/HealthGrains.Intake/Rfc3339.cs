namespace HealthGrains.Intake;

/// <summary>
/// Times as RFC 3339 writes them: <c>2026-11-21T10:15:30Z</c>, with a fraction of a second (cut to milliseconds), an offset, a
/// small t or z, or a space for the T. A leap second counts as the first second of the next minute.
/// </summary>
public static class Rfc3339
{
    /// <summary>Reads a time, all of the bytes; gives Unix milliseconds, UTC. False when it is no RFC 3339 time.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out long unixMilliseconds)
    {
        unixMilliseconds = 0;
        if (utf8.Length < 20) return false;
        if (utf8[4] != '-' || utf8[7] != '-' || utf8[13] != ':' || utf8[16] != ':') return false;
        if (utf8[10] is not ((byte)'T' or (byte)'t' or (byte)' ')) return false;
        var year = Two(utf8, 0) * 100 + Two(utf8, 2);
        var month = Two(utf8, 5);
        var day = Two(utf8, 8);
        var hour = Two(utf8, 11);
        var minute = Two(utf8, 14);
        var second = Two(utf8, 17);
        if (year < 1 || (uint)(month - 1) > 11 || day < 1 || (uint)hour > 23 || (uint)minute > 59) return false;
        if (second < 0 || second > 60 || (second == 60 && minute != 59)) return false;
        if (day > 28 && day > DateTime.DaysInMonth(year, month)) return false;

        var at = 19;
        var millisecond = 0;
        if (utf8[at] == '.')
        {
            var first = ++at;
            for (var unit = 100; at < utf8.Length && char.IsAsciiDigit((char)utf8[at]); at++, unit /= 10)
                millisecond += (utf8[at] - '0') * unit;
            if (at == first || at == utf8.Length) return false;
        }
        if (!TryOffset(utf8[at..], out var offsetMinutes)) return false;

        var seconds = ((Days(year, month, day) * 24 + hour) * 60 + minute - offsetMinutes) * 60 + second;
        unixMilliseconds = seconds * 1000 + millisecond;
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> offset, out int minutes)
    {
        minutes = 0;
        if (offset.Length == 1) return offset[0] is (byte)'Z' or (byte)'z';
        if (offset.Length != 6 || offset[3] != ':' || offset[0] is not ((byte)'+' or (byte)'-')) return false;
        var hour = Two(offset, 1);
        var minute = Two(offset, 4);
        if ((uint)hour > 23 || (uint)minute > 59) return false;
        minutes = hour * 60 + minute;
        if (offset[0] == '-') minutes = -minutes;
        return true;
    }

    // Two digits as a number; far below zero when one of them is none, so that no sum of two comes out right.
    private static int Two(ReadOnlySpan<byte> utf8, int at)
    {
        var tens = (uint)(utf8[at] - '0');
        var ones = (uint)(utf8[at + 1] - '0');
        return tens > 9 || ones > 9 ? -100_000 : (int)(tens * 10 + ones);
    }

    // Days since 1970-01-01 in the proleptic Gregorian calendar. Source: H. Hinnant, "chrono-compatible low-level date
    // algorithms" (days_from_civil); years here are 1..9999.
    private static long Days(int year, int month, int day)
    {
        var y = month <= 2 ? year - 1 : year;
        var era = y / 400;
        var yearOfEra = y - era * 400;
        var dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        var dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097L + dayOfEra - 719_468;
    }
}
