using HealthGrains.Hosting;

namespace HealthGrains.Portfolio;

/// <summary>
/// An order of accounts: a field, ascending or descending. A row's place is a number that grows along the list, so that one
/// comparison of integers decides; equal places are told apart by the whole name (when sorted by name) and then by id, ascending.
/// A missing value comes last in either direction.
/// </summary>
internal sealed class AccountOrder
{
    private enum Field { ArrAtRisk, Arr, Score, Name, RenewalDate, Change7Days, ChurnProbability }

    private static readonly Dictionary<string, Field> Fields = new(StringComparer.Ordinal)
    {
        ["arrAtRisk"] = Field.ArrAtRisk,
        ["arr"] = Field.Arr,
        ["score"] = Field.Score,
        ["name"] = Field.Name,
        ["renewalDate"] = Field.RenewalDate,
        ["change7Days"] = Field.Change7Days,
        ["churnProbability"] = Field.ChurnProbability,
    };

    private readonly Field _field;

    private AccountOrder(string text, Field field, bool descending)
    {
        Text = text;
        _field = field;
        Descending = descending;
    }

    /// <summary>As it was asked for, such as <c>-arrAtRisk</c>.</summary>
    public string Text { get; }

    public bool Descending { get; }

    public bool ByName => _field == Field.Name;

    public static AccountOrder Parse(string sort)
    {
        var descending = sort.StartsWith('-');
        if (Fields.TryGetValue(descending ? sort[1..] : sort, out var field)) return new AccountOrder(sort, field, descending);
        throw new InvalidQueryException("sort", $"'{sort}' is none of {string.Join(", ", Fields.Keys)}, with or without a leading '-'");
    }

    /// <summary>Where the row comes, as far as a number can say.</summary>
    public ulong Place(in PortfolioRow row) => _field switch
    {
        Field.ArrAtRisk => PlaceOf(row.ArrAtRisk),
        Field.Arr => PlaceOf(row.Arr),
        Field.Score => PlaceOf(row.Figures.Score),
        Field.RenewalDate => PlaceOf(row.RenewalDate),
        Field.Change7Days => PlaceOf(row.Figures.Change7Days),
        Field.ChurnProbability => PlaceOf(row.Figures.ChurnProbability),
        _ => PlaceOfPrefix(row.NamePrefix),
    };

    /// <summary>Where a name's first characters come.</summary>
    public ulong PlaceOfPrefix(ulong prefix) => Descending ? ~prefix : prefix;

    /// <summary>Compares by whole names, when names are the order.</summary>
    public int CompareNames(string foldedName, string other)
    {
        if (!ByName) return 0;
        var names = string.CompareOrdinal(foldedName, other);
        return Descending ? -names : names;
    }

    /// <summary>The place of a number; the last one for NaN.</summary>
    public ulong PlaceOf(double value)
    {
        if (double.IsNaN(value)) return ulong.MaxValue;
        // The bits of doubles order as integers do once negative numbers are turned round; -0 counts as 0.
        var bits = BitConverter.DoubleToInt64Bits(value + 0.0);
        var place = bits < 0 ? (ulong)~bits : (ulong)bits | 0x8000_0000_0000_0000ul;
        return Descending ? ~place : place;
    }

    /// <summary>The number whose place that is; NaN for the last one.</summary>
    public double ValueOf(ulong place)
    {
        if (place == ulong.MaxValue) return double.NaN;
        if (Descending) place = ~place;
        return BitConverter.UInt64BitsToDouble((place & 0x8000_0000_0000_0000ul) != 0 ? place & 0x7FFF_FFFF_FFFF_FFFFul : ~place);
    }
}
