using HealthGrains.Measures;

namespace HealthGrains.Health;

/// <summary>The models that come with the product: where a company without a history of its own begins.</summary>
public static class HealthModels
{
    /// <summary>What stands in for the unobserved, before a company's own history says otherwise.</summary>
    private const double PriorExpected = 75;

    private static readonly Curve RatioCurve = Curve.Of((0.4, 0), (0.5, 20), (0.8, 60), (1, 75), (1.25, 88), (1.6, 100));

    // Key, spread, own share, absolute curve. The spread is about the expected value, so that a curve's bias is part of it.
    // Marks: PostHog's published scorecard and the usual CS handbooks, see docs/measures.md.
    private static readonly Dictionary<string, MeasureModel> Valued = new MeasureModel[]
    {
        Measure(MeasureRegistry.LoginFrequency, 34, 0.25, (0.5, 0), (1, 35), (2, 70), (3, 84), (5, 100)),
        Measure(MeasureRegistry.LoginRecency, 16, 0, (0, 86), (1, 79), (2, 64), (3, 43), (5, 5), (6, 0)),
        Measure(MeasureRegistry.SessionLength, 11, 0.25, (3, 0), (5, 27), (15, 67), (20, 77), (30, 90), (45, 100)),
        Measure(MeasureRegistry.FeatureBreadth, 19, 0.25, (1, 0), (3, 35), (6, 67), (8, 80), (10, 90), (14, 100)),
        Measure(MeasureRegistry.ActiveUsers, 29, 0.25, (0.2, 0), (0.4, 58), (0.55, 76), (0.7, 87), (0.9, 100)),
        Measure(MeasureRegistry.OpenTickets, 13, 0, (0, 86), (1, 75), (2, 54), (4, 19), (6, 0)),
        Measure(MeasureRegistry.TicketSentiment, 19, 0, (-40, 0), (-20, 32), (0, 70), (10, 78), (30, 88), (100, 100)),
        Measure(MeasureRegistry.TimeToResolution, 21, 0, (0, 100), (8, 90), (24, 76), (72, 36), (144, 0)),
        Measure(MeasureRegistry.RepeatIssues, 13, 0, (0, 84), (1, 71), (2, 50), (4, 0)),
        Measure(MeasureRegistry.FailedPayments, 19, 0, (0, 82), (0.5, 50), (1, 20), (1.5, 0)),
        Measure(MeasureRegistry.DowngradeRequests, 8, 0, (0, 80), (0.5, 30), (1, 0)),
        Measure(MeasureRegistry.PlanChanges, 3, 0, (-1, 0), (0, 76), (1, 95), (2, 100)),
        Measure(MeasureRegistry.EmailOpenRate, 21, 0, (0.05, 0), (0.1, 11), (0.25, 51), (0.4, 78), (0.6, 95), (0.7, 100)),
        Measure(MeasureRegistry.NpsTrend, 20, 0, (4.5, 0), (6, 22), (7, 51), (8, 78), (9, 92), (10, 100)),
        Measure(MeasureRegistry.ContactFrequency, 26, 0, (0, 43), (0.5, 64), (1, 76), (2, 88), (4, 100)),
        Measure(MeasureRegistry.WorkflowsCompleted, 46, 0.25, (0.15, 0), (0.25, 27), (0.5, 54), (1, 76), (2, 88), (4, 100)),
        Measure(MeasureRegistry.MilestonesReached, 12, 0, (0, 11), (1, 35), (2, 51), (3, 67), (4, 80), (6, 100)),
        Measure(MeasureRegistry.IntegrationDepth, 24, 0, (0, 19), (1, 54), (2, 75), (3, 86), (5, 100)),
    }.ToDictionary(measure => measure.Key);

    /// <summary>Five categories with the midpoints of the prior (35, 25, 20, 15, 15 %), normalised.</summary>
    public static HealthModel Prior { get; } = Model("prior-1", "Five categories, prior weights",
        Category("product", "Product engagement", 35.0 / 110,
            ("loginFrequency", 25), ("loginRecency", 15), ("sessionLength", 15), ("featureBreadth", 20), ("activeUsers", 25)),
        Category("support", "Support experience", 25.0 / 110,
            ("openTickets", 30), ("ticketSentiment", 30), ("timeToResolution", 20), ("repeatIssues", 20)),
        Category("billing", "Billing", 20.0 / 110,
            ("failedPayments", 50), ("downgradeRequests", 25), ("planChanges", 25)),
        Category("relationship", "Relationship", 15.0 / 110,
            ("emailOpenRate", 30), ("npsTrend", 40), ("contactFrequency", 30)),
        Category("value", "Value realisation", 15.0 / 110,
            ("workflowsCompleted", 50), ("milestonesReached", 25), ("integrationDepth", 25)));

    /// <summary>Four dimensions: usage 40, support 25, NPS 20, engagement 15.</summary>
    public static HealthModel FourDimensions { get; } = Model("four-1", "Four dimensions: usage, support, NPS, engagement",
        Category("usage", "Usage", 0.40,
            ("loginFrequency", 25), ("loginRecency", 15), ("sessionLength", 10), ("featureBreadth", 15), ("activeUsers", 20),
            ("workflowsCompleted", 15)),
        Category("support", "Support", 0.25,
            ("openTickets", 30), ("ticketSentiment", 30), ("timeToResolution", 20), ("repeatIssues", 20)),
        Category("nps", "NPS", 0.20, ("npsTrend", 1)),
        Category("engagement", "Engagement", 0.15, ("emailOpenRate", 50), ("contactFrequency", 50)));

    /// <summary>The presets; the first is active until another is activated.</summary>
    public static IReadOnlyList<HealthModel> Presets { get; } = [Prior, FourDimensions];

    private static HealthModel Model(string version, string title, params CategoryModel[] categories) =>
        new(version, title, categories, new RiskCurve(365, (25, .60), (52, .25), (85, .05)), correlation: 0.09);

    private static CategoryModel Category(string key, string title, double weight, params (string Measure, double Parts)[] shares)
    {
        var parts = shares.Sum(share => share.Parts);
        return new CategoryModel(key, title,
            [.. shares.Select(share => Valued[share.Measure] with { Weight = weight * share.Parts / parts })]);
    }

    private static MeasureModel Measure(
        MeasureDefinition measure, double spread, double ownShare, params (double X, double Y)[] absolute) =>
        new(measure.Key, 0, PriorExpected, spread, Curve.Of(absolute), ownShare > 0 ? RatioCurve : null, ownShare);
}
