using System.Globalization;
using HealthGrains.Signals;

namespace HealthGrains.Situations;

/// <summary>What a fact is made of.</summary>
public enum FactKind : byte
{
    /// <summary>A number in the fact's unit.</summary>
    Number,
    /// <summary>Yes or no, kept as 1 or 0.</summary>
    Flag,
    /// <summary>A word, such as a band or a segment.</summary>
    Text,
}

/// <summary>
/// Something that can be said of an account at a moment, and that conditions and templates name by its key. A family such as
/// <c>milestone:</c> holds a fact for each name that may follow.
/// </summary>
public sealed class FactDefinition
{
    internal delegate double NumberReader(in FactSource source, uint name);

    internal delegate string? TextReader(in FactSource source);

    internal FactDefinition(string key, string title, string unit, FactKind kind, NumberReader? number, TextReader? text)
    {
        (Key, Title, Unit, Kind, Number, Text) = (key, title, unit, kind, number, text);
    }

    /// <summary>The key; that of a family ends in a colon.</summary>
    public string Key { get; }

    /// <summary>What it says, for people.</summary>
    public string Title { get; }

    /// <summary>Unit of its number.</summary>
    public string Unit { get; }

    /// <summary>Number, flag or text.</summary>
    public FactKind Kind { get; }

    /// <summary>Whether a name follows the key.</summary>
    public bool IsFamily => Key.EndsWith(':');

    /// <summary>The words that a text fact may be; null for any.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>Whether it says how many days ago something happened.</summary>
    public bool IsAge { get; init; }

    /// <summary>Whether 1 is the whole of something.</summary>
    public bool IsShare => Kind == FactKind.Number && (Unit.StartsWith("share", StringComparison.Ordinal) || Unit == "0 to 1");

    /// <summary>Between what its number lies; null where nothing is impossible. A share may be above 1, and a change below 0.</summary>
    public (double Min, double Max)? Range
    {
        get
        {
            var ends = Unit.Split(" to ");
            if (Kind != FactKind.Number) return null;
            if (ends.Length == 2 && Parsed(ends[0]) is { } min && Parsed(ends[1]) is { } max) return (min, max);
            return IsShare ? (-1, 10) : IsAge ? (0, 36_500) : null;
        }
    }

    private static double? Parsed(string end) =>
        double.TryParse(end, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    internal NumberReader? Number { get; }

    internal TextReader? Text { get; }
}

/// <summary>A fact as a condition names it: the definition and, of a family, which one.</summary>
/// <param name="Definition">The definition.</param>
/// <param name="Key">The whole key, with the name.</param>
/// <param name="Name">The number of the name; 0 without one.</param>
public sealed record Fact(FactDefinition Definition, string Key, uint Name)
{
    /// <summary>The fact of a key; null when there is none.</summary>
    public static Fact? Find(string key)
    {
        if (FactRegistry.Find(key) is { IsFamily: false } plain) return new Fact(plain, key, 0);
        var colon = key.IndexOf(':');
        if (colon < 0 || colon == key.Length - 1) return null;
        return FactRegistry.Find(key[..(colon + 1)]) is { } family ? new Fact(family, key, NameId.Of(key[(colon + 1)..])) : null;
    }
}
