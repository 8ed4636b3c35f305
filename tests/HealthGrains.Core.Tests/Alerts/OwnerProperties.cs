using FsCheck;
using FsCheck.Fluent;
using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Core.Tests.Accounts;
using HealthGrains.Core.Tests.Plays;
using HealthGrains.Health;

namespace HealthGrains.Core.Tests.Alerts;

/// <summary>Whatever comes in whatever order: the budget is kept, and nobody hears the same thing twice.</summary>
public sealed class OwnerProperties
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20261122, 7);

    [Fact]
    public void Never_more_than_the_budget_in_any_of_its_days_never_the_same_twice_and_never_two_digests_a_day() =>
        Check.One(Runs, Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => Live((ulong)seed)));

    private static void Live(ulong seed)
    {
        var dice = new Dice(seed);
        var budget = OwnerScene.ThreeAWeek with { Most = 1 + dice.Below(4), Days = 1 + dice.Below(9) };
        var scene = new OwnerScene { Rules = [budget, OwnerScene.AtEight] };
        for (var turn = 0; turn < 120; turn++)
        {
            if (dice.Below(3) == 0) scene.Live(dice.Below(60) / 24.0);
            else scene.Now += dice.Below(20) * 3_600_000L;
            for (var come = dice.Below(3); come > 0; come--)
            {
                scene.Raise($"a{turn}-{come}", AlertBudget.KeptFrom - 3 + dice.Below(6), dice.Below(6) == 0, $"account{dice.Below(5)}");
                scene.AtRisk[$"account{dice.Below(5)}"] = dice.Below(1_000);
            }
            foreach (var alert in scene.Alerts.Where(alert => alert.ResolvedAt is null).ToArray()) Happens(scene, alert.Id, dice);
            for (var look = dice.Below(3); look > 0; look--) scene.Look();
        }
        var pushes = scene.Outbox.Pushed;
        Assert.Equal(pushes.Count, pushes.Select(push => push.Push.Key).Distinct().Count());
        Assert.Equal(pushes.Count, scene.Outbox.Dispatches.Count(sent => sent.Account.Length > 0));
        Assert.Equal(scene.Outbox.Dispatches.Count, scene.Outbox.Dispatches.Select(sent => sent.Id).Distinct().Count());
        foreach (var last in pushes.Where(push => !push.Push.Urgent).Select(push => push.Push.At))
        {
            var within = pushes.Count(push => !push.Push.Urgent && push.Push.At <= last && push.Push.At > last.AddDays(-budget.Days));
            Assert.True(within <= budget.Most, $"{within} pushes in {budget.Days} days, the budget is {budget.Most}");
        }
        scene.Look();
        Assert.All(scene.Alerts.Where(alert => alert is { Urgent: true, State: AlertState.Open }),
            alert => Assert.Contains(AlertBudget.KeyOf(alert), scene.Told));
    }

    private static void Happens(OwnerScene scene, string id, Dice dice)
    {
        switch (dice.Below(24))
        {
            case 0:
                scene.Resolve(id);
                break;
            case 1:
                scene.Change(id, alert => alert with { State = AlertState.Acknowledged, AcknowledgedAt = Days.Time(scene.Now) });
                break;
            case 2:
                scene.Change(id, alert => alert with { State = AlertState.Snoozed });
                break;
            case 3:
                scene.Change(id, alert => alert.State == AlertState.Snoozed ? alert with { State = AlertState.Open } : alert);
                break;
            case 4:
                scene.Change(id, alert => alert.EscalatedAt is null
                    ? alert with { Severity = Band.Red, EscalatedAt = Days.Time(scene.Now), Rank = 100 } : alert);
                break;
        }
    }
}
