using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using HandlebarsDotNet;
using HandlebarsDotNet.IO;

namespace HealthGrains.Assistant.Templates;

/// <summary>How values read in a text, the same on every machine.</summary>
internal static class Wording
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;
    private static readonly string[] Titles = ["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "dame", "ing", "dipl", "herr", "frau"];

    /// <summary>What somebody is called of whom no name is known: "Hi there".</summary>
    public const string Nobody = "there";

    /// <summary>22 November 2026.</summary>
    public static string Date(DateOnly day) => day.ToString("d MMMM yyyy", Plain);

    /// <summary>22 November.</summary>
    public static string ShortDate(DateOnly day) => day.ToString("d MMMM", Plain);

    /// <summary>1,234 or 62.4: one decimal at the most, unless said otherwise.</summary>
    public static string Number(double number, int decimals = 1) =>
        Round(number, decimals).ToString(decimals == 0 ? "#,0" : "#,0." + new string('#', decimals), Plain);

    /// <summary>83%.</summary>
    public static string Percent(double share) => Number(share * 100, 0) + "%";

    /// <summary>35% lower, 20% higher, or unchanged.</summary>
    public static string Change(double share) =>
        Round(share * 100, 0) is var percent && percent == 0 ? "unchanged" : Number(Math.Abs(percent), 0) + (percent < 0 ? "% lower" : "% higher");

    /// <summary>$120,000; with the currency's code where its sign is not everybody's: CHF 120,000.</summary>
    public static string Amount(Money money)
    {
        var amount = decimal.Round(money.Amount, money.Amount == decimal.Truncate(money.Amount) ? 0 : 2, MidpointRounding.AwayFromZero);
        var number = Math.Abs(amount).ToString(amount == decimal.Truncate(amount) ? "#,0" : "#,0.00", Plain);
        var sign = amount < 0 ? "-" : "";
        return money.Currency switch
        {
            "USD" => $"{sign}${number}",
            "EUR" => $"{sign}€{number}",
            "GBP" => $"{sign}£{number}",
            var code => $"{sign}{code} {number}",
        };
    }

    /// <summary>a, b and c.</summary>
    public static string List(IReadOnlyList<string> items) => items.Count switch
    {
        0 => "",
        1 => items[0],
        _ => $"{string.Join(", ", items.Take(items.Count - 1))} and {items[^1]}",
    };

    /// <summary>3 days, 1 day.</summary>
    public static string Plural(double number, string one, string? many)
    {
        var whole = Round(number, 0);
        return $"{Number(whole, 0)} {(Math.Abs(whole) == 1 ? one : many ?? one + "s")}";
    }

    /// <summary>The name of a feature as people say it: sharedViews and shared-views are shared views.</summary>
    public static string InWords(string name)
    {
        var words = new StringBuilder();
        for (var k = 0; k < name.Length; k++)
        {
            var c = name[k];
            if (c is '_' or '-' or '.') words.Append(' ');
            // An abbreviation stays one word: "auditSQL" is audit SQL.
            else if (k > 0 && char.IsUpper(c) && char.IsLower(name[k - 1])) words.Append(' ').Append(Lower(name, k));
            else words.Append(c);
        }
        return words.ToString();
    }

    /// <summary>How a person is greeted: the first name, without a title; <see cref="Nobody"/> where it cannot be told.</summary>
    public static string FirstName(string? name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Contains('@', StringComparison.Ordinal)) return Nobody;
        var comma = name.IndexOf(',');
        var given = comma >= 0 ? name[(comma + 1)..] : name;
        var first = given.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(word => !Titles.Contains(word.TrimEnd('.').ToLowerInvariant()) && !IsInitial(word));
        return first is null || !first.Any(char.IsLetter) || first.Any(char.IsDigit) ? Nobody : first;
    }

    private static bool IsInitial(string word) => word.Length == 2 && word[1] == '.';

    private static char Lower(string name, int k) =>
        k + 1 < name.Length && char.IsUpper(name[k + 1]) ? name[k] : char.ToLowerInvariant(name[k]);

    private static double Round(double number, int decimals)
    {
        var rounded = Math.Round(number, decimals, MidpointRounding.AwayFromZero);
        return rounded == 0 ? 0 : rounded;
    }
}

/// <summary>Writes the values that a template names without a helper.</summary>
internal sealed class WordingFormat : IFormatterProvider, IFormatter
{
    /// <summary>Stand around what is not known; no text that people write holds them.</summary>
    public const char Hole = '\u0001';

    public static string HoleOf(string path) => $"{Hole}{path} is not known{Hole}";

    /// <summary>What a person is to say there.</summary>
    public static string ToFill(string what) => $"{Hole}{what}{Hole}";

    public bool TryCreateFormatter(Type type, [NotNullWhen(true)] out IFormatter? formatter)
    {
        formatter = this;
        return type == typeof(double) || type == typeof(DateOnly) || type == typeof(Money) || type == typeof(Unknown)
            || type == typeof(UndefinedBindingResult);
    }

    public void Format<T>(T value, in EncodedTextWriter writer) => writer.Write(Written(value), false);

    public static string Written(object? value) => value switch
    {
        null => "",
        double number => Wording.Number(number),
        DateOnly day => Wording.Date(day),
        Money money => Wording.Amount(money),
        Unknown unknown => HoleOf(unknown.Path),
        UndefinedBindingResult undefined => HoleOf(undefined.Value),
        _ => value.ToString() ?? "",
    };
}
