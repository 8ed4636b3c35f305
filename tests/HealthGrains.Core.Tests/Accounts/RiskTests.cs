using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Decline;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Core.Tests.Accounts;

/// <summary>Caps, trends, churn and the risk episode, as examples.</summary>
public sealed class RiskTests
{
    [Fact]
    public void A_steady_account_is_green_covered_and_without_alerts()
    {
        var (state, outbox) = Walk(120, _ => 1);
        var turn = Lives.Turn(Lives.Now);
        var view = Lives.View(state, turn);
        Assert.Equal(Band.Green, view.Health.Band);
        Assert.Equal(DeclineState.Steady, view.Decline.State);
        Assert.True(view.Health.Coverage > 0.75);
        Assert.Empty(outbox.Alerts);
        Assert.True(outbox.Closes.Count >= 118);
    }

    [Fact]
    public void A_fading_account_is_told_before_it_is_red_with_what_drives_it()
    {
        var (state, outbox) = Walk(120, back => Math.Clamp((back + 4) / 40.0, 0, 1));
        Assert.NotEmpty(outbox.Alerts);
        var first = outbox.Alerts[0];
        Assert.Equal(AlertChange.Raised, first.Change);
        Assert.Equal("acme:churnRisk:1", first.Alert.Id);
        Assert.True(first.Alert.RaisedAt < Days.Time(Lives.Now).AddDays(-12), first.Alert.RaisedAt.ToString());
        Assert.Contains(first.Alert.Drivers, driver => driver is { Category: "product", Points: < 0 });
        Assert.True(Lives.View(state, Lives.Turn(Lives.Now)).Health.Drivers[0].Points < 0);
    }

    [Fact]
    public void Ninety_days_of_history_in_one_batch_raise_at_most_one_alert_with_since_in_the_past()
    {
        var turn = Lives.Turn(Lives.Now);
        var state = Lives.Live(Lives.Steady(Lives.Now, 90, back => Math.Clamp(back / 30.0, 0, 1)), turn);
        AccountTurns.Decide(state, turn);
        AccountTurns.Decide(state, turn);
        var alert = Assert.Single(turn.Outbox.Alerts).Alert;
        Assert.Equal(Days.Time(Lives.Now), alert.RaisedAt);
        Assert.True(alert.Since < alert.RaisedAt.AddDays(-5));
    }

    [Fact]
    public void An_invoice_unpaid_for_two_weeks_caps_the_score_and_paying_lifts_it()
    {
        var turn = Lives.Turn(Lives.Now);
        var signals = Lives.Steady(Lives.Now, 41);
        signals.Add(new Signal(9001, Lives.Now - 15 * Days.Millis, SignalKind.PaymentFailed, 999ul << 32, 0, 100));
        var state = Lives.Live(signals, turn);
        var capped = Lives.View(state, turn).Health;
        Assert.Equal(35, capped.Score, 1e-9);
        Assert.Equal("unpaid", Assert.Single(capped.Caps).Rule);
        AccountTurns.Take(state, [new Signal(9002, Lives.Now, SignalKind.InvoicePaid, 999ul << 32, 0, 100)], turn);
        Assert.Empty(Lives.View(state, turn).Health.Caps);
    }

    [Fact]
    public void A_cancellation_request_caps_the_score_at_once_and_a_renewal_ends_that()
    {
        var turn = Lives.Turn(Lives.Now);
        var state = Lives.Live(Lives.Steady(Lives.Now, 41), turn);
        AccountTurns.Take(state, [new Signal(1, Lives.Now - 1000, SignalKind.CancelRequested)], turn);
        Assert.Equal(20, Lives.View(state, turn).Health.Score, 1e-9);
        AccountTurns.Take(state, [new Signal(2, Lives.Now, SignalKind.Renewed)], turn);
        Assert.True(Lives.View(state, turn).Health.Score > 60);
    }

    [Fact]
    public void Yellow_turns_red_in_place_and_the_episode_ends_after_three_days_of_recovery()
    {
        var now = Lives.Now;
        var state = Lives.Live(Lives.Steady(now, 41, back => back < 14 ? 0.3 : 1), Lives.Turn(now));
        var outbox = new Outbox();
        Decide(state, now, outbox);
        AccountTurns.Take(state, [new Signal(5, now, SignalKind.CancelRequested)], Lives.Turn(now));
        Decide(state, now, outbox);
        Assert.Equal([AlertChange.Raised, AlertChange.Escalated], outbox.Alerts.Select(effect => effect.Change));
        Assert.Single(outbox.Alerts.Select(effect => effect.Alert.Id).Distinct());

        AccountTurns.Take(state, [new Signal(6, now, SignalKind.Renewed)], Lives.Turn(now));
        for (var day = 1; day <= 40 && state.Episode is not null; day++)
        {
            var then = now + day * Days.Millis;
            AccountTurns.Take(state, [.. Lives.Steady(then, 0)], Lives.Turn(then));
            Decide(state, then, outbox);
        }
        Assert.Null(state.Episode);
        Assert.Equal(AlertState.Closed, outbox.Alerts[^1].Alert.State);
    }

    [Fact]
    public void An_alert_resolved_by_hand_stays_quiet_until_the_account_has_recovered()
    {
        var now = Lives.Now;
        var state = Lives.Live(Lives.Steady(now, 41), Lives.Turn(now));
        AccountTurns.Take(state, [new Signal(5, now, SignalKind.CancelRequested)], Lives.Turn(now));
        var outbox = new Outbox();
        Decide(state, now, outbox);
        var turn = Lives.Turn(now) with { Outbox = outbox };
        Assert.NotNull(AccountTurns.Acknowledge(state, "acme:churnRisk:1", "dana", turn));
        Assert.NotNull(AccountTurns.Resolve(state, "acme:churnRisk:1", "dana", "they stay", turn));
        Assert.Null(AccountTurns.Resolve(state, "acme:churnRisk:1", "dana", "again", turn));
        var told = outbox.Alerts.Count;
        for (var day = 1; day < 10; day++) Decide(state, now + day * Days.Millis, outbox);
        Assert.Equal(told, outbox.Alerts.Count);
        Assert.Empty(Lives.View(state, Lives.Turn(now + 10 * Days.Millis)).Alerts);
    }

    [Fact]
    public void Churn_freezes_the_score_and_ends_the_episode()
    {
        var (state, outbox) = Walk(60, back => Math.Clamp(back / 30.0, 0, 1));
        Assert.NotNull(state.Episode);
        var turn = Lives.Turn(Lives.Now) with { Outbox = outbox };
        AccountTurns.Take(state, [new Signal(1, Lives.Now, SignalKind.SubscriptionCancelled)], turn);
        AccountTurns.Decide(state, turn);
        Assert.Equal("churned", outbox.Alerts[^1].Alert.Resolution);
        var frozen = Lives.View(state, turn);
        Assert.Equal(AccountStatus.Churned, frozen.Status);
        var later = Lives.View(state, Lives.Turn(Lives.Now + 200 * Days.Millis));
        Assert.Equal(frozen.Health.Score, later.Health.Score);
        // It is woken once more, to close its last day.
        Assert.Equal(Days.Start(Days.Of(Lives.Now) + 1), AccountTurns.NextWake(state, turn));
        Assert.Equal(long.MaxValue, AccountTurns.NextWake(state, Lives.Turn(Lives.Now + Days.Millis)));
    }

    [Fact]
    public void A_churned_account_goes_on_saying_what_moved_its_score_in_its_last_week()
    {
        var (state, _) = Walk(60, back => Math.Clamp(back / 30.0, 0, 1));
        var turn = Lives.Turn(Lives.Now);
        AccountTurns.Take(state, [new Signal(1, Lives.Now, SignalKind.Churned)], turn);
        var last = Lives.View(state, turn).Health.Drivers;
        Assert.NotEmpty(last);
        foreach (var days in (int[])[3, 8, 35])
            Assert.Equal(last, Lives.View(state, Lives.Turn(Lives.Now + days * Days.Millis)).Health.Drivers);
        Assert.Equal(last, AccountTurns.ViewAt(state, Lives.Now, new NoNames(), Lives.Turn(Lives.Now + 20 * Days.Millis)).Health.Drivers);
        // Later, of what the week before it was measured against, up to seven days are gone.
        var later = Lives.View(state, Lives.Turn(Lives.Now + 300 * Days.Millis)).Health.Drivers;
        Assert.Equal(last.Select(driver => driver.Measure).Order(), later.Select(driver => driver.Measure).Order());
        Assert.All(later, driver => Assert.Equal(Days.Time(Lives.Now).AddDays(-7), driver.Since));
    }

    [Fact]
    public void A_renewal_brings_a_churned_account_back_and_what_happened_meanwhile_left_no_trace()
    {
        var (state, _) = Walk(60, _ => 1);
        AccountTurns.Take(state, [new Signal(1, Lives.Now, SignalKind.Churned)], Lives.Turn(Lives.Now));
        var frozen = Lives.View(state, Lives.Turn(Lives.Now)).Health.Score;
        var later = Lives.Now + 60 * Days.Millis;
        AccountTurns.Take(state, [new Signal(2, later - 1000, SignalKind.Login, 1ul << 32)], Lives.Turn(later));
        Assert.Equal(frozen, Lives.View(state, Lives.Turn(later)).Health.Score);
        Signal[] comeback = [new Signal(3, later, SignalKind.Renewed), new Signal(4, later, SignalKind.Login, 1ul << 32)];
        AccountTurns.Take(state, comeback, Lives.Turn(later));
        var back = Lives.View(state, Lives.Turn(later));
        Assert.Equal(AccountStatus.Active, back.Status);
        Assert.True(back.Health.Score < frozen);
        Assert.Equal(1u, state.Calendar.Counters.Get(DayColumn.Logins, Calendar.Slot(Days.Of(later))));
    }

    [Fact]
    public void Activating_another_model_shifts_the_level_and_is_no_decline()
    {
        var (state, outbox) = Walk(120, _ => 1);
        AccountTurns.ChangeModel(state, HealthModels.Prior, Lives.Turn(Lives.Now, HealthModels.FourDimensions));
        var turn = Lives.Turn(Lives.Now, HealthModels.FourDimensions) with { Outbox = outbox };
        AccountTurns.Decide(state, turn);
        var view = Lives.View(state, turn);
        Assert.Equal(DeclineState.Steady, view.Decline.State);
        Assert.Equal("four-1", view.Health.Model);
        Assert.Equal(4, view.Health.Categories.Count);
        Assert.Empty(outbox.Alerts);
    }

    [Fact]
    public void To_learn_late_that_a_source_was_heard_long_ago_is_no_change_of_trend()
    {
        // The weeks before the calendar were settled in ignorance, and their rows are gone.
        var state = new AccountState(Lives.Acme);
        foreach (var day in Lives.Steady(Lives.Now, 150).Where(s => s.Source == SignalSource.Usage).GroupBy(s => Days.Of(s.At)))
            AccountTurns.Take(state, [.. day], Lives.Turn(Math.Min(Days.Start(day.Key + 1) - 1, Lives.Now), null, null,
                SignalSource.Ticket, SignalSource.Billing, SignalSource.Engagement, SignalSource.Crm));
        var turn = Lives.Turn(Lives.Now);
        AccountTurns.Decide(state, turn);
        var view = Lives.View(state, turn);
        Assert.Equal(DeclineState.Steady, view.Decline.State);
        Assert.InRange(view.Decline.Z, -2, 2);
        Assert.Empty(turn.Outbox.Alerts);
    }

    [Fact]
    public void A_new_account_of_which_little_is_known_raises_nothing()
    {
        var turn = Lives.Turn(Lives.Now, null, null, SignalSource.Billing, SignalSource.Crm, SignalSource.Engagement, SignalSource.Ticket);
        var state = new AccountState(AccountProfile.Unknown("new"));
        AccountTurns.Take(state, [new Signal(1, Lives.Now - 1000, SignalKind.Login, 1ul << 32)], turn);
        AccountTurns.Decide(state, turn);
        Assert.Empty(turn.Outbox.Alerts);
        var health = Lives.View(state, turn).Health;
        Assert.True(health.Coverage < 0.05);
        Assert.InRange(health.Score, 74, 76);
    }

    /// <summary>Lives day by day, decided every noon and woken after every midnight.</summary>
    private static (AccountState State, Outbox Outbox) Walk(int days, Func<int, double> activity)
    {
        var state = new AccountState(Lives.Acme);
        var outbox = new Outbox();
        foreach (var day in Lives.Steady(Lives.Now, days, activity).GroupBy(signal => Days.Of(signal.At)).OrderBy(day => day.Key))
        {
            var evening = Math.Min(Days.Start(day.Key + 1) - 1, Lives.Now);
            AccountTurns.Take(state, [.. day], Lives.Turn(evening));
            Decide(state, evening, outbox);
            AccountTurns.Wake(state, Lives.Turn(Math.Min(Days.Start(day.Key + 1), Lives.Now)) with { Outbox = outbox });
        }
        AccountTurns.Wake(state, Lives.Turn(Lives.Now) with { Outbox = outbox });
        return (state, outbox);
    }

    private static void Decide(AccountState state, long now, Outbox outbox) =>
        AccountTurns.Decide(state, Lives.Turn(now) with { Outbox = outbox });
}
