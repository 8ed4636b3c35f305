using HealthGrains.Accounts;
using HealthGrains.Simulation;
using Course = HealthGrains.Simulation.Decline;

namespace HealthGrains.Benchmarks.Oracle;

/// <summary>What the oracle is told beside every account's rates.</summary>
/// <param name="Pace">How much work is done each day by those who are there.</param>
/// <param name="Favourites">Which features each user has found, in the order of their taste: who leaves drops the last ones first.</param>
/// <param name="Depth">How much is done in a session.</param>
internal sealed record Told(bool Pace, bool Favourites, bool Depth);

/// <summary>A way to leave with an exact course; only whether and when it begins is not known.</summary>
internal sealed class Hypothesis
{
    private readonly Course[] _course;
    private readonly CompanyAccount _account;

    public Hypothesis(CompanyAccount account, ChurnShape shape, int length, double severity)
    {
        (_account, Shape, Length) = (account, shape, length);
        var plan = new ChurnPlan(shape, 0, length, null, severity, "");
        _course = [.. Enumerable.Range(0, length + 1).Select(since => Course.On(plan, since - 1))];
    }

    public ChurnShape Shape { get; }
    public int Length { get; }

    /// <summary>Share of stubbornness that still holds out, on so many days since the first (1 on the first).</summary>
    public double Holding(int since) => Math.Sqrt(_course[since].Usage);

    /// <summary>Whether an onset may be today.</summary>
    public bool MayBegin(OracleDay day, int number) => Shape switch
    {
        ChurnShape.ChampionGone => day.ChampionLeft,
        ChurnShape.BillingTrouble => day.Payments.Contains((true, 1)),
        ChurnShape.SilentFade => number % 4 == 0,
        _ => number % 2 == 0,
    };

    /// <summary>The log-likelihood ratio of a day against good order, without the sessions.</summary>
    public double Ratio(OracleDay day, int since, Told told)
    {
        var (decline, traits) = (_course[since], _account.Traits);
        var calm = Math.Clamp(day.Weather.Satisfaction + day.Weather.Decline.Sinking, 0.02, 0.98);
        var sunk = Math.Clamp(calm - decline.Sinking, 0.02, 0.98);
        var sum = 0.0;
        if (told.Depth)
            sum += Poisson(day.Uses - day.Sessions, 1.3 * day.Sessions, decline.Breadth)
                + Poisson(day.Workflows, 0.22 * traits.Workflows * day.Weather.Rollout * day.Sessions, decline.Value);
        if (told.Favourites)
            foreach (var user in day.Users) sum += user.Tail?.Invoke(decline.Breadth) ?? 0;

        var rate = traits.TicketRate + (day.Weather.TicketBurst - 1) * 0.019;
        var tickets = rate * Math.Sqrt(day.People) * (day.Weather.Workday ? 1 : 0.12);
        sum += day.Tickets * Math.Log(decline.Tickets)
            + (day.Tickets + 1.5) * Math.Log((1.5 + tickets) / (1.5 + tickets * decline.Tickets));
        var shift = 0.75 * (0.76 - traits.Satisfaction);
        var (upset, before) = (Below((0.55 - sunk - shift) / 0.16), Below((0.55 - calm - shift) / 0.16));
        sum += day.Upset * Math.Log(upset / before) + day.Calm * Math.Log((1 - upset) / (1 - before));

        if (day.Weather.Workday)
        {
            var daily = _account.Profile.Tier switch { Tier.Enterprise => 0.2, Tier.Standard => 0.11, _ => 0.06 };
            var mails = day.Contacts * daily * Math.Min(1, traits.Engagement * (0.6 + 0.5 * calm));
            sum += Poisson(day.Mails, mails, decline.Engagement * (0.6 + 0.5 * sunk) / (0.6 + 0.5 * calm));
            var workdays = _account.Profile.Tier switch { Tier.Enterprise => 8, Tier.Standard => 18, _ => 50 };
            sum += Poisson(day.Meetings, Math.Min(1, traits.Meetings / workdays), decline.Engagement);
        }
        if (day.CancelAsked) sum += Length - since is >= 2 and <= 15 ? 12 : -5;
        if (Shape == ChurnShape.BillingTrouble)
            foreach (var (failed, attempt) in day.Payments) sum += failed ? -Math.Log(Failure(attempt)) : -30;
        return Shape == ChurnShape.ChampionGone ? sum + Champion(day, since) : sum;
    }

    private double Failure(int attempt) => Math.Max(0.001, _account.Traits.Arrears > 0 && attempt <= 4 ? 1
        : attempt switch { 1 => _account.Traits.PaymentFailure, 2 => 0.35, 3 => 0.2, _ => 0 });

    private static double Champion(OracleDay day, int since)
    {
        if (since == 1) return -Math.Log(0.1 / 261);
        if (day.ChampionCame) return -30;
        double Vacant(int days) => days < 5 ? 1 : Math.Max(0.02, (20 - days) / 16.0);
        return Math.Log(Vacant(since - 2) / Vacant(since - 1));
    }

    private static double Poisson(int count, double mean, double factor) => count * Math.Log(factor) - mean * (factor - 1);

    private static double Below(double z) => Math.Clamp(1 / (1 + Math.Exp(-1.702 * z)), 0.002, 0.998);
}
