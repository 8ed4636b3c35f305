using System.Numerics;
using HealthGrains.Accounts;
using HealthGrains.Policy;
using HealthGrains.Signals;
using HealthGrains.Tenants;

namespace HealthGrains.Alerts;

/// <summary>What the days on which users were seen say about an account that may be leaving. A function of the calendar.</summary>
/// <param name="Nats">The log-likelihood ratio of leaving against good order.</param>
/// <param name="Quiet">Regular users gone quiet.</param>
/// <param name="Regulars">Regular users.</param>
/// <param name="Pace">User-days a week of late, as a share of the account's own level; 1 where that is not known.</param>
/// <param name="Depth">Uses a session of late, as a share of the account's own level; 1 where that is not known.</param>
/// <param name="IsKnown">Whether there was enough use by users to judge by.</param>
/// <remarks>
/// A regular with k days of use in n is quiet for q days by chance with probability (n / (n + q))^k, the gamma-Poisson predictive.
/// The pace is a log ratio of counts in its standard errors (Poisson noise and the weeks' own), taken as the evidence of a shift by one
/// of them; a fast pace is no evidence of staying. Sums of log-likelihood ratios are what a CUSUM adds up (Page 1954); here the
/// calendar is the window, so that the order of arrival leaves no trace.
/// </remarks>
internal readonly record struct UsageEvidence(
    double Nats, int Quiet, int Regulars, double Pace, double Depth = 1, bool IsKnown = false)
{
    private const int PaceDays = 21;
    private const int LagDays = 28;
    private const int FewestUserDays = 4;

    /// <param name="calendar">The account's calendar.</param>
    /// <param name="rule">The thresholds.</param>
    /// <param name="lost">Days on which no use of anybody was told of; null for none.</param>
    public static UsageEvidence Of(Calendar calendar, UsageRule rule, LostDays? lost = null)
    {
        var standins = lost is null ? [] : lost.Standins(calendar);
        var today = calendar.Today;
        var first = calendar.First[(int)SignalSource.Usage];
        var none = new UsageEvidence(0, 0, 0, 1);
        if (today == int.MinValue || first == long.MaxValue) return none;
        var oldest = Math.Max(Days.Of(first), today - Calendar.Rows + 1);
        var earlier = today - rule.QuietDays - oldest; // whole days before the quiet ones
        if (today - oldest < Math.Min(rule.KnownDays, Calendar.Rows - 1) || earlier <= 0) return none;
        var weeks = Math.Max(0, (today - LagDays - oldest) / 7);
        var late = Run(today - rule.QuietDays, rule.QuietDays + 1);
        var latest = Run(today - rule.ShortQuietDays, rule.ShortQuietDays + 1);
        var before = Run(oldest, earlier);
        var pace = Run(today - PaceDays, PaceDays);
        var level = Run(today - LagDays - 7 * weeks, 7 * weeks);
        double nats = 0, recent = 0, own = 0;
        var (quiet, regulars) = (0, 0);
        var alive = Math.Log((1 - rule.QuietLeaving) / (1 - rule.QuietHealthy));
        foreach (ref readonly var user in calendar.Users.Items)
        {
            var days = standins.IsEmpty ? user.Days : LostDays.Fill(user.Days, standins);
            recent += Count(days & pace);
            own += Count(days & level);
            var k = Count(days & before);
            if (k < 2) continue;
            regulars++;
            var isQuiet = !days.Overlaps(late);
            if (isQuiet) quiet++;
            // The mean of two horizons: the short one is quick, the long one is not taken in by a week off.
            nats += (isQuiet ? Silence(rule.QuietDays, k, earlier, rule) : alive) / 2;
            nats += (days.Overlaps(latest) ? alive : Silence(rule.ShortQuietDays, k, earlier, rule)) / 2;
        }
        var isKnown = regulars > 0;
        if (weeks < 2 || own < FewestUserDays) return new UsageEvidence(nats, quiet, regulars, 1, 1, isKnown);
        var depth = DepthEvidence.Of(calendar, oldest, rule.DepthDays);
        var expected = own * PaceDays / (7.0 * weeks);
        var ratio = (recent + 0.5) / (expected + 0.5);
        var error = Math.Sqrt(1 / (expected + 0.5) + 1 / (own + 0.5) + rule.WeekVariance * (7.0 / PaceDays + 1.0 / weeks));
        nats += Math.Max(0, -Math.Log(ratio) / error) + rule.DepthWeight * depth.Nats;
        return new UsageEvidence(nats, quiet, regulars, ratio, depth.Uses, isKnown);
    }

    /// <summary>The log-likelihood ratio of one user's silence.</summary>
    private static double Silence(int overDays, int days, int ofDays, UsageRule rule)
    {
        var chance = Math.Pow(ofDays / (double)(ofDays + overDays), days);
        var (stay, go) = (1 - rule.QuietHealthy, 1 - rule.QuietLeaving);
        return Math.Log((chance * go + 1 - go) / (chance * stay + 1 - stay));
    }

    private static DayMask Run(int day, int count) => DayMask.Run(Calendar.Slot(day), count);

    private static int Count(DayMask days) => BitOperations.PopCount(days.Low) + BitOperations.PopCount(days.High);
}
