using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Core.Tests.Plays;
using HealthGrains.Delivery;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Plays;

namespace HealthGrains.Core.Tests.Alerts;

/// <summary>An owner's actor, the rows that a host keeps for it, and a clock that the test moves.</summary>
internal sealed class OwnerScene(string owner = "dana")
{
    public static readonly Guardrail ThreeAWeek = Made.Rule(GuardrailKind.AlertBudget, "budget") with { Most = 3, Days = 7 };

    public static readonly Guardrail AtEight =
        Made.Rule(GuardrailKind.Digest, "digest") with { From = new TimeOnly(8, 0), Template = "letter" };

    public long Now { get; set; } = Scene.Monday;

    public OwnerState State { get; } = new();

    public List<AlertView> Alerts { get; } = [];

    public List<AlertPush> Pushes { get; } = [];

    public List<TaskView> Tasks { get; } = [];

    public List<DraftView> Drafts { get; } = [];

    public Dictionary<string, decimal> AtRisk { get; } = [];

    public OwnerOutbox Outbox { get; } = new();

    public List<Guardrail> Rules { get; init; } = [ThreeAWeek, AtEight];

    public List<Team> Teams { get; init; } = [Made.Team];

    public Practice Practice => new([], [], Rules, [Made.Letter], Teams);

    public IEnumerable<string> Told => Outbox.Pushed.Select(push => push.Push.Key);

    public IEnumerable<ChatBody> Chats => Outbox.Dispatches.Select(sent => sent.Body).OfType<ChatBody>();

    public IEnumerable<Dispatch> Digests => Outbox.Dispatches.Where(sent => sent.Account.Length == 0);

    /// <summary>Looks, as hosts do: with the rows of what is not over, and the morning's when a digest is due.</summary>
    public bool Look()
    {
        var (practice, before) = (Practice, Outbox.Pushed.Count);
        OwnerMorning? morning = null;
        if (OwnerTurns.DigestDue(State, owner, practice, Now) is { } since)
            morning = new OwnerMorning([.. Alerts.Where(alert => alert.ResolvedAt >= Days.Time(since))], [.. Tasks], [.. Drafts]);
        var sight = new OwnerSight
        {
            Owner = owner, Alerts = [.. Alerts.Where(alert => alert.ResolvedAt is null)], Pushes = [.. Pushes], AtRisk = AtRisk,
            Morning = morning,
        };
        var changed = OwnerTurns.Look(State, sight, new OwnerTurn(Now, practice, new LetterWriter(), Outbox));
        Pushes.AddRange(Outbox.Pushed.Skip(before).Select(push => push.Push));
        return changed;
    }

    /// <summary>Lives on; the actor is woken whenever it asked to be.</summary>
    public void Live(double days)
    {
        var until = Now + (long)(days * Days.Millis);
        while (State.WakeAt <= until)
        {
            Now = Math.Max(Now, State.WakeAt);
            Look();
        }
        Now = until;
    }

    public AlertView Raise(string id, int rank = 60, bool urgent = false, string? account = null)
    {
        var alert = new AlertView
        {
            Id = id, Account = account ?? "acme", AccountName = "Acme", Rule = "r", Severity = Band.Yellow, State = AlertState.Open,
            RaisedAt = Days.Time(Now), Since = Days.Time(Now), Reason = $"Reason {id}", Score = 50, Drivers = [], SuggestedApproach = "Call",
            Tier = Tier.Standard, Arr = 20_000, Currency = "USD", Owner = owner.Length == 0 ? null : owner, Rank = rank, Urgent = urgent,
        };
        Alerts.Add(alert);
        return alert;
    }

    public void Change(string id, Func<AlertView, AlertView> change)
    {
        var at = Alerts.FindIndex(alert => alert.Id == id);
        Alerts[at] = change(Alerts[at]);
    }

    public void Resolve(string id) =>
        Change(id, alert => alert with { State = AlertState.Resolved, ResolvedAt = Days.Time(Now), ResolvedBy = owner, Resolution = "talked" });

    public static TaskView Task(string title, long due) => new()
    {
        Id = $"acme:task:{title}", Account = "acme", AccountName = "Acme", Title = title, DueAt = Days.Time(due), CreatedAt = Days.Time(due),
        State = TaskState.Open, Outcomes = [],
    };
}
