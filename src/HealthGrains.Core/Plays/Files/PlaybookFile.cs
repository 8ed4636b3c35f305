using HealthGrains.Accounts;

namespace HealthGrains.Plays.Files;

/// <summary>A playbook as a file: <c>playbooks/atRiskSave.json</c>.</summary>
internal static class PlaybookFile
{
    public static PracticePart Read(PracticeFile file, JsonPlace place, Report report)
    {
        var entry = Entry.Read(place, Shapes.Playbook, report);
        var steps = entry.Objects("steps", Shapes.Step);
        var exits = entry.Object("exits", Shapes.Exits);
        var book = new Playbook
        {
            Id = entry.Text("id"), Version = entry.Whole("version", 0), Title = entry.Text("title"), Goal = entry.Text("goal"),
            Trigger = entry.TextOrNull("trigger"),
            Who = entry.Condition("who"),
            Priority = entry.Whole("priority", 0),
            Steps = [.. steps.Select(Step)],
            Exits = exits is null ? new PlayExits()
                : new PlayExits(exits.Flag("recovered", true), exits.Flag("renewed", false), exits.Condition("when")),
            Replaces = entry.Texts("replaces"), NotDuring = entry.Texts("notDuring"),
            Then = entry.TextOrNull("then"),
            CooldownDays = entry.Whole("cooldownDays", 30),
            Features = entry.Texts("features"), Outcomes = entry.Texts("outcomes"),
        };
        if (entry.At("steps") is { Items.Count: 0 } none) report.Add(none, "a playbook without a step does nothing: add one");
        CheckDays(steps, report);
        CheckIds(steps, report);
        StepOrder.Check(steps, report);
        var part = PracticeReader.Part(file, PracticeKind.Playbook, book.Id, book.Version, book, PracticeWriter.Write(book), entry);
        return part with { Mentions = [.. Mentions(entry, steps, book)] };
    }

    private static PlayStep Step(Entry entry)
    {
        var plain = new PlayStep { Id = "", Day = 0, Kind = StepKind.Task, Title = "" };
        return new PlayStep
        {
            Id = entry.Text("id"), Day = entry.Whole("day", 0), Title = entry.Text("title"),
            Kind = (StepKind)Math.Max(0, Array.IndexOf(Shapes.StepKinds, entry.Text("kind"))),
            When = entry.Condition("when"),
            After = entry.Texts("after"),
            Template = entry.TextOrNull("template"),
            To = entry.Texts("to"),
            By = entry.TextOrNull("by") ?? plain.By,
            Automatic = [.. entry.Texts("automatic").Select(tier => (Tier)Array.IndexOf(Shapes.Tiers, tier))],
            Marks = entry.Texts("marks"),
            WithinDays = entry.Whole("withinDays", plain.WithinDays),
            Until = entry.Condition("until"),
            Receiver = entry.TextOrNull("receiver") ?? plain.Receiver,
        };
    }

    private static void CheckDays(IReadOnlyList<Entry> steps, Report report)
    {
        var last = 0;
        foreach (var day in steps.Select(step => step.At("day")).OfType<JsonPlace>())
        {
            if (day.Number < last)
                report.Add(day, $"day {day.Text} after day {last}: steps stand in the order of their days; "
                    + $"move it up, or give it day {last} or later");
            last = Math.Max(last, (int)day.Number);
        }
    }

    private static void CheckIds(IReadOnlyList<Entry> steps, Report report)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var id in steps.Select(step => step.At("id")).OfType<JsonPlace>())
            if (!seen.TryAdd(id.Text, id.Line))
                report.Add(id, $"a step {id.Text} stands in line {seen[id.Text]} already: give this one an id of its own");
    }

    private static IEnumerable<Mention> Mentions(Entry entry, IReadOnlyList<Entry> steps, Playbook book)
    {
        if (entry.At("trigger") is { } trigger) yield return new Mention(MentionOf.Trigger, trigger.Text, trigger);
        foreach (var other in entry.Places("replaces").Concat(entry.Places("notDuring")))
            yield return new Mention(MentionOf.Playbook, other.Text, other);
        if (entry.At("then") is { } then) yield return new Mention(MentionOf.Then, then.Text, then);
        for (var k = 0; k < steps.Count; k++)
        {
            var step = book.Steps[k];
            if (steps[k].At("template") is { } template) yield return new Mention(MentionOf.Template, template.Text, template, step);
            foreach (var mark in steps[k].Places("marks")) yield return new Mention(MentionOf.Mark, mark.Text, mark, step);
        }
    }
}

/// <summary>What must be done before what: every step is there, none waits for a later day, and none for itself.</summary>
internal static class StepOrder
{
    public static void Check(IReadOnlyList<Entry> steps, Report report)
    {
        var byId = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var step in steps) byId.TryAdd(step.Text("id"), step);
        foreach (var step in steps)
            foreach (var before in step.Places("after"))
            {
                if (!byId.TryGetValue(before.Text, out var other))
                    report.Add(before, $"there is no step {before.Text} in this playbook{PracticeWords.DidYouMean(before.Text, byId.Keys)}");
                else if (other.At("day") is { } its && step.At("day") is { } own && its.Number > own.Number)
                    report.Add(before, $"{step.Text("id")} is for day {own.Text}, but {before.Text} is for day {its.Text}: "
                        + $"give it day {its.Text} or later");
            }
        foreach (var circle in Cycles.Find(byId.Keys, id => byId[id].Places("after"), byId.ContainsKey))
            report.Add(circle.Ways[^1].Place, $"a circle: {circle}; each waits for the next and none is ever done; take one 'after' out");
    }
}
