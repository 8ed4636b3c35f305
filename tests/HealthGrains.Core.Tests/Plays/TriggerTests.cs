using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Delivery;
using HealthGrains.Plays;
using HealthGrains.Signals;
using HealthGrains.Situations;

namespace HealthGrains.Core.Tests.Plays;

/// <summary>What makes a desk act, and how often.</summary>
public sealed class TriggerTests
{
    private static Playbook Save => Made.Book("save", Made.Task("call", 0), Made.Task("again", 7)) with { Trigger = Made.Trouble };

    private static Playbook Calm => Made.Book("calm", Made.Task("call", 0)) with { Trigger = Made.Detractor };

    [Fact]
    public void A_detractors_answer_raises_one_alert_and_starts_its_play_once_ever()
    {
        var scene = new Scene(Calm);
        scene.Happens(Made.Nps(3, scene.Now - 5_000));
        for (var day = 0; day < 60; day++)
        {
            scene.Live(1);
            scene.Restart();
        }
        var alert = Assert.Single(scene.Outbox.Alerts, effect => effect.Change == AlertChange.Raised).Alert;
        Assert.Equal("acme:detractor:1", alert.Id);
        Assert.Equal(Scene.Monday - 5_000, alert.Since.ToUnixTimeMilliseconds());
        Assert.Equal((3, "Call today", 90), (alert.RuleVersion, alert.SuggestedApproach, alert.Rank));
        Assert.Single(scene.Outbox.Audit, line => line.Action == "play.started");
        Assert.Equal("trigger detractor 3", scene.Outbox.Plays[0].StartedBy);
    }

    [Fact]
    public void A_second_answer_is_a_second_episode_and_the_same_answer_told_again_is_not()
    {
        var scene = new Scene(Calm);
        scene.Happens(Made.Nps(3, scene.Now));
        scene.Look();
        scene.Done(new EndStep("dana", scene.Play.Number, 1, false, null, null, []));
        scene.Happens(Made.Nps(3, scene.Now));
        scene.Live(1);
        Assert.Empty(scene.State.Plays);
        scene.Happens(Made.Nps(2, scene.Now));
        scene.Look();
        Assert.Equal(2, scene.State.Triggers[Made.Detractor].Episodes);
        Assert.Equal(["acme:detractor:1", "acme:detractor:2"],
            scene.Outbox.Alerts.Where(effect => effect.Change == AlertChange.Raised).Select(effect => effect.Alert.Id));
        Assert.Equal(2, scene.Outbox.Audit.Count(line => line.Action == "play.started"));
    }

    [Fact]
    public void An_answer_that_comes_late_but_is_older_than_the_last_one_is_no_episode()
    {
        var scene = new Scene(Calm);
        scene.Happens(Made.Nps(3, scene.Now));
        scene.Look();
        scene.Happens(Made.Nps(1, scene.Now - 3 * Days.Millis));
        scene.Live(2);
        Assert.Equal(1, scene.State.Triggers[Made.Detractor].Episodes);
    }

    [Fact]
    public void Old_history_that_arrives_at_once_is_nothing_new()
    {
        var scene = new Scene(Calm);
        scene.Happens(Made.Nps(1, scene.Now - 20 * Days.Millis));
        scene.Live(1);
        Assert.Empty(scene.Outbox.Alerts);
        Assert.Empty(scene.State.Plays);
    }

    [Fact]
    public void A_condition_fires_once_an_episode_and_is_over_after_its_clear_days()
    {
        var scene = new Scene(Save) { InTrouble = true };
        scene.Live(5);
        Assert.Single(scene.Outbox.Alerts);
        scene.InTrouble = false;
        scene.Look();
        scene.Live(2.9);
        Assert.Single(scene.State.Alerts);
        scene.Live(0.2);
        Assert.Empty(scene.State.Alerts);
        var over = scene.Outbox.Alerts[^1];
        Assert.Equal((AlertChange.Resolved, AlertState.Closed, "recovered"), (over.Change, over.Alert.State, over.Alert.Resolution));
        Assert.Equal("recovered", Assert.Single(scene.State.Past).Exit);
        scene.InTrouble = true;
        scene.Look();
        Assert.Equal("acme:trouble:2", scene.Outbox.Alerts[^1].Alert.Id);
        Assert.Equal(2, scene.Outbox.Audit.Count(line => line.Action == "play.started"));
    }

    [Fact]
    public void A_condition_that_is_clear_for_a_moment_goes_on()
    {
        var scene = new Scene(Save) { InTrouble = true };
        scene.Look();
        for (var day = 0; day < 10; day++)
        {
            scene.InTrouble = day % 3 == 2;
            scene.Live(1);
        }
        Assert.Equal(1, scene.State.Triggers[Made.Trouble].Episodes);
        Assert.True(scene.State.Triggers[Made.Trouble].Holds);
    }

    [Fact]
    public void A_desk_raises_alerts_and_leaves_it_to_the_owners_actor_who_is_told()
    {
        var scene = new Scene { InTrouble = true };
        scene.Happens(Made.Nps(0, scene.Now));
        scene.Look();
        Assert.Equal([false, true], scene.Outbox.Alerts.Select(effect => effect.Alert.Urgent).Order());
        Assert.Empty(scene.Chats);
    }

    [Fact]
    public void An_alert_of_an_account_that_gets_another_owner_is_told_of_again()
    {
        var scene = new Scene { InTrouble = true };
        scene.Look();
        var calls = DeskTurns.Calls(scene.Situation, scene.Practice);
        scene.Profile = scene.Profile with { Owner = "eve" };
        Assert.NotEqual(calls, DeskTurns.Calls(scene.Situation, scene.Practice));
        Assert.True(scene.Look());
        Assert.Equal((AlertChange.Changed, "eve"), (scene.Outbox.Alerts[^1].Change, scene.Outbox.Alerts[^1].Alert.Owner));
        Assert.False(scene.Look());
    }

    [Fact]
    public void A_churn_ends_the_alerts_of_all_triggers()
    {
        var scene = new Scene { InTrouble = true };
        scene.Happens(Made.Nps(0, scene.Now));
        scene.Look();
        Assert.Equal(2, scene.State.Alerts.Count);
        scene.Happens(SignalKind.Churned);
        scene.Look();
        Assert.Empty(scene.State.Alerts);
        Assert.All(scene.Outbox.Alerts.TakeLast(2), effect => Assert.Equal("churned", effect.Alert.Resolution));
    }

    [Fact]
    public void Alerts_of_earlier_answers_end_with_the_last()
    {
        var rule = Made.DetractorRule with { When = Made.Number("npsAgeDays", Comparison.AtMost, 14) };
        var scene = new Scene { Triggers = { [0] = rule } };
        scene.Happens(Made.Nps(1, scene.Now - 1_000_000));
        scene.Look();
        scene.Happens(Made.Nps(2, scene.Now));
        scene.Look();
        Assert.Equal(2, scene.State.Alerts.Count);
        scene.Happens(SignalKind.Churned);
        scene.Look();
        Assert.Empty(scene.State.Alerts);
    }

    [Fact]
    public void A_trigger_that_is_about_churn_fires_on_a_churned_account_and_its_play_runs()
    {
        var farewell = new TriggerRule { Id = "left", Version = 1, Title = "Has left", When = Made.Flag("churned") };
        var scene = new Scene(Made.Book("farewell", Made.Task("ask why", 0)) with { Trigger = "left" }, Save)
        {
            Triggers = { farewell }, InTrouble = true,
        };
        scene.Happens(SignalKind.Churned);
        scene.Live(3);
        Assert.Equal("farewell", scene.Play.Playbook);
        Assert.Equal([StepState.Open], scene.Steps());
    }

    [Fact]
    public void A_trigger_that_is_taken_away_ends_its_alert_and_says_so_and_the_play_goes_on()
    {
        var scene = new Scene(Save) { InTrouble = true };
        scene.Look();
        scene.Triggers.Clear();
        scene.Look();
        Assert.Equal("the trigger was taken away", scene.Outbox.Alerts[^1].Alert.Resolution);
        Assert.Equal(PlayState.Running, scene.Play.State);
    }

    [Fact]
    public void A_newer_version_of_a_trigger_does_not_begin_its_episode_again()
    {
        var scene = new Scene(Save) { InTrouble = true };
        scene.Look();
        scene.Triggers.Add(Made.TroubleRule with { Version = 2, When = Made.Word("segment", "trouble", "worse") });
        scene.Live(2);
        Assert.Equal(1, scene.State.Triggers[Made.Trouble].Episodes);
        Assert.Single(scene.State.Plays);
    }

    [Fact]
    public void The_first_playbook_that_is_for_the_account_is_taken_by_priority()
    {
        var scene = new Scene(
            Made.Book("any", Made.Task("a", 0)) with { Trigger = Made.Trouble },
            Made.Book("large", Made.Task("a", 0)) with { Trigger = Made.Trouble, Priority = 5, Who = Made.Number("arr", Comparison.Above, 1e6) },
            Made.Book("medium", Made.Task("a", 0)) with { Trigger = Made.Trouble, Priority = 3, Who = Made.Number("arr", Comparison.Above, 1e5) })
        {
            InTrouble = true,
        };
        scene.Look();
        Assert.Equal("medium", scene.Play.Playbook);
    }

    [Fact]
    public void The_same_play_is_never_played_twice_at_once()
    {
        var scene = new Scene(Save) { InTrouble = true };
        scene.Look();
        var reply = scene.Do(new StartPlay("dana", "save"));
        Assert.Equal(DeskRefusal.Conflict, reply.Refusal);
        Assert.Contains("acme:play:", reply.Reason, StringComparison.Ordinal);
        Assert.Single(scene.State.Plays);
    }

    [Fact]
    public void A_play_begun_by_hand_keeps_the_trigger_from_a_second_until_it_is_over()
    {
        var scene = new Scene(Made.Book("save", Made.Task("call", 0)) with { Trigger = Made.Trouble });
        scene.Start("save");
        scene.InTrouble = true;
        scene.Look();
        Assert.Single(scene.State.Plays);
        Assert.Equal("save 1: it is being played already", Assert.Single(scene.Outbox.Audit, line => line.Action == "play.refused").Detail);
        scene.Done(new EndStep("dana", scene.Play.Number, 1, false, null, null, []));
        Assert.Equal("trigger trouble 1", scene.Play.StartedBy);
    }

    [Fact]
    public void A_play_does_not_start_during_another_that_it_names_and_starts_when_that_is_over()
    {
        var other = Made.Book("other", Made.Task("a", 0));
        var scene = new Scene(Save with { NotDuring = ["other"] }, other);
        scene.Start("other");
        scene.InTrouble = true;
        scene.Live(2);
        Assert.Equal("other", scene.Play.Playbook);
        Assert.Equal("not during Play other", scene.State.Triggers[Made.Trouble].Refusal);
        scene.Done(new StopPlay("dana", scene.Play.Number, "enough"));
        Assert.Equal("save", scene.Play.Playbook);
        Assert.False(scene.Look());
    }

    [Fact]
    public void A_play_that_replaces_another_ends_it()
    {
        var scene = new Scene(Save with { Replaces = ["other"] }, Made.Book("other", Made.Task("a", 0), Made.Mail("b", 0)));
        scene.Start("other");
        scene.InTrouble = true;
        scene.Look();
        Assert.Equal("save", scene.Play.Playbook);
        Assert.Equal("replaced", Assert.Single(scene.State.Past).Exit);
        Assert.Equal(DraftState.Expired, scene.Outbox.Drafts[^1].State);
    }

    [Fact]
    public void A_play_is_followed_by_the_one_that_it_names()
    {
        var scene = new Scene(Made.Book("first", Made.Notice("a", 0), Made.Notice("b", 2)) with { Then = "second" }, Made.Book("second", Made.Task("c", 1)));
        scene.Start("first");
        scene.Live(2);
        Assert.Equal("second", scene.Play.Playbook);
        Assert.Equal("Play first has run to its end", scene.Play.Reason);
        Assert.Equal("completed", Assert.Single(scene.State.Past).Exit);
    }

    [Fact]
    public void What_follows_a_play_does_not_start_while_it_is_being_played_already()
    {
        var scene = new Scene(Made.Book("first", Made.Notice("a", 2)) with { Then = "second" }, Made.Book("second", Made.Task("c", 0)));
        scene.Start("second");
        scene.Start("first");
        scene.Live(3);
        Assert.Equal("second", scene.Play.Playbook);
    }

    [Fact]
    public void Plays_that_follow_each_other_in_a_circle_without_days_do_not_hold_a_turn_up()
    {
        var scene = new Scene(Made.Book("first", Made.Notice("a", 0)) with { Then = "second" }, Made.Book("second", Made.Notice("b", 0)) with { Then = "first" });
        scene.Done(new StartPlay("dana", "first"));
        Assert.True(scene.Outbox.Dispatches.Count <= 4);
    }

    [Fact]
    public void After_a_play_its_cooldown_keeps_triggers_from_starting_it_again_and_then_lets_them()
    {
        var scene = new Scene(Made.Book("save", Made.Task("a", 0)) with { Trigger = Made.Trouble, CooldownDays = 30 });
        scene.Start("save");
        scene.Done(new EndStep("dana", scene.Play.Number, 1, false, null, null, []));
        scene.InTrouble = true;
        scene.Live(29.9);
        Assert.Empty(scene.State.Plays);
        Assert.Equal("it was played less than 30 days ago", scene.State.Triggers[Made.Trouble].Refusal);
        Assert.Single(scene.Outbox.Audit, line => line.Action == "play.refused");
        scene.Live(0.2);
        Assert.Equal("trigger trouble 1", scene.Play.StartedBy);
    }

    [Fact]
    public void Where_a_playbook_waits_for_its_cooldown_the_next_that_fits_is_begun_and_the_audit_says_why()
    {
        var scene = new Scene(
            Made.Book("save", Made.Task("a", 0)) with { Trigger = Made.Trouble, CooldownDays = 30, Priority = 2 },
            Made.Book("other", Made.Task("b", 0)) with { Trigger = Made.Trouble, Who = Made.Word("tier", "smb"), Priority = 1 },
            Made.Book("second", Made.Task("c", 0)) with { Trigger = Made.Trouble });
        scene.Start("save");
        scene.Done(new EndStep("dana", scene.Play.Number, 1, false, null, null, []));
        scene.InTrouble = true;
        scene.Live(1);
        Assert.Equal("second", scene.Play.Playbook);
        var refused = Assert.Single(scene.Outbox.Audit, line => line.Action == "play.refused");
        Assert.Equal("save 1: it was played less than 30 days ago", refused.Detail);
        scene.Live(40);
        Assert.Equal("second", scene.Play.Playbook);
    }

    [Fact]
    public void A_playbook_that_may_not_run_beside_another_gives_way_to_the_next()
    {
        var scene = new Scene(
            Made.Book("offer", Made.Task("a", 0)) with { Trigger = Made.Trouble, NotDuring = ["save"], Priority = 1 },
            Made.Book("call", Made.Task("b", 0)) with { Trigger = Made.Trouble }, Made.Book("save", Made.Task("c", 0)));
        scene.Start("save");
        scene.InTrouble = true;
        scene.Live(1);
        Assert.Equal(["save", "call"], scene.State.Plays.Select(play => play.Playbook));
    }

    [Fact]
    public void Beside_the_playbook_that_is_being_played_already_the_next_is_not_begun()
    {
        var scene = new Scene(
            Made.Book("save", Made.Task("a", 0)) with { Trigger = Made.Trouble, Priority = 1 },
            Made.Book("second", Made.Task("b", 0)) with { Trigger = Made.Trouble });
        scene.Start("save");
        scene.InTrouble = true;
        scene.Live(1);
        Assert.Equal("save", scene.Play.Playbook);
        Assert.Equal("it is being played already", scene.State.Triggers[Made.Trouble].Refusal);
    }

    [Fact]
    public void On_an_account_that_is_held_out_one_refusal_stands_for_all_and_nothing_begins()
    {
        var scene = new Scene(
            Made.Book("save", Made.Task("a", 0)) with { Trigger = Made.Trouble, Priority = 1 },
            Made.Book("second", Made.Task("b", 0)) with { Trigger = Made.Trouble })
        {
            Rules = { Made.Rule(GuardrailKind.Holdout, "out") with { Percent = 100 } },
        };
        scene.InTrouble = true;
        scene.Live(3);
        Assert.Empty(scene.State.Plays);
        Assert.Single(scene.Outbox.Audit, line => line.Action == "play.refused");
    }

    [Fact]
    public void A_full_account_refuses_each_but_one_that_replaces_what_runs()
    {
        var scene = new Scene(
            Made.Book("save", Made.Task("a", 0)) with { Trigger = Made.Trouble, Priority = 1 },
            Made.Book("second", Made.Task("b", 0)) with { Trigger = Made.Trouble, Replaces = ["busy"] }, Made.Book("busy", Made.Task("c", 0)))
        {
            Rules = { Made.Rule(GuardrailKind.PlaysAtOnce, "atOnce") with { Most = 1 } },
        };
        scene.Start("busy");
        scene.InTrouble = true;
        scene.Live(1);
        Assert.Equal("second", scene.Play.Playbook);
    }

    [Fact]
    public void A_cooldown_does_not_bind_a_person()
    {
        var scene = new Scene(Made.Book("save", Made.Task("a", 0)) with { CooldownDays = 30 });
        for (var k = 0; k < 2; k++)
        {
            scene.Start("save");
            scene.Done(new EndStep("dana", scene.Play.Number, 1, false, null, null, []));
        }
        Assert.Equal(2, scene.State.Past.Count);
    }

    [Fact]
    public void A_cooldown_holds_however_many_other_plays_end_meanwhile_and_what_is_remembered_stays_bounded()
    {
        var scene = new Scene(
            Made.Book("save", Made.Task("a", 0)) with { Trigger = Made.Trouble, CooldownDays = 90 }, Made.Book("other", Made.Notice("n", 0)));
        scene.Start("save");
        scene.Done(new EndStep("dana", scene.Play.Number, 1, false, null, null, []));
        for (var k = 0; k < 3 * DeskState.MostPast; k++)
        {
            scene.Begin("other");
            scene.Live(1);
        }
        Assert.Equal(DeskState.MostPast, scene.State.Past.Count);
        scene.InTrouble = true;
        scene.Live(1);
        Assert.Equal("it was played less than 90 days ago", scene.State.Triggers[Made.Trouble].Refusal);
        scene.Live(30);
        Assert.Equal("trigger trouble 1", scene.Play.StartedBy);
    }

    [Fact]
    public void What_a_desk_must_hear_of_changes_with_triggers_churn_and_renewal_and_not_with_time()
    {
        var scene = new Scene();
        scene.Happens(Made.Nps(3, scene.Now));
        var before = DeskTurns.Calls(scene.Situation, scene.Practice);
        scene.Sleep(3);
        Assert.Equal(before, DeskTurns.Calls(scene.Situation, scene.Practice));
        scene.Happens(SignalKind.Renewed);
        var renewed = DeskTurns.Calls(scene.Situation, scene.Practice);
        Assert.NotEqual(before, renewed);
        scene.Sleep(0.1);
        scene.Happens(SignalKind.Churned);
        Assert.NotEqual(renewed, DeskTurns.Calls(scene.Situation, scene.Practice));
        scene.Sleep(30);
        scene.InTrouble = true;
        var calm = DeskTurns.Calls(scene.Situation, new Practice([], [], [], [], []));
        Assert.Equal(calm, DeskTurns.Calls(scene.Situation, new Practice([], [], [], [], [])));
    }
}
