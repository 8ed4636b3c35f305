namespace HealthGrains.Simulation;

/// <summary>How an account comes to leave.</summary>
public enum ChurnShape
{
    /// <summary>It does not leave within the time looked at.</summary>
    Healthy,
    /// <summary>People use the product less and less, and say nothing. 45 to 120 days.</summary>
    SilentFade,
    /// <summary>Usage collapses within a week: a project ended, a competitor went live. 20 to 45 days.</summary>
    SteepDrop,
    /// <summary>Tickets pile up, moods turn, solutions take long. 20 to 45 days.</summary>
    SupportMeltdown,
    /// <summary>Payments fail and are not made good. 20 to 40 days.</summary>
    BillingTrouble,
    /// <summary>The champion leaves, and what the champion held together comes apart. 30 to 90 days.</summary>
    ChampionGone,
}

/// <summary>Names of the shapes on the wire.</summary>
public static class ChurnShapes
{
    /// <summary>The name in truth files: healthy, silentFade, steepDrop, supportMeltdown, billingTrouble, championGone.</summary>
    public static string WireName(this ChurnShape shape) => shape switch
    {
        ChurnShape.Healthy => "healthy",
        ChurnShape.SilentFade => "silentFade",
        ChurnShape.SteepDrop => "steepDrop",
        ChurnShape.SupportMeltdown => "supportMeltdown",
        ChurnShape.BillingTrouble => "billingTrouble",
        ChurnShape.ChampionGone => "championGone",
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "no such shape"),
    };
}

/// <summary>Shares of the shapes among the accounts that leave. Any non-negative numbers; only their proportions count.</summary>
/// <param name="SilentFade">Share of silent fades.</param>
/// <param name="SteepDrop">Share of steep drops.</param>
/// <param name="SupportMeltdown">Share of support meltdowns.</param>
/// <param name="BillingTrouble">Share of billing troubles.</param>
/// <param name="ChampionGone">Share of champions gone.</param>
public sealed record ChurnShares(
    double SilentFade = 0.45, double SteepDrop = 0.15, double SupportMeltdown = 0.15, double BillingTrouble = 0.15,
    double ChampionGone = 0.10)
{
    /// <summary>The shape at this point of the unit interval.</summary>
    internal ChurnShape At(double unit)
    {
        var rest = unit * (SilentFade + SteepDrop + SupportMeltdown + BillingTrouble + ChampionGone);
        if ((rest -= SilentFade) < 0) return ChurnShape.SilentFade;
        if ((rest -= SteepDrop) < 0) return ChurnShape.SteepDrop;
        if ((rest -= SupportMeltdown) < 0) return ChurnShape.SupportMeltdown;
        return rest - BillingTrouble < 0 ? ChurnShape.BillingTrouble : ChurnShape.ChampionGone;
    }

    /// <summary>Refuses shares that are no proportions.</summary>
    internal void Validate()
    {
        double[] all = [SilentFade, SteepDrop, SupportMeltdown, BillingTrouble, ChampionGone];
        if (all.All(share => share >= 0) && all.Sum() is > 0 and < double.PositiveInfinity) return;
        throw new ArgumentException("churn shares must be finite and non-negative, and one positive");
    }
}
