using HealthGrains.Plays;
using HealthGrains.Situations;

namespace HealthGrains.Assistant.Templates;

/// <summary>What a value in a template is, which decides what may be done with it.</summary>
internal enum ValueKind : byte
{
    Text,
    Number,
    /// <summary>1 is the whole: 0.8 is 80 %.</summary>
    Share,
    Money,
    Date,
    Flag,
    List,
    Object,
}

/// <summary>A value that a template may name: of an object its fields, of a list what its items are.</summary>
internal sealed record TemplateValue(ValueKind Kind)
{
    public IReadOnlyDictionary<string, TemplateValue> Fields { get; init; } = new Dictionary<string, TemplateValue>();
    public TemplateValue? Item { get; init; }

    public static readonly TemplateValue Text = new(ValueKind.Text);
    public static readonly TemplateValue Number = new(ValueKind.Number);
    public static readonly TemplateValue Share = new(ValueKind.Share);
    public static readonly TemplateValue Money = new(ValueKind.Money);
    public static readonly TemplateValue Date = new(ValueKind.Date);
    public static readonly TemplateValue Flag = new(ValueKind.Flag);
    public static readonly TemplateValue Texts = ListOf(Text);

    public static TemplateValue ListOf(TemplateValue item) => new(ValueKind.List) { Item = item };

    public static TemplateValue Object(params (string Name, TemplateValue Value)[] fields) =>
        new(ValueKind.Object) { Fields = fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal) };
}

/// <summary>Everything that a template may name; <see cref="TemplateData"/> gives the values.</summary>
internal static class TemplateFields
{
    public static readonly TemplateValue Root = TemplateValue.Object(
        ("account", TemplateValue.Object(
            ("id", TemplateValue.Text), ("name", TemplateValue.Text), ("tier", TemplateValue.Text), ("segment", TemplateValue.Text),
            ("plan", TemplateValue.Text), ("arr", TemplateValue.Money), ("seats", TemplateValue.Number), ("owner", TemplateValue.Text),
            ("ownerEmail", TemplateValue.Text), ("startedAt", TemplateValue.Date), ("renewalDate", TemplateValue.Date),
            ("termMonths", TemplateValue.Number), ("goals", TemplateValue.Texts), ("promises", TemplateValue.Texts),
            ("valueBlocks", TemplateValue.Texts))),
        ("contact", TemplateValue.Object(
            ("id", TemplateValue.Text), ("name", TemplateValue.Text), ("email", TemplateValue.Text), ("role", TemplateValue.Text))),
        ("drivers", TemplateValue.ListOf(TemplateValue.Object(
            ("measure", TemplateValue.Text), ("title", TemplateValue.Text), ("category", TemplateValue.Text),
            ("points", TemplateValue.Number), ("note", TemplateValue.Text)))),
        ("facts", TemplateValue.Object(
            [.. FactRegistry.All.Where(fact => !fact.IsFamily).Select(fact => (fact.Key, new TemplateValue(KindOf(fact))))])),
        ("digest", DigestData.Fields),
        ("featuresNotUsed", TemplateValue.Texts),
        ("triedBefore", TemplateValue.Texts),
        ("reason", TemplateValue.Text),
        ("today", TemplateValue.Date));

    public static ValueKind KindOf(FactDefinition fact) => fact.Kind switch
    {
        FactKind.Text => ValueKind.Text,
        FactKind.Flag => ValueKind.Flag,
        _ when fact.Unit == "money" => ValueKind.Money,
        _ when fact.IsShare => ValueKind.Share,
        _ => ValueKind.Number,
    };
}
