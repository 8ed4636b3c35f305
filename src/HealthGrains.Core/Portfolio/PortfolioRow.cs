using HealthGrains.Accounts;
using HealthGrains.Decline;
using HealthGrains.Health;
using HealthGrains.Hosting;

namespace HealthGrains.Portfolio;

/// <summary>
/// An account's row as lists scan it: what filters and sorts look at, side by side in memory, so that a pass over 100,000 rows
/// follows no pointers. Missing numbers are NaN.
/// </summary>
internal struct PortfolioRow
{
    public AccountSummary Summary;
    public string FoldedName;
    /// <summary>The first four characters of the folded name; decides nearly every comparison of names.</summary>
    public ulong NamePrefix;
    /// <summary>The first eight characters of the id, which are ASCII.</summary>
    public ulong IdPrefix;
    /// <summary>The next eight characters of the id.</summary>
    public ulong IdRest;
    public double ArrAtRisk;
    public double Arr;
    public double Score;
    public double RenewalDate;
    public double Change7Days;
    public double ChurnProbability;
    /// <summary>Number of the owner among <see cref="LabelTable"/>'s labels; 0 for none.</summary>
    public int Owner;
    /// <summary>Number of the segment; 0 for none.</summary>
    public int Segment;
    public Band Band;
    public Tier Tier;
    public DeclineState Decline;
    public AccountStatus Status;

    /// <param name="summary">The account.</param>
    /// <param name="before">The row that this one replaces; its folded name serves again while the name is the same.</param>
    /// <param name="labels">The labels' numbers.</param>
    public static PortfolioRow From(AccountSummary summary, in PortfolioRow before, LabelTable labels)
    {
        var folded = before.Summary is { } old && ReferenceEquals(old.Name, summary.Name)
            ? before.FoldedName : summary.Name.ToUpperInvariant();
        return new PortfolioRow
        {
            Summary = summary,
            FoldedName = folded,
            NamePrefix = PrefixOfName(folded),
            IdPrefix = PrefixOfId(summary.Id),
            IdRest = summary.Id.Length > 8 ? PrefixOfId(summary.Id.AsSpan(8)) : 0,
            ArrAtRisk = (double?)summary.ArrAtRisk ?? double.NaN,
            Arr = (double?)summary.Arr ?? double.NaN,
            Score = summary.Score,
            RenewalDate = summary.RenewalDate?.ToUnixTimeMilliseconds() ?? double.NaN,
            Change7Days = summary.Change7Days,
            ChurnProbability = summary.ChurnProbability,
            Owner = labels.NumberOf(summary.Owner),
            Segment = labels.NumberOf(summary.Segment),
            Band = summary.Band,
            Tier = summary.Tier,
            Decline = summary.Decline,
            Status = summary.Status,
        };
    }

    /// <summary>Compares ids by their characters' numbers, mostly without following the pointer to the text.</summary>
    public static int CompareIds(in PortfolioRow a, in PortfolioRow b)
    {
        if (a.IdPrefix != b.IdPrefix) return a.IdPrefix < b.IdPrefix ? -1 : 1;
        if (a.IdRest != b.IdRest) return a.IdRest < b.IdRest ? -1 : 1;
        return string.CompareOrdinal(a.Summary.Id, b.Summary.Id);
    }

    public static ulong PrefixOfName(ReadOnlySpan<char> name)
    {
        var prefix = 0ul;
        for (var i = 0; i < 4; i++) prefix = (prefix << 16) | (i < name.Length ? name[i] : 0u);
        return prefix;
    }

    public static ulong PrefixOfId(ReadOnlySpan<char> id)
    {
        var prefix = 0ul;
        for (var i = 0; i < 8; i++) prefix = (prefix << 8) | (i < id.Length ? (byte)id[i] : 0u);
        return prefix;
    }
}
