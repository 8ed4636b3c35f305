using HealthGrains.Accounts;
using HealthGrains.Signals;

namespace HealthGrains.Core.Tests.Accounts;

/// <summary>The edges of the calendar: its oldest day, midnights, its limits.</summary>
public sealed class CalendarEdgeTests
{
    [Fact]
    public void What_happens_today_does_not_change_the_score_at_the_oldest_moment_of_the_calendar()
    {
        var turn = Lives.Turn(Lives.Now);
        var oldest = Lives.Now - Calendar.OpenDays * Days.Millis;
        var state = Lived(120);
        var before = At(state, oldest, turn);
        AccountTurns.Take(state, Logins(Lives.Now - 3_600_000, 500), turn);
        Assert.Equal(before, At(state, oldest, turn), 1e-9);
    }

    [Fact]
    public void The_oldest_moment_of_the_calendar_has_its_whole_history_behind_it()
    {
        var oldest = Lives.Now - Calendar.OpenDays * Days.Millis;
        var then = Lived(120, until: oldest);
        var score = Lives.View(then, Lives.Turn(oldest)).Health.Score;
        Assert.Equal(score, At(Lived(120), oldest, Lives.Turn(Lives.Now)), 1e-9);
    }

    [Fact]
    public void A_signal_of_midnight_counts_for_its_own_day_whenever_it_comes()
    {
        var midnight = Days.Start(Days.Of(Lives.Now));
        Signal[] late =
        [
            new(900_001, midnight, SignalKind.CancelRequested), new(900_002, midnight, SignalKind.PaymentFailed, 5ul << 32),
            new(900_003, midnight, SignalKind.TicketOpened, 6ul << 32, 7, float.NaN, -90), .. Logins(midnight, 300),
        ];
        var turn = Lives.Turn(Lives.Now);
        var (early, after) = (Lived(41, until: midnight - 1), Lived(41, until: midnight - 1));
        AccountTurns.Take(early, late, Lives.Turn(midnight));
        AccountTurns.Decide(early, Lives.Turn(midnight));
        AccountTurns.Summarize(after, turn);
        AccountTurns.Take(after, late, turn);
        Signal noon = new(900_004, Lives.Now, SignalKind.Login, 1ul << 32);
        foreach (var state in (AccountState[])[early, after])
        {
            AccountTurns.Take(state, [noon], turn);
            AccountTurns.Summarize(state, turn);
        }

        var yesterday = Days.Of(Lives.Now) - 1;
        Assert.Equal(early.Closes.Of(yesterday), after.Closes.Of(yesterday));
        var atOnce = Lives.Live([.. Lives.Steady(Lives.Now, 41).Where(signal => signal.At < midnight), .. late, noon], turn);
        AccountTurns.Summarize(atOnce, turn);
        Assert.Equal(atOnce.Closes.Of(yesterday), early.Closes.Of(yesterday));
        Assert.Equal(atOnce.Closes.Of(yesterday - 1), early.Closes.Of(yesterday - 1));
    }

    [Fact]
    public void The_ledger_names_the_day_of_a_signal_of_midnight()
    {
        var midnight = Days.Start(Days.Of(Lives.Now) - 2);
        var turn = Lives.Turn(Lives.Now);
        var state = Lived(41);
        AccountTurns.Take(state, [new(900_001, midnight, SignalKind.TicketOpened, 6ul << 32, 7, float.NaN, -90)], turn);
        var ledger = AccountTurns.Explain(state, Lives.Now - 5 * Days.Millis, Lives.Now, turn);
        var opened = Assert.Single(ledger.Items, item => item.Measure == "openTickets" && item.Day is not null);
        Assert.Equal((Days.Date(Days.Of(midnight)), 1), (opened.Day, opened.Count));
        Assert.Equal(ledger.To.Score - ledger.From.Score, ledger.Items.Sum(item => item.Delta), 1e-9);
    }

    [Fact]
    public void A_book_of_users_that_shrinks_is_counted_without_a_jump()
    {
        // 1,000 users are shown the product on one day; then a hundred of them work with it, each once a week.
        var state = new AccountState(Lives.Acme);
        var start = Lives.Now - 200 * Days.Millis;
        var dice = new Dice(3);
        var users = Enumerable.Range(0, 1000).Select(_ => dice.Next()).ToArray();
        var known = new List<double>();
        for (var day = 0; day <= 200; day++)
        {
            var turn = Lives.Turn(start + day * Days.Millis);
            var now = turn.Now;
            AccountTurns.Take(state,
                [.. users.Where((_, k) => day == 0 || (k < 100 && k % 7 == day % 7))
                    .Select((user, k) => new Signal((ulong)(day * 1000 + k), now, SignalKind.Login, user))],
                turn);
            if (day > 90) known.Add(state.Calendar.Users.Items.Length * state.Calendar.Users.Scale);
        }
        // The sketch of day one holds on to about thirteen of the hundred, and each stands for eight, until all are known again.
        Assert.All(known, count => Assert.InRange(count, 60, 140));
        Assert.Equal(100, known[^1], 1e-9);
    }

    [Fact]
    public void A_happening_that_gave_way_and_comes_again_leaves_no_trace()
    {
        var turn = Lives.Turn(Lives.Now);
        var full = Enumerable.Range(0, Calendar.MaxEvents)
            .Select(k => new Signal((ulong)k, Lives.Now - 1000L * k, SignalKind.MeetingHeld, (ulong)(k + 1) << 32)).ToArray();
        Signal old = new(9_001, Lives.Now - 2 * Days.Millis, SignalKind.MeetingHeld, 5ul << 32);
        Assert.Equal(
            Lives.CalendarBytes(Lives.Live([old, old with { Id = 9_002 }, .. full], turn)),
            Lives.CalendarBytes(Lives.Live([.. full, old, old with { Id = 9_002 }], turn)));
    }

    private static double At(AccountState state, long at, in Turn turn) =>
        AccountTurns.ViewAt(state, at, new NoNames(), turn).Health.Score;

    /// <summary>A steady account that has lived so long, its signals taken as they came.</summary>
    private static AccountState Lived(int days, long? until = null)
    {
        var state = new AccountState(Lives.Acme);
        foreach (var day in Lives.Steady(Lives.Now, days).Where(signal => signal.At <= (until ?? Lives.Now)).GroupBy(s => Days.Of(s.At)))
            AccountTurns.Take(state, [.. day], Lives.Turn(Math.Min(until ?? Lives.Now, Days.Start(day.Key + 1) - 1)));
        return state;
    }

    private static Signal[] Logins(long at, int count) =>
        [.. Enumerable.Range(0, count).Select(k => new Signal(800_000 + (ulong)k, at, SignalKind.Login, (ulong)(k % 30 + 1) << 32))];
}
