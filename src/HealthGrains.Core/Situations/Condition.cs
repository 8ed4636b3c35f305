using System.Globalization;

namespace HealthGrains.Situations;

/// <summary>How a condition's fact is compared.</summary>
public enum Comparison : byte
{
    /// <summary>The number is larger.</summary>
    Above,
    /// <summary>The number is as large or larger.</summary>
    AtLeast,
    /// <summary>The number is smaller.</summary>
    Below,
    /// <summary>The number is as small or smaller.</summary>
    AtMost,
    /// <summary>The word is one of these, or the flag is this.</summary>
    Is,
    /// <summary>Whether the fact is known at all.</summary>
    Known,
}

/// <summary>
/// A condition over facts, as data. What is not known fulfils no comparison, and its negation with <see cref="Not"/> does: ask for
/// <c>known</c> where that matters.
/// </summary>
public abstract record Condition
{
    /// <summary>Whether it holds.</summary>
    public abstract bool Holds(Situation situation);

    /// <summary>The facts that it names.</summary>
    public abstract IEnumerable<Fact> Facts { get; }

    /// <summary>It in words, for people.</summary>
    public abstract string Words { get; }
}

/// <summary>All of these hold; of none, always.</summary>
public sealed record AllOf(IReadOnlyList<Condition> Parts) : Condition
{
    /// <inheritdoc/>
    public override bool Holds(Situation situation)
    {
        foreach (var part in Parts)
            if (!part.Holds(situation)) return false;
        return true;
    }

    /// <inheritdoc/>
    public override IEnumerable<Fact> Facts => Parts.SelectMany(part => part.Facts);

    /// <inheritdoc/>
    public override string Words => Parts.Count == 0 ? "always"
        : string.Join(" and ", Parts.Select(part => part is AnyOf { Parts.Count: > 1 } ? $"({part.Words})" : part.Words));
}

/// <summary>One of these holds at least.</summary>
public sealed record AnyOf(IReadOnlyList<Condition> Parts) : Condition
{
    /// <inheritdoc/>
    public override bool Holds(Situation situation)
    {
        foreach (var part in Parts)
            if (part.Holds(situation)) return true;
        return false;
    }

    /// <inheritdoc/>
    public override IEnumerable<Fact> Facts => Parts.SelectMany(part => part.Facts);

    /// <inheritdoc/>
    public override string Words => Parts.Count == 0 ? "never"
        : string.Join(" or ", Parts.Select(part => part is AllOf { Parts.Count: > 1 } ? $"({part.Words})" : part.Words));
}

/// <summary>It does not hold.</summary>
public sealed record Not(Condition Part) : Condition
{
    /// <inheritdoc/>
    public override bool Holds(Situation situation) => !Part.Holds(situation);

    /// <inheritdoc/>
    public override IEnumerable<Fact> Facts => Part.Facts;

    /// <inheritdoc/>
    public override string Words => $"not ({Part.Words})";
}

/// <summary>A fact compared.</summary>
/// <param name="Fact">The fact.</param>
/// <param name="Comparison">How.</param>
/// <param name="Number">With what number; of a flag and of <see cref="Comparison.Known"/> 1 or 0.</param>
/// <param name="Texts">With which words.</param>
public sealed record FactIs(Fact Fact, Comparison Comparison, double Number, IReadOnlyList<string> Texts) : Condition
{
    /// <inheritdoc/>
    public override bool Holds(Situation situation)
    {
        if (Fact.Definition.Kind == FactKind.Text)
        {
            var text = situation.Text(Fact);
            return Comparison == Comparison.Known ? text is not null == (Number != 0)
                : text is not null && Texts.Contains(text, StringComparer.OrdinalIgnoreCase);
        }
        var number = situation.Number(Fact);
        return Comparison switch
        {
            Comparison.Above => number > Number,
            Comparison.AtLeast => number >= Number,
            Comparison.Below => number < Number,
            Comparison.AtMost => number <= Number,
            Comparison.Is => number == Number,
            _ => !double.IsNaN(number) == (Number != 0),
        };
    }

    /// <inheritdoc/>
    public override IEnumerable<Fact> Facts => [Fact];

    /// <inheritdoc/>
    public override string Words => Comparison switch
    {
        Comparison.Above => Compared("above"),
        Comparison.AtLeast => Compared("at least"),
        Comparison.Below => Compared("below"),
        Comparison.AtMost => Compared("at most"),
        Comparison.Known => Number != 0 ? $"{Fact.Key} known" : $"{Fact.Key} not known",
        _ when Fact.Definition.Kind == FactKind.Text => $"{Fact.Key} {string.Join(" or ", Texts)}",
        _ when Fact.Definition.Kind == FactKind.Number => Compared("is"),
        _ => Number != 0 ? Fact.Key : $"not {Fact.Key}",
    };

    private string Compared(string how) =>
        string.Create(CultureInfo.InvariantCulture, $"{Fact.Key} {how} {Number:0.####}");
}
