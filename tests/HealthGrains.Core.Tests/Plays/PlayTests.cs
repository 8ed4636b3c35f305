using HealthGrains.Accounts;
using HealthGrains.Delivery;
using HealthGrains.Plays;
using HealthGrains.Signals;
using HealthGrains.Situations;

namespace HealthGrains.Core.Tests.Plays;

/// <summary>How a play goes: days, downtime, pauses, waits, people.</summary>
public sealed class PlayTests
{
    private static readonly Playbook Welcome = Made.Book("welcome", Made.Task("a", 0), Made.Task("b", 1), Made.Task("c", 3), Made.Task("d", 7));

    private static readonly Playbook Letters = Made.Book("letters", [.. Enumerable.Range(0, 6).Select(day =>
        Made.Mail($"m{day}", day) with { Automatic = [Tier.Enterprise] })]);

    [Fact]
    public void Steps_fall_due_on_their_days()
    {
        var scene = new Scene(Welcome);
        scene.Start("welcome");
        scene.Live(10);
        Assert.Equal([0, 1, 3, 7], scene.Play.Steps.Select(step => (step.OpenedAt!.Value - Scene.Monday) / (double)Days.Millis));
        Assert.Equal(4, scene.State.Tasks.Count);
    }

    [Fact]
    public void A_late_wake_keeps_the_distance_between_steps_and_sends_no_two_letters_at_once()
    {
        var scene = new Scene(Letters);
        scene.Start("letters");
        scene.Live(0.5);
        scene.Sleep(2);
        scene.Look();
        scene.Live(10);
        var sent = scene.Outbox.Dispatches.Select(dispatch => (dispatch.At - Scene.Monday) / (double)Days.Millis).ToArray();
        Assert.Equal([0, 2.5, 3.5, 4.5, 5.5, 6.5], sent);
    }

    [Fact]
    public void A_wake_that_is_hours_late_moves_nothing()
    {
        var scene = new Scene(Welcome);
        scene.Start("welcome");
        scene.Sleep(1.4);
        scene.Live(10);
        var days = scene.Play.Steps.Select(step => (step.OpenedAt!.Value - Scene.Monday) / (double)Days.Millis);
        Assert.Equal([0, 1.4, 3, 7], days.Select(day => Math.Round(day, 6)));
    }

    [Fact]
    public void A_paused_play_does_nothing_and_goes_on_with_the_days_that_were_left()
    {
        var scene = new Scene(Welcome);
        scene.Start("welcome");
        scene.Live(2);
        scene.Done(new HoldPlay("dana", scene.Play.Number, true));
        scene.Live(20);
        Assert.Equal([StepState.Open, StepState.Open, StepState.Waiting, StepState.Waiting], scene.Steps());
        Assert.Equal(DeskRefusal.Conflict, scene.Do(new HoldPlay("dana", scene.Play.Number, true)).Refusal);
        scene.Done(new HoldPlay("dana", scene.Play.Number, false));
        Assert.Equal(DeskRefusal.Conflict, scene.Do(new HoldPlay("dana", scene.Play.Number, false)).Refusal);
        scene.Live(0.9);
        Assert.Equal(StepState.Waiting, scene.Steps()[2]);
        scene.Live(0.2);
        Assert.Equal(StepState.Open, scene.Steps()[2]);
        Assert.Equal(["play.paused", "play.resumed"], scene.Outbox.Audit.Select(line => line.Action).Where(action => action is "play.paused" or "play.resumed"));
    }

    [Fact]
    public void Nothing_leaves_of_a_paused_play()
    {
        var scene = new Scene(Made.Book("letter", Made.Mail("m", 0), Made.Task("t", 9)));
        var play = scene.Start("letter").Number;
        scene.Done(new HoldPlay("dana", play, true));
        scene.Done(new DecideDraft("dana", scene.State.Drafts[0].Number, true, null));
        scene.Live(5);
        Assert.Empty(scene.Mails);
        Assert.Equal("the play is paused", Assert.Single(scene.State.Drafts).Delay);
        scene.Done(new HoldPlay("dana", play, false));
        Assert.Single(scene.Mails);
    }

    [Fact]
    public void A_step_is_skipped_with_a_reason()
    {
        var scene = new Scene(Welcome);
        var play = scene.Start("welcome").Number;
        Assert.Equal(DeskRefusal.Invalid, scene.Do(new EndStep("dana", play, 2, true, null, " ", [])).Refusal);
        scene.Done(new EndStep("dana", play, 2, true, null, "they know it", []));
        scene.Done(new EndStep("dana", play, 1, true, null, "no time", []));
        scene.Live(2);
        Assert.Equal([StepState.Skipped, StepState.Skipped, StepState.Waiting, StepState.Waiting], scene.Steps());
        Assert.Equal(("dana", "they know it"), (scene.Play.Steps[1].By, scene.Play.Steps[1].Reason));
        Assert.Empty(scene.State.Tasks);
        Assert.Equal((TaskState.Cancelled, "no time"), (scene.Outbox.Tasks[^1].State, scene.Outbox.Tasks[^1].Notes));
    }

    [Fact]
    public void A_step_that_is_over_not_due_or_not_there_cannot_be_done()
    {
        var scene = new Scene(Welcome);
        var play = scene.Start("welcome").Number;
        Assert.Equal(DeskRefusal.NotFound, scene.Do(new EndStep("dana", play, 5, false, null, null, [])).Refusal);
        Assert.Equal(DeskRefusal.NotFound, scene.Do(new EndStep("dana", play, 0, false, null, null, [])).Refusal);
        Assert.Equal(DeskRefusal.NotFound, scene.Do(new EndStep("dana", 99, 1, false, null, null, [])).Refusal);
        Assert.Equal(DeskRefusal.Conflict, scene.Do(new EndStep("dana", play, 2, false, null, null, [])).Refusal);
        scene.Done(new EndStep("dana", play, 1, false, null, null, []));
        Assert.Equal(DeskRefusal.Conflict, scene.Do(new EndStep("dana", play, 1, false, null, null, [])).Refusal);
    }

    [Fact]
    public void Outcome_notes_and_actions_are_captured_and_actions_outlive_the_play()
    {
        var scene = new Scene(Made.Book("talk", Made.Task("call", 0)) with { Outcomes = ["reached", "no answer"] });
        var play = scene.Start("talk").Number;
        var wrong = scene.Do(new EndTask("dana", scene.State.Tasks[0].Number, false, "dunno", null, []));
        Assert.Equal((DeskRefusal.Invalid, "outcome: 'dunno' is none of reached, no answer"), (wrong.Refusal, wrong.Reason));
        scene.Done(new EndTask("dana", scene.State.Tasks[0].Number, false, "reached", "they want a webinar", ["Send the webinar's date", " "]));
        var told = scene.Told(play);
        Assert.Equal((PlayState.Ended, "completed", "reached"), (told.State, told.Exit, told.Outcome));
        Assert.Equal(("dana", "reached", "they want a webinar"), (told.Steps[0].By, told.Steps[0].Outcome, told.Steps[0].Notes));
        Assert.Equal("Send the webinar's date", Assert.Single(scene.State.Tasks).Title);
        Assert.Equal("reached", Assert.Single(scene.State.Past).Outcome);
        scene.Live(30);
        Assert.Equal(TaskState.Open, Assert.Single(scene.State.Tasks).State);
    }

    [Fact]
    public void A_play_is_stopped_with_a_reason_and_its_tasks_and_drafts_with_it()
    {
        var scene = new Scene(Made.Book("both", Made.Task("a", 0), Made.Mail("b", 0), Made.Task("c", 5)));
        var play = scene.Start("both").Number;
        Assert.Equal(DeskRefusal.Invalid, scene.Do(new StopPlay("dana", play, "")).Refusal);
        scene.Done(new StopPlay("dana", play, "they asked us to"));
        Assert.Empty(scene.State.Plays);
        Assert.Empty(scene.State.Tasks);
        Assert.Empty(scene.State.Drafts);
        var told = scene.Told(play);
        Assert.Equal("stopped", told.Exit);
        Assert.All(told.Steps, step => Assert.Equal("stopped: they asked us to", step.Reason));
        Assert.Equal(DraftState.Expired, scene.Outbox.Drafts[^1].State);
        Assert.Equal(DeskRefusal.NotFound, scene.Do(new StopPlay("dana", play, "again")).Refusal);
        Assert.Equal(long.MaxValue, scene.State.WakeAt);
    }

    [Fact]
    public void A_desk_is_handed_over_with_its_plays_tasks_and_drafts_and_what_is_the_managers_stays()
    {
        var scene = new Scene(Made.Book("both", Made.Task("a", 0), Made.Task("m", 0) with { By = Practice.Manager }, Made.Mail("b", 0), Made.Task("c", 2)));
        scene.Start("both");
        Assert.Equal(DeskRefusal.Invalid, scene.Do(new HandOver("maria", " ")).Refusal);
        scene.Done(new HandOver("maria", "eve"));
        scene.Live(2);
        Assert.Equal(["eve", "maria", "eve"], scene.State.Tasks.Select(task => task.Assignee));
        Assert.Equal("eve", scene.Told(scene.Play.Number).Owner);
        Assert.Equal("eve", scene.Outbox.Drafts[^1].Reviewer);
    }

    [Fact]
    public void A_step_waits_for_the_steps_that_it_names_and_what_follows_keeps_its_distance()
    {
        var scene = new Scene(Made.Book("after", Made.Task("a", 0), Made.Task("b", 1) with { After = ["a"] }, Made.Task("c", 3)));
        var play = scene.Start("after").Number;
        scene.Live(2.5);
        Assert.Equal([StepState.Open, StepState.Waiting, StepState.Waiting], scene.Steps());
        scene.Done(new EndStep("dana", play, 1, false, null, null, []));
        Assert.Equal(StepState.Open, scene.Steps()[1]);
        scene.Live(1.9);
        Assert.Equal(StepState.Waiting, scene.Steps()[2]);
        scene.Live(0.2);
        Assert.Equal(StepState.Open, scene.Steps()[2]);
    }

    [Fact]
    public void A_wait_holds_back_what_follows_until_its_condition_holds()
    {
        var book = Made.Book("wait", Made.WaitFor("w", 1, Made.Flag("milestone:firstValue"), within: 10), Made.Task("t", 2));
        var scene = new Scene(book);
        scene.Start("wait");
        scene.Live(5);
        Assert.Equal([StepState.Open, StepState.Waiting], scene.Steps());
        scene.Happens(SignalKind.MilestoneReached, NameId.Of("firstValue"));
        scene.Look();
        Assert.Equal([StepState.Done, StepState.Open], scene.Steps());
        Assert.Equal("milestone:firstValue", scene.Play.Steps[0].Outcome);
    }

    [Fact]
    public void A_wait_ends_after_its_days_all_the_same()
    {
        var scene = new Scene(Made.Book("wait", Made.WaitFor("w", 1, Made.Flag("milestone:firstValue"), within: 10), Made.Task("t", 2)));
        scene.Start("wait");
        scene.Live(10.9);
        Assert.Equal([StepState.Open, StepState.Waiting], scene.Steps());
        scene.Live(0.2);
        Assert.Equal([StepState.Done, StepState.Open], scene.Steps());
        Assert.Equal("10 days have passed", scene.Play.Steps[0].Outcome);
    }

    [Fact]
    public void A_step_that_is_only_for_some_accounts_is_skipped_for_others()
    {
        var scene = new Scene(Made.Book("some", Made.Task("a", 0) with { When = Made.Word("tier", "smb") }, Made.Task("b", 0)));
        scene.Start("some");
        Assert.Equal([StepState.Skipped, StepState.Open], scene.Steps());
        Assert.Equal("only where tier smb", scene.Play.Steps[0].Reason);
    }

    [Fact]
    public void Briefs_and_notices_are_done_at_once()
    {
        var scene = new Scene(Made.Book("tell",
            new PlayStep { Id = "brief", Day = 0, Kind = StepKind.Brief, Title = "Read", Template = "letter" },
            Made.Notice("chat", 0), Made.Notice("hook", 0) with { Receiver = "warehouse", Template = "letter" }, Made.Task("t", 1)));
        scene.Start("tell");
        Assert.Equal([StepState.Done, StepState.Done, StepState.Done, StepState.Waiting], scene.Steps());
        Assert.StartsWith("Dear", scene.Play.Steps[0].Text, StringComparison.Ordinal);
        Assert.Equal("Tell chat", Assert.Single(scene.Chats).Text);
        var hook = Assert.Single(scene.Outbox.Dispatches, sent => sent.Receiver == "warehouse");
        Assert.Equal("play.notice", Assert.IsType<NoticeBody>(hook.Body).Event);
    }

    [Fact]
    public void A_run_keeps_the_version_that_it_began_with()
    {
        var scene = new Scene(Welcome);
        scene.Start("welcome");
        scene.Books.Add(Welcome with { Version = 2, Steps = [Made.Task("x", 0)] });
        scene.Live(10);
        Assert.Equal((1, 4), (scene.Play.Version, scene.State.Tasks.Count));
    }

    [Fact]
    public void A_run_whose_version_is_gone_or_was_changed_in_place_stands_still_and_can_be_stopped()
    {
        var scene = new Scene(Welcome);
        var play = scene.Start("welcome").Number;
        scene.Books[0] = Welcome with { Steps = [Made.Task("x", 0), Made.Task("y", 1)] };
        scene.Live(4);
        Assert.Equal(StepState.Waiting, scene.Steps()[1]);
        scene.Books.Clear();
        scene.Live(4);
        Assert.NotNull(scene.View);
        scene.Done(new StopPlay("dana", play, "it is gone"));
        Assert.Empty(scene.State.Plays);
    }

    [Fact]
    public void A_play_that_ended_in_the_look_before_a_command_may_be_started_again_by_it()
    {
        var scene = new Scene(Made.Book("short", Made.Notice("a", 2)));
        scene.Start("short");
        scene.Sleep(2);
        scene.Done(new StartPlay("dana", "short"));
        Assert.Equal("completed", Assert.Single(scene.State.Past).Exit);
        Assert.Single(scene.State.Plays);
    }

    [Fact]
    public void No_more_plays_run_at_once_than_the_guardrail_says()
    {
        var rule = Made.Rule(GuardrailKind.PlaysAtOnce) with { Most = 1 };
        var scene = new Scene(Welcome, Made.Book("other", Made.Task("a", 0)), Made.Book("better", Made.Task("a", 0)) with { Replaces = ["welcome"] }) { Rules = { rule } };
        scene.Start("welcome");
        var reply = scene.Do(new StartPlay("dana", "other"));
        Assert.Equal((DeskRefusal.Conflict, "The rule rule (rule 4)"), (reply.Refusal, reply.Reason));
        scene.Start("better");
        Assert.Equal("better", scene.Play.Playbook);
    }

    [Fact]
    public void A_task_of_ones_own_is_added_done_and_cancelled()
    {
        var scene = new Scene();
        Assert.Equal(DeskRefusal.Invalid, scene.Do(new AddTask("dana", "", null, null)).Refusal);
        var id = scene.Done(new AddTask("dana", "Send flowers", null, null)).Subject!;
        scene.Done(new AddTask("dana", "Send cake", "eve", Scene.Monday + Days.Millis));
        Assert.Equal([("dana", Scene.Monday + 3 * Days.Millis), ("eve", Scene.Monday + Days.Millis)], scene.State.Tasks.Select(task => (task.Assignee!, task.DueAt)));
        Assert.True(DeskIds.TryReadTask(id, out var account, out var number));
        Assert.Equal("acme", account);
        Assert.Equal(DeskRefusal.Invalid, scene.Do(new EndTask("dana", number, true, null, null, [])).Refusal);
        scene.Done(new EndTask("dana", number, true, null, "too much", []));
        Assert.Equal(DeskRefusal.NotFound, scene.Do(new EndTask("dana", number, false, null, null, [])).Refusal);
        Assert.Single(scene.State.Tasks);
    }

    [Fact]
    public void An_account_of_which_nothing_is_wanted_has_no_desk()
    {
        var scene = new Scene(Welcome);
        Assert.False(scene.Look());
        Assert.True(scene.State.IsEmpty);
        Assert.Equal(long.MaxValue, scene.State.WakeAt);
    }
}
