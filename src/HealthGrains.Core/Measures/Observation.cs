using HealthGrains.Accounts;
using HealthGrains.Signals;
using HealthGrains.Tenants;

namespace HealthGrains.Measures;

/// <summary>
/// Everything that the measures read, taken from the calendar once: the sums, counts and standing facts at a moment, with only the
/// signals known up to another (the same, but for the ledger's question "what if nothing had happened since?").
/// </summary>
internal struct Observation
{
    private const double Day = Days.Millis;

    /// <summary>The moment, Unix milliseconds.</summary>
    public long At;
    /// <summary>Days since the first usage signal; negative before it.</summary>
    public double UsageDays;
    /// <summary>Days over which a count of zero tickets, failures or meetings is a fact.</summary>
    public double TicketDays, BillingDays, EngagementDays, CrmDays;
    /// <summary>Whether the account's past before the data is known: it began when the data already flowed.</summary>
    public bool BornObserved;

    public double Logins14, LoginsBase, Sessions14, Minutes14, SessionsBase, MinutesBase, Workflows14, WorkflowsBase;
    public double EmailsSent28, EmailsOpened28;
    public double WeeklyUsers, WeeklyUsersBase, KnownUsers, Features14, FeaturesBase;
    public double WeekdaysSinceUse;
    public double Seats;

    public TicketFigures Tickets;
    public BillingFigures Billing;
    public double MeetingsWeighted;
    public double NpsWeight, NpsMean, NpsOldWeight, NpsOldMean;
    public int Milestones, Integrations;
    public bool IntegrationsKnown;
    public long ChampionLeftAt, CancelRequestedAt;
    public double UsageLostFor, TicketsLostFor, BillingLostFor, EngagementLostFor;

    public static Observation Take(AccountState state, TenantFacts tenant, long at, long known)
    {
        var calendar = state.Calendar;
        var o = new Observation { At = at };
        o.ReadTimes(state, tenant, at, known);
        o.ReadUsage(calendar, tenant, at, known);
        o.ReadEmails(calendar, tenant.Lost(SignalSource.Engagement), at, known);
        var (ticketsAt, ticketsKnown) = o.Told(SignalSource.Ticket, tenant, at, known);
        o.Tickets = TicketFigures.Read(calendar.Events.Items, ticketsAt, ticketsKnown);
        var (billingAt, billingKnown) = o.Told(SignalSource.Billing, tenant, at, known);
        o.Billing = BillingFigures.Read(calendar, billingAt, billingKnown);
        var (engagementAt, engagementKnown) = o.Told(SignalSource.Engagement, tenant, at, known);
        o.ReadEvents(calendar.Events.Items, engagementAt, engagementKnown);
        o.ReadFacts(calendar.Facts.Items, known);
        o.Seats = state.Profile.Seats ?? LastSeats(calendar.Gauges.Items, known);
        return o;
    }

    private void ReadTimes(AccountState state, TenantFacts tenant, long at, long known)
    {
        var first = state.Calendar.First;
        var since = long.MaxValue;
        for (var source = 0; source < SourceTimes.Count; source++) since = Math.Min(since, first[source]);
        var started = state.Profile.StartedAt?.ToUnixTimeMilliseconds() ?? long.MaxValue;
        BornObserved = started != long.MaxValue && started >= tenant.FirstAt(SignalSource.Usage);
        since = Math.Min(since, started);
        UsageDays = Since(first[(int)SignalSource.Usage], at, known);
        TicketDays = Since(Math.Max(since, tenant.FirstAt(SignalSource.Ticket)), at, known);
        BillingDays = Since(Math.Max(since, tenant.FirstAt(SignalSource.Billing)), at, known);
        EngagementDays = Since(Math.Max(since, tenant.FirstAt(SignalSource.Engagement)), at, known);
        CrmDays = Since(Math.Max(since, tenant.FirstAt(SignalSource.Crm)), at, known);
    }

    private static double Since(long first, long at, long known) => first > known || first > at ? -1 : (at - first) / Day;

    /// <summary>
    /// Days for which nothing of a source has been told to anybody: its figures stand as they were before. 0 while it is heard.
    /// </summary>
    public readonly double LostFor(SignalSource source) => source switch
    {
        SignalSource.Usage => UsageLostFor,
        SignalSource.Ticket => TicketsLostFor,
        SignalSource.Billing => BillingLostFor,
        SignalSource.Engagement => EngagementLostFor,
        _ => 0,
    };

    // While a source is lost what is told one by one stands still: what is open may long be closed. What is counted by days has days
    // that stand for the lost ones.
    private (long At, long Known) Told(SignalSource source, TenantFacts tenant, long at, long known)
    {
        var told = tenant.Lost(source).LastKnown(at);
        if (told == at) return (at, known);
        var days = (at - told) / Day;
        switch (source)
        {
            case SignalSource.Usage: UsageLostFor = days; break;
            case SignalSource.Ticket: TicketsLostFor = days; break;
            case SignalSource.Billing: BillingLostFor = days; break;
            default: EngagementLostFor = days; break;
        }
        return (told, Math.Min(known, told - 1));
    }

    private void ReadEmails(Calendar calendar, LostDays lost, long at, long known)
    {
        var window = new Window(calendar, at, known, lost);
        EmailsSent28 = window.Sum(DayColumn.EmailsSent, 28);
        EmailsOpened28 = window.Sum(DayColumn.EmailsOpened, 28);
    }

    private void ReadUsage(Calendar calendar, TenantFacts tenant, long at, long known)
    {
        Told(SignalSource.Usage, tenant, at, known);
        var window = new Window(calendar, at, known, tenant.Lost(SignalSource.Usage));
        Logins14 = window.Sum(DayColumn.Logins, 14);
        LoginsBase = window.Sum(DayColumn.Logins, 42) - Logins14;
        Sessions14 = window.Sum(DayColumn.Sessions, 14);
        Minutes14 = window.Sum(DayColumn.Minutes, 14);
        SessionsBase = window.Sum(DayColumn.Sessions, 42) - Sessions14;
        MinutesBase = window.Sum(DayColumn.Minutes, 42) - Minutes14;
        Workflows14 = window.Sum(DayColumn.Workflows, 14);
        WorkflowsBase = window.Sum(DayColumn.Workflows, 42) - Workflows14;
        var users = window.CountUsers(calendar.Users);
        // A week that the account did not live through says nothing of it.
        var weeks = Math.Clamp(UsageDays / 7, 1, 2);
        (WeeklyUsers, WeeklyUsersBase, KnownUsers) = ((users.Week + users.WeekBefore) / weeks, users.EarlierWeeks, users.SixWeeks);
        var features = window.CountFeatures(calendar.Features);
        (Features14, FeaturesBase) = (features.Fortnight, features.EarlierFortnights);
        WeekdaysSinceUse = window.WeekdaysSinceUse(calendar, at, known);
    }

    private void ReadEvents(ReadOnlySpan<Happening> events, long at, long known)
    {
        double recent = 0, recentSum = 0, old = 0, oldSum = 0;
        foreach (ref readonly var item in events)
        {
            if (item.At > known) break;
            var age = (at - item.At) / Day;
            switch (item.Kind)
            {
                case SignalKind.MeetingHeld:
                    MeetingsWeighted += Fading(age, 42);
                    break;
                case SignalKind.NpsAnswered when !float.IsNaN(item.Value):
                    var weight = Fading(age, 120);
                    recent += weight;
                    recentSum += weight * item.Value;
                    // What is not recent is the past that the trend is drawn against.
                    var past = Fading(age, 365) - weight;
                    old += past;
                    oldSum += past * item.Value;
                    break;
            }
        }
        (NpsWeight, NpsMean) = (recent, recent > 0 ? recentSum / recent : 0);
        (NpsOldWeight, NpsOldMean) = (old, old > 0 ? oldSum / old : 0);
    }

    private void ReadFacts(ReadOnlySpan<Happening> facts, long known)
    {
        ChampionLeftAt = CancelRequestedAt = long.MinValue;
        for (var k = 0; k < facts.Length; k++)
        {
            ref readonly var item = ref facts[k];
            if (item.At > known) break;
            switch (item.Kind)
            {
                case SignalKind.MilestoneReached:
                    if (!Repeats(facts[..k], item)) Milestones++;
                    break;
                case SignalKind.IntegrationConnected or SignalKind.IntegrationRemoved:
                    IntegrationsKnown = true;
                    if (item.Kind == SignalKind.IntegrationConnected && !Undone(facts[(k + 1)..], item, known)) Integrations++;
                    break;
                case SignalKind.ContactLeft when item.Name == NameId.Champion:
                    if (!Standing.IsHeldByAnother(facts[..k], item)) ChampionLeftAt = item.At;
                    break;
                case SignalKind.ContactJoined when item.Name == NameId.Champion:
                    ChampionLeftAt = long.MinValue;
                    break;
                case SignalKind.CancelRequested:
                    CancelRequestedAt = item.At;
                    break;
                case SignalKind.Renewed or SignalKind.DealClosed:
                    CancelRequestedAt = long.MinValue;
                    break;
            }
        }
    }

    private static double LastSeats(ReadOnlySpan<Gauge> gauges, long known)
    {
        for (var k = gauges.Length - 1; k >= 0; k--)
            if (gauges[k].Kind == SignalKind.SeatsChanged && gauges[k].At <= known && !float.IsNaN(gauges[k].Value)) return gauges[k].Value;
        return 0;
    }

    /// <summary>A weight that falls from 1 to 0 over so many days, so that nothing leaves with a jump.</summary>
    public static double Fading(double ageDays, double overDays) => Math.Clamp(1 - ageDays / overDays, 0, 1);

    private static bool Repeats(ReadOnlySpan<Happening> earlier, in Happening item)
    {
        foreach (ref readonly var other in earlier)
            if (other.Kind == item.Kind && other.Name == item.Name) return true;
        return false;
    }

    // Connected again counts once, as the last of its connections.
    private static bool Undone(ReadOnlySpan<Happening> later, in Happening item, long known)
    {
        foreach (ref readonly var other in later)
        {
            if (other.At > known) return false;
            if (other.Name == item.Name && other.Kind is (SignalKind.IntegrationConnected or SignalKind.IntegrationRemoved)) return true;
        }
        return false;
    }
}
