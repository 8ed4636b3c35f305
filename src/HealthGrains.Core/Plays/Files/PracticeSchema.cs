using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using HealthGrains.Situations;

namespace HealthGrains.Plays.Files;

/// <summary>
/// JSON Schemas (draft 2020-12) of a practice's files, so that an editor helps while they are written. Made from the very fields that the
/// reader checks by; what only a look at other files can tell is left to the reader.
/// </summary>
public static class PracticeSchema
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>All schemas, named as files name them: <c>playbook.schema.json</c>.</summary>
    public static IReadOnlyList<PracticeFile> All { get; } =
        [.. Enum.GetValues<PracticeKind>().Select(Shapes.Of).OfType<Shape>().Select(Of)];

    private static PracticeFile Of(Shape shape)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            Write(json, shape);
            if (Uses(shape, FieldKind.Condition)) WriteConditions(json);
            json.WriteEndObject();
        }
        return new PracticeFile($"{shape.Name}.schema.json", Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n");
    }

    private static void Write(Utf8JsonWriter json, Shape shape)
    {
        json.WriteString("title", shape.Name);
        json.WriteString("description", shape.Title);
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", false);
        Names(json, "required", shape.Fields.Where(field => field.Required).Select(field => field.Name));
        json.WriteStartObject("properties");
        foreach (var field in shape.Fields)
        {
            json.WriteStartObject(field.Name);
            json.WriteString("description", field.Title);
            Write(json, field);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        WriteCases(json, shape);
    }

    private static void Write(Utf8JsonWriter json, Field field)
    {
        switch (field.Kind)
        {
            case FieldKind.Schema:
                json.WriteString("type", "string");
                break;
            case FieldKind.Flag:
                json.WriteString("type", "boolean");
                break;
            case FieldKind.Whole or FieldKind.Number:
                json.WriteString("type", field.Kind == FieldKind.Whole ? "integer" : "number");
                json.WriteNumber("minimum", field.Min);
                json.WriteNumber("maximum", field.Max);
                break;
            case FieldKind.Words or FieldKind.Ids or FieldKind.Texts:
                WriteList(json, field);
                break;
            case FieldKind.Condition:
                json.WriteString("$ref", "#/$defs/condition");
                break;
            case FieldKind.Object:
                Write(json, field.Shape!);
                break;
            case FieldKind.Objects:
                json.WriteString("type", "array");
                json.WriteNumber("minItems", 1);
                json.WriteStartObject("items");
                Write(json, field.Shape!);
                json.WriteEndObject();
                break;
            default:
                WriteText(json, field);
                break;
        }
    }

    private static void WriteText(Utf8JsonWriter json, Field field)
    {
        json.WriteString("type", "string");
        switch (field.Kind)
        {
            case FieldKind.Id or FieldKind.Ids:
                json.WriteString("pattern", "^[A-Za-z][A-Za-z0-9._-]{0,63}$");
                break;
            case FieldKind.Text or FieldKind.Texts or FieldKind.Zone:
                json.WriteString("pattern", "\\S");
                json.WriteNumber("maxLength", Field.LongestText);
                break;
            case FieldKind.Time:
                json.WriteString("pattern", "^([01][0-9]|2[0-3]):[0-5][0-9]$");
                break;
            case FieldKind.Age:
                Names(json, "enum", FactRegistry.All.Where(fact => fact.IsAge).Select(fact => fact.Key));
                break;
            default:
                Names(json, "enum", field.Words);
                break;
        }
    }

    private static void WriteList(Utf8JsonWriter json, Field field)
    {
        json.WriteStartArray("anyOf");
        json.WriteStartObject();
        WriteText(json, field);
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteString("type", "array");
        json.WriteBoolean("uniqueItems", true);
        json.WriteStartObject("items");
        WriteText(json, field);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>Which fields go with which word.</summary>
    private static void WriteCases(Utf8JsonWriter json, Shape shape)
    {
        if (shape.DecidedBy is not { } by) return;
        json.WriteStartArray("allOf");
        foreach (var (word, (needs, may)) in shape.Cases)
        {
            json.WriteStartObject();
            json.WriteStartObject("if");
            json.WriteStartObject("properties");
            json.WriteStartObject(by);
            json.WriteString("const", word);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("then");
            Names(json, "required", needs);
            json.WriteStartObject("properties");
            foreach (var field in shape.Fields.Select(field => field.Name))
                if (shape.IsOfCases(field) && !needs.Contains(field) && !may.Contains(field)) json.WriteBoolean(field, false);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteConditions(Utf8JsonWriter json)
    {
        json.WriteStartObject("$defs");
        json.WriteStartObject("condition");
        json.WriteStartArray("oneOf");
        foreach (var form in (string[])["all", "any", "not"])
        {
            json.WriteStartObject();
            json.WriteString("type", "object");
            json.WriteBoolean("additionalProperties", false);
            Names(json, "required", [form]);
            json.WriteStartObject("properties");
            json.WriteStartObject(form);
            if (form == "not") json.WriteString("$ref", "#/$defs/condition");
            else WriteConditionList(json);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        foreach (var kind in Enum.GetValues<FactKind>()) WriteComparison(json, kind);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteConditionList(Utf8JsonWriter json)
    {
        json.WriteString("type", "array");
        json.WriteNumber("minItems", 1);
        json.WriteStartObject("items");
        json.WriteString("$ref", "#/$defs/condition");
        json.WriteEndObject();
    }

    private static void WriteComparison(Utf8JsonWriter json, FactKind kind)
    {
        json.WriteStartObject();
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", false);
        Names(json, "required", ["fact"]);
        json.WriteNumber("minProperties", 2);
        json.WriteStartObject("properties");
        json.WriteStartObject("fact");
        json.WriteStartArray("anyOf");
        var facts = FactRegistry.All.Where(fact => fact.Kind == kind).ToArray();
        json.WriteStartObject();
        Names(json, "enum", facts.Where(fact => !fact.IsFamily).Select(fact => fact.Key));
        json.WriteEndObject();
        foreach (var family in facts.Where(fact => fact.IsFamily))
        {
            json.WriteStartObject();
            json.WriteString("type", "string");
            json.WriteString("pattern", $"^{family.Key}.+$");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        foreach (var comparison in Enum.GetValues<Comparison>())
        {
            if (kind != FactKind.Number && comparison is not (Comparison.Is or Comparison.Known)) continue;
            json.WriteStartObject(ConditionFile.Comparisons[(int)comparison]);
            if (comparison == Comparison.Known || kind == FactKind.Flag) json.WriteString("type", "boolean");
            else if (kind == FactKind.Number) json.WriteString("type", "number");
            else Names(json, "type", ["string", "array"]);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static bool Uses(Shape shape, FieldKind kind) =>
        shape.Fields.Any(field => field.Kind == kind || (field.Shape is { } inner && Uses(inner, kind)));

    private static void Names(Utf8JsonWriter json, string name, IEnumerable<string> names)
    {
        json.WriteStartArray(name);
        foreach (var one in names) json.WriteStringValue(one);
        json.WriteEndArray();
    }
}
