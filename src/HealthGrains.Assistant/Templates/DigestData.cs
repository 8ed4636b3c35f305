using HealthGrains.Plays;

namespace HealthGrains.Assistant.Templates;

/// <summary>What the template of a digest may name, and the values of it.</summary>
internal static class DigestData
{
    private static readonly TemplateValue Alerts = TemplateValue.ListOf(TemplateValue.Object(
        ("account", TemplateValue.Text), ("reason", TemplateValue.Text), ("severity", TemplateValue.Text),
        ("approach", TemplateValue.Text), ("since", TemplateValue.Date), ("acknowledged", TemplateValue.Flag),
        ("arrAtRisk", TemplateValue.Money), ("how", TemplateValue.Text)));

    private static readonly TemplateValue Work = TemplateValue.ListOf(TemplateValue.Object(
        ("account", TemplateValue.Text), ("title", TemplateValue.Text), ("due", TemplateValue.Date), ("late", TemplateValue.Flag)));

    public static readonly TemplateValue Fields = TemplateValue.Object(
        ("to", TemplateValue.Text), ("pushed", Alerts), ("listed", Alerts), ("listedBecause", TemplateValue.Text), ("tasks", Work),
        ("drafts", Work), ("ended", Alerts));

    public static Dictionary<string, object> Of(DigestFacts facts) => new(StringComparer.Ordinal)
    {
        ["today"] = facts.Today,
        ["digest"] = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["to"] = facts.To,
            ["pushed"] = facts.Pushed.Select(Alert).ToArray(),
            ["listed"] = facts.Listed.Select(Alert).ToArray(),
            ["listedBecause"] = Known("digest.listedBecause", facts.ListedBecause),
            ["tasks"] = facts.Tasks.Select(Item).ToArray(),
            ["drafts"] = facts.Drafts.Select(Item).ToArray(),
            ["ended"] = facts.Ended.Select(Alert).ToArray(),
        },
    };

    private static Dictionary<string, object> Alert(DigestAlert alert) => new(StringComparer.Ordinal)
    {
        ["account"] = alert.Account,
        ["reason"] = alert.Reason,
        ["severity"] = alert.Severity,
        ["approach"] = alert.Approach,
        ["since"] = alert.Since,
        ["acknowledged"] = alert.Acknowledged,
        ["arrAtRisk"] = Known("arrAtRisk", alert.ArrAtRisk is { } amount ? new Money(Math.Round(amount), alert.Currency) : null),
        ["how"] = Known("how", alert.How),
    };

    private static Dictionary<string, object> Item(DigestWork work) => new(StringComparer.Ordinal)
    {
        ["account"] = work.Account,
        ["title"] = work.Title,
        ["due"] = work.Due,
        ["late"] = work.Late,
    };

    private static object Known(string path, object? value) => value is null or "" ? new Unknown(path) : value;
}
