using HealthGrains.Decline;

namespace HealthGrains.Core.Tests.Decline;

/// <summary>The budget and the delays on a few hundred accounts; the full table is the benchmarks' <c>detector</c>.</summary>
public class DeclineBudgetTests
{
    const int Accounts = 400;

    /// <summary>Share of accounts that are told to decline on some day from the first watched on.</summary>
    static double Told(int days, int watched, Func<int, int, double> path, Func<Trend, bool> tells)
    {
        var told = 0;
        Parallel.For(0, Accounts, account =>
        {
            var scores = new Histories((ulong)account + 1000).Noisy(days, day => path(account, day));
            for (var day = watched; day < days; day++)
            {
                if (!tells(Histories.Assess(scores.AsSpan(0, day + 1))))
                    continue;
                Interlocked.Increment(ref told);
                return;
            }
        });
        return told / (double)Accounts;
    }

    static bool IsAlarm(Trend trend) => trend.State is DeclineState.Declining or DeclineState.Accelerating;

    static bool IsAccelerating(Trend trend) => trend.State == DeclineState.Accelerating;

    [Fact]
    public void One_healthy_account_in_ten_alarms_in_a_year() =>
        Assert.InRange(Told(425, 60, (account, day) => (account % 3 - 1) * 0.1 * day, IsAlarm), 0.05, 0.16);

    [Theory]
    [InlineData(0, -1, 0.90)]
    [InlineData(-0.1, -1, 0.90)]
    [InlineData(0, -2, 0.98)]
    [InlineData(0, -0.5, 0.13)]
    public void A_bend_is_found_within_two_weeks(double before, double after, double share) => Assert.InRange(
        Told(195, 181, (_, day) => before * Math.Min(day, 180) + after * Math.Max(0, day - 180), IsAlarm), share, 1);

    [Fact]
    public void A_step_is_found_within_two_weeks() =>
        Assert.InRange(Told(195, 181, (_, day) => day > 180 ? -10 : 0, IsAlarm), 0.94, 1);

    [Theory]
    [InlineData(-0.3)]
    [InlineData(-1)]
    public void A_steady_decline_is_rarely_called_accelerating(double slope) =>
        Assert.InRange(Told(425, 60, (_, day) => slope * day, IsAccelerating), 0, 0.16);

    [Fact]
    public void A_steady_decline_of_half_a_point_a_day_is_found() =>
        Assert.InRange(Told(425, 60, (_, day) => -0.5 * day, IsAlarm), 0.99, 1);
}
