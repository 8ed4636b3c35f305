using FsCheck;
using FsCheck.Fluent;
using HealthGrains.Accounts;
using HealthGrains.Health;
using HealthGrains.Signals;

namespace HealthGrains.Core.Tests.Accounts;

/// <summary>Two hosts that hear of the same things at other times, while the clock moves, end up with the same account.</summary>
public sealed class MovingClockTests
{
    private const int LifeDays = 160;

    private static readonly SignalKind[] AddedByItself =
    [
        SignalKind.Churned, SignalKind.SubscriptionCancelled, SignalKind.Renewed, SignalKind.DealClosed, SignalKind.TicketSolved,
        SignalKind.TicketReopened, SignalKind.InvoicePaid,
    ];

    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20261121, 9);

    [Fact]
    public void Signals_that_come_at_once_or_weeks_later_end_in_the_same_account() => Check.One(Runs, Prop.ForAll(Cases(), life =>
    {
        var signals = Life(life.Seed, life.Count);
        var turn = Lives.Turn(Lives.Now);
        var prompt = Taken(signals, step: 1, turn.Now);
        var late = Taken(signals, life.Step, turn.Now);
        Assert.Equal(Lives.CalendarBytes(prompt), Lives.CalendarBytes(late));
        var (first, second) = (Lives.View(prompt, turn), Lives.View(late, turn));
        Assert.Equal(first.Status, second.Status);
        Assert.Equal(first.Health.Score, second.Health.Score, 1e-9);
        Assert.Equal(first.Decline.Z, second.Decline.Z, 1e-9);
        // Weeks before the first signal that was heard of are unknown, and there are more of them the earlier that was.
        Assert.Equal(Known(prompt.Closes.Weeks), Known(late.Closes.Weeks));
        foreach (var back in (int[])[1, 17, 42])
        {
            var at = turn.Now - back * Days.Millis;
            Assert.Equal(Score(prompt, at, turn), Score(late, at, turn), 1e-9);
            var ledger = AccountTurns.Explain(late, at, turn.Now, turn);
            Assert.Equal(ledger.To.Score - ledger.From.Score, ledger.Items.Sum(item => item.Delta), 1e-9);
            Assert.Equal(Score(late, at, turn), ledger.From.Score, 1e-9);
            var backwards = AccountTurns.Explain(late, turn.Now, at, turn);
            Assert.Equal(ledger.From.Score, backwards.From.Score);
            Assert.Empty(AccountTurns.Explain(late, at, at, turn).Items);
        }
    }));

    [Fact]
    public void An_account_that_nobody_asks_about_for_months_remembers_the_same_weeks_as_one_asked_about_daily() =>
        Check.One(Runs, Prop.ForAll(Cases(), life =>
        {
            var signals = Life(life.Seed, life.Count);
            var (asked, silent) = (new AccountState(Lives.Acme), new AccountState(Lives.Acme));
            foreach (var day in signals.GroupBy(signal => Days.Of(signal.At)))
            {
                var turn = Lives.Turn(Math.Min(Lives.Now, Days.Start(day.Key + 1) - 1));
                AccountTurns.Take(asked, [.. day], turn);
                AccountTurns.Summarize(asked, turn);
                AccountTurns.Take(silent, [.. day], turn);
            }
            var now = Lives.Turn(Lives.Now);
            AccountTurns.Summarize(asked, now);
            AccountTurns.Summarize(silent, now);
            Assert.Equal(Lives.Bytes(asked), Lives.Bytes(silent));
        }));

    [Fact]
    public void Every_measure_of_a_day_reads_the_same_on_that_day_and_when_it_leaves_the_calendar() =>
        Check.One(Runs, Prop.ForAll(Cases(), life =>
        {
            var signals = Life(life.Seed, life.Count);
            if (signals.Any(signal => signal.Kind == SignalKind.Churned)) return;
            var state = new AccountState(Lives.Acme);
            var onTheDay = new Dictionary<int, double[]>();
            var next = 0;
            for (var day = Days.Of(signals[0].At); day <= Days.Of(Lives.Now); day++)
            {
                var turn = Lives.Turn(Days.Start(day + 1));
                var from = next;
                while (next < signals.Length && signals[next].At < turn.Now) next++;
                AccountTurns.Take(state, signals.AsSpan(from, next - from), turn with { Now = turn.Now - 1 });
                AccountTurns.Take(state, [], turn);
                onTheDay[day] = Points(state, day, turn);
                if (onTheDay.TryGetValue(day - Closes.Count + 1, out var then))
                    Assert.All(Points(state, day - Closes.Count + 1, turn), (points, k) => Assert.Equal(then[k], points, 1e-9));
            }
        }));

    private static double[] Points(AccountState state, int day, in Turn turn)
    {
        var points = new double[HealthEvaluator.MaxMeasures];
        HealthEvaluator.Evaluate(state, turn, Days.Start(day + 1), Days.Start(day + 1) - 1, points);
        return points;
    }

    private static IEnumerable<short> Known(IEnumerable<short> weeks) => weeks.SkipWhile(week => week == short.MinValue);

    private static double Score(AccountState state, long at, in Turn turn) =>
        AccountTurns.ViewAt(state, at, new NoNames(), turn).Health.Score;

    /// <summary>The life as a host takes it that hears of it every so many days.</summary>
    private static AccountState Taken(Signal[] signals, int step, long now)
    {
        var state = new AccountState(Lives.Acme);
        foreach (var chunk in signals.GroupBy(signal => (Days.Of(signal.At) - Days.Of(now) - 1000 * step) / step))
        {
            var turn = Lives.Turn(Math.Min(now, Days.Start(chunk.Max(signal => Days.Of(signal.At)) + 1) - 1));
            AccountTurns.Take(state, [.. chunk], turn);
            AccountTurns.Summarize(state, turn);
        }
        AccountTurns.Take(state, [], Lives.Turn(now));
        AccountTurns.Summarize(state, Lives.Turn(now));
        return state;
    }

    /// <summary>Anything over five months, some of it at midnight sharp; one account in three churns and comes back.</summary>
    private static Signal[] Life(ulong seed, int count)
    {
        var dice = new Dice(seed);
        var signals = new List<Signal>();
        while (signals.Count < count)
        {
            var rule = SignalKinds.All[dice.Below(SignalKinds.All.Count)];
            if (AddedByItself.Contains(rule.Kind)) continue;
            var at = Lives.Now - dice.Below(LifeDays * 86400) * 1000L;
            if (dice.Below(8) == 0) at = Days.Start(Days.Of(at));
            var value = rule.Unit is null ? float.NaN : Math.Max(rule.Min, Math.Min(rule.Max, dice.Below(8)));
            // A ticket or an invoice is an affair of its own, and in its order.
            var subject = (ulong)(rule.Subject is "ticket" or "invoice" ? 1000 + signals.Count : 1 + dice.Below(12)) << 32;
            var name = dice.Below(3) == 0 ? NameId.Champion : (uint)(1 + dice.Below(6));
            signals.Add(new(dice.Next(), at, rule.Kind, subject, name, value,
                dice.Below(2) == 0 ? Signal.NoSentiment : (sbyte)(dice.Below(200) - 100)));
            SignalKind[] follow = rule.Kind == SignalKind.TicketOpened ? [SignalKind.TicketReopened, SignalKind.TicketSolved]
                : rule.Kind == SignalKind.PaymentFailed ? [SignalKind.PaymentFailed, SignalKind.InvoicePaid] : [];
            foreach (var kind in follow)
            {
                at += (1 + dice.Below(12 * 86_400)) * 1000L;
                if (at < Lives.Now && dice.Below(2) == 0) signals.Add(new(dice.Next(), at, kind, subject));
            }
        }
        if (seed % 3 == 0)
        {
            var churned = Lives.Now - (30 + dice.Below(LifeDays - 60)) * Days.Millis - dice.Below(86_400) * 1000L;
            signals.Add(new(dice.Next(), churned, SignalKind.Churned, 0, 1));
            signals.Add(new(dice.Next(), churned + dice.Below(25 * 86_400) * 1000L, SignalKind.Renewed));
        }
        return [.. signals.OrderBy(signal => signal.At)];
    }

    private static Arbitrary<(ulong Seed, int Count, int Step)> Cases() => Arb.From(
        from seed in Gen.Choose(0, int.MaxValue)
        from count in Gen.Choose(1, 700)
        from step in Gen.Choose(2, 40)
        select ((ulong)seed, count, step));
}
