using HealthGrains.Signals;

namespace HealthGrains.Measures;

/// <summary>
/// Every measure there is, once. A model weighs them, the ledger explains with them, later parts look them up here. The order is
/// part of nothing stored; the keys are.
/// </summary>
public static class MeasureRegistry
{
    private static readonly List<MeasureDefinition> Registered = [];

    /// <summary>Logins a week for each seat (each known user where seats are not), over 14 days; own reference: weeks 3 to 6.</summary>
    public static readonly MeasureDefinition LoginFrequency = Add(
        "loginFrequency", "Login frequency", "logins a seat and week", SignalSource.Usage, "{0:0.0} logins a seat and week",
        (in o) => Rate(o, o.Logins14, o.LoginsBase));

    /// <summary>Weekdays since the last day on which anybody logged in or used a feature.</summary>
    public static readonly MeasureDefinition LoginRecency = Add(
        "loginRecency", "Login recency", "weekdays", SignalSource.Usage, "last used {0:0.0} weekdays ago",
        (in o) => new Reading(Math.Min(o.WeekdaysSinceUse, Math.Max(0, o.UsageDays)), Seen(o.UsageDays, 7)));

    /// <summary>Minutes a session, over 14 days.</summary>
    public static readonly MeasureDefinition SessionLength = Add(
        "sessionLength", "Session length", "minutes", SignalSource.Usage, "{0:0} minutes a session",
        (in o) =>
        {
            var mean = o.Sessions14 > 0 ? o.Minutes14 / o.Sessions14 : 0;
            var meanBefore = o.SessionsBase > 0 ? o.MinutesBase / o.SessionsBase : 0;
            return new Reading(mean, Seen(o.UsageDays, 7) * Enough(o.Sessions14, 3),
                (mean + 1) / (meanBefore + 1), Enough(o.SessionsBase, 8) * Seen(o.UsageDays - 14, 28));
        });

    /// <summary>Distinct features used in 14 days; own reference: the two fortnights before.</summary>
    public static readonly MeasureDefinition FeatureBreadth = Add(
        "featureBreadth", "Feature breadth", "features", SignalSource.Usage, "{0:0} features in two weeks",
        (in o) => new Reading(o.Features14, Seen(o.UsageDays, 14),
            (o.Features14 + 0.5) / (o.FeaturesBase + 0.5), Enough(o.FeaturesBase, 1) * Seen(o.UsageDays - 14, 28)));

    /// <summary>
    /// Users active in a week, the mean of the last two, as a share of the seats, or of the users known where seats are not.
    /// </summary>
    public static readonly MeasureDefinition ActiveUsers = Add(
        "activeUsers", "Active users", "share of seats", SignalSource.Usage, "{0:P0} of seats active in a week",
        (in o) =>
        {
            return new Reading(o.WeeklyUsers / People(o), Seen(o.UsageDays, 7),
                (o.WeeklyUsers + 0.5) / (o.WeeklyUsersBase + 0.5), Enough(o.WeeklyUsersBase, 1) * Seen(o.UsageDays - 14, 28));
        });

    /// <summary>Tickets open now, for each 25 users (at least one such group).</summary>
    public static readonly MeasureDefinition OpenTickets = Add(
        "openTickets", "Open tickets", "tickets for each 25 users", SignalSource.Ticket, "{0:0.#} open tickets for each 25 users",
        (in o) => new Reading(o.Tickets.Open / PerUsers(o), Seen(o.TicketDays, 7)));

    /// <summary>Mean sentiment of ticket texts and CSAT, fading over 30 days.</summary>
    public static readonly MeasureDefinition TicketSentiment = Add(
        "ticketSentiment", "Ticket sentiment", "-100 to 100", SignalSource.Ticket, "ticket sentiment {0:0}",
        (in o) => new Reading(o.Tickets.Sentiment, Enough(o.Tickets.SentimentWeight, 1.5)));

    /// <summary>Mean hours from opening to solving, fading over 30 days; tickets still open count with their age.</summary>
    public static readonly MeasureDefinition TimeToResolution = Add(
        "timeToResolution", "Time to resolution", "hours", SignalSource.Ticket, "{0:0} hours to resolve",
        (in o) => new Reading(o.Tickets.HoursToSolve, Enough(o.Tickets.SolvedWeight, 1.5)));

    /// <summary>Tickets opened again or repeating a category within 30 days, fading over 30 days, for each 25 users.</summary>
    public static readonly MeasureDefinition RepeatIssues = Add(
        "repeatIssues", "Repeat issues", "repeats for each 25 users", SignalSource.Ticket, "{0:0.#} repeated issues for each 25 users",
        (in o) => new Reading(o.Tickets.Repeats / PerUsers(o), Seen(o.TicketDays, 14)));

    /// <summary>Failed payments, see <see cref="BillingFigures.Failures"/>.</summary>
    public static readonly MeasureDefinition FailedPayments = Add(
        "failedPayments", "Failed payments", "failures", SignalSource.Billing, "{0:0.#} failed payments, weighted",
        (in o) => new Reading(o.Billing.Failures, Seen(o.BillingDays, 14)));

    /// <summary>Downgrade requests, fading over 42 days.</summary>
    public static readonly MeasureDefinition DowngradeRequests = Add(
        "downgradeRequests", "Downgrade requests", "requests", SignalSource.Billing, "{0:0.#} downgrade requests, weighted",
        (in o) => new Reading(o.Billing.Downgrades, Seen(o.BillingDays, 14)));

    /// <summary>Plan and seat changes, larger less smaller, fading over 42 days.</summary>
    public static readonly MeasureDefinition PlanChanges = Add(
        "planChanges", "Plan changes", "larger less smaller", SignalSource.Billing, "plan direction {0:+0.#;-0.#;0}",
        (in o) => new Reading(o.Billing.PlanDirection, Seen(o.BillingDays, 14)));

    /// <summary>E-mails opened of those sent, over 28 days.</summary>
    public static readonly MeasureDefinition EmailOpenRate = Add(
        "emailOpenRate", "E-mail open rate", "share opened", SignalSource.Engagement, "{0:P0} of e-mails opened",
        (in o) => new Reading(o.EmailsSent28 > 0 ? Math.Min(1, o.EmailsOpened28 / o.EmailsSent28) : 0, Enough(o.EmailsSent28, 4)));

    /// <summary>NPS answers, fading over 120 days, moved by half of what changed against the answers of the year before them.</summary>
    public static readonly MeasureDefinition NpsTrend = Add(
        "npsTrend", "NPS trend", "0 to 10", SignalSource.Engagement, "NPS {0:0.0}",
        (in o) =>
        {
            var trend = o.NpsWeight > 0 ? (o.NpsMean - o.NpsOldMean) * 0.5 * Enough(o.NpsOldWeight, 1) : 0;
            return new Reading(Math.Clamp(o.NpsMean + (o.NpsOldWeight > 0 ? trend : 0), 0, 10), Enough(o.NpsWeight, 0.4));
        });

    /// <summary>Meetings with stakeholders, fading over 42 days.</summary>
    public static readonly MeasureDefinition ContactFrequency = Add(
        "contactFrequency", "Stakeholder contact", "meetings", SignalSource.Engagement, "{0:0.#} recent meetings, weighted",
        (in o) => new Reading(o.MeetingsWeighted, Seen(o.EngagementDays, 42)));

    /// <summary>
    /// Key workflows completed a week for each seat (each known user where seats are not), over 14 days; own reference: weeks 3 to 6.
    /// </summary>
    public static readonly MeasureDefinition WorkflowsCompleted = Add(
        "workflowsCompleted", "Key workflows completed", "workflows a seat and week", SignalSource.Usage,
        "{0:0.0} workflows a seat and week",
        (in o) => Rate(o, o.Workflows14, o.WorkflowsBase));

    /// <summary>
    /// Distinct milestones reached. Of an account that began before the data did only the later ones are known: the fewer, the less
    /// they say.
    /// </summary>
    public static readonly MeasureDefinition MilestonesReached = Add(
        "milestonesReached", "Milestones reached", "milestones", SignalSource.Crm, "{0:0} milestones reached",
        (in o) => new Reading(o.Milestones, (o.BornObserved ? 1 : Enough(o.Milestones, 3)) * Seen(o.CrmDays, 30)));

    /// <summary>Integrations connected. Not known for an account that began before the data did, until its first change.</summary>
    public static readonly MeasureDefinition IntegrationDepth = Add(
        "integrationDepth", "Integration depth", "integrations", SignalSource.Usage, "{0:0} integrations connected",
        (in o) => new Reading(o.Integrations, o.IntegrationsKnown || o.BornObserved ? Seen(o.UsageDays, 30) : 0));

    /// <summary>All measures.</summary>
    public static IReadOnlyList<MeasureDefinition> All => Registered;

    /// <summary>How many there are.</summary>
    public static int Count => Registered.Count;

    /// <summary>The measure of a key, or null.</summary>
    public static MeasureDefinition? Find(string key) => Registered.Find(measure => measure.Key == key);

    private static MeasureDefinition Add(
        string key, string title, string unit, SignalSource source, string format, MeasureDefinition.Reader read)
    {
        var measure = new MeasureDefinition(Registered.Count, key, title, unit, source, format, read);
        Registered.Add(measure);
        return measure;
    }

    // Share of a period that has been observed.
    private static double Seen(double days, double over) => Math.Clamp(days / over, 0, 1);

    // How far so many observations are trusted: half at the given number.
    private static double Enough(double observations, double half) => observations <= 0 ? 0 : observations / (observations + half);

    // Support load grows with the number of people; below 25 it no longer does.
    private static double PerUsers(in Observation o) => Math.Max(1, (o.Seats > 0 ? o.Seats : o.KnownUsers) / 25);

    // Seats do not shrink with the use of them, as known users do: a fade must not lower what it is measured against.
    private static double People(in Observation o) => o.Seats > 0 ? o.Seats : Math.Max(1, o.KnownUsers);

    private static Reading Rate(in Observation o, double fortnight, double before)
    {
        var observed = Math.Clamp(o.UsageDays, 1, 14);
        var observedBefore = Math.Clamp(o.UsageDays - 14, 0, 28);
        var weekly = fortnight * 7 / observed;
        var weeklyBefore = observedBefore > 0 ? before * 7 / Math.Max(observedBefore, 1) : 0;
        return new Reading(weekly / People(o), Seen(o.UsageDays, 7),
            (weekly + 1) / (weeklyBefore + 1), Enough(weeklyBefore, 1) * (observedBefore / 28));
    }
}
