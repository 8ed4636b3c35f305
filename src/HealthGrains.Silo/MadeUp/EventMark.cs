using System.Globalization;

namespace HealthGrains.Silo.MadeUp;

/// <summary>Which company is made up. Another seed, first day or number of accounts is another company.</summary>
internal sealed record MadeUpCompany(ulong Seed, DateOnly Start, int Accounts);

/// <summary>
/// Stands in a header of every message of a made-up company: whose it is, when it happened and its id. So the log itself tells how far
/// the company was written.
/// </summary>
internal sealed record EventMark(MadeUpCompany Company, long At, string Id)
{
    public const string Header = "made-up";

    private const string Dates = "yyyy-MM-dd";
    private const int Parts = 5;

    /// <summary>The day of it, from 0.</summary>
    public int Day => DateOnly.FromDateTime(DateTime.UnixEpoch.AddMilliseconds(At)).DayNumber - Company.Start.DayNumber;

    public string Write() => string.Create(
        CultureInfo.InvariantCulture, $"{Company.Seed}/{Company.Start:yyyy-MM-dd}/{Company.Accounts}/{At}/{Id}");

    /// <summary>Reads what <see cref="Write"/> wrote; null for anything else.</summary>
    public static EventMark? Read(string text)
    {
        var parts = text.Split('/', Parts);
        return parts.Length == Parts
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            && DateOnly.TryParseExact(parts[1], Dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out var start)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var accounts)
            && long.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? new EventMark(new MadeUpCompany(seed, start, accounts), at, parts[4]) : null;
    }
}
