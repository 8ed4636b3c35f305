namespace HealthGrains.Accounts;

/// <summary>
/// How much of a tenant's usual users were seen on each day, over all accounts: the weather that all accounts share. A user is usual on
/// a day who was seen on at least two of the 28 days before it. So a holiday that everybody has shows as a day with little use, and a
/// day on which no use was told of shows as one with none. Immutable.
/// </summary>
public sealed class TenantPace
{
    /// <summary>For how many days it is kept.</summary>
    public const int Kept = 90;

    /// <summary>In what parts of the whole a share is kept.</summary>
    private const int Parts = 1_000;

    private const short None = -1;

    // A day is compared with the same weekday of so many weeks, and needs so many of them to be told from them.
    private const int Weeks = 12;
    private const int FewestWeeks = 2;

    private readonly short[] _shares;

    private TenantPace(int lastDay, short[] shares)
    {
        LastDay = lastDay;
        _shares = shares;
    }

    /// <summary>Nothing is known.</summary>
    public static TenantPace Unknown { get; } = new(0, []);

    /// <summary>The last day known, as <see cref="Days"/> numbers them; days so far, as today, are not in it.</summary>
    public int LastDay { get; }

    /// <summary>The shares in thousandths, of the days that end with <see cref="LastDay"/>; -1 for one not known. For storage.</summary>
    public IReadOnlyList<short> Thousandths => _shares;

    /// <summary>From what <see cref="Thousandths"/> gave.</summary>
    public static TenantPace Of(int lastDay, IReadOnlyList<short> thousandths) =>
        thousandths.Count == 0 ? Unknown : new TenantPace(lastDay, [.. thousandths.Skip(thousandths.Count - Kept)]);

    /// <summary>From shares 0..1 of the days that end with a day; NaN for one not known.</summary>
    public static TenantPace Of(int lastDay, ReadOnlySpan<double> shares)
    {
        var kept = shares[Math.Max(0, shares.Length - Kept)..];
        var parts = new short[kept.Length];
        for (var k = 0; k < parts.Length; k++)
            parts[k] = double.IsNaN(kept[k]) ? None : (short)Math.Round(Math.Clamp(kept[k], 0, 1) * Parts);
        return new TenantPace(lastDay, parts);
    }

    /// <summary>The share 0..1 of the usual users who were seen on a day; NaN when that is not known.</summary>
    public double On(int day)
    {
        var index = _shares.Length - 1 - ((long)LastDay - day);
        return index < 0 || index >= _shares.Length || _shares[index] == None ? double.NaN : _shares[index] / (double)Parts;
    }

    /// <summary>
    /// A day's share against the usual one of its weekday (the median of the other weeks known): 1 is a day like any other, .3 a holiday,
    /// 0 a day of which nothing was told. 1 where that is not known. Never above 1: that the others are busy is no account's absence.
    /// </summary>
    public double Against(int day)
    {
        var share = On(day);
        if (double.IsNaN(share)) return 1;
        Span<double> others = stackalloc double[2 * Weeks];
        var count = 0;
        for (var week = -Weeks; week <= Weeks && count < others.Length; week++)
            if (week != 0 && On(day + 7 * week) is var other && !double.IsNaN(other)) others[count++] = other;
        if (count < FewestWeeks) return 1;
        var known = others[..count];
        known.Sort();
        var usual = (known[(count - 1) / 2] + known[count / 2]) / 2;
        return usual <= 0 ? 1 : Math.Min(1, share / usual);
    }
}
