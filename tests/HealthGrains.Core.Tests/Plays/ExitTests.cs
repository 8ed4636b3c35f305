using HealthGrains.Accounts;
using HealthGrains.Plays;
using HealthGrains.Signals;
using HealthGrains.Situations;

namespace HealthGrains.Core.Tests.Plays;

/// <summary>How plays end before their last step, and what becomes of what they had begun.</summary>
public sealed class ExitTests
{
    private static Scene Begun(PlayExits exits)
    {
        var scene = new Scene(Made.Book("save", Made.Task("a", 0), Made.Mail("b", 0) with { WithinDays = 15 }, Made.Task("c", 20)) with { Trigger = Made.Trouble, Exits = exits }) { InTrouble = true };
        scene.Look();
        scene.Live(1);
        return scene;
    }

    private static void IsOver(Scene scene, string exit)
    {
        Assert.Empty(scene.State.Plays);
        Assert.Empty(scene.State.Tasks);
        Assert.Empty(scene.State.Drafts);
        Assert.Equal(DraftState.Expired, scene.Outbox.Drafts[^1].State);
        Assert.Equal($"the play is over ({exit})", scene.Outbox.Drafts[^1].Reason);
        Assert.Equal(TaskState.Cancelled, scene.Outbox.Tasks[^1].State);
        var past = Assert.Single(scene.State.Past);
        Assert.Equal(("save", exit), (past.Playbook, past.Exit));
        Assert.Equal(exit, scene.Outbox.Plays[^1].Exit);
        scene.Live(30);
        Assert.Empty(scene.Mails);
    }

    [Fact]
    public void A_play_ends_when_what_began_it_is_over()
    {
        var scene = Begun(new PlayExits());
        scene.InTrouble = false;
        scene.Look();
        scene.Live(3.1);
        IsOver(scene, "recovered");
    }

    [Fact]
    public void It_does_not_where_the_playbook_says_so()
    {
        var scene = Begun(new PlayExits(Recovered: false));
        scene.InTrouble = false;
        scene.Live(10);
        Assert.Single(scene.State.Plays);
    }

    [Fact]
    public void A_play_ends_with_a_churn_and_none_begins_after_it()
    {
        var scene = Begun(new PlayExits());
        scene.Happens(SignalKind.Churned);
        scene.Look();
        IsOver(scene, "churned");
        Assert.Equal(DeskRefusal.Conflict, scene.Do(new StartPlay("dana", "save")).Refusal);
    }

    [Fact]
    public void A_play_ends_with_a_renewal_since_it_began()
    {
        var scene = Begun(new PlayExits(Renewed: true));
        scene.Happens(SignalKind.Renewed);
        scene.Look();
        IsOver(scene, "renewed");
    }

    [Fact]
    public void Not_for_a_renewal_from_before_it_began_nor_where_the_playbook_does_not_say_so()
    {
        var scene = Begun(new PlayExits(Renewed: true));
        scene.Happens(new Signal(1, Scene.Monday - 1_000, SignalKind.Renewed));
        scene.Live(1);
        Assert.Single(scene.State.Plays);
        scene = Begun(new PlayExits());
        scene.Happens(SignalKind.Renewed);
        scene.Live(1);
        Assert.Single(scene.State.Plays);
    }

    [Fact]
    public void A_play_ends_by_a_condition_of_its_own()
    {
        var scene = Begun(new PlayExits(Recovered: false, When: Made.Flag("milestone:firstValue")));
        scene.Happens(SignalKind.MilestoneReached, NameId.Of("firstValue"));
        scene.Live(1);
        IsOver(scene, "recovered");
    }

    [Fact]
    public void What_is_over_is_what_the_next_text_knows_of_and_only_the_last_twenty_are_kept()
    {
        var scene = new Scene(Made.Book("save", Made.Task("a", 0)) with { Outcomes = ["saved"] });
        for (var k = 0; k < 25; k++)
        {
            scene.Start("save");
            scene.Done(new EndStep("dana", scene.Play.Number, 1, false, "saved", null, []));
            scene.Sleep(1);
        }
        Assert.Equal(DeskState.MostPast, scene.State.Past.Count);
        scene.InTrouble = true;
        scene.Look();
        var tried = Assert.Single(scene.State.Alerts).TriedBefore;
        Assert.Equal(5, tried.Count);
        Assert.StartsWith("Play save, 2026-12-10: saved, score", tried[0], StringComparison.Ordinal);
    }

    [Fact]
    public void An_approval_holds_back_what_follows_and_lets_it_go_on()
    {
        var scene = new Scene(Made.Book("offer", Made.Approval("ok", 0), Made.Task("t", 0)));
        scene.Start("offer");
        scene.Live(1);
        Assert.Equal([StepState.Open, StepState.Waiting], scene.Steps());
        Assert.Equal("maria", scene.Outbox.Drafts[^1].Reviewer);
        scene.Done(new DecideDraft("maria", scene.State.Drafts[0].Number, true, null));
        Assert.Equal([StepState.Done, StepState.Open], scene.Steps());
        Assert.Equal(("approved", "maria"), (scene.Play.Steps[0].Outcome, scene.Play.Steps[0].By));
        Assert.Empty(scene.Outbox.Dispatches);
    }

    [Fact]
    public void A_rejected_approval_ends_the_play()
    {
        var scene = new Scene(Made.Book("offer", Made.Approval("ok", 0), Made.Task("t", 0)));
        var play = scene.Start("offer").Number;
        scene.Done(new DecideDraft("maria", scene.State.Drafts[0].Number, false, "too dear"));
        Assert.Equal("rejected", scene.Told(play).Exit);
        Assert.Equal([StepState.Skipped, StepState.Skipped], scene.Told(play).Steps.Select(step => step.State));
        Assert.Empty(scene.State.Tasks);
    }

    [Fact]
    public void An_approval_that_nobody_gives_is_none()
    {
        var scene = new Scene(Made.Book("offer", Made.Approval("ok", 0), Made.Mail("m", 0) with { Automatic = [Tier.Enterprise] }));
        var play = scene.Start("offer").Number;
        scene.Live(10);
        Assert.Empty(scene.Mails);
        Assert.Equal("rejected", scene.Told(play).Exit);
        Assert.Equal("nobody approved it in time", scene.Told(play).Steps[0].Reason);
    }

    [Fact]
    public void An_approval_is_not_got_round_by_skipping_it()
    {
        var scene = new Scene(Made.Book("offer", Made.Approval("ok", 0), Made.Task("t", 0)));
        var play = scene.Start("offer").Number;
        var reply = scene.Do(new EndStep("dana", play, 1, true, null, "no time", []));
        Assert.Equal(DeskRefusal.Forbidden, reply.Refusal);
        Assert.Contains("maria", reply.Reason, StringComparison.Ordinal);
        Assert.Equal([StepState.Open, StepState.Waiting], scene.Steps());
        scene.Done(new EndStep("maria", play, 1, true, null, "not needed here", []));
        Assert.Equal([StepState.Skipped, StepState.Open], scene.Steps());
    }
}
