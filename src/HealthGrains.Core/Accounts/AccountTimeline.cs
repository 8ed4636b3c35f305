using System.Globalization;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Accounts;

/// <summary>
/// What a calendar remembers by itself and a person would mark on the account's history: contracts, people, milestones, money, opinions.
/// Tickets and meetings are too many for that; the score tells of them.
/// </summary>
internal static class AccountTimeline
{
    private const int Detractor = 6;
    private const int Promoter = 9;

    /// <summary>Events from a moment to another, in no order.</summary>
    public static IEnumerable<TimelineItem> Of(AccountState state, long since, long until, INames names)
    {
        var items = new List<TimelineItem>();
        var facts = state.Calendar.Facts.Items;
        var events = state.Calendar.Events.Items;
        foreach (ref readonly var fact in facts)
            if (fact.At <= until && OfFact(fact, names, state.Profile.Currency) is { } item) items.Add(item);
        foreach (ref readonly var happened in events)
            if (happened.At <= until && OfOpinion(happened) is { } item) items.Add(item);
        AddPayments(events, until, items);
        AddSeats(state.Calendar.Gauges.Items, until, items);
        var first = Days.Time(since);
        return items.Where(item => item.At >= first);
    }

    private static TimelineItem? OfFact(in Happening fact, INames names, string currency)
    {
        var name = fact.Name == 0 ? null : names.Text(fact.Name);
        return fact.Kind switch
        {
            SignalKind.MilestoneReached => Item(fact, $"Milestone reached: {name}", TimelineTone.Good),
            SignalKind.IntegrationConnected => Item(fact, $"Integration connected: {name}", TimelineTone.Good),
            SignalKind.IntegrationRemoved => Item(fact, $"Integration removed: {name}", TimelineTone.Bad),
            SignalKind.ContactJoined => Item(fact, $"A contact joined: {name}", TimelineTone.Good),
            SignalKind.ContactLeft => Item(fact, $"A contact left: {name}", TimelineTone.Bad),
            SignalKind.PlanChanged => Item(
                fact, name is null ? "Plan changed" : $"Plan changed to {name}",
                fact.Value > 0 ? TimelineTone.Good : fact.Value < 0 ? TimelineTone.Bad : TimelineTone.Neutral,
                float.IsNaN(fact.Value) ? null : $"by {Amount(fact.Value, currency)}"),
            SignalKind.CancelRequested => Item(fact, "Cancellation requested", TimelineTone.Bad),
            SignalKind.SubscriptionCancelled => Item(fact, "Subscription ended", TimelineTone.Bad),
            SignalKind.Churned => Item(fact, "Churned", TimelineTone.Bad, name),
            SignalKind.Renewed => Item(fact, "Renewed", TimelineTone.Good, Amount(fact.Value, currency)),
            SignalKind.DealClosed => Item(fact, "Deal closed", TimelineTone.Good, Amount(fact.Value, currency)),
            _ => null,
        };
    }

    private static TimelineItem? OfOpinion(in Happening happened) => happened.Kind switch
    {
        SignalKind.DowngradeRequested => Item(happened, "A smaller plan was asked for", TimelineTone.Bad),
        SignalKind.NpsAnswered => Item(
            happened, $"NPS answer: {Figure(happened.Value)} of 10",
            happened.Value <= Detractor ? TimelineTone.Bad : happened.Value >= Promoter ? TimelineTone.Good : TimelineTone.Neutral),
        SignalKind.ReviewPosted => Item(
            happened, $"Public review: {Figure(happened.Value)} of 5 stars",
            happened.Value < 3 ? TimelineTone.Bad : happened.Value > 3 ? TimelineTone.Good : TimelineTone.Neutral),
        _ => null,
    };

    // Of an invoice the first failure, and the payment that ends it: what lies between is one trouble.
    private static void AddPayments(ReadOnlySpan<Happening> events, long until, List<TimelineItem> items)
    {
        var unpaid = new Dictionary<uint, (int Place, int Failures)>();
        foreach (ref readonly var item in events)
        {
            if (item.At > until) break;
            if (item.Kind == SignalKind.PaymentFailed)
            {
                if (unpaid.TryGetValue(item.Subject, out var known)) unpaid[item.Subject] = known with { Failures = known.Failures + 1 };
                else
                {
                    unpaid[item.Subject] = (items.Count, 1);
                    items.Add(Item(item, "Payment failed", TimelineTone.Bad));
                }
            }
            else if (item.Kind == SignalKind.InvoicePaid && unpaid.Remove(item.Subject, out var ended))
            {
                var days = (Days.Time(item.At) - items[ended.Place].At).TotalDays;
                items[ended.Place] = items[ended.Place] with { Detail = Times(ended.Failures) };
                items.Add(Item(item, "Failed payment made good", TimelineTone.Good,
                    string.Create(CultureInfo.InvariantCulture, $"after {days:0.#} days")));
            }
        }
        foreach (var (place, failures) in unpaid.Values)
            items[place] = items[place] with { Detail = Times(failures) is { } times ? $"{times}; not paid yet" : "not paid yet" };
    }

    private static void AddSeats(ReadOnlySpan<Gauge> gauges, long until, List<TimelineItem> items)
    {
        var seats = float.NaN;
        foreach (ref readonly var gauge in gauges)
        {
            if (gauge.Kind != SignalKind.SeatsChanged || float.IsNaN(gauge.Value) || gauge.At > until) continue;
            // Of the first reading it is not known what it was before.
            if (!float.IsNaN(seats) && gauge.Value != seats)
                items.Add(new TimelineItem(Days.Time(gauge.At), SignalKind.SeatsChanged.Rule().WireName,
                    $"Seats changed from {Figure(seats)} to {Figure(gauge.Value)}",
                    gauge.Value > seats ? TimelineTone.Good : TimelineTone.Bad));
            seats = gauge.Value;
        }
    }

    private static TimelineItem Item(in Happening happened, string title, TimelineTone tone, string? detail = null) =>
        new(Days.Time(happened.At), happened.Kind.Rule().WireName, title, tone, detail);

    private static string? Times(int failures) => failures == 1 ? null : $"{failures} attempts";

    private static string Figure(float value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string? Amount(float value, string currency) =>
        float.IsNaN(value) ? null : string.Create(CultureInfo.InvariantCulture, $"{value:#,0.##} {currency}");
}
