using HealthGrains.Accounts;
using HealthGrains.Decline;
using HealthGrains.Health;
using HealthGrains.Measures;
using HealthGrains.Signals;
using HealthGrains.Tenants;

namespace HealthGrains.Situations;

/// <summary>
/// Every fact there is, once: what triggers, playbooks, guardrails and templates may name. Each measure is a fact under its own key,
/// and under <c>key.change</c> what changed of it against the account's own weeks 3 to 6 (0.2 is 20 % more).
/// </summary>
public static class FactRegistry
{
    private static readonly List<FactDefinition> Registered = [];
    private static readonly Dictionary<string, FactDefinition> ByKey = new(StringComparer.Ordinal);

    static FactRegistry()
    {
        Health();
        Relations();
        Money();
        Support();
        Product();
        Tenant();
        foreach (var measure in MeasureRegistry.All)
        {
            Number(measure.Key, measure.Title, measure.Unit,
                (in s, _) => measure.Read(s.Observed) is { Coverage: > 0 } r ? r.Value : double.NaN);
            Number(measure.Key + ".change", measure.Title + " against its own past", "share",
                (in s, _) => measure.Read(s.Observed) is { OwnWeight: > 0.2 } r ? r.OwnRatio - 1 : double.NaN);
        }
    }

    /// <summary>All facts, in the order in which they are documented.</summary>
    public static IReadOnlyList<FactDefinition> All => Registered;

    /// <summary>The fact or family of a key; null when there is none.</summary>
    public static FactDefinition? Find(string key) => ByKey.GetValueOrDefault(key);

    private static void Health()
    {
        Number("score", "Health score", "0 to 100", (in s, _) => s.Score.Value);
        Number("coverage", "Coverage of the score", "0 to 1", (in s, _) => s.Score.Coverage);
        Number("change7Days", "Change of the score in 7 days", "points", (in s, _) => s.Change7Days);
        Number("slopePerDay", "Slope of the score", "points a day", (in s, _) => s.Trend.SlopePerDay);
        Number("churnProbability", "Churn probability within the model's horizon", "0 to 1", (in s, _) => s.ChurnProbability);
        Number("usageEvidence", "Evidence that people are leaving the product", "nats", (in s, _) => s.Usage.Nats);
        Number("quietUsers", "Regular users gone quiet", "users", (in s, _) => s.Usage.Quiet);
        Text("band", "Band of the score: red, yellow or green", (in s) => Word(s.Band.ToString()), ["red", "yellow", "green"]);
        Text("decline", "Trend: steady, improving, declining or accelerating", (in s) => Word(s.Trend.State.ToString()),
            ["steady", "improving", "declining", "accelerating"]);
        Text("cap", "The rule of the lowest cap that holds: unpaid, championGone or cancelRequested",
            (in s) => s.Score.Caps.Count == 0 ? null : Cap.Key(s.Score.Caps.Lowest.Rule),
            ["unpaid", "championGone", "cancelRequested"]);
        Flag("churned", "Whether the account has churned", (in s, _) => s.State.Calendar.ChurnedAt != long.MinValue ? 1 : 0);
        Flag("atRisk", "Whether a churn-risk episode is open", (in s, _) => s.State.Episode is null ? 0 : 1);
        Text("risk", "Severity of the open churn-risk episode: yellow or red",
            (in s) => s.State.Episode is { } e ? Word(e.Severity.ToString()) : null, ["yellow", "red"]);
        Number("riskNumber", "Number of the churn-risk episode that is open", "", (in s, _) => s.State.Episode?.Number ?? double.NaN);
    }

    private static void Relations()
    {
        Text("tier", "Tier: enterprise, standard or smb", (in s) => Word(s.Profile.Tier.ToString()),
            ["enterprise", "standard", "smb"]);
        Text("segment", "Segment, the company's own word", (in s) => s.Profile.Segment);
        Text("plan", "Plan, the company's own word", (in s) => s.Profile.Plan);
        Text("owner", "The CSM who owns the account", (in s) => s.Profile.Owner);
        Age("tenureDays", "Days since the first contract began", (in s) => s.DaysSince(Moment(s.Profile.StartedAt)));
        Number("daysToRenewal", "Days to the renewal", "days", (in s, _) => -s.DaysSince(Moment(s.Profile.RenewalDate)));
        Number("nps", "The last NPS answer", "0 to 10", (in s, _) => s.LastValue(SignalKind.NpsAnswered)?.Value ?? double.NaN);
        Age("npsAgeDays", "Days since the last NPS answer",
            (in s) => s.DaysSince(s.LastValue(SignalKind.NpsAnswered)?.At ?? long.MinValue));
        Age("championGoneDays", "Days since the champion left, while there is no other",
            (in s) => s.DaysSince(s.Gone(NameId.Champion)));
        Age("executiveGoneDays", "Days since the executive sponsor left, while there is no other",
            (in s) => s.DaysSince(s.Gone(NameId.Executive)));
        Age("meetingAgeDays", "Days since the last meeting", (in s) => s.DaysSince(s.Last(SignalKind.MeetingHeld)));
        Age("dealAgeDays", "Days since the deal was closed", (in s) => s.DaysSince(s.Last(SignalKind.DealClosed)));
        Age("renewedAgeDays", "Days since the last renewal", (in s) => s.DaysSince(s.Last(SignalKind.Renewed)));
        Age("cancelAgeDays", "Days since cancellation was requested, until a renewal or a deal",
            (in s) => s.DaysSince(s.Observed.CancelRequestedAt));
        Age("reviewAgeDays", "Days since the last review", (in s) => s.DaysSince(s.Last(SignalKind.ReviewPosted)));
        Number("review", "The last review", "1 to 5", (in s, _) => s.LastValue(SignalKind.ReviewPosted)?.Value ?? double.NaN);
        Flag("milestone:", "Whether a milestone was reached, such as milestone:firstValue",
            (in s, name) => s.Last(SignalKind.MilestoneReached, name) == long.MinValue ? 0 : 1);
    }

    private static void Money()
    {
        Number("arr", "Annual recurring revenue in the account's currency", "money", (in s, _) => (double?)s.Profile.Arr ?? double.NaN);
        Number("seats", "Seats paid for", "seats", (in s, _) => s.Observed.Seats > 0 ? s.Observed.Seats : double.NaN);
        Number("seatsUsed", "Seats in use as a share of those paid for", "share",
            (in s, _) => s.Observed.Seats > 0 ? s.Gauge(SignalKind.SeatsInUse) / s.Observed.Seats : double.NaN);
        Number("limitUsed", "The fullest of the plan's limits, as a share of it", "share", (in s, _) => s.Gauge(SignalKind.LimitUsed));
        Number("limit:", "How full one of the plan's limits is, such as limit:storage", "share",
            (in s, name) => s.Gauge(SignalKind.LimitUsed, name));
        Age("unpaidDays", "Days since the oldest unpaid invoice first failed", (in s) => s.DaysSince(s.Observed.Billing.UnpaidSince));
        Age("downgradeAgeDays", "Days since a downgrade was requested", (in s) => s.DaysSince(s.Last(SignalKind.DowngradeRequested)));
    }

    private static void Support()
    {
        Number("ticketsOpen", "Tickets open now", "tickets", (in s, _) => s.Observed.Tickets.Open);
        Number("urgentTickets", "Tickets open now that were opened as urgent", "tickets",
            (in s, _) => OpenItems.Urgent(s.State.Calendar.Events.Items, s.At).Count);
        Age("urgentTicketAgeDays", "Days for which the oldest of them has been open",
            (in s) => s.DaysSince(OpenItems.Urgent(s.State.Calendar.Events.Items, s.At).Since));
        Age("unfriendlyAgeDays", "Days since the last ticket or review with a sentiment of -50 or less",
            (in s) => s.DaysSince(s.LastUnfriendly(-50)));
    }

    private static void Product()
    {
        Age("silentDays", "Days since the last signal of any source, without days lost for all accounts",
            (in s) => s.SilentDays());
        Number("usageDays", "Days since the first usage signal", "days",
            (in s, _) => s.Observed.UsageDays < 0 ? double.NaN : s.Observed.UsageDays);
        Flag("feature:", "Whether a feature was used in the last twelve weeks, such as feature:reports", (in s, name) =>
        {
            foreach (ref readonly var feature in s.State.Calendar.Features.Kept)
                if (feature.Id == name) return 1;
            return 0;
        });
    }

    private static void Tenant()
    {
        Flag("connectorSilent", "Whether a source is silent for all accounts",
            (in s, _) => s.Tenant.Pulse.Sources.Any(source => source.Open is not null) ? 1 : 0);
        Flag("connectorSilent:", "Whether that source is silent for all accounts, such as connectorSilent:usage",
            (in s, name) => PulseOf(s, name)?.Open is null ? 0 : 1);
        Number("tenantSilentShare:", "Share of accounts unusually silent in a source, such as tenantSilentShare:usage", "share",
            (in s, name) => PulseOf(s, name) is { Usual: > 0 } pulse ? pulse.Silent / (double)pulse.Usual : double.NaN);
    }

    private static SourcePulse? PulseOf(in FactSource source, uint name)
    {
        for (var one = SignalSource.Usage; one <= SignalSource.Crm; one++)
            if (NameId.Of(one.WireName()) == name) return source.Tenant.Pulse.Of(one);
        return null;
    }

    private static long Moment(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds() ?? long.MinValue;

    private static string Word(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static void Number(string key, string title, string unit, FactDefinition.NumberReader read) =>
        Add(new FactDefinition(key, title, unit, FactKind.Number, read, null));

    private delegate double AgeReader(in FactSource source);

    private static void Age(string key, string title, AgeReader read) =>
        Add(new FactDefinition(key, title, "days", FactKind.Number, (in s, _) => read(s), null) { IsAge = true });

    private static void Flag(string key, string title, FactDefinition.NumberReader read) =>
        Add(new FactDefinition(key, title, "yes or no", FactKind.Flag, read, null));

    private static void Text(string key, string title, FactDefinition.TextReader read, IReadOnlyList<string>? words = null) =>
        Add(new FactDefinition(key, title, "word", FactKind.Text, null, read) { Words = words });

    private static void Add(FactDefinition fact)
    {
        Registered.Add(fact);
        ByKey.Add(fact.Key, fact);
    }
}
