namespace HealthGrains.Plays.Files;

/// <summary>A guardrail as a file: <c>guardrails/quietHours.json</c>.</summary>
internal static class GuardrailFile
{
    public static PracticePart Read(PracticeFile file, JsonPlace place, Report report)
    {
        var entry = Entry.Read(place, Shapes.Guardrail, report);
        var plain = new Guardrail { Id = "", Version = 0, Title = "", Kind = GuardrailKind.Approval };
        var guardrail = new Guardrail
        {
            Id = entry.Text("id"), Version = entry.Whole("version", 0), Title = entry.Text("title"),
            Kind = (GuardrailKind)Math.Max(0, Array.IndexOf(Shapes.GuardrailKinds, entry.Text("kind"))),
            When = entry.Condition("when"),
            Marks = entry.Texts("marks"),
            Most = entry.Flag("silenceIsConsent", false) ? 1 : entry.Whole("most", 0),
            Days = entry.Whole("days", plain.Days),
            Hours = entry.Whole("hours", plain.Hours),
            From = entry.Time(entry.At("at") is null ? "from" : "at"), To = entry.Time("to"), Weekends = entry.Flag("weekends", false),
            Percent = entry.Number("percent", 0),
            By = entry.TextOrNull("by") ?? plain.By,
            Names = entry.Texts("names"),
            Template = entry.TextOrNull("template"),
        };
        if (entry.At("from") is not null && entry.At("to") is { } to && guardrail.From == guardrail.To)
            report.Add(to, $"from {guardrail.From:HH\\:mm} to {guardrail.To:HH\\:mm} is all day or none of it: give another end");
        var part = PracticeReader.Part(
            file, PracticeKind.Guardrail, guardrail.Id, guardrail.Version, guardrail, PracticeWriter.Write(guardrail), entry);
        return part with
        {
            Mentions =
            [
                .. entry.Places("marks").Select(mark => new Mention(MentionOf.Mark, mark.Text, mark)),
                .. entry.Places("template").Select(template => new Mention(MentionOf.Template, template.Text, template)),
            ],
        };
    }
}
