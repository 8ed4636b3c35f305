using System.Globalization;

namespace HealthGrains.Api.Http;

/// <summary>Times as callers write them: RFC 3339 times, dates (midnight UTC), and for questions a duration back from now.</summary>
internal static class Moments
{
    public const string Rule = "an RFC 3339 time such as 2026-11-21T10:15:30Z or a date such as 2026-11-21";

    public const string RelativeRule = Rule + ", or how long ago, such as 90m, 24h or 7d";

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
        "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mmzzz",
    ];

    public static bool TryParse(string text, out DateTimeOffset moment)
    {
        text = text.Trim();
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            moment = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
            return true;
        }
        moment = default;
        if (text.Length is < 17 or > 40) return false;

        // RFC 3339 allows t, z and a blank for T; a '+' that nobody escaped in a query also arrives as a blank.
        var form = text.ToUpperInvariant().ToCharArray();
        if (form[10] == ' ') form[10] = 'T';
        if (form[^6] == ' ') form[^6] = '+';
        return DateTimeOffset.TryParseExact(
            Shorten(new string(form)), Formats, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out moment);
    }

    public static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset moment)
    {
        if (TryParse(text, out moment)) return true;
        if (text.Length is < 2 or > 7) return false;
        if (!int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
        TimeSpan? unit = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            'w' => TimeSpan.FromDays(7),
            _ => null,
        };
        if (unit is null || unit.Value * count > TimeSpan.FromDays(36_500)) return false;
        moment = now - unit.Value * count;
        return true;
    }

    /// <summary>Seven digits of a second are all that a time holds here; more are dropped, not refused.</summary>
    private static string Shorten(string text)
    {
        if (text.Length <= 27 || text[19] != '.') return text;
        var end = 20;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return end - 20 > 7 ? string.Concat(text.AsSpan(0, 27), text.AsSpan(end)) : text;
    }
}
