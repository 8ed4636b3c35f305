using System.Globalization;
using System.Text.Json;

namespace HealthGrains.Api.Json;

/// <summary>
/// Reads the fields of an object leniently where the meaning is plain (numbers as strings, null for absent) and precisely where
/// it is not. Collects every fault with the field's path.
/// </summary>
internal readonly struct FieldReader(JsonElement element, string path, List<FieldError> errors)
{
    public const int MaxText = 512;
    public const int MaxItems = 1000;

    public JsonElement Element => element;

    public string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    public void Fault(string name, string reason) => errors.Add(new FieldError(PathOf(name), reason));

    public bool Has(string name, out JsonElement value) =>
        element.TryGetProperty(name, out value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);

    public string? Text(string name, int max = MaxText) => Has(name, out var value) ? Text(name, value, max) : null;

    /// <summary>Text, or a number as its digits: ids of other systems are often numbers.</summary>
    public string? Text(string name, JsonElement value, int max = MaxText)
    {
        if (value.ValueKind == JsonValueKind.Number) return value.GetRawText();
        if (value.ValueKind != JsonValueKind.String)
        {
            Fault(name, $"{Show(value)} is not a string");
            return null;
        }
        string text;
        try
        {
            text = value.GetString()!.Trim();
        }
        catch (InvalidOperationException)
        {
            Fault(name, "not valid UTF-8 or an unpaired surrogate");
            return null;
        }
        if (text.Length > max) Fault(name, $"longer than {max} characters");
        return text.Length is 0 || text.Length > max ? null : text;
    }

    public decimal? Money(string name, decimal max)
    {
        if (!Has(name, out var value)) return null;
        if (Number(value) is { } number && number >= 0 && number <= max) return number;
        Fault(name, $"{Show(value)} is not a number from 0 to {max.ToString(CultureInfo.InvariantCulture)}");
        return null;
    }

    public int? Whole(string name, int min, int max)
    {
        if (!Has(name, out var value)) return null;
        if (Number(value) is { } number && number >= min && number <= max && decimal.Truncate(number) == number) return (int)number;
        Fault(name, $"{Show(value)} is not a whole number from {min} to {max}");
        return null;
    }

    public bool? Flag(string name)
    {
        if (!Has(name, out var value)) return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        if (value.ValueKind == JsonValueKind.String && TryText(value, out var text) && bool.TryParse(text, out var flag)) return flag;
        Fault(name, $"{Show(value)} is not true or false");
        return null;
    }

    public DateTimeOffset? Moment(string name)
    {
        if (!Has(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.String && TryText(value, out var text))
        {
            if (text.Trim().Length == 0) return null;
            if (Moments.TryParse(text, out var moment))
            {
                if (moment.Year is >= 1900 and <= 2200) return moment;
                Fault(name, $"'{text}' is not between the years 1900 and 2200");
                return null;
            }
        }
        Fault(name, $"{Show(value)} is not {Moments.Rule}");
        return null;
    }

    /// <summary>Until when: a moment, or a day until its end (UTC).</summary>
    public DateTimeOffset? Deadline(string name)
    {
        if (Moment(name) is not { } moment) return null;
        var isDay = Has(name, out var value) && TryText(value, out var text) && text.Trim().Length == "2026-11-21".Length;
        return isDay ? moment.AddDays(1).AddSeconds(-1) : moment;
    }

    public T? OneOf<T>(string name) where T : struct, Enum
    {
        if (!Has(name, out var value)) return null;
        var names = QueryParameter.Names<T>();
        if (value.ValueKind == JsonValueKind.String && TryText(value, out var text))
        {
            var at = Array.FindIndex(names, candidate => candidate.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase));
            if (at >= 0) return Enum.GetValues<T>()[at];
        }
        Fault(name, $"{Show(value)} is not one of {string.Join(", ", names)}");
        return null;
    }

    /// <summary>A list of texts; one text alone is a list of one.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        if (!Has(name, out var value)) return [];
        if (value.ValueKind == JsonValueKind.String) return Text(name, value) is { } one ? [one] : [];
        var list = new List<string>();
        if (!Items(name, value)) return list;
        var index = 0;
        foreach (var item in value.EnumerateArray())
            if (Text($"{name}[{index++}]", item) is { } text) list.Add(text);
        return list;
    }

    public IReadOnlyDictionary<string, string> Map(string name)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!Has(name, out var value)) return map;
        if (value.ValueKind != JsonValueKind.Object)
        {
            Fault(name, $"{Show(value)} is not an object");
            return map;
        }
        foreach (var (key, item) in Properties(value))
        {
            if (map.Count >= MaxItems)
            {
                Fault(name, $"more than {MaxItems} entries");
                break;
            }
            if (key is null || key.Trim().Length is 0 or > 64)
                Fault(name, "a name in it is empty, longer than 64 characters or not valid UTF-8");
            else if (item.ValueKind != JsonValueKind.Null && Text($"{name}.{key.Trim()}", item) is { } text) map[key.Trim()] = text;
        }
        return map;
    }

    /// <summary>Whether the value is an array of bearable length.</summary>
    public bool Items(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array) Fault(name, $"{Show(value)} is not an array");
        else if (value.GetArrayLength() > MaxItems) Fault(name, $"more than {MaxItems} items");
        else return true;
        return false;
    }

    private static IEnumerable<(string? Key, JsonElement Value)> Properties(JsonElement value)
    {
        foreach (var property in value.EnumerateObject())
        {
            string? key;
            try
            {
                key = property.Name;
            }
            catch (InvalidOperationException)
            {
                key = null;
            }
            yield return (key, property.Value);
        }
    }

    private static decimal? Number(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number) return value.TryGetDecimal(out var number) ? number : null;
        return value.ValueKind == JsonValueKind.String && TryText(value, out var text)
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
    }

    private static bool TryText(JsonElement value, out string text)
    {
        try
        {
            text = value.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    private static string Show(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object) return "an object";
        if (value.ValueKind == JsonValueKind.Array) return "an array";
        var text = value.ValueKind == JsonValueKind.String ? (TryText(value, out var read) ? read : "?") : value.GetRawText();
        return $"'{(text.Length > 60 ? text[..60] + "..." : text)}'";
    }
}
