using HealthGrains.Accounts;
using HealthGrains.Health;
using HealthGrains.Signals;

namespace HealthGrains.Core.Tests.Accounts;

/// <summary>What holds of every score.</summary>
public sealed class ScoreTests
{
    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 40).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Points_of_categories_and_caps_sum_to_the_score_which_lies_within_its_interval(ulong seed)
    {
        foreach (var model in HealthModels.Presets)
        {
            var turn = Lives.Turn(Lives.Now, model);
            var state = Lives.Live(Lives.Any(seed, 30 * (int)seed), turn);
            foreach (var at in new[] { Lives.Now, Lives.Now - 5 * Days.Millis, Lives.Now - 41 * Days.Millis })
            {
                var health = AccountTurns.ViewAt(state, at, null!, turn).Health;
                Assert.Equal(health.Score, health.Categories.Sum(c => c.Points) + health.Caps.Sum(c => c.Points), 1e-9);
                Assert.Equal(1, health.Categories.Sum(c => c.Weight), 1e-9);
                Assert.InRange(health.Score, 0, 100);
                Assert.InRange(health.Low, 0, health.Score);
                Assert.InRange(health.High, health.Score, 100);
                Assert.InRange(health.Coverage, 0, 1);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Ledger_entries_between_any_two_moments_sum_to_the_change(ulong seed)
    {
        var dice = new Dice(seed);
        var turn = Lives.Turn(Lives.Now);
        var state = Lives.Live(Lives.Any(seed, 500), turn);
        for (var k = 0; k < 5; k++)
        {
            var (since, until) = (Lives.Now - dice.Below(42 * 86400) * 1000L, Lives.Now - dice.Below(42 * 86400) * 1000L);
            if (since > until) (since, until) = (until, since);
            var ledger = AccountTurns.Explain(state, since, until, turn);
            Assert.Equal(ledger.To.Score - ledger.From.Score, ledger.Items.Sum(item => item.Delta), 1e-9);
            Assert.Equal(AccountTurns.ViewAt(state, until, null!, turn).Health.Score, ledger.To.Score, 1e-9);
            Assert.All(ledger.Items, item => Assert.Equal(item.After - item.Before, item.Delta, 1e-12));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_score_at_the_end_of_a_day_equals_the_score_from_only_the_signals_up_to_then(ulong seed)
    {
        // Within the limits: beyond them the oldest happenings give way.
        var signals = Lives.Any(seed, 450);
        var turn = Lives.Turn(Lives.Now);
        var state = Lives.Live(signals, turn);
        for (var back = 0; back <= 40; back += 8)
        {
            var at = Days.Start(Days.Of(Lives.Now) - back);
            var then = Lives.Turn(at);
            var alone = Lives.Live(signals.Where(signal => signal.At < at), then);
            Assert.Equal(Lives.View(alone, then).Health.Score, AccountTurns.ViewAt(state, at, null!, turn).Health.Score, 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Between_signals_the_score_moves_without_a_jump_through_midnight_too(ulong seed)
    {
        var state = Lives.Live(Lives.Any(seed, 400), Lives.Turn(Lives.Now));
        const long step = 60_000;
        double? before = null;
        for (var at = Lives.Now; at < Lives.Now + 3 * Days.Millis; at += step)
        {
            var score = Lives.View(state, Lives.Turn(at)).Health.Score;
            if (before is { } last) Assert.InRange(Math.Abs(score - last), 0, 0.1);
            before = score;
            // The silent hours are walked in longer steps, the minutes about midnight one by one.
            var toMidnight = Days.Millis - at % Days.Millis;
            if (toMidnight > 20 * step && toMidnight < Days.Millis - 20 * step) { at += Math.Min(toMidnight - 20 * step,
                40 * step); before = null; }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_state_survives_a_round_trip_byte_for_byte(ulong seed)
    {
        var turn = Lives.Turn(Lives.Now);
        var state = Lives.Live(Lives.Any(seed, 20 * (int)seed), turn);
        AccountTurns.Wake(state, turn);
        var bytes = Lives.Bytes(state);
        var again = AccountState.Read(bytes, Lives.Acme);
        Assert.Equal(bytes, Lives.Bytes(again));
        Assert.Equal(bytes, Lives.Bytes(state.Clone()));
        Assert.Equal(Lives.View(state, turn).Health.Score, Lives.View(again, turn).Health.Score);
        for (var cut = 0; cut < bytes.Length; cut += 7)
            Assert.Throws<InvalidDataException>(() => AccountState.Read(bytes.AsSpan(0, cut), Lives.Acme));
    }

    [Fact]
    public void Absurd_signals_give_a_score_all_the_same()
    {
        var dice = new Dice(3);
        float[] values = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, -1, 1e30f, 0];
        var signals = Enumerable.Range(0, 3000).Select(k => new Signal(
            dice.Next(), (k % 5) switch { 0 => long.MinValue, 1 => long.MaxValue, 2 => 0, _ => Lives.Now - dice.Below(4_000_000) * 1000L },
            SignalKinds.All[k % SignalKinds.All.Count].Kind, dice.Next(), (uint)dice.Below(3), values[k % values.Length],
            (sbyte)dice.Below(256))).Where(signal => signal.Kind is not (SignalKind.Churned or SignalKind.SubscriptionCancelled)).ToArray();
        var turn = Lives.Turn(Lives.Now);
        var view = Lives.View(Lives.Live(signals, turn), turn);
        Assert.InRange(view.Health.Score, 0, 100);
        Assert.True(double.IsFinite(view.Decline.Z));
        Assert.True(double.IsFinite(view.Risk.ChurnProbability));
    }

    [Fact]
    public void Missing_sources_move_no_other_points_lower_the_coverage_and_widen_the_interval()
    {
        var signals = Lives.Steady(Lives.Now, 41);
        var all = Lives.View(Lives.Live(signals, Lives.Turn(Lives.Now)), Lives.Turn(Lives.Now)).Health;
        var deaf = Lives.Turn(Lives.Now, null, null, SignalSource.Billing);
        var without = Lives.View(Lives.Live(signals.Where(s => s.Source != SignalSource.Billing), deaf), deaf).Health;
        Assert.Equal(all.Categories.Single(c => c.Key == "product").Points, without.Categories.Single(c => c.Key == "product").Points, 1e-9);
        Assert.True(without.Coverage < all.Coverage - 0.15);
        Assert.True(without.High - without.Low > all.High - all.Low);
    }

    [Fact]
    public void A_policy_that_asks_for_more_coverage_leaves_out_closes_that_another_took()
    {
        var turn = Lives.Turn(Lives.Now, null, null, SignalSource.Billing, SignalSource.Crm);
        var state = Lives.Live(Lives.Steady(Lives.Now, 41), turn);
        var yesterday = Days.Of(Lives.Now) - 1;
        AccountTurns.Decide(state, turn);
        Assert.False(double.IsNaN(state.Closes.Of(yesterday)));
        AccountTurns.Decide(state, turn with { Policy = turn.Policy with { AlertCoverage = 0.99 } });
        Assert.True(double.IsNaN(state.Closes.Of(yesterday)));
        AccountTurns.Decide(state, turn);
        Assert.False(double.IsNaN(state.Closes.Of(yesterday)));
    }

    [Fact]
    public void Taking_signals_in_steady_state_allocates_nothing()
    {
        var turn = Lives.Turn(Lives.Now);
        var signals = Lives.Any(9, 2000);
        var state = Lives.Live(signals, turn);
        Allocated.Nothing(() => AccountTurns.Take(state, signals, turn));
    }
}
