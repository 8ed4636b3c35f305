using HealthGrains.Plays;

namespace HealthGrains.Cli.Practices;

/// <summary>What a practice would do, in a line for each part.</summary>
internal static class PracticeSummary
{
    public static IReadOnlyList<string> Of(Practice practice) =>
    [
        .. practice.Triggers.Select(rule => Line(rule)),
        .. practice.Playbooks.OrderBy(book => book.Id, StringComparer.Ordinal).Select(book => Line(book)),
        .. practice.Guardrails.Select(rule => Line(rule)),
        string.Join(", ", Count(practice.Triggers.Count, "trigger"), Count(practice.Playbooks.Count, "playbook"),
            Count(practice.Guardrails.Count, "guardrail"), Count(practice.Templates.Count, "template"), Count(practice.Teams.Count, "team"))
            + ": no mistakes",
    ];

    /// <summary>What one part of a practice would do.</summary>
    public static string Line(object what) => what switch
    {
        TriggerRule trigger => Line(trigger),
        Playbook book => Line(book),
        Guardrail rule => Line(rule),
        TextTemplate template => $"template {template.Id} {template.Version}: {Count(template.Body.Split('\n').Length, "line")}"
            + (template.Subject.Length == 0 ? "" : $", subject '{template.Subject}'"),
        Team team => $"team of {team.Manager}: {string.Join(", ", team.Members)}",
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "no part of a practice"),
    };

    private static string Line(TriggerRule rule) => $"trigger {rule.Id} {rule.Version}: fires when {rule.When.Words}"
        + (rule.Per is null ? "" : ", once for each happening")
        + (rule.Alert is { } alert ? $"; raises {(alert.Urgent ? "an urgent" : "a")} {alert.Severity.ToString().ToLowerInvariant()} alert" : "");

    private static string Line(Playbook book)
    {
        var kinds = book.Steps.CountBy(step => step.Kind).ToDictionary();
        string[] parts =
        [
            .. Some(kinds, StepKind.Email, "e-mail draft"), .. Some(kinds, StepKind.InApp, "in-app draft"),
            .. Some(kinds, StepKind.Task, "task"),
            .. Some(kinds, StepKind.Brief, "brief"), .. Some(kinds, StepKind.Notice, "notice"),
            .. Some(kinds, StepKind.Approval, "approval"),
            .. Some(kinds, StepKind.Wait, "wait"),
        ];
        var automatic = book.Steps.Count(step => step.Automatic.Count > 0);
        return $"playbook {book.Id} {book.Version}: {Count(book.Steps.Count, "step")} {When(book)}: {string.Join(", ", parts)}"
            + (automatic > 0 ? $"; {automatic} may go out by themselves" : "")
            + (book.Trigger is null ? "; only people start it" : $"; starts on {book.Trigger}")
            + (book.Who is null ? "" : $" for {book.Who.Words}");
    }

    private static string Line(Guardrail rule) => $"guardrail {rule.Id} {rule.Version}: {rule.Title}";

    private static string When(Playbook book) => book.Steps[^1].Day == 0 ? "at once" : $"over {Count(book.Steps[^1].Day, "day")}";

    private static IEnumerable<string> Some(Dictionary<StepKind, int> kinds, StepKind kind, string name)
    {
        if (kinds.TryGetValue(kind, out var count)) yield return Count(count, name);
    }

    private static string Count(int count, string name) => $"{count} {name}{(count == 1 ? "" : "s")}";
}
