using System.Globalization;
using System.Text.Json;
using HealthGrains.Situations;

namespace HealthGrains.Plays.Files;

/// <summary>
/// An object of a file that was read by its shape. A field that is not there, or whose value was refused, reads as its default: what is
/// made of it is thrown away when there are problems.
/// </summary>
internal sealed class Entry
{
    private readonly Dictionary<string, JsonPlace> _values = new(StringComparer.Ordinal);
    private readonly Report _report;

    private Entry(JsonPlace place, Report report)
    {
        Place = place;
        _report = report;
    }

    public JsonPlace Place { get; }

    /// <summary>Reads an object and says all that is wrong with its own fields.</summary>
    public static Entry Read(JsonPlace place, Shape shape, Report report)
    {
        var entry = new Entry(place, report);
        if (place.Kind != JsonValueKind.Object)
        {
            report.Add(place, $"{PracticeWords.A(shape.Name)} is an object, {{ ... }}, not {place.Shown}");
            return entry;
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in place.Members)
        {
            var field = shape.Fields.FirstOrDefault(field => field.Name == member.Name);
            if (field is null)
            {
                var names = shape.Fields.Select(field => field.Name).Where(name => name[0] != '$').ToArray();
                report.Add(member.Line, member.Column,
                    $"'{member.Name}' is no field of {PracticeWords.A(shape.Name)}: {string.Join(", ", names)}{PracticeWords.DidYouMean(member.Name, names)}");
            }
            else if (!seen.Add(member.Name))
            {
                report.Add(member.Line, member.Column, $"{member.Name} is given twice: take one out");
            }
            else if (field.Check(member.Value, report))
            {
                entry._values.Add(member.Name, member.Value);
            }
        }
        foreach (var field in shape.Fields)
            if (field.Required && !seen.Contains(field.Name))
                report.Add(place, $"{PracticeWords.A(shape.Name)} needs {field.Name}: {field.Title.ToLowerInvariant()}");
        entry.CheckCase(shape, seen);
        return entry;
    }

    public JsonPlace? At(string field) => _values.GetValueOrDefault(field);

    public string Text(string field) => At(field)?.Text ?? "";

    public string? TextOrNull(string field) => At(field)?.Text;

    public int Whole(string field, int otherwise) => At(field) is { } value ? (int)value.Number : otherwise;

    public double Number(string field, double otherwise) => At(field)?.Number ?? otherwise;

    public bool Flag(string field, bool otherwise) => At(field) is { } value ? value.Kind == JsonValueKind.True : otherwise;

    public TimeOnly Time(string field) =>
        At(field) is { } value ? TimeOnly.ParseExact(value.Text, "HH:mm", CultureInfo.InvariantCulture) : default;

    public IReadOnlyList<JsonPlace> Places(string field) => At(field) is { } value ? Field.Listed(value) : [];

    public IReadOnlyList<string> Texts(string field) => [.. Places(field).Select(place => place.Text)];

    public Condition? Condition(string field) => At(field) is { } value ? ConditionFile.Read(value, _report) : null;

    public Entry? Object(string field, Shape shape) => At(field) is { } value ? Read(value, shape, _report) : null;

    public IReadOnlyList<Entry> Objects(string field, Shape shape) =>
        [.. (At(field)?.Items ?? []).Select(item => Read(item, shape, _report))];

    private void CheckCase(Shape shape, HashSet<string> seen)
    {
        if (shape.DecidedBy is not { } by || TextOrNull(by) is not { } word || !shape.Cases.TryGetValue(word, out var one)) return;
        foreach (var needed in one.Needs)
            if (!seen.Contains(needed))
                _report.Add(Place, $"{word} needs {needed}: {shape.Fields.First(field => field.Name == needed).Title.ToLowerInvariant()}");
        foreach (var member in Place.Members)
        {
            if (!shape.IsOfCases(member.Name) || one.Needs.Contains(member.Name) || one.May.Contains(member.Name)) continue;
            var where = shape.Cases.Where(other => other.Value.Needs.Contains(member.Name) || other.Value.May.Contains(member.Name));
            _report.Add(member.Line, member.Column,
                $"{member.Name} says nothing for {word}, only for {PracticeWords.And([.. where.Select(other => other.Key)])}: take it out");
        }
    }
}
