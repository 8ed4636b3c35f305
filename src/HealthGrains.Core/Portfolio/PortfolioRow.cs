using HealthGrains.Accounts;
using HealthGrains.Decline;
using HealthGrains.Health;
using HealthGrains.Hosting;

namespace HealthGrains.Portfolio;

/// <summary>
/// An account's row as lists scan it: what filters and sorts look at first, side by side in memory, so that a pass over 100,000
/// rows follows no pointers. Holds no references: rows are written thousands of times a second, and the collector never looks at
/// them. Missing numbers are NaN.
/// </summary>
internal struct PortfolioRow
{
    /// <summary>Number of the owner among <see cref="LabelTable"/>'s labels; 0 for none.</summary>
    public int Owner;
    /// <summary>Number of the segment; 0 for none.</summary>
    public int Segment;
    /// <summary>Number of the currency.</summary>
    public int Currency;
    public Tier Tier;
    public Band Band;
    public DeclineState Decline;
    public AccountStatus Status;
    public double ArrAtRisk;
    public double Arr;
    public double RenewalDate;
    /// <summary>The first four characters of the folded name; decides nearly every comparison of names.</summary>
    public ulong NamePrefix;
    /// <summary>The first eight characters of the id, which are ASCII.</summary>
    public ulong IdPrefix;
    /// <summary>The next eight characters of the id.</summary>
    public ulong IdRest;
    public AccountFigures Figures;
    /// <summary>The ARR to the cent; 0 when it is not known.</summary>
    public decimal ArrAmount;

    /// <summary>What the profile says.</summary>
    public static PortfolioRow From(PortfolioEntry entry, LabelTable labels)
    {
        var profile = entry.Profile;
        return new PortfolioRow
        {
            NamePrefix = PrefixOfName(entry.FoldedName),
            IdPrefix = PrefixOfId(profile.Id),
            IdRest = profile.Id.Length > 8 ? PrefixOfId(profile.Id.AsSpan(8)) : 0,
            ArrAtRisk = double.NaN,
            Arr = (double?)profile.Arr ?? double.NaN,
            ArrAmount = profile.Arr ?? 0,
            RenewalDate = profile.RenewalDate?.ToUnixTimeMilliseconds() ?? double.NaN,
            Owner = labels.NumberOf(profile.Owner),
            Segment = labels.NumberOf(profile.Segment),
            Currency = labels.NumberOf(profile.Currency),
            Tier = profile.Tier,
        };
    }

    /// <summary>What signals and time change.</summary>
    public void Set(in AccountFigures figures)
    {
        // Once more at the front: a filter then reads one line of memory a row.
        (Band, Decline, Status) = (figures.Band, figures.Decline, figures.Status);
        Figures = figures;
        ArrAtRisk = (double?)figures.ArrAtRisk ?? double.NaN;
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
