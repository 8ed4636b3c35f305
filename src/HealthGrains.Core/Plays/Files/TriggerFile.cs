using HealthGrains.Health;

namespace HealthGrains.Plays.Files;

/// <summary>A trigger as a file: <c>triggers/npsDetractor.json</c>.</summary>
internal static class TriggerFile
{
    public static PracticePart Read(PracticeFile file, JsonPlace place, Report report)
    {
        var entry = Entry.Read(place, Shapes.Trigger, report);
        var alert = entry.Object("alert", Shapes.Alert);
        var when = entry.Condition("when");
        var per = entry.TextOrNull("per");
        if (per is not null && when is not null && when.Facts.All(fact => fact.Key != per))
            report.Add(entry.At("per")!, $"what happened {per} ago may be long past: say in 'when' how long it counts, "
                + $"such as {{\"fact\":\"{per}\",\"atMost\":14}}");
        var trigger = new TriggerRule
        {
            Id = entry.Text("id"), Version = entry.Whole("version", 0), Title = entry.Text("title"),
            When = when ?? new Situations.AllOf([]),
            Per = per is null ? null : Situations.Fact.Find(per),
            ClearDays = entry.Whole("clearDays", 3),
            Alert = alert is null ? null : new AlertTemplate(alert.Text("severity") == "red" ? Band.Red : Band.Yellow,
                alert.Text("approach"), alert.Flag("urgent", false), alert.Whole("rank", 50)),
        };
        return PracticeReader.Part(file, PracticeKind.Trigger, trigger.Id, trigger.Version, trigger, PracticeWriter.Write(trigger), entry);
    }
}
