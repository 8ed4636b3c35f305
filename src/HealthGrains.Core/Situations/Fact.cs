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
