using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Core.Tests.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Core.Tests.Alerts;

/// <summary>What it says of an account that less is done in a session than before.</summary>
public sealed class DepthEvidenceTests
{
    private const int Late = 28;

    [Fact]
    public void Who_still_comes_and_does_half_as_much_is_a_risk_that_says_so()
    {
        var turn = Lives.Turn(Lives.Now);
        var state = Walked(Worked(12, back => back <= Late ? 2 : 4));
        AccountTurns.Decide(state, turn);
        var alert = Assert.Single(turn.Outbox.Alerts).Alert;
        Assert.StartsWith("use is fading: 0 of 12 regular users quiet for 14 days", alert.Reason, StringComparison.Ordinal);
        Assert.EndsWith(", 50 % as much done in a session", alert.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_less_is_done_in_a_session_the_stronger_the_evidence()
    {
        var before = -1.0;
        foreach (var late in new[] { 10, 9, 8, 6, 3, 0 })
        {
            var found = Of(Worked(12, back => back <= Late ? late : 10));
            Assert.True(found.Nats > before, $"{late} of 10: {found.Nats} after {before}");
            Assert.Equal(late / 10.0, found.Uses, 0.01);
            before = found.Nats;
        }
    }

    [Fact]
    public void More_done_in_a_session_is_no_evidence_of_staying() => Assert.Equal(0, Of(Worked(12, back => back <= Late ? 6 : 4)).Nats);

    [Fact]
    public void Fewer_sessions_of_the_same_kind_are_no_evidence() =>
        Assert.Equal(0, Of(Worked(12, _ => 4, back => back <= Late ? 0.5 : 1)).Nats, 0.05);

    [Fact]
    public void A_few_people_say_less_than_many()
    {
        static DepthEvidence Halved(int users) => Of(Worked(users, back => back <= Late ? 2 : 4));
        Assert.True(Halved(1).Nats < 0.5 * Halved(12).Nats, $"{Halved(1).Nats} of {Halved(12).Nats}");
    }

    [Fact]
    public void An_account_whose_weeks_always_differ_has_to_fall_further()
    {
        var steady = Of(Worked(12, back => back <= Late ? 3 : 4));
        var varied = Of(Worked(12, back => back <= Late ? 3 : back / 7 % 2 == 0 ? 2 : 6));
        Assert.True(varied.Nats < 0.6 * steady.Nats, $"{varied.Nats} and {steady.Nats}");
    }

    [Fact]
    public void Where_the_end_of_sessions_is_not_told_logins_stand_for_them()
    {
        var signals = Worked(12, back => back <= Late ? 2 : 4);
        var told = Of(signals);
        signals.RemoveAll(signal => signal.Kind == SignalKind.SessionEnded);
        Assert.Equal(told, Of(signals));
        signals.RemoveAll(signal => signal.Kind == SignalKind.Login);
        Assert.Equal(new DepthEvidence(0, 1), Of(signals));
    }

    [Fact]
    public void Before_there_are_two_weeks_to_compare_with_nothing_is_said()
    {
        Assert.Equal(new DepthEvidence(0, 1), Of(Worked(12, back => back <= Late ? 2 : 4, days: Late + 13)));
        Assert.NotEqual(0, Of(Worked(12, back => back <= Late ? 2 : 4, days: Late + 14)).Nats);
    }

    private static DepthEvidence Of(List<Signal> signals)
    {
        var calendar = Walked(signals).Calendar;
        return DepthEvidence.Of(calendar, Days.Of(calendar.First[(int)SignalSource.Usage]), Late);
    }

    /// <summary>Users who have a session on each day, with so many uses in it.</summary>
    private static List<Signal> Worked(int users, Func<int, int> uses, Func<int, double>? share = null, int days = 83)
    {
        var signals = new List<Signal>();
        for (var back = days; back > 0; back--)
        {
            for (var user = 0; user < Math.Round(users * (share?.Invoke(back) ?? 1)); user++)
            {
                var (at, subject) = (Days.Start(Days.Of(Lives.Now) - back) + 9 * 3_600_000 + user * 60_000, (ulong)(user + 1) << 32);
                signals.Add(new Signal((ulong)signals.Count, at, SignalKind.Login, subject));
                if (uses(back) is var times and > 0)
                    signals.Add(new Signal((ulong)signals.Count, at + 1000, SignalKind.FeatureUsed, subject, 1, times));
                signals.Add(new Signal((ulong)signals.Count, at + 2000, SignalKind.SessionEnded, subject, 0, 25));
            }
        }
        return signals;
    }

    private static AccountState Walked(List<Signal> signals)
    {
        var state = new AccountState(Lives.Acme);
        foreach (var day in signals.GroupBy(signal => Days.Of(signal.At)).OrderBy(day => day.Key))
            AccountTurns.Take(state, [.. day], Lives.Turn(Days.Start(day.Key + 1) - 1));
        AccountTurns.Take(state, [], Lives.Turn(Lives.Now));
        return state;
    }
}
