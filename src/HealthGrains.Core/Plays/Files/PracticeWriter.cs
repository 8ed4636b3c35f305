using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using HealthGrains.Health;
using HealthGrains.Situations;

namespace HealthGrains.Plays.Files;

/// <summary>
/// Writes triggers, playbooks, guardrails and teams as their files, one way only: in the order of the fields, without what is the default
/// anyway. What is written is read back as the same.
/// </summary>
public static class PracticeWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A trigger's file.</summary>
    public static string Write(TriggerRule trigger) => Written(json =>
    {
        Head(json, trigger.Id, trigger.Version, trigger.Title);
        Condition(json, "when", trigger.When);
        Text(json, "per", trigger.Per?.Key);
        Whole(json, "clearDays", trigger.ClearDays, 3);
        if (trigger.Alert is not { } alert) return;
        json.WriteStartObject("alert");
        Text(json, "severity", alert.Severity == Band.Red ? "red" : "yellow");
        Text(json, "approach", alert.Approach);
        Flag(json, "urgent", alert.Urgent, false);
        Whole(json, "rank", alert.Rank, 50);
        json.WriteEndObject();
    });

    /// <summary>A playbook's file.</summary>
    public static string Write(Playbook book) => Written(json =>
    {
        Head(json, book.Id, book.Version, book.Title);
        Text(json, "goal", book.Goal);
        Text(json, "trigger", book.Trigger);
        Condition(json, "who", book.Who);
        Whole(json, "priority", book.Priority, 0);
        json.WriteStartArray("steps");
        foreach (var step in book.Steps) Write(json, step);
        json.WriteEndArray();
        if (book.Exits != new PlayExits())
        {
            json.WriteStartObject("exits");
            Flag(json, "recovered", book.Exits.Recovered, true);
            Flag(json, "renewed", book.Exits.Renewed, false);
            Condition(json, "when", book.Exits.When);
            json.WriteEndObject();
        }
        Texts(json, "replaces", book.Replaces);
        Texts(json, "notDuring", book.NotDuring);
        Text(json, "then", book.Then);
        Whole(json, "cooldownDays", book.CooldownDays, 30);
        Texts(json, "features", book.Features);
        Texts(json, "outcomes", book.Outcomes);
    });

    /// <summary>A guardrail's file.</summary>
    public static string Write(Guardrail rule) => Written(json =>
    {
        Head(json, rule.Id, rule.Version, rule.Title);
        Text(json, "kind", Shapes.GuardrailKinds[(int)rule.Kind]);
        Condition(json, "when", rule.When);
        if (rule.Kind == GuardrailKind.Consent) Flag(json, "silenceIsConsent", rule.Most == 1, false);
        var (needs, may) = Shapes.Guardrail.Cases[Shapes.GuardrailKinds[(int)rule.Kind]];
        foreach (var field in needs.Concat(may)) Write(json, rule, field);
    });

    /// <summary>A team's file.</summary>
    public static string Write(Team team) => Written(json =>
    {
        Text(json, "manager", team.Manager);
        Texts(json, "members", team.Members);
        if (team.People.Count > 0) json.WriteStartArray("people");
        foreach (var person in team.People) Write(json, person);
        if (team.People.Count > 0) json.WriteEndArray();
        Flag(json, "unowned", team.Unowned, false);
        Text(json, "timeZone", team.TimeZone);
    });

    /// <summary>A template's file.</summary>
    public static string Write(TextTemplate template)
    {
        var head = $"---\nid: {template.Id}\nversion: {template.Version.ToString(CultureInfo.InvariantCulture)}\n";
        return $"{head}{(template.Subject.Length == 0 ? "" : $"subject: {template.Subject}\n")}---\n{template.Body}\n";
    }

    private static void Write(Utf8JsonWriter json, Guardrail rule, string field)
    {
        switch (field)
        {
            case "most": json.WriteNumber(field, rule.Most); break;
            case "days": json.WriteNumber(field, rule.Days); break;
            case "hours": json.WriteNumber(field, rule.Hours); break;
            case "from" or "at": Text(json, field, rule.From.ToString("HH:mm", CultureInfo.InvariantCulture)); break;
            case "to": Text(json, field, rule.To.ToString("HH:mm", CultureInfo.InvariantCulture)); break;
            case "weekends": Flag(json, field, rule.Weekends, false); break;
            case "percent": json.WriteNumber(field, rule.Percent); break;
            case "by" when rule.By != Practice.Manager: Text(json, field, rule.By); break;
            case "marks": Texts(json, field, rule.Marks); break;
            case "template": Text(json, field, rule.Template); break;
            case "names": json.WriteStartArray(field); Items(json, rule.Names); break;
        }
    }

    private static void Write(Utf8JsonWriter json, TeamPerson person)
    {
        json.WriteStartObject();
        Text(json, "name", person.Name);
        if (person.By != TeamPerson.Chat) Text(json, "by", person.By);
        Text(json, "email", person.Email);
        Text(json, "timeZone", person.TimeZone);
        Flag(json, "digest", person.Digest, true);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PlayStep step)
    {
        json.WriteStartObject();
        Text(json, "id", step.Id);
        json.WriteNumber("day", step.Day);
        Text(json, "kind", Shapes.StepKinds[(int)step.Kind]);
        Text(json, "title", step.Title);
        Condition(json, "when", step.When);
        Texts(json, "after", step.After);
        Text(json, "template", step.Template);
        Texts(json, "to", step.To);
        if (step.By != Practice.Owner) Text(json, "by", step.By);
        Texts(json, "automatic", [.. step.Automatic.Select(tier => Shapes.Tiers[(int)tier])]);
        Texts(json, "marks", step.Marks);
        Whole(json, "withinDays", step.WithinDays, 3);
        Condition(json, "until", step.Until);
        if (step.Receiver != "chat") Text(json, "receiver", step.Receiver);
        json.WriteEndObject();
    }

    private static void Condition(Utf8JsonWriter json, string name, Condition? condition)
    {
        if (condition is null) return;
        json.WritePropertyName(name);
        Write(json, condition);
    }

    private static void Write(Utf8JsonWriter json, Condition condition)
    {
        json.WriteStartObject();
        switch (condition)
        {
            case AllOf all: Parts(json, "all", all.Parts); break;
            case AnyOf any: Parts(json, "any", any.Parts); break;
            case Not not: Condition(json, "not", not.Part); break;
            case FactIs fact: Write(json, fact); break;
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FactIs fact)
    {
        Text(json, "fact", fact.Fact.Key);
        var name = ConditionFile.Comparisons[(int)fact.Comparison];
        if (fact.Comparison == Comparison.Known || fact.Fact.Definition.Kind == FactKind.Flag) json.WriteBoolean(name, fact.Number != 0);
        else if (fact.Fact.Definition.Kind == FactKind.Number) json.WriteNumber(name, fact.Number);
        else if (fact.Texts.Count == 1) Text(json, name, fact.Texts[0]);
        else Texts(json, name, fact.Texts);
    }

    private static void Parts(Utf8JsonWriter json, string name, IReadOnlyList<Condition> parts)
    {
        json.WriteStartArray(name);
        foreach (var part in parts) Write(json, part);
        json.WriteEndArray();
    }

    private static void Head(Utf8JsonWriter json, string id, int version, string title)
    {
        Text(json, "id", id);
        json.WriteNumber("version", version);
        Text(json, "title", title);
    }

    private static void Text(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null) json.WriteString(name, text);
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0) return;
        json.WriteStartArray(name);
        Items(json, texts);
    }

    private static void Items(Utf8JsonWriter json, IReadOnlyList<string> texts)
    {
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void Whole(Utf8JsonWriter json, string name, int number, int otherwise)
    {
        if (number != otherwise) json.WriteNumber(name, number);
    }

    private static void Flag(Utf8JsonWriter json, string name, bool flag, bool otherwise)
    {
        if (flag != otherwise) json.WriteBoolean(name, flag);
    }

    private static string Written(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }
}
