using System.Globalization;
using System.Text.Json;
using HealthGrains.Situations;

namespace HealthGrains.Plays.Files;

/// <summary>What may stand in a field.</summary>
internal enum FieldKind : byte
{
    /// <summary>A text for people.</summary>
    Text,
    /// <summary>A name that other files use: letters, digits and . _ -, a letter first.</summary>
    Id,
    /// <summary>A whole number within a range.</summary>
    Whole,
    /// <summary>A number within a range.</summary>
    Number,
    /// <summary>true or false.</summary>
    Flag,
    /// <summary>One of the field's words.</summary>
    Word,
    /// <summary>Some of the field's words; a single one may stand without a list.</summary>
    Words,
    /// <summary>Ids; a single one may stand without a list.</summary>
    Ids,
    /// <summary>Texts; a single one may stand without a list.</summary>
    Texts,
    /// <summary>A time of day, such as 18:00.</summary>
    Time,
    /// <summary>A time zone of the IANA's list, such as Europe/Madrid.</summary>
    Zone,
    /// <summary>A condition over facts.</summary>
    Condition,
    /// <summary>The key of a fact that says how long ago something happened.</summary>
    Age,
    /// <summary>An object of the field's shape.</summary>
    Object,
    /// <summary>A list of objects of the field's shape.</summary>
    Objects,
    /// <summary>Where the editor finds the schema; says nothing to the reader.</summary>
    Schema,
}

/// <summary>A field of a file: the reader checks by it and the schema is written from it.</summary>
internal sealed record Field(string Name, FieldKind Kind, string Title)
{
    public const int LongestText = 1000;
    public const int LongestId = 64;

    public bool Required { get; init; }
    public double Min { get; init; } = double.NegativeInfinity;
    public double Max { get; init; } = double.PositiveInfinity;
    /// <summary>The words that may stand there; of a list of ids, none for any.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];
    /// <summary>What the field's words are, for messages: "kind of step".</summary>
    public string Noun { get; init; } = "";
    public Shape? Shape { get; init; }

    /// <summary>Says what is wrong with a value; whether nothing is.</summary>
    public bool Check(JsonPlace value, Report report)
    {
        var before = report.Problems.Count;
        switch (Kind)
        {
            case FieldKind.Text:
                CheckText(value, report);
                break;
            case FieldKind.Id:
                CheckId(value, report);
                break;
            case FieldKind.Word:
                CheckWord(value, report);
                break;
            case FieldKind.Whole or FieldKind.Number:
                CheckNumber(value, report);
                break;
            case FieldKind.Flag when !value.IsFlag:
                report.Add(value, $"{Name} is true or false, not {value.Shown}");
                break;
            case FieldKind.Words or FieldKind.Ids or FieldKind.Texts:
                CheckList(value, report);
                break;
            case FieldKind.Time when !TimeOnly.TryParseExact(value.Text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _):
                report.Add(value, $"{Name} is a time of day such as \"18:00\", not {value.Shown}");
                break;
            case FieldKind.Zone when CheckText(value, report) && !TimeZoneInfo.TryFindSystemTimeZoneById(value.Text, out _):
                report.Add(value, $"{value.Shown} is no time zone: {Name} is such as Europe/Madrid, America/New_York or UTC");
                break;
            case FieldKind.Age:
                CheckAge(value, report);
                break;
            case FieldKind.Object when value.Kind != JsonValueKind.Object:
                report.Add(value, $"{Name} is an object, such as {{ \"{Shape!.Fields[0].Name}\": ... }}, not {value.Shown}");
                break;
            case FieldKind.Objects when value.Kind != JsonValueKind.Array:
                report.Add(value, $"{Name} is a list of objects, [ {{ ... }} ], not {value.Shown}");
                break;
        }
        return report.Problems.Count == before;
    }

    /// <summary>The values of a list, of which a single one may stand for itself.</summary>
    public static IReadOnlyList<JsonPlace> Listed(JsonPlace value) => value.Kind == JsonValueKind.Array ? value.Items : [value];

    /// <summary>Whether a text may be an id.</summary>
    public static bool IsId(string text) => text.Length is > 0 and <= LongestId && char.IsAsciiLetter(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private bool CheckText(JsonPlace value, Report report)
    {
        if (value.Kind != JsonValueKind.String) report.Add(value, $"{Name} is a text in quotation marks, not {value.Shown}");
        else if (string.IsNullOrWhiteSpace(value.Text)) report.Add(value, $"{Name} is empty: say {Title.ToLowerInvariant()}");
        else if (value.Text.Length > LongestText) report.Add(value, $"{Name} has {value.Text.Length} characters; {LongestText} are the most");
        else return true;
        return false;
    }

    private void CheckId(JsonPlace value, Report report)
    {
        if (CheckText(value, report) && !IsId(value.Text))
            report.Add(value, $"{value.Shown} cannot be {PracticeWords.A(Name)}: letters, digits and . _ -, a letter first, at most {LongestId}");
    }

    private void CheckWord(JsonPlace value, Report report)
    {
        if (value.Kind != JsonValueKind.String) report.Add(value, $"{Name} is one of the words {PracticeWords.Or(Words)}, not {value.Shown}");
        else if (!Words.Contains(value.Text, StringComparer.Ordinal))
            report.Add(value, $"{value.Shown} is no {Noun}: {string.Join(", ", Words)}{PracticeWords.DidYouMean(value.Text, Words)}");
    }

    private void CheckNumber(JsonPlace value, Report report)
    {
        var whole = Kind == FieldKind.Whole;
        if (value.Kind != JsonValueKind.Number) report.Add(value, $"{Name} is a {(whole ? "whole " : "")}number, not {value.Shown}");
        else if (whole && value.Number != Math.Floor(value.Number)) report.Add(value, $"{Name} is a whole number, not {value.Shown}");
        else if (!(value.Number >= Min && value.Number <= Max))
            report.Add(value, string.Create(CultureInfo.InvariantCulture, $"{Name} is {value.Text}: it goes from {Min} to {Max}"));
    }

    private void CheckList(JsonPlace value, Report report)
    {
        if (value.Kind is not (JsonValueKind.Array or JsonValueKind.String))
        {
            report.Add(value, $"{Name} is a list in square brackets, not {value.Shown}");
            return;
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in Listed(value))
        {
            if (Kind == FieldKind.Texts) CheckText(item, report);
            else if (Kind == FieldKind.Words) CheckWord(item, report);
            else CheckId(item, report);
            if (!seen.Add(item.Text)) report.Add(item, $"{item.Shown} stands in {Name} twice: take one out");
        }
    }

    private void CheckAge(JsonPlace value, Report report)
    {
        if (!CheckText(value, report)) return;
        var ages = FactRegistry.All.Where(fact => fact.IsAge).Select(fact => fact.Key).ToArray();
        if (ages.Contains(value.Text, StringComparer.Ordinal)) return;
        report.Add(value, $"{value.Shown} does not say how long ago something happened; {Name} is one of {string.Join(", ", ages)}"
            + PracticeWords.DidYouMean(value.Text, ages));
    }
}

/// <summary>The fields of an object.</summary>
internal sealed record Shape(string Name, string Title, IReadOnlyList<Field> Fields)
{
    /// <summary>The field whose word decides which of the others have a meaning; null where all have.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>By the word of <see cref="DecidedBy"/>: the fields that it needs, and those that it may have besides.</summary>
    public IReadOnlyDictionary<string, (string[] Needs, string[] May)> Cases { get; init; } =
        new Dictionary<string, (string[] Needs, string[] May)>();

    /// <summary>Whether a field has a meaning for some words alone.</summary>
    public bool IsOfCases(string field) => Cases.Values.Any(one => one.Needs.Contains(field) || one.May.Contains(field));
}
