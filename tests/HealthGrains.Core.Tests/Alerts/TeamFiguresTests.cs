using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Core.Tests.Plays;
using HealthGrains.Hosting;
using HealthGrains.Plays;

namespace HealthGrains.Core.Tests.Alerts;

/// <summary>The rate against the budget, and how long things take.</summary>
public sealed class TeamFiguresTests
{
    private const long Hour = 3_600_000;
    private static readonly long Now = Scene.Monday;
    private static readonly Practice Practice = new([], [], [OwnerScene.ThreeAWeek], [], [Made.Team]);

    private static readonly TeamRows Nothing = new([], [], [], [], []);

    [Fact]
    public void Pushes_count_in_the_budgets_days_and_as_a_mean_of_four_weeks_and_urgent_ones_beside()
    {
        var rows = Nothing with
        {
            Pushes = [.. new[] { 0.5, 6.9, 7.1, 20, 27.9, 28.1 }.Select(days => ("dana", Now - (long)(days * Days.Millis), false)),
                ("dana", Now - Hour, true)],
            Open = [("dana", 5, 2), ("", 1, 1)],
        };
        var view = TeamFigures.Of(rows, Practice, Now);
        Assert.Equal(["dana", "eve", null], view.Owners.Select(owner => owner.Owner));
        var dana = view.Owners[0];
        Assert.Equal(("maria", 2, 1, 1.25, 0.25, 5, 2),
            (dana.Manager, dana.Pushed, dana.Urgent, dana.PushedAWeek, dana.UrgentAWeek, dana.Open, dana.Listed));
        Assert.Equal((0.625, 6, 3), (view.All.PushedAWeek, view.All.Open, view.All.Listed));
        Assert.Equal((3, 7), (view.Budget!.Most, view.Budget.Days));
    }

    [Fact]
    public void Half_took_at_most_the_median_and_nine_of_ten_the_other()
    {
        var taken = Enumerable.Range(1, 11).Select(k => ("dana", Now - 30 * Hour, Now - 30 * Hour + k * Hour)).ToArray();
        var view = TeamFigures.Of(Nothing with { Acknowledged = taken, Resolved = [("eve", Now - 4 * Hour, Now - Hour)] }, Practice, Now);
        Assert.Equal(new TimesView(11, 6, 10), view.Owners[0].ToAcknowledge);
        Assert.Equal(new TimesView(0, null, null), view.Owners[0].ToResolve);
        Assert.Equal((3.0, 3.0), (view.Owners[1].ToResolve.MedianHours, view.All.ToResolve.P90Hours));
    }
}
