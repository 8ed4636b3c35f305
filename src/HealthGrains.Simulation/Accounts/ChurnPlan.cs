using HealthGrains.Accounts;

namespace HealthGrains.Simulation;

/// <summary>An account's fate, drawn before its life begins: when it starts to leave, how, and when it is gone.</summary>
/// <param name="Shape">How it leaves; never healthy, since every account ends one day.</param>
/// <param name="OnsetDay">The first day on which anything is different. Negative when before day 0.</param>
/// <param name="EndDay">The day on which the subscription ends.</param>
/// <param name="CancelDay">The day on which the customer asks to cancel; null when it never asks.</param>
/// <param name="Severity">How strongly the shape shows, 0.75 to 1.</param>
/// <param name="Reason">The reason given at the end.</param>
internal sealed record ChurnPlan(ChurnShape Shape, int OnsetDay, int EndDay, int? CancelDay, double Severity, string Reason)
{
    /// <summary>A day no simulation reaches: 1,000 years.</summary>
    private const int Never = 365_000;

    private const double RootOfTwo = 1.4142135623730951;

    /// <summary>
    /// Draws the fate of an account. The end is exponential from day 0 (from three months after its start for a newcomer), with a
    /// hazard that depends on the tier. Its quantile walks by the square root of two, which fills the unit interval evenly, so that
    /// two hundred accounts lose about as many as they should and not now half, now twice as many.
    /// </summary>
    public static ChurnPlan For(CompanySettings settings, int index, Tier tier, int startDay)
    {
        var rng = new Rng(settings.Seed, index, Draw.Churn);
        var shape = settings.Shapes.At(rng.Unit());
        var yearly = -PortableMath.Log(1 - settings.AnnualChurn) * Hazard(tier);
        var quantile = new Rng(settings.Seed, -1, Draw.Churn).Unit() + index * RootOfTwo;
        var wait = -365 * PortableMath.Log(1 - (quantile - Math.Floor(quantile)));
        var first = startDay > -75 ? startDay + 75 : 0;
        var end = yearly <= 0 ? Never : (int)Math.Min(Never, first + 1 + wait / yearly);
        var (least, most) = Lag(shape);
        var onset = end - rng.Whole(least, most);
        if (shape == ChurnShape.BillingTrouble) onset = OnInvoiceDay(settings, onset, end);
        var severity = rng.Between(0.75, 1);
        int? cancel = rng.Chance(0.6) ? end - rng.Whole(3, 14) : null;
        return new ChurnPlan(shape, onset, end, cancel, severity, rng.Pick(Reasons(shape)));
    }

    /// <summary>
    /// Days from onset to end. Together they span 20 to 120 days: what shows in payments is short, what shows in use is long.
    /// </summary>
    internal static (int Least, int Most) Lag(ChurnShape shape) => shape switch
    {
        ChurnShape.SilentFade => (45, 120),
        ChurnShape.SteepDrop => (20, 45),
        ChurnShape.SupportMeltdown => (20, 45),
        ChurnShape.BillingTrouble => (20, 37),
        _ => (30, 90),
    };

    /// <summary>Invoices fall on the 1st to the 28th; billing trouble begins with one.</summary>
    private static int OnInvoiceDay(CompanySettings settings, int onset, int end) =>
        end >= Never ? onset : onset - Math.Max(0, settings.Date(onset).Day - 28);

    private static double Hazard(Tier tier) => tier switch { Tier.Enterprise => 0.6, Tier.Standard => 0.9, _ => 1.25 };

    private static string[] Reasons(ChurnShape shape) => shape switch
    {
        ChurnShape.SilentFade => ["lowUsage", "lowUsage", "noValueSeen", "budget"],
        ChurnShape.SteepDrop => ["switchedToCompetitor", "switchedToCompetitor", "projectEnded"],
        ChurnShape.SupportMeltdown => ["poorSupport", "poorSupport", "productQuality"],
        ChurnShape.BillingTrouble => ["budget", "nonPayment", "nonPayment"],
        _ => ["sponsorLeft", "sponsorLeft", "lowUsage"],
    };
}
