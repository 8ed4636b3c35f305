using HealthGrains.Health;

namespace HealthGrains.Plays.Files;

/// <summary>A trigger as a file: <c>triggers/npsDetractor.json</c>.</summary>
internal static class TriggerFile
{
    // The account's own risk episode, whose alert is not a trigger's.
    private const string ChurnRisk = "churnRisk";

    public static PracticePart Read(PracticeFile file, JsonPlace place, Report report)
    {
        var entry = Entry.Read(place, Shapes.Trigger, report);
        var alert = entry.Object("alert", Shapes.Alert);
        var when = entry.Condition("when");
        var per = entry.TextOrNull("per");
        if (per is not null && when is not null && when.Facts.All(fact => fact.Key != per))
            report.Add(entry.At("per")!, $"what happened {per} ago may be long past: say in 'when' how long it counts, "
                + $"such as {{\"fact\":\"{per}\",\"atMost\":14}}");
        // Ids of alerts are account:trigger:number, beside account:play:number and the like.
        var id = entry.Text("id");
        if (id is "play" or "draft" or "task" || (id == ChurnRisk && alert is not null))
            report.Add(entry.At("id")!, $"'{id}' is taken: its alerts would bear the ids of other things; give the trigger another id");
        var trigger = new TriggerRule
        {
            Id = id, Version = entry.Whole("version", 0), Title = entry.Text("title"),
            When = when ?? new Situations.AllOf([]),
            Per = per is null ? null : Situations.Fact.Find(per),
            ClearDays = entry.Whole("clearDays", 3),
            Alert = alert is null ? null : new AlertTemplate(alert.Text("severity") == "red" ? Band.Red : Band.Yellow,
                alert.Text("approach"), alert.Flag("urgent", false), alert.Whole("rank", 50)),
        };
        return PracticeReader.Part(file, PracticeKind.Trigger, trigger.Id, trigger.Version, trigger, PracticeWriter.Write(trigger), entry);
    }
}
