using FsCheck;
using FsCheck.Fluent;
using HealthGrains.Accounts;
using HealthGrains.Signals;

namespace HealthGrains.Core.Tests.Accounts;

/// <summary>The order of arrival leaves no trace.</summary>
public sealed class OrderTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20261121, 7);

    [Fact]
    public void Any_permutation_of_the_signals_ends_in_the_same_bytes() => Check.One(Runs, Prop.ForAll(Cases(), life =>
    {
        var signals = Lives.Any(life.Seed, life.Count);
        var shuffled = (Signal[])signals.Clone();
        new Dice(life.Seed + 1).Shuffle(shuffled);
        var turn = Lives.Turn(Lives.Now);
        var (first, second) = (Lives.Live(signals, turn), Lives.Live(shuffled, turn, batch: life.Batch));
        Assert.Equal(Lives.CalendarBytes(first), Lives.CalendarBytes(second));
        AccountTurns.Decide(first, turn);
        AccountTurns.Decide(second, turn);
        Assert.Equal(Lives.Bytes(first), Lives.Bytes(second));
    }));

    [Fact]
    public void Above_the_limits_of_users_features_and_happenings_the_order_still_leaves_no_trace()
    {
        var dice = new Dice(5);
        var signals = Enumerable.Range(0, 4000).Select(k => new Signal(
            dice.Next(), Lives.Now - dice.Below(42 * 86400 - 1) * 1000L,
            (k % 4) switch { 0 => SignalKind.Login, 1 => SignalKind.FeatureUsed, 2 => SignalKind.TicketOpened, _ =>
            SignalKind.MilestoneReached },
            dice.Next(), (uint)dice.Next())).ToArray();
        var shuffled = (Signal[])signals.Clone();
        dice.Shuffle(shuffled);
        var turn = Lives.Turn(Lives.Now);
        var state = Lives.Live(signals, turn);
        Assert.Equal(Lives.CalendarBytes(state), Lives.CalendarBytes(Lives.Live(shuffled, turn, batch: 17)));
        Assert.True(state.Calendar.HasDropped);
        Assert.Equal(Calendar.MaxUsers, state.Calendar.Users.Items.Length);
        // 1,000 logins and as many feature uses by people seen once each: the sketch knows how many there are.
        var known = state.Calendar.Users.Items.Length * state.Calendar.Users.Scale;
        Assert.InRange(known, 2000 * 0.75, 2000 * 1.25);
    }

    [Fact]
    public void The_same_signals_taken_day_by_day_as_the_clock_moves_end_in_the_same_bytes_as_taken_at_once()
    {
        var signals = Lives.Any(11, 600).OrderBy(signal => signal.At).ToArray();
        var atOnce = Lives.Live(signals, Lives.Turn(Lives.Now));
        var daily = new AccountState(Lives.Acme);
        foreach (var day in signals.GroupBy(signal => Days.Of(signal.At)))
        {
            var turn = Lives.Turn(Math.Min(Lives.Now, Days.Start(day.Key + 1) - 1));
            AccountTurns.Take(daily, [.. day], turn);
            AccountTurns.Summarize(daily, turn);
        }
        var now = Lives.Turn(Lives.Now);
        AccountTurns.Take(daily, [], now);
        Assert.Equal(Lives.CalendarBytes(atOnce), Lives.CalendarBytes(daily));
        var (first, second) = (Lives.View(atOnce, now), Lives.View(daily, now));
        Assert.Equal(first.Health.Score, second.Health.Score, 1e-9);
        Assert.Equal(first.Decline.Z, second.Decline.Z, 1e-9);
    }

    [Fact]
    public void A_signal_older_than_the_calendar_is_late_and_changes_no_score()
    {
        var turn = Lives.Turn(Lives.Now);
        var state = Lives.Live(Lives.Steady(Lives.Now, 41), turn);
        var before = Lives.View(state, turn);
        var late = AccountTurns.Take(state, [new Signal(1, Lives.Now - 43 * Days.Millis, SignalKind.CancelRequested)], turn);
        Assert.Equal(1, late);
        Assert.Equal(1, state.Calendar.Late);
        Assert.Equal(before.Health.Score, Lives.View(state, turn).Health.Score);
    }

    [Fact]
    public void A_signal_ahead_of_the_clock_counts_as_now()
    {
        var turn = Lives.Turn(Lives.Now);
        var ahead = Lives.Live([new Signal(1, Lives.Now + 3_600_000, SignalKind.Login, 1ul << 32)], turn);
        var now = Lives.Live([new Signal(1, Lives.Now, SignalKind.Login, 1ul << 32)], turn);
        Assert.Equal(Lives.CalendarBytes(now), Lives.CalendarBytes(ahead));
    }

    private static Arbitrary<(ulong Seed, int Count, int Batch)> Cases() => Arb.From(
        from seed in Gen.Choose(0, int.MaxValue)
        from count in Gen.Choose(0, 900)
        from batch in Gen.Choose(1, 200)
        select ((ulong)seed, count, batch));
}
