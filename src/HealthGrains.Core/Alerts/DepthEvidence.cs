using HealthGrains.Accounts;
using HealthGrains.Signals;

namespace HealthGrains.Alerts;

/// <summary>
/// How much is done in a session of late, against the account's own sessions before: who is about to leave still comes, and does less.
/// Holidays, a slow week and people on leave change how many sessions there are, and little of what one is like.
/// </summary>
/// <param name="Nats">The fall of uses a session in standard errors, and half of that of workflows a session; never below 0.</param>
/// <param name="Uses">Uses a session of late, as a share of the account's own level; 1 where that is not known.</param>
internal readonly record struct DepthEvidence(double Nats, double Uses)
{
    /// <summary>Uses come in bursts: their variance is about twice that of single events. The account's own weeks say more.</summary>
    private const double UsesVariance = 2;
    private const double WorkflowsVariance = 1;
    /// <summary>Weeks that the variance above weighs against the account's own.</summary>
    private const double PriorWeeks = 8;
    private const int FewestSessions = 8;

    /// <param name="calendar">The account's calendar.</param>
    /// <param name="oldest">The first day of use that is known.</param>
    /// <param name="lateDays">The whole days before today that are "of late".</param>
    public static DepthEvidence Of(Calendar calendar, int oldest, int lateDays)
    {
        var none = new DepthEvidence(0, 1);
        var late = calendar.Today - lateDays;
        var weeks = (late - oldest) / 7;
        if (weeks < 2) return none;
        Span<double> sessions = stackalloc double[Calendar.Rows / 7 + 1];
        // A company that does not tell of the end of sessions tells of logins.
        var column = DayColumn.Sessions;
        if (Fill(calendar, column, late, lateDays, weeks, sessions) == 0)
            Fill(calendar, column = DayColumn.Logins, late, lateDays, weeks, sessions);
        var own = 0.0;
        for (var week = 1; week <= weeks; week++) own += sessions[week];
        if (own < FewestSessions || sessions[0] <= 0) return none;
        var (uses, ratio) = Fall(calendar, DayColumn.FeatureUses, late, lateDays, weeks, sessions, own, UsesVariance);
        var (workflows, _) = Fall(calendar, DayColumn.Workflows, late, lateDays, weeks, sessions, own, WorkflowsVariance);
        return new DepthEvidence(Math.Max(0, uses + workflows / 2), ratio);
    }

    /// <summary>How far fewer there are of late than as many sessions had before, in standard errors; and the share that is left.</summary>
    private static (double Fall, double Ratio) Fall(
        Calendar calendar, DayColumn column, int late, int lateDays, int weeks, ReadOnlySpan<double> sessions, double own, double variance)
    {
        Span<double> counts = stackalloc double[Calendar.Rows / 7 + 1];
        var before = Fill(calendar, column, late, lateDays, weeks, counts) - counts[0];
        if (before <= 0) return (0, 1);
        var each = before / own;
        double squares = 0, active = 0;
        for (var week = 1; week <= weeks; week++)
        {
            if (sessions[week] <= 0) continue;
            var off = counts[week] - each * sessions[week];
            squares += off * off / (each * sessions[week]);
            active++;
        }
        var spread = (PriorWeeks * variance + squares) / (PriorWeeks + active - 1);
        var expected = each * sessions[0];
        var error = Math.Sqrt(spread * (expected + 1) * (1 + sessions[0] / own) + 1);
        return ((expected - counts[0]) / error, (counts[0] + 1) / (expected + 1));
    }

    /// <summary>Counts of the late days, then of the weeks before them; returns their sum.</summary>
    private static double Fill(Calendar calendar, DayColumn column, int late, int lateDays, int weeks, Span<double> counts)
    {
        double sum = counts[0] = calendar.Counters.Sum(column, Calendar.Slot(late), lateDays);
        for (var week = 1; week <= weeks; week++)
            sum += counts[week] = calendar.Counters.Sum(column, Calendar.Slot(late - 7 * week), 7);
        return sum;
    }
}
