using HealthGrains.Accounts;
using HealthGrains.Core.Tests.Accounts;
using HealthGrains.Measures;
using HealthGrains.Signals;

namespace HealthGrains.Core.Tests.Measures;

/// <summary>What tickets amount to: while they lie in the calendar, as they leave it, and long after.</summary>
public sealed class TicketTests
{
    private const ulong One = 1ul << 32;
    private static readonly long Start = Days.Start(Days.Of(Lives.Now)) + 10 * 3_600_000;

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 60).Select(seed => (ulong)seed)];

    [Fact]
    public void A_ticket_opened_again_is_as_old_as_its_reopening()
    {
        var state = new AccountState(Lives.Acme);
        Take(state, SignalKind.TicketOpened, 0);
        Take(state, SignalKind.TicketSolved, 2);
        Take(state, SignalKind.TicketReopened, 20);
        Assert.Equal(5 * 24, At(state, 25).HoursToSolve, 1e-6);
        Take(state, SignalKind.TicketSolved, 26);
        Assert.Equal(6 * 24, At(state, 27).HoursToSolve, 1e-6);
    }

    [Fact]
    public void Reopening_a_ticket_that_nobody_solved_does_not_make_it_younger()
    {
        var state = new AccountState(Lives.Acme);
        Take(state, SignalKind.TicketOpened, 0);
        Take(state, SignalKind.TicketReopened, 20);
        Assert.Equal(25 * 24, At(state, 25).HoursToSolve, 1e-6);
        Assert.Equal(200 * 24, At(state, 200).HoursToSolve, 1e-6);
    }

    [Fact]
    public void The_time_to_resolution_does_not_jump_when_the_first_life_of_a_ticket_opened_again_leaves_the_calendar()
    {
        var state = new AccountState(Lives.Acme);
        Take(state, SignalKind.TicketOpened, 0);
        Take(state, SignalKind.TicketSolved, 2);
        Take(state, SignalKind.TicketReopened, 20);
        var before = At(state, 23).HoursToSolve;
        for (var hour = 23 * 24 + 1; hour < 140 * 24; hour++)
        {
            var now = At(state, hour / 24.0);
            Assert.Equal(1, now.Open);
            Assert.Equal(before + 1, now.HoursToSolve, 1e-6);
            before = now.HoursToSolve;
        }
    }

    [Theory]
    [InlineData(0.04)]
    [InlineData(1)]
    [InlineData(30)]
    public void A_ticket_whose_solving_is_dated_before_its_opening_stays_solved_for_good(double daysBetween)
    {
        var state = new AccountState(Lives.Acme);
        Take(state, SignalKind.TicketSolved, 0);
        Take(state, SignalKind.TicketOpened, daysBetween);
        for (var day = 31; day < 250; day++) Assert.Equal(0, At(state, day).Open);
        // Nothing of it is left to remember.
        Assert.Equal(0, state.Calendar.Events.Items.Length);
    }

    [Fact]
    public void A_ticket_told_of_as_opened_once_more_after_it_was_solved_stays_solved_for_good()
    {
        var state = new AccountState(Lives.Acme);
        Take(state, SignalKind.TicketOpened, 0);
        Take(state, SignalKind.TicketSolved, 2);
        Take(state, SignalKind.TicketOpened, 3);
        for (var day = 4; day < 250; day++) Assert.Equal(0, At(state, day).Open);
    }

    [Fact]
    public void A_ticket_solved_after_its_opening_has_been_forgotten_is_not_open_then_or_later()
    {
        var state = new AccountState(Lives.Acme);
        Take(state, SignalKind.TicketSolved, 0);
        for (var day = 1; day < 250; day++) Assert.Equal((0, 0.0), At(state, day) is var f ? (f.Open, f.SolvedWeight) : default);
    }

    [Fact]
    public void A_number_used_for_a_new_ticket_months_later_is_a_new_ticket()
    {
        var state = new AccountState(Lives.Acme);
        Take(state, SignalKind.TicketOpened, 0);
        Take(state, SignalKind.TicketSolved, 2);
        Take(state, SignalKind.TicketOpened, 60);
        for (var day = 62; day < 250; day++)
            Assert.Equal((1, (day - 60) * 24.0), At(state, day) is var f ? (f.Open, Math.Round(f.HoursToSolve, 6)) : default);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_happens_to_tickets_the_calendar_says_the_same_as_all_that_ever_happened(ulong seed)
    {
        const int days = 300;
        var signals = Anything(new Dice(seed), days);
        var ever = new Happenings();
        var state = new AccountState(Lives.Acme);
        var next = 0;
        for (var day = 0; day < days + 200; day++)
        {
            var now = Start + day * Days.Millis;
            for (; next < signals.Length && signals[next].At <= now; next++)
            {
                ever.Add(Happening.Of(signals[next], signals[next].At), 1000);
                AccountTurns.Take(state, [signals[next]], Lives.Turn(now));
            }
            AccountTurns.Take(state, [], Lives.Turn(now));
            foreach (var at in (long[])[now, now - 11 * Days.Millis, now - Calendar.OpenDays * Days.Millis])
            {
                var (kept, all) = (TicketFigures.Read(state.Calendar.Events.Items, at, at), TicketFigures.Read(ever.Items, at, at));
                Assert.Equal(all.Open, kept.Open);
                Assert.Equal(all.SolvedWeight, kept.SolvedWeight, 1e-9);
                Assert.Equal(all.HoursToSolve, kept.HoursToSolve, 1e-6);
                Assert.Equal(all.Repeats, kept.Repeats, 1e-9);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Tickets_heard_of_up_to_six_weeks_late_end_in_the_same_bytes(ulong seed)
    {
        const int days = 300;
        var dice = new Dice(seed);
        var signals = Anything(dice, days);
        var (prompt, late) = (new AccountState(Lives.Acme), new AccountState(Lives.Acme));
        var arrivals = signals.Select(signal => (signal, At: signal.At + dice.Below(Calendar.OpenDays * 24) * 3_600_000L))
            .OrderBy(arrival => arrival.At).ToArray();
        foreach (var signal in signals) AccountTurns.Take(prompt, [signal], Lives.Turn(signal.At));
        foreach (var (signal, at) in arrivals) AccountTurns.Take(late, [signal], Lives.Turn(at));
        var end = Lives.Turn(Math.Max(signals[^1].At, arrivals[^1].At));
        for (var day = 0; day < 100; day += 33)
        {
            var now = end with { Now = end.Now + day * Days.Millis };
            AccountTurns.Take(prompt, [], now);
            AccountTurns.Take(late, [], now);
            Assert.Equal(Lives.CalendarBytes(prompt), Lives.CalendarBytes(late));
        }
    }

    [Fact]
    public void Hundreds_of_tickets_are_read_without_allocating()
    {
        var turn = Lives.Turn(Lives.Now);
        var state = Lives.Live(Enumerable.Range(0, 400).Select(k => new Signal((ulong)k, Lives.Now - k * 3_600_000L,
            k % 3 == 0 ? SignalKind.TicketSolved : SignalKind.TicketOpened, (ulong)(1 + k / 2) << 32, (uint)(k % 5))), turn);
        Assert.True(TicketFigures.Read(state.Calendar.Events.Items, Lives.Now, Lives.Now).Open > 64);
        Allocated.Nothing(() => TicketFigures.Read(state.Calendar.Events.Items, Lives.Now, Lives.Now));
    }

    /// <summary>Ninety events of nine tickets in no sensible order, over so many days.</summary>
    private static Signal[] Anything(Dice dice, int days) =>
    [
        .. Enumerable.Range(0, 90).Select(k => new Signal((ulong)k, Start + dice.Below(days * 24) * 3_600_000L,
                dice.Below(5) switch
                {
                    0 or 1 => SignalKind.TicketOpened, 2 or 3 => SignalKind.TicketSolved, _ => SignalKind.TicketReopened,
                },
                (ulong)(1 + dice.Below(9)) << 32, (uint)dice.Below(4)))
            .OrderBy(signal => signal.At),
    ];

    private static void Take(AccountState state, SignalKind kind, double day)
    {
        var at = Start + (long)(day * Days.Millis);
        AccountTurns.Take(state, [new Signal((ulong)at, at, kind, One, 3)], Lives.Turn(at));
    }

    private static TicketFigures At(AccountState state, double day)
    {
        var now = Start + (long)(day * Days.Millis);
        AccountTurns.Take(state, [], Lives.Turn(now));
        return TicketFigures.Read(state.Calendar.Events.Items, now, now);
    }
}
