using HealthGrains.Accounts;
using HealthGrains.Measures;
using HealthGrains.Policy;

namespace HealthGrains.Health;

/// <summary>The exceptions that may cap a score.</summary>
internal enum CapRule
{
    None,
    Unpaid,
    ChampionGone,
    CancelRequested,
}

/// <summary>One exception that holds.</summary>
internal readonly record struct Cap(CapRule Rule, double Limit, long Since)
{
    public static string Key(CapRule rule) => rule switch
    {
        CapRule.Unpaid => "unpaid",
        CapRule.ChampionGone => "championGone",
        CapRule.CancelRequested => "cancelRequested",
        _ => "none",
    };
}

/// <summary>
/// The caps that hold at a moment, lowest limit first. Limits come and go over days rather than at a stroke: a score is continuous in
/// time.
/// </summary>
internal struct CapSet
{
    private const double NoLimit = 100;

    private Cap _first, _second, _third;

    public int Count { get; private set; }

    /// <summary>The lowest limit; a rule of None with 100 when no cap holds.</summary>
    public readonly Cap Lowest => Count == 0 ? new Cap(CapRule.None, NoLimit, 0) : _first;

    public readonly Cap this[int index] => index switch { 0 => _first, 1 => _second, _ => _third };

    public static CapSet Of(in Observation o, HealthPolicy policy)
    {
        var caps = default(CapSet);
        if (o.Billing.UnpaidSince != long.MaxValue)
        {
            const double ramp = 4;
            var days = (o.At - o.Billing.UnpaidSince) / (double)Days.Millis;
            var reached = Math.Clamp((days - (policy.UnpaidDays - ramp)) / ramp, 0, 1);
            caps.Add(new Cap(CapRule.Unpaid, NoLimit + (policy.UnpaidLimit - NoLimit) * reached, o.Billing.UnpaidSince));
        }
        if (o.ChampionLeftAt != long.MinValue)
        {
            const double ramp = 30;
            var days = (o.At - o.ChampionLeftAt) / (double)Days.Millis;
            var left = Math.Clamp((policy.ChampionGoneDays - days) / ramp, 0, 1);
            caps.Add(new Cap(CapRule.ChampionGone, NoLimit + (policy.ChampionGoneLimit - NoLimit) * left, o.ChampionLeftAt));
        }
        if (o.CancelRequestedAt != long.MinValue)
            caps.Add(new Cap(CapRule.CancelRequested, policy.CancelRequestedLimit, o.CancelRequestedAt));
        return caps;
    }

    private void Add(Cap cap)
    {
        if (cap.Limit >= NoLimit) return;
        if (Count == 0 || cap.Limit < _first.Limit) (_first, _second, _third) = (cap, _first, _second);
        else if (Count == 1 || cap.Limit < _second.Limit) (_second, _third) = (cap, _second);
        else _third = cap;
        Count++;
    }
}
