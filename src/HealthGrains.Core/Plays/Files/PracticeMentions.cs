namespace HealthGrains.Plays.Files;

/// <summary>Whether the files of a practice go together: what one mentions, another has.</summary>
internal static class PracticeMentions
{
    private static readonly string[] Marks = ["concession", "sensitive"];
    private static readonly StepKind[] ToContacts = [StepKind.Email, StepKind.InApp];

    /// <summary>What does not go together.</summary>
    /// <param name="parts">All files.</param>
    /// <param name="changed">The paths of those that are new: of several that are wrong together, one of them is named.</param>
    /// <param name="refused">The paths of those that could not be read.</param>
    public static IReadOnlyList<PracticeProblem> Check(
        IReadOnlyList<PracticePart> parts, IReadOnlySet<string> changed, IReadOnlySet<string> refused)
    {
        var problems = new List<PracticeProblem>();
        var ids = parts.GroupBy(part => part.Kind).ToDictionary(
            kind => kind.Key, kind => kind.Select(part => part.Id).Distinct(StringComparer.Ordinal).ToArray());
        foreach (var part in parts)
            foreach (var mention in part.Mentions)
            {
                var wrong = mention.Of switch
                {
                    MentionOf.Trigger => Missing(PracticeKind.Trigger, mention.Name, ids, refused),
                    MentionOf.Playbook or MentionOf.Then => Missing(PracticeKind.Playbook, mention.Name, ids, refused),
                    MentionOf.Template => Missing(PracticeKind.Template, mention.Name, ids, refused) ?? Unfit(mention, parts),
                    MentionOf.Mark => Unmarked(part, mention, parts),
                    MentionOf.Unowned => Twice(part, parts),
                    _ => Elsewhere(part, mention, parts),
                };
                if (wrong is not null) problems.Add(new PracticeProblem(part.Path, mention.Place.Line, mention.Place.Column, wrong));
            }
        CheckThen(parts, changed, problems);
        return problems;
    }

    private static string? Missing(PracticeKind kind, string name, Dictionary<PracticeKind, string[]> ids, IReadOnlySet<string> refused)
    {
        var known = ids.GetValueOrDefault(kind, []);
        if (known.Contains(name)) return null;
        var file = $"{PracticeFolders.Of(kind)}/{name}{PracticeFolders.Ending(kind)}";
        var word = kind.ToString().ToLowerInvariant();
        if (refused.Contains(file)) return $"there is no {word} {name}: {file} has mistakes of its own";
        var near = PracticeWords.DidYouMean(name, known);
        return $"there is no {word} {name}{(near.Length > 0 ? near : $": add {file}")}";
    }

    /// <summary>Of a template that is there: whether it fits the step.</summary>
    private static string? Unfit(Mention mention, IReadOnlyList<PracticePart> parts)
    {
        var template = parts.Where(part => part.Kind == PracticeKind.Template && part.Id == mention.Name).MaxBy(part => part.Version)!;
        if (mention.Step is not { } step) return UnfitForDigest(template);
        if (template.Fields.FirstOrDefault(IsOfDigest) is { } own)
            return $"{template.Path} is the text of a digest: it names {own.Name} in line {own.Line}; use another template";
        if (step.Kind == StepKind.Email && ((TextTemplate)template.What).Subject.Length == 0)
            return $"an e-mail needs a subject: add 'subject: ...' to the head of {template.Path}";
        if (!ToContacts.Contains(step.Kind) && template.Fields.FirstOrDefault(IsOfContact) is { } field)
            return $"{PracticeWords.A(Shapes.StepKinds[(int)step.Kind])} goes to colleagues and has no contact: {template.Path} names {field.Name} in "
                + $"line {field.Line}; take it out, or use another template";
        if (step.Automatic.Count > 0 && template.Fields.FirstOrDefault(its => its.Name == TemplateField.Fill) is { } fill)
            return $"goes out automatically, but {template.Path} leaves something to fill in in line {fill.Line}: "
                + "take 'automatic' out, or use another template";
        return null;
    }

    /// <summary>Of a digest's template: a digest is about many accounts, and has a subject for those who get it by e-mail.</summary>
    private static string? UnfitForDigest(PracticePart template)
    {
        if (((TextTemplate)template.What).Subject.Length == 0)
            return $"a digest needs a subject: add 'subject: ...' to the head of {template.Path}";
        return template.Fields.FirstOrDefault(field => !IsOfDigest(field) && field.Name != "today") is { } other
            ? $"a digest is of no single account: {template.Path} names {other.Name} in line {other.Line}; it may name digest and today"
            : null;
    }

    private static bool IsOfDigest(TemplateField field) =>
        field.Name == "digest" || field.Name.StartsWith("digest.", StringComparison.Ordinal);

    private static bool IsOfContact(TemplateField field) =>
        field.Name == "contact" || field.Name.StartsWith("contact.", StringComparison.Ordinal);

    private static string? Unmarked(PracticePart part, Mention mention, IReadOnlyList<PracticePart> parts)
    {
        // A mark that is misspelt would pass by the very rule it is there for.
        var others = parts.Where(other => other.Kind != part.Kind).SelectMany(other => other.Mentions)
            .Where(other => other.Of == MentionOf.Mark).Select(other => other.Name);
        var known = Marks.Concat(others).Distinct(StringComparer.Ordinal).ToArray();
        if (known.Contains(mention.Name)) return null;
        return part.Kind == PracticeKind.Guardrail
            ? $"no step is marked '{mention.Name}': {string.Join(", ", known)}{PracticeWords.DidYouMean(mention.Name, known)}"
            : $"no guardrail looks for the mark '{mention.Name}': {string.Join(", ", known)}{PracticeWords.DidYouMean(mention.Name, known)}";
    }

    private static string? Elsewhere(PracticePart part, Mention mention, IReadOnlyList<PracticePart> parts)
    {
        var other = parts.FirstOrDefault(other => other.Kind == PracticeKind.Team && other.Path != part.Path
            && other.Mentions.Any(its => its.Name == mention.Name));
        return other is null ? null : $"'{mention.Name}' is in {other.Path} too: a CSM has one manager; take them out of one team";
    }

    private static string? Twice(PracticePart part, IReadOnlyList<PracticePart> parts)
    {
        var other = parts.FirstOrDefault(other => other.Path != part.Path && other.Mentions.Any(its => its.Of == MentionOf.Unowned));
        return other is null ? null : $"{other.Path} is told of accounts that nobody owns already: take 'unowned' out of one team";
    }

    private static void CheckThen(IReadOnlyList<PracticePart> parts, IReadOnlySet<string> changed, List<PracticeProblem> problems)
    {
        var books = parts.Where(part => part.Kind == PracticeKind.Playbook).GroupBy(part => part.Id, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.MaxBy(part => part.Version)!, StringComparer.Ordinal);
        IEnumerable<JsonPlace> Then(string id) => books[id].Mentions.Where(its => its.Of == MentionOf.Then).Select(its => its.Place);
        foreach (var circle in Cycles.Find(books.Keys.Order(StringComparer.Ordinal), Then, books.ContainsKey))
        {
            var way = circle.Ways.LastOrDefault(way => changed.Contains(books[way.From].Path), circle.Ways[^1]);
            problems.Add(new PracticeProblem(books[way.From].Path, way.Place.Line, way.Place.Column,
                $"a circle: {circle}; each would start the next for ever; take one 'then' out"));
        }
    }
}
