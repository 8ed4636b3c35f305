using System.Text.Json;
using System.Text.Json.Nodes;

namespace HealthGrains.Delivery;

/// <summary>What our fields and their values are called in a CRM: the settings, where they say so, and else what is usual there.</summary>
internal sealed class CrmMapping
{
    private readonly Dictionary<CrmKind, Dictionary<string, string>> _fields;
    private readonly Dictionary<string, Dictionary<string, string>> _values;
    private readonly Dictionary<string, string> _owners;

    public CrmMapping(ReceiverSettings settings, Usual usual)
    {
        _fields = new Dictionary<CrmKind, Dictionary<string, string>>
        {
            [CrmKind.Account] = settings.AccountFields,
            [CrmKind.Task] = Over(usual.TaskFields, settings.TaskFields),
            [CrmKind.Outcome] = Over(usual.OutcomeFields, settings.OutcomeFields),
        };
        _values = new Dictionary<string, Dictionary<string, string>>(usual.Values, StringComparer.OrdinalIgnoreCase);
        foreach (var (field, values) in settings.Values)
            _values[field] = Over(usual.Values.GetValueOrDefault(field) ?? [], values);
        _owners = settings.Owners;
    }

    /// <summary>
    /// The fields of an entry as they are called there, in order of their names. What the settings do not name, and an owner whom they do
    /// not
    /// name, is left out.
    /// </summary>
    public SortedDictionary<string, JsonNode?> Fields(CrmBody body)
    {
        var mapped = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (ours, theirs) in _fields[body.Kind])
        {
            // Ours may be spelled as an environment variable spells it.
            var field = body.Fields.FirstOrDefault(one => string.Equals(one.Key, ours, StringComparison.OrdinalIgnoreCase));
            if (field.Key is null || theirs.Length == 0) continue;
            var value = field.Value?.DeepClone();
            var text = value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
            if (string.Equals(ours, "owner", StringComparison.OrdinalIgnoreCase))
            {
                if (text is null || !_owners.TryGetValue(text, out var owner)) continue;
                value = owner;
            }
            else if (text is not null && _values.TryGetValue(ours, out var values) && values.TryGetValue(text, out var word))
            {
                value = word;
            }
            mapped[theirs] = value;
        }
        return mapped;
    }

    /// <summary>A text field of ours; null without it.</summary>
    public static string? Text(CrmBody body, string name) =>
        body.Fields[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>An outcome or a task in words, with where to look closer.</summary>
    public static string Words(CrmBody body) => string.Join('\n', new[]
    {
        Text(body, "outcome") is { } outcome ? $"Outcome: {outcome}" : null, Text(body, "text"), Text(body, "link"),
    }.Where(line => !string.IsNullOrEmpty(line)));

    private static Dictionary<string, string> Over(Dictionary<string, string> usual, Dictionary<string, string> settings)
    {
        var all = new Dictionary<string, string>(usual, StringComparer.OrdinalIgnoreCase);
        foreach (var (ours, theirs) in settings) all[ours] = theirs;
        return all;
    }

    /// <summary>What is usual in a CRM.</summary>
    /// <param name="TaskFields">A task's fields.</param>
    /// <param name="OutcomeFields">An outcome's fields.</param>
    /// <param name="Values">What values are called, by our field.</param>
    internal sealed record Usual(
        Dictionary<string, string> TaskFields, Dictionary<string, string> OutcomeFields,
        Dictionary<string, Dictionary<string, string>> Values);
}
