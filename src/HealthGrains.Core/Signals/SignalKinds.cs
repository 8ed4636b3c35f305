using System.Collections.Frozen;

namespace HealthGrains.Signals;

/// <summary>What a kind of signal must carry. One row a kind; intake, validation and documentation read it.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="WireName">Its name on the wire, such as <c>featureUsed</c>; unique within its source.</param>
/// <param name="Subject">What the subject is (user, ticket, invoice, contact); null when it has none.</param>
/// <param name="SubjectRequired">Whether it makes no sense without a subject.</param>
/// <param name="NameRequired">Whether it makes no sense without a name.</param>
/// <param name="ValueRequired">Whether it makes no sense without a value.</param>
/// <param name="Min">Least value allowed.</param>
/// <param name="Max">Greatest value allowed.</param>
/// <param name="Unit">Unit of the value; null when it carries none.</param>
public sealed record SignalRule(
    SignalKind Kind, string WireName, string? Subject, bool SubjectRequired, bool NameRequired, bool ValueRequired,
    float Min, float Max, string? Unit);

/// <summary>The registry of kinds: names on the wire, and what each must carry.</summary>
public static class SignalKinds
{
    private const float Amount = 1e12f;

    /// <summary>All kinds, in the order of their sources.</summary>
    public static IReadOnlyList<SignalRule> All { get; } =
    [
        Rule(SignalKind.Login, "login", "user"),
        Rule(SignalKind.FeatureUsed, "featureUsed", "user", name: true, min: 0, max: 1e6f, unit: "times"),
        Rule(SignalKind.SessionEnded, "sessionEnded", "user", value: true, min: 0, max: 1440, unit: "minutes"),
        Rule(SignalKind.WorkflowCompleted, "workflowCompleted", "user", min: 0, max: 1e6f, unit: "times"),
        Rule(SignalKind.IntegrationConnected, "integrationConnected", null, name: true),
        Rule(SignalKind.IntegrationRemoved, "integrationRemoved", null, name: true),
        Rule(SignalKind.SeatsInUse, "seatsInUse", null, value: true, min: 0, max: 1e7f, unit: "seats"),
        Rule(SignalKind.LimitUsed, "limitUsed", null, name: true, value: true, min: 0, max: 100, unit: "share of the limit"),
        Rule(SignalKind.TicketOpened, "opened", "ticket", subject: true, min: 1, max: 4, unit: "priority, 1 low to 4 urgent"),
        Rule(SignalKind.TicketReplied, "replied", "ticket", subject: true),
        Rule(SignalKind.TicketSolved, "solved", "ticket", subject: true),
        Rule(SignalKind.TicketReopened, "reopened", "ticket", subject: true),
        Rule(SignalKind.TicketCsat, "csat", "ticket", subject: true, value: true, min: 1, max: 5, unit: "stars"),
        Rule(SignalKind.InvoicePaid, "invoicePaid", "invoice", min: 0, max: Amount, unit: "amount"),
        Rule(SignalKind.PaymentFailed, "paymentFailed", "invoice", min: 0, max: Amount, unit: "amount"),
        Rule(SignalKind.DowngradeRequested, "downgradeRequested", null),
        Rule(SignalKind.PlanChanged, "planChanged", null, min: -Amount, max: Amount, unit: "change of the recurring amount"),
        Rule(SignalKind.SeatsChanged, "seatsChanged", null, value: true, min: 0, max: 1e7f, unit: "seats"),
        Rule(SignalKind.CancelRequested, "cancelRequested", null),
        Rule(SignalKind.SubscriptionCancelled, "subscriptionCancelled", null),
        Rule(SignalKind.CreditIssued, "creditIssued", null, min: 0, max: Amount, unit: "amount"),
        Rule(SignalKind.EmailSent, "emailSent", "contact"),
        Rule(SignalKind.EmailOpened, "emailOpened", "contact"),
        Rule(SignalKind.MeetingHeld, "meetingHeld", "contact"),
        Rule(SignalKind.NpsAnswered, "npsAnswered", "contact", value: true, min: 0, max: 10, unit: "points"),
        Rule(SignalKind.ReviewPosted, "reviewPosted", null, value: true, min: 1, max: 5, unit: "stars"),
        Rule(SignalKind.SurveyAnswered, "surveyAnswered", "contact", min: 0, max: 10, unit: "points"),
        Rule(SignalKind.ContactJoined, "contactJoined", "contact", name: true),
        Rule(SignalKind.ContactLeft, "contactLeft", "contact", name: true),
        Rule(SignalKind.MilestoneReached, "milestoneReached", null, name: true),
        Rule(SignalKind.DealClosed, "dealClosed", null, min: 0, max: Amount, unit: "amount"),
        Rule(SignalKind.Renewed, "renewed", null, min: 0, max: Amount, unit: "amount"),
        Rule(SignalKind.Churned, "churned", null),
        Rule(SignalKind.NoteAdded, "noteAdded", null),
    ];

    private static readonly SignalRule?[] ByKind = Index();

    private static readonly FrozenDictionary<string, SignalSource> Sources = Enum.GetValues<SignalSource>()
        .ToFrozenDictionary(WireName, StringComparer.Ordinal);

    private static readonly FrozenDictionary<(SignalSource, string), SignalKind> ByWireName = All
        .ToFrozenDictionary(rule => (rule.Kind.Source(), rule.WireName), rule => rule.Kind);

    /// <summary>The priorities of a ticket by their names on the wire; the first is 1.</summary>
    public static IReadOnlyList<string> Priorities { get; } = ["low", "normal", "high", "urgent"];

    /// <summary>
    /// Whether a signal of the kind may be evidence that somebody wants to see in its own system: of a login nobody does.
    /// </summary>
    public static bool IsEvidence(this SignalKind kind) =>
        kind.Source() != SignalSource.Usage && kind is not (SignalKind.EmailSent or SignalKind.EmailOpened);

    /// <summary>The source of a kind.</summary>
    public static SignalSource Source(this SignalKind kind) => (SignalSource)((byte)kind >> 4);

    /// <summary>The row of a kind. Throws <see cref="ArgumentOutOfRangeException"/> for a number that is no kind.</summary>
    public static SignalRule Rule(this SignalKind kind) =>
        ByKind[(byte)kind] ?? throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind of signal");

    /// <summary>Whether the number is a kind.</summary>
    public static bool IsDefined(SignalKind kind) => ByKind[(byte)kind] is not null;

    /// <summary>The source's name on the wire: usage, ticket, billing, engagement, crm.</summary>
    public static string WireName(this SignalSource source) => source switch
    {
        SignalSource.Usage => "usage",
        SignalSource.Ticket => "ticket",
        SignalSource.Billing => "billing",
        SignalSource.Engagement => "engagement",
        SignalSource.Crm => "crm",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "no such source"),
    };

    /// <summary>The source of that name, or null.</summary>
    public static SignalSource? FindSource(string name) => Sources.TryGetValue(name, out var source) ? source : null;

    /// <summary>The kind of that name within its source, or null.</summary>
    public static SignalKind? Find(SignalSource source, string name) =>
        ByWireName.TryGetValue((source, name), out var kind) ? kind : null;

    /// <summary>The names of a source's kinds, for error messages: "login, featureUsed, ...".</summary>
    public static string KnownKinds(SignalSource source) =>
        string.Join(", ", All.Where(rule => rule.Kind.Source() == source).Select(rule => rule.WireName));

    private static SignalRule Rule(
        SignalKind kind, string wireName, string? subjectIs, bool subject = false, bool name = false, bool value = false,
        float min = float.NegativeInfinity, float max = float.PositiveInfinity, string? unit = null) =>
        new(kind, wireName, subjectIs, subject, name, value, min, max, unit);

    private static SignalRule?[] Index()
    {
        var index = new SignalRule?[256];
        foreach (var rule in All) index[(byte)rule.Kind] = rule;
        return index;
    }
}
