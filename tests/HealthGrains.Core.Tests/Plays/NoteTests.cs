using HealthGrains.Accounts;
using HealthGrains.Delivery;
using HealthGrains.Plays;

namespace HealthGrains.Core.Tests.Plays;

/// <summary>Notes, what follows them, tasks that are put off, and work that changes hands.</summary>
public sealed class NoteTests
{
    private static AddNote Call(string text, double? days = null, string? what = null, string? who = null) =>
        new("eve", NoteKind.Call, text, days is { } ahead ? Scene.Monday + (long)(ahead * Days.Millis) : null, what, who);

    private static PostponeTask Later(DeskTask task, double days, string reason = "They are away") =>
        new("eve", task.Number, task.DueAt + (long)(days * Days.Millis), reason);

    [Fact]
    public void A_note_says_what_was_learned_by_whom_and_when_and_the_audit_does_not_repeat_it()
    {
        var scene = new Scene();
        var id = scene.Done(Call("They merge two teams.")).Subject;
        var note = Assert.Single(scene.Outbox.Notes);
        Assert.Equal(("acme:note:1", "They merge two teams.", "eve", NoteKind.Call), (note.Id, note.Text, note.By, note.Kind));
        Assert.Equal((id, Days.Time(Scene.Monday), null), (note.Id, note.At, note.FollowUp));
        var line = Assert.Single(scene.Outbox.Audit, line => line.Action == "note.added");
        Assert.Equal(("eve", "acme:note:1"), (line.Actor, line.Detail));
        Assert.Empty(scene.State.Tasks);
    }

    [Fact]
    public void A_note_is_followed_up_by_a_task_that_brings_it_along()
    {
        var scene = new Scene();
        scene.Done(Call("They merge two teams.\nAsk who leads.", 3));
        scene.Done(Call("A second.", 4, "Ask for the org chart", "bo"));
        var (task, other) = (scene.State.Tasks[0], scene.State.Tasks[1]);
        Assert.Equal(("Follow up: They merge two teams. Ask who leads.", Made.Acme.Owner), (task.Title, task.Assignee));
        Assert.Equal((scene.Outbox.Notes[0].Id, scene.Outbox.Notes[0].Text), (task.Note, task.Brief));
        Assert.Equal(DeskIds.Task("acme", task.Number), scene.Outbox.Notes[0].FollowUp);
        scene.Done(Call(new string('x', 79) + "\U0001F600 and more", 5));
        Assert.Equal("Follow up: " + new string('x', 79) + "...", scene.State.Tasks[2].Title);
        Assert.Equal(("Ask for the org chart", "bo"), (other.Title, other.Assignee));
        scene.Restart();
        Assert.Equal(task.Note, scene.View.Tasks[0].Note);
    }

    [Theory]
    [InlineData(" ", 1.0, null, "text: write down what you learned")]
    [InlineData("x", -0.1, null, "followUpOn: 2026-11-16 07:36 UTC is past; give today or a later day")]
    [InlineData("x", 366.1, null, "followUpOn: 2027-11-17 12:24 UTC is more than 366 days ahead; 2027-11-17 10:00 UTC is the latest")]
    [InlineData("x", null, "Ask", "followUpOn: say on which day it is to be followed up")]
    public void A_note_that_makes_no_sense_changes_nothing(string text, double? days, string? what, string reason)
    {
        var scene = new Scene();
        var reply = scene.Do(Call(text, days, what));
        Assert.Equal((DeskRefusal.Invalid, reason), (reply.Refusal, reply.Reason));
        Assert.True(scene.State.IsEmpty);
        Assert.Equal(DeskRefusal.Invalid, scene.Do(Call(new string('x', NoteView.MostText + 1))).Refusal);
    }

    [Fact]
    public void A_task_that_is_put_off_says_so_each_time_and_the_crm_hears_of_the_day()
    {
        var scene = new Scene();
        scene.Profile = scene.Profile with { ExternalIds = new Dictionary<string, string> { ["hubspot"] = "77" } };
        scene.Done(new AddTask("dana", "Call", null, null));
        var task = scene.State.Tasks.Single();
        scene.Done(Later(task, 2));
        scene.Done(Later(task, 5, "Still away"));
        Assert.Equal(Scene.Monday + 10 * Days.Millis, task.DueAt);
        scene.Restart();
        var told = scene.View.Tasks.Single();
        Assert.Equal(["They are away", "Still away"], told.Postponed.Select(put => put.Reason));
        Assert.Equal(("eve", told.Postponed[1].From), (told.Postponed[1].By, told.Postponed[0].To));
        Assert.Equal(Scene.JsonOf(told), Scene.JsonOf(scene.Outbox.Tasks[^1]));
        Assert.Equal(2, scene.Outbox.Audit.Count(line => line is { Action: "task.postponed", Actor: "eve" }));
        Assert.Equal("2026-11-26T10:00:00.0000000+00:00", scene.Crm.Last(sent => sent.Kind == CrmKind.Task).Fields["dueAt"]!.ToString());
    }

    [Fact]
    public void A_step_whose_task_is_put_off_is_no_longer_late()
    {
        var scene = new Scene(Made.Book("save", Made.Task("call", 0)));
        var play = scene.Start("save");
        scene.Live(4);
        Assert.True(scene.View.Plays.Single().Late);
        scene.Done(new PostponeTask("dana", scene.State.Tasks.Single().Number, scene.Now + Days.Millis, "They are away"));
        Assert.False(scene.Told(play.Number).Late);
        Assert.Equal([StepState.Open], scene.Steps());
    }

    [Fact]
    public void A_task_is_put_off_to_a_later_day_that_is_ahead_and_within_reach_and_with_a_reason()
    {
        var scene = new Scene();
        scene.Done(new AddTask("dana", "Call", null, null));
        var task = scene.State.Tasks.Single();
        void Refused(PostponeTask put, string because)
        {
            var reply = scene.Do(put);
            Assert.Equal(DeskRefusal.Invalid, reply.Refusal);
            Assert.Contains(because, reply.Reason, StringComparison.Ordinal);
        }
        Refused(Later(task, 0), "until: the task is due 2026-11-19 10:00 UTC; a later day puts it off");
        Refused(Later(task, -4), "is past; give today or a later day");
        Refused(Later(task, 88), "is more than 90 days ahead; 2027-02-14 10:00 UTC is the latest");
        Refused(Later(task, 1, " "), "reason: say why");
        Refused(Later(task, 1, new string('x', 2_001)), "reason: longer than 2000 characters");
        Assert.Empty(task.Postponed);
        Assert.Equal(DeskRefusal.NotFound, scene.Do(new PostponeTask("eve", 99, task.DueAt + 1, "x")).Refusal);
        for (var k = 0; k < Postponement.MostTimes; k++) scene.Done(Later(task, 1));
        var enough = scene.Do(Later(task, 1));
        Assert.Equal((DeskRefusal.Conflict, "the task was put off 20 times already: do it, or cancel it with the reason"),
            (enough.Refusal, enough.Reason));
    }

    [Fact]
    public void A_desk_that_was_stored_before_there_were_notes_is_read_as_it_was()
    {
        const string stored = """{"version":1,"lastNumber":3,"tasks":[{"number":3,"title":"Call","dueAt":1,"createdAt":1,"state":"open"}]}""";
        var scene = new Scene { State = Scene.Read(stored) };
        var task = scene.View.Tasks.Single();
        Assert.Empty(task.Postponed);
        Assert.Equal((null, "owner"), (task.Note, task.Needs));
        scene.Done(new PostponeTask("eve", 3, scene.Now + Days.Millis, "They are away"));
        Assert.Single(scene.State.Tasks.Single().Postponed);
    }

    [Fact]
    public void Of_a_book_only_what_is_its_owners_changes_hands()
    {
        var scene = new Scene(Made.Book("save", Made.Task("call", 0), Made.Task("check", 0) with { By = Practice.Manager }));
        scene.Profile = scene.Profile with { Owner = "dana" };
        scene.Start("save");
        scene.Done(new AddTask("dana", "Hers", "dana", null));
        scene.Done(new AddTask("dana", "Not hers", "olaf", null));
        scene.Done(new HandOver("maria", "eve", "dana"));
        Assert.Equal(["eve", "maria", "eve", "olaf"], scene.State.Tasks.Select(task => task.Assignee));
        Assert.Equal("eve", scene.Play.Assignee);
        var version = scene.State.Version;
        scene.Done(new HandOver("maria", "eve", "dana"));
        Assert.Equal(version, scene.State.Version);
        Assert.Equal(["owner", "manager", "owner", "owner"], scene.View.Tasks.Select(task => task.Needs));
    }

    [Fact]
    public void A_draft_goes_into_the_queue_of_who_has_its_play_now()
    {
        var scene = new Scene(Made.Book("save", Made.Mail("mail", 0)));
        scene.Profile = scene.Profile with { Owner = "dana" };
        scene.Start("save");
        var draft = scene.State.Drafts.Single().Number;
        Assert.Equal("dana", scene.ToldDraft(draft).Reviewer);
        scene.Done(new HandOver("maria", "eve", "dana"));
        Assert.Equal("eve", scene.ToldDraft(draft).Reviewer);
    }

    [Fact]
    public void Only_the_owners_manager_hands_over_where_there_are_teams()
    {
        var scene = new Scene();
        scene.Profile = scene.Profile with { Owner = "dana" };
        scene.Done(new AddTask("dana", "Call", null, null));
        var reply = scene.Do(new HandOver("dana", "eve"));
        Assert.Equal((DeskRefusal.Forbidden, "dana may not hand it over: it needs the manager; maria may"), (reply.Refusal, reply.Reason));
        Assert.Equal("dana", scene.State.Tasks.Single().Assignee);
        scene.Teams.Clear();
        scene.Done(new HandOver("dana", "eve"));
        Assert.Equal("eve", scene.State.Tasks.Single().Assignee);
    }
}
