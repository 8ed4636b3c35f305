using System.Text.RegularExpressions;
using HealthGrains.Plays.Files;

namespace HealthGrains.Core.Tests.Plays.Files;

/// <summary>Small files to build practices from, and a template check that knows two fields.</summary>
internal static partial class Samples
{
    public static readonly PracticeFile Trigger = new("triggers/detractor.json", """
        { "id": "detractor", "version": 1, "title": "A detractor",
          "when": { "all": [ { "fact": "nps", "atMost": 6 }, { "fact": "npsAgeDays", "atMost": 14 } ] }, "per": "npsAgeDays" }
        """);

    public static readonly PracticeFile Template = new("templates/sorry.hbs", "---\nid: sorry\nversion: 1\nsubject: Thank you\n---\nDear {{contact.name}},\n");

    public static readonly PracticeFile Note = new("templates/note.hbs", "---\nid: note\nversion: 1\n---\n{{account.name}} is unhappy.\n");

    public static readonly PracticeFile Guardrail = new("guardrails/weekly.json",
        """{ "id": "weekly", "version": 1, "title": "Two a week", "kind": "messagesPerContact", "most": 2, "days": 7 }""");

    public static readonly PracticeFile Team = new("teams/north.json", """{ "manager": "maria", "members": ["tom", "ana"] }""");

    public static readonly PracticeFile Playbook = Book("followUp");

    public static readonly PracticeFile Digest =
        new("templates/digest.hbs", "---\nid: digest\nversion: 1\nsubject: Today\n---\n{{digest.to}}\n");

    public static readonly PracticeFile[] All = [Trigger, Template, Note, Digest, Guardrail, Team, Playbook];

    public static PracticeFile Book(string id, int version = 1, string title = "Follow-up", string more = "") => new($"playbooks/{id}.json", $$"""
        {
          // Comments are welcome, and so are commas at the end.
          "$schema": "../schemas/playbook.schema.json",
          "id": "{{id}}", "version": {{version}}, "title": "{{title}}", "goal": "To hear what hurts.", "trigger": "detractor",
          "steps": [
            { "id": "call", "day": 0, "kind": "task", "title": "Call", "template": "note" },
            { "id": "write", "day": 1, "kind": "email", "title": "Write", "template": "sorry", "to": "champion", "after": ["call"] },
          ],{{more}}
        }
        """);

    public static ITemplateCheck Check { get; } = new TwoFields();

    public static PracticeBook Loaded()
    {
        var change = PracticeBook.Empty(Check).With(All);
        Assert.Empty(change.Problems);
        return change.Book;
    }

    private sealed partial class TwoFields : ITemplateCheck
    {
        public TemplateReading Read(string text)
        {
            var fields = Field().Matches(text).Select(match =>
            {
                var before = text[..match.Index];
                return new TemplateField(match.Groups[1].Value, before.Count(c => c == '\n') + 1, match.Index - before.LastIndexOf('\n'));
            }).ToArray();
            var mistakes = fields.Where(field => field.Name is not ("contact.name" or "account.name" or "digest.to"))
                .Select(field => new TemplateMistake(field.Line, field.Column, $"there is no field {field.Name}"));
            return new TemplateReading(fields, [.. mistakes]);
        }

        [GeneratedRegex(@"\{\{([\w.]+)\}\}")]
        private static partial Regex Field();
    }
}
