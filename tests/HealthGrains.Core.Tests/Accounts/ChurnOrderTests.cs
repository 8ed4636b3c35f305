using HealthGrains.Accounts;
using HealthGrains.Signals;

namespace HealthGrains.Core.Tests.Accounts;

/// <summary>An account that churns, whatever the order in which that is heard of.</summary>
public sealed class ChurnOrderTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(8)]
    public void Signals_after_a_churn_taken_day_by_day_end_in_the_same_bytes_as_taken_at_once(int? backDaysAgo)
    {
        var life = Life(churnedDaysAgo: 20, backDaysAgo);
        var now = Lives.Turn(Lives.Now);
        var (daily, atOnce) = (Daily(life), Lives.Live(life, now));
        AccountTurns.Take(daily, [], now);
        Assert.Equal(Lives.CalendarBytes(atOnce), Lives.CalendarBytes(daily));
        var (first, second) = (Lives.View(atOnce, now), Lives.View(daily, now));
        Assert.Equal(first.Status, second.Status);
        Assert.Equal(first.Health.Score, second.Health.Score, 1e-9);
        Assert.Equal(first.Decline.Z, second.Decline.Z, 1e-9);
    }

    [Fact]
    public void A_churn_heard_of_weeks_later_ends_in_the_same_bytes()
    {
        var life = Life(churnedDaysAgo: 41, backDaysAgo: null);
        var churn = life.Single(signal => signal.Kind == SignalKind.Churned);
        var late = Daily([.. life.Where(signal => signal.Kind != SignalKind.Churned)]);
        var turn = Lives.Turn(Lives.Now);
        AccountTurns.Take(late, [churn], turn);
        var prompt = Daily(life);
        AccountTurns.Take(prompt, [], turn);
        Assert.Equal(Lives.CalendarBytes(prompt), Lives.CalendarBytes(late));
    }

    [Fact]
    public void The_score_of_a_churned_account_stands_still_for_good()
    {
        var state = Daily([.. Life(churnedDaysAgo: 0, backDaysAgo: null)]);
        var first = Lives.View(state, Lives.Turn(Lives.Now)).Health.Score;
        foreach (var days in (int[])[1, 20, 41, 42, 43, 60, 100, 400])
        {
            var turn = Lives.Turn(Lives.Now + days * Days.Millis);
            AccountTurns.Take(state, [new((ulong)(5_000_000 + days), turn.Now, SignalKind.Login, 1ul << 32)], turn);
            Assert.Equal(first, Lives.View(state, turn).Health.Score, 1e-9);
        }
    }

    [Fact]
    public void No_day_after_the_churn_is_closed()
    {
        var state = Daily(Life(churnedDaysAgo: 20, backDaysAgo: null));
        var turn = Lives.Turn(Lives.Now);
        AccountTurns.Wake(state, turn);
        AccountTurns.Wake(state, turn);
        Assert.NotEmpty(turn.Outbox.Closes);
        Assert.All(turn.Outbox.Closes, close => Assert.True(close.Day <= Days.Date(Days.Of(Lives.Now) - 20)));
    }

    private static Signal[] Life(int churnedDaysAgo, int? backDaysAgo)
    {
        List<Signal> life = [.. Lives.Steady(Lives.Now, 100)];
        life.Add(new(4_000_001, Lives.Now - churnedDaysAgo * Days.Millis, SignalKind.Churned));
        if (backDaysAgo is { } back) life.Add(new(4_000_002, Lives.Now - back * Days.Millis, SignalKind.Renewed));
        // The whole life lies within the calendar where it is to be taken at once.
        if (churnedDaysAgo == 20) life.RemoveAll(signal => signal.At < Lives.Now - Calendar.OpenDays * Days.Millis);
        return [.. life.OrderBy(signal => signal.At)];
    }

    private static AccountState Daily(IEnumerable<Signal> signals)
    {
        var state = new AccountState(Lives.Acme);
        foreach (var day in signals.GroupBy(signal => Days.Of(signal.At)))
        {
            var turn = Lives.Turn(Math.Min(Lives.Now, Days.Start(day.Key + 1) - 1));
            AccountTurns.Take(state, [.. day], turn);
            AccountTurns.Summarize(state, turn);
        }
        return state;
    }
}
