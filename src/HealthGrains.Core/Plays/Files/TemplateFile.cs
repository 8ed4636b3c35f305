using System.Text.Json;

namespace HealthGrains.Plays.Files;

/// <summary>
/// A template as a file: <c>templates/welcome.hbs</c>. Between two lines of <c>---</c> stand its id, its version and, of an e-mail, its
/// subject; then the text.
/// </summary>
internal static class TemplateFile
{
    private const string Fence = "---";
    private const int MaxBody = 20_000;

    public static PracticePart? Read(PracticeFile file, ITemplateCheck check, Report report)
    {
        var lines = file.Content.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        var end = lines[0].TrimEnd() == Fence ? Array.FindIndex(lines, 1, line => line.TrimEnd() == Fence) : -1;
        if (end < 0)
        {
            report.Add(1, 1, lines[0].TrimEnd() == Fence ? "the head is never closed: put --- on a line of its own below it"
                : "a template begins with its head: ---, id: ..., version: ..., subject: ..., ---, each on a line of its own");
            return null;
        }
        var head = Head(lines[1..end], report);
        var (subject, body) = (head.GetValueOrDefault("subject"), string.Join('\n', lines[(end + 1)..]).TrimEnd());
        var fields = new List<TemplateField>();
        if (subject is not null) Take(check.Read(subject.Text), subject.Line, subject.Column - 1, fields, report);
        Take(check.Read(body), end + 2, 0, fields, report);
        if (string.IsNullOrWhiteSpace(body)) report.Add(end + 1, 1, "a template without a text: write it below the head");
        if (body.Length > MaxBody) report.Add(end + 2, 1, $"the text has {body.Length} characters; {MaxBody} are the most");
        var version = head.GetValueOrDefault("version");
        var template = new TextTemplate(
            head.GetValueOrDefault("id")?.Text ?? "", version is { Number: >= 1 } ? (int)version.Number : 0, subject?.Text ?? "", body.TrimStart('\n'));
        var canonical = $"{template.Subject}\n\n{template.Body}";
        var versionAt = (version?.Line ?? 1, version?.Column ?? 1);
        return new PracticePart(file, PracticeKind.Template, template.Id, template.Version, template, canonical, versionAt)
        {
            Fields = fields,
        };
    }

    private static Dictionary<string, JsonPlace> Head(string[] lines, Report report)
    {
        var head = new Dictionary<string, JsonPlace>(StringComparer.Ordinal);
        var names = Shapes.TemplateHead.Select(field => field.Name).ToArray();
        for (var k = 0; k < lines.Length; k++)
        {
            if (string.IsNullOrWhiteSpace(lines[k]) || lines[k].StartsWith('#')) continue;
            var colon = lines[k].IndexOf(':');
            var name = (colon < 0 ? lines[k] : lines[k][..colon]).Trim();
            var field = Shapes.TemplateHead.FirstOrDefault(field => field.Name == name);
            var text = colon < 0 ? "" : lines[k][(colon + 1)..];
            var place = JsonPlace.Of(text.Trim(), field?.Kind == FieldKind.Whole, k + 2, colon + 2 + text.Length - text.TrimStart().Length);
            if (colon < 0) report.Add(k + 2, 1, $"'{name}' is no 'name: value': {string.Join(", ", names)} go in the head, the text below it");
            else if (field is null)
                report.Add(k + 2, 1, $"'{name}' does not go in the head of a template: {string.Join(", ", names)}{PracticeWords.DidYouMean(name, names)}");
            else if (!head.TryAdd(name, place)) report.Add(k + 2, 1, $"{name} is given twice: take one out");
            else field.Check(place, report);
        }
        foreach (var field in Shapes.TemplateHead)
            if (field.Required && !head.ContainsKey(field.Name))
                report.Add(1, 1, $"the head of a template needs {field.Name}: {field.Title.ToLowerInvariant()}");
        return head;
    }

    private static void Take(TemplateReading reading, int line, int column, List<TemplateField> fields, Report report)
    {
        // What stands to the left of the first line shifts that line alone.
        int Column(int itsLine, int its) => itsLine == 1 ? its + column : its;
        foreach (var field in reading.Fields)
            fields.Add(new TemplateField(field.Name, line + field.Line - 1, Column(field.Line, field.Column)));
        foreach (var mistake in reading.Mistakes)
            report.Add(line + mistake.Line - 1, Column(mistake.Line, mistake.Column), mistake.Reason);
    }
}
