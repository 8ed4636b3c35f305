namespace HealthGrains.Policy;

/// <summary>
/// When fading use raises a risk: evidence, a log-likelihood ratio in nats, that an account's people are leaving the product. It adds
/// up what regular users gone quiet say (each was there at least twice in weeks 3 to 12), what the pace of all of them says against the
/// account's own weeks 5 to 11, and how much less is done in a session. A share of regulars goes quiet in good accounts too: people move on
/// and go on leave.
/// </summary>
public sealed record UsageRule
{
    /// <summary>Evidence in nats at which a risk is raised; from the false-alarm budget.</summary>
    public double Evidence { get; init; } = 5.6;
    /// <summary>Days without a sign of life after which a regular user may be gone, 7..28.</summary>
    public int QuietDays { get; init; } = 14;
    /// <summary>A shorter silence that counts half, 5..28: a drop shows in it first.</summary>
    public int ShortQuietDays { get; init; } = 7;
    /// <summary>Share 0..1 of regulars who go quiet for as long in an account in good order.</summary>
    public double QuietHealthy { get; init; } = 0.05;
    /// <summary>The same in an account that is leaving.</summary>
    public double QuietLeaving { get; init; } = 0.3;
    /// <summary>Variance of a week's pace, relative to its square, that all people of an account share.</summary>
    public double WeekVariance { get; init; } = 0.01;
    /// <summary>Days over which it is judged how much is done in a session, 14..42: what falls slowly takes as long to see.</summary>
    public int DepthDays { get; init; } = 28;
    /// <summary>Nats for each standard error by which less is done in a session; 0 leaves it out.</summary>
    public double DepthWeight { get; init; } = 1;
    /// <summary>Days of use before the rule speaks, 28..83: before, there is no own level to compare with.</summary>
    public int KnownDays { get; init; } = 35;
}

/// <summary>When one category alone raises a risk: its value is low, and it was not always so.</summary>
/// <param name="Category">The category's key in the model; a model without it has no such rule.</param>
/// <param name="Below">Values 0..100 below raise ...</param>
/// <param name="Fall">... when they have fallen by so many points ...</param>
/// <param name="Days">... within so many days, 1..42.</param>
public sealed record CategoryRule(string Category, double Below, double Fall, int Days);
