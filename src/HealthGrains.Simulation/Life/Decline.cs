namespace HealthGrains.Simulation;

/// <summary>What a leaving account's decline does to it on a day. An account in good order has all factors 1 and no sinking.</summary>
/// <param name="Usage">Factor on how much its people work in the product.</param>
/// <param name="Breadth">Factor on how many features they still use.</param>
/// <param name="Value">Factor, beside that on usage, on workflows completed.</param>
/// <param name="Tickets">Factor on tickets opened.</param>
/// <param name="Engagement">Factor on mails opened, meetings and answers.</param>
/// <param name="Sinking">What satisfaction has lost, 0..1.</param>
internal readonly record struct Decline(
    double Usage = 1, double Breadth = 1, double Value = 1, double Tickets = 1, double Engagement = 1, double Sinking = 0)
{
    /// <summary>The decline on a day of an account with this fate.</summary>
    public static Decline On(ChurnPlan plan, int day)
    {
        var since = day - plan.OnsetDay + 1;
        if (since <= 0) return new Decline(1);
        var done = Math.Min(1.0, since / (double)(plan.EndDay - plan.OnsetDay));
        double Within(double days) => Math.Min(1, since / days);
        var s = plan.Severity;
        return plan.Shape switch
        {
            ChurnShape.SilentFade => new(
                1 - 0.92 * s * done, 1 - 0.6 * s * done, 1 - 0.5 * s * done, 1 - 0.5 * done, 1 - 0.75 * s * done, 0.25 * s * done),
            ChurnShape.SteepDrop => new(
                (1 - 0.82 * s * Within(6)) * (1 - 0.5 * done), 1 - 0.5 * s * Within(8), 1 - 0.4 * s * Within(8), 1 - 0.5 * Within(10),
                1 - 0.5 * s * Within(15), 0.2 * s * Within(12)),
            ChurnShape.SupportMeltdown => new(
                1 - 0.45 * s * done, 1 - 0.2 * s * done, 1 - 0.4 * s * done, 1 + 11 * s * Within(5), 1 - 0.4 * s * done,
                0.55 * s * Within(8)),
            ChurnShape.BillingTrouble => new(
                1 - 0.35 * s * done, 1 - 0.1 * s * done, 1 - 0.2 * s * done, 1, 1 - 0.35 * s * done, 0.2 * s * done),
            ChurnShape.ChampionGone => new(
                1 - 0.75 * s * Math.Clamp((since - 7) / (0.8 * (plan.EndDay - plan.OnsetDay)), 0, 1), 1 - 0.4 * s * done,
                1 - 0.4 * s * done, 1, 1 - 0.7 * s * Within(10), 0.3 * s * Within(25)),
            _ => new(1),
        };
    }
}
