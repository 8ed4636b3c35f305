using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Delivery;
using HealthGrains.Health;
using HealthGrains.Plays;
using HealthGrains.Signals;

namespace HealthGrains.Core.Tests.Plays;

/// <summary>What people do with alerts, overrides, and what the CRM is told.</summary>
public sealed class DeskAlertTests
{
    private static Scene Raised(params Guardrail[] rules)
    {
        var scene = new Scene { InTrouble = true, Rules = [.. rules] };
        scene.Look();
        return scene;
    }

    private static ActOnDeskAlert Act(AlertDeed deed, long? until = null, string? to = null, string? reason = null) =>
        new("dana", Made.Trouble, 1, deed, until, to, reason);

    [Fact]
    public void An_alert_carries_what_one_must_know()
    {
        var alert = Raised().Outbox.Alerts[0].Alert;
        Assert.Equal(("acme:trouble:1", Band.Yellow, "In trouble", "Ask why"), (alert.Id, alert.Severity, alert.Reason, alert.SuggestedApproach));
        Assert.Equal((Tier.Enterprise, 120_000m, "dana", 1), (alert.Tier, alert.Arr, alert.Owner, alert.RuleVersion));
        Assert.InRange(alert.TenureDays!.Value, 720, 735);
        Assert.NotNull(alert.RenewalDate);
    }

    [Fact]
    public void An_alert_is_acknowledged_once_and_resolved_with_a_reason()
    {
        var scene = Raised();
        scene.Done(Act(AlertDeed.Acknowledge));
        scene.Sleep(1);
        scene.Done(Act(AlertDeed.Acknowledge) with { Actor = "eve" });
        Assert.Equal(("dana", Scene.Monday), (scene.State.Alerts[0].AcknowledgedBy, scene.State.Alerts[0].AcknowledgedAt!.Value));
        scene.Done(Act(AlertDeed.Resolve, reason: "called"));
        Assert.Empty(scene.State.Alerts);
        var told = scene.Outbox.Alerts[^1];
        Assert.Equal((AlertChange.Resolved, AlertState.Resolved, "dana", "called"), (told.Change, told.Alert.State, told.Alert.ResolvedBy, told.Alert.Resolution));
        Assert.Equal(DeskRefusal.NotFound, scene.Do(Act(AlertDeed.Acknowledge)).Refusal);
        scene.Live(20);
        Assert.Single(scene.Outbox.Alerts, effect => effect.Change == AlertChange.Raised);
    }

    [Fact]
    public void A_snoozed_alert_is_back_when_its_time_is_over()
    {
        var scene = Raised();
        Assert.Equal(DeskRefusal.Invalid, scene.Do(Act(AlertDeed.Snooze, until: scene.Now)).Refusal);
        Assert.Equal(DeskRefusal.Invalid, scene.Do(Act(AlertDeed.Snooze)).Refusal);
        scene.Done(Act(AlertDeed.Snooze, until: scene.Now + 2 * Days.Millis));
        Assert.Equal(scene.Now + 2 * Days.Millis, scene.State.WakeAt);
        Assert.Equal(AlertState.Snoozed, scene.View.Alerts[0].State);
        scene.Live(2.1);
        Assert.Equal((AlertState.Open, null), (scene.View.Alerts[0].State, scene.View.Alerts[0].SnoozedUntil));
        Assert.Equal(AlertChange.Reopened, scene.Outbox.Alerts[^1].Change);
    }

    [Fact]
    public void A_snoozed_alert_that_is_resolved_wakes_nobody()
    {
        var scene = Raised();
        scene.Done(Act(AlertDeed.Snooze, until: scene.Now + 2 * Days.Millis));
        scene.Done(Act(AlertDeed.Resolve, reason: "called"));
        Assert.Equal(long.MaxValue, scene.State.WakeAt);
    }

    [Fact]
    public void An_alert_is_given_to_somebody()
    {
        var scene = Raised();
        Assert.Equal(DeskRefusal.Invalid, scene.Do(Act(AlertDeed.Assign)).Refusal);
        scene.Done(Act(AlertDeed.Assign, to: "eve"));
        Assert.Equal(("eve", "eve"), (scene.View.Alerts[0].Owner, scene.View.Alerts[0].AssignedTo));
    }

    [Fact]
    public void An_alert_that_nobody_acknowledges_is_told_to_the_manager_once()
    {
        var scene = Raised(Made.Rule(GuardrailKind.Escalation) with { Hours = 24 });
        Assert.Equal(scene.Now + Days.Millis, scene.State.WakeAt);
        scene.Live(0.99);
        Assert.Empty(scene.Chats);
        scene.Live(20);
        Assert.Equal("maria: nobody has acknowledged Acme: In trouble (owner dana)", Assert.Single(scene.Chats).Text);
        Assert.Single(scene.Outbox.Alerts, effect => effect.Change == AlertChange.Changed);
        Assert.NotNull(scene.View.Alerts[0].EscalatedToManagerAt);
    }

    [Fact]
    public void One_that_is_acknowledged_or_of_another_severity_is_not()
    {
        var scene = Raised(Made.Rule(GuardrailKind.Escalation) with { Hours = 24 });
        scene.Done(Act(AlertDeed.Acknowledge));
        scene.Done(Act(AlertDeed.Snooze, until: scene.Now + 3 * Days.Millis));
        scene.Live(20);
        Assert.Empty(scene.Chats);
        scene = Raised(Made.Rule(GuardrailKind.Escalation) with { Hours = 24, Marks = ["red"] });
        scene.Live(20);
        Assert.Empty(scene.Chats);
    }

    [Fact]
    public void One_that_was_put_off_has_its_hours_again_when_it_is_back()
    {
        var scene = Raised(Made.Rule(GuardrailKind.Escalation) with { Hours = 24 });
        scene.Done(Act(AlertDeed.Snooze, until: scene.Now + 3 * Days.Millis));
        scene.Live(3.9);
        Assert.Empty(scene.Chats);
        scene.Live(0.2);
        Assert.Single(scene.Chats);
    }

    [Fact]
    public void What_a_person_says_against_the_score_stands_beside_it_until_its_time_is_over()
    {
        var scene = new Scene();
        var until = scene.Now + 5 * Days.Millis;
        var score = scene.Situation.Score;
        Assert.Equal(DeskRefusal.Invalid, scene.Do(new SetOverride("dana", null, 101, "x", until)).Refusal);
        Assert.Equal(DeskRefusal.Invalid, scene.Do(new SetOverride("dana", null, double.NaN, "x", until)).Refusal);
        Assert.Equal(DeskRefusal.Invalid, scene.Do(new SetOverride("dana", Band.Red, null, " ", until)).Refusal);
        Assert.Equal(DeskRefusal.Invalid, scene.Do(new SetOverride("dana", Band.Red, null, "x", scene.Now)).Refusal);
        scene.Done(new SetOverride("dana", Band.Red, null, "their CEO told me", until));
        Assert.Equal(until, scene.State.WakeAt);
        Assert.Equal((Band.Red, "dana"), (scene.View.Override!.Band!.Value, scene.View.Override.By));
        Assert.Equal(score, scene.Situation.Score);
        scene.Live(5);
        Assert.Null(scene.View.Override);
        Assert.Null(scene.State.Override);
        Assert.Equal(["override.set", "override.ended"], scene.Outbox.Audit.Select(line => line.Action));
    }

    [Fact]
    public void It_is_taken_back_by_saying_nothing()
    {
        var scene = new Scene();
        scene.Done(new SetOverride("dana", null, 20, "a feeling", scene.Now + Days.Millis));
        scene.Done(new SetOverride("dana", null, null, "", 0));
        Assert.Null(scene.View.Override);
        Assert.Equal(long.MaxValue, scene.State.WakeAt);
    }

    [Theory]
    [InlineData("hubspot", true)]
    [InlineData("salesforce", true)]
    [InlineData("zendesk", false)]
    public void The_CRM_hears_only_of_accounts_that_it_knows(string system, bool written)
    {
        var scene = new Scene(Made.Book("save", Made.Task("a", 0)) with { Outcomes = ["saved"] });
        scene.Profile = scene.Profile with { ExternalIds = new Dictionary<string, string> { [system] = "17" } };
        var play = scene.Start("save").Number;
        scene.Done(new EndTask("dana", scene.State.Tasks[0].Number, false, "saved", null, []));
        scene.Live(20);
        if (!written)
        {
            Assert.Empty(scene.Crm);
            return;
        }
        Assert.Equal([CrmKind.Account, CrmKind.Task, CrmKind.Task, CrmKind.Outcome], scene.Crm.Select(body => body.Kind));
        Assert.Equal(["open", "done"], scene.Crm.Where(body => body.Kind == CrmKind.Task).Select(body => (string?)body.Fields["status"]));
        Assert.Single(scene.Crm.Where(body => body.Kind == CrmKind.Task).Select(body => body.Reference).Distinct());
        Assert.Equal((DeskIds.Play("acme", play), "saved"), (scene.Crm.Last().Reference, (string?)scene.Crm.Last().Fields["outcome"]));
        Assert.All(scene.Outbox.Dispatches, sent => Assert.True(Dispatch.IsValidId(sent.Id)));
        Assert.Equal(scene.Outbox.Dispatches.Count, scene.Outbox.Dispatches.Select(sent => sent.Id).Distinct().Count());
    }

    [Fact]
    public void The_CRM_is_told_the_score_again_when_its_band_or_five_points_have_changed()
    {
        var scene = new Scene();
        scene.Profile = scene.Profile with { ExternalIds = new Dictionary<string, string> { ["hubspot"] = "17" } };
        var calls = DeskTurns.Calls(scene.Situation, scene.Practice);
        scene.Look();
        Assert.False(scene.Look());
        scene.Happens(SignalKind.CancelRequested);
        Assert.NotEqual(calls, DeskTurns.Calls(scene.Situation, scene.Practice));
        scene.Look();
        Assert.Equal(2, scene.Crm.Count());
        Assert.Equal("red", (string?)scene.Crm.Last().Fields["band"]);
    }
}
