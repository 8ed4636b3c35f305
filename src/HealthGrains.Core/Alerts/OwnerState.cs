using HealthGrains.Accounts;
using HealthGrains.Delivery;
using HealthGrains.Hosting;
using HealthGrains.Plays;

namespace HealthGrains.Alerts;

/// <summary>
/// What is remembered of telling an owner: an actor a CSM, and one for the accounts that nobody owns. What was pushed is not here but in
/// rows of the host, for lists show it and an erased account takes it along.
/// </summary>
public sealed class OwnerState
{
    /// <summary>When the actor next needs to look, Unix milliseconds; <see cref="long.MaxValue"/> for not at all.</summary>
    public long WakeAt { get; set; } = long.MaxValue;

    /// <summary>The moment of the last digest, whether there was something to say or not; at first when the actor began.</summary>
    public long? DigestAt { get; set; }

    /// <summary>The day of that digest, in the owner's time zone.</summary>
    public DateOnly? DigestDay { get; set; }
}

/// <summary>What an owner's actor sees when it looks.</summary>
public sealed record OwnerSight
{
    /// <summary>The owner; <see cref="OwnerTurns.Nobody"/> for the accounts that nobody owns.</summary>
    public required string Owner { get; init; }
    /// <summary>The owner's alerts that are not over.</summary>
    public required IReadOnlyList<AlertView> Alerts { get; init; }
    /// <summary>What was pushed to the owner: of these alerts, and of the days that the budget counts.</summary>
    public required IReadOnlyCollection<AlertPush> Pushes { get; init; }
    /// <summary>The ARR at risk by account, where it is known.</summary>
    public IReadOnlyDictionary<string, decimal> AtRisk { get; init; } = new Dictionary<string, decimal>();
    /// <summary>What a digest says besides; needed when <see cref="OwnerTurns.DigestDue"/> says so.</summary>
    public OwnerMorning? Morning { get; init; }
}

/// <summary>What there is on a morning beside alerts.</summary>
/// <param name="Ended">Alerts of the owner that ended since the digest before.</param>
/// <param name="Tasks">The owner's tasks that are not done.</param>
/// <param name="Drafts">Drafts that wait for the owner.</param>
public sealed record OwnerMorning(IReadOnlyList<AlertView> Ended, IReadOnlyList<TaskView> Tasks, IReadOnlyList<DraftView> Drafts);

/// <summary>All that goes into a turn of an owner's actor beside its state and what it sees.</summary>
/// <param name="Now">The host's clock, Unix milliseconds.</param>
/// <param name="Practice">The company's practice.</param>
/// <param name="Writer">Writes the digest.</param>
/// <param name="Outbox">Where effects go; the host stores them with the state.</param>
public readonly record struct OwnerTurn(long Now, Practice Practice, ITextWriter Writer, OwnerOutbox Outbox);

/// <summary>An alert is pushed.</summary>
/// <param name="Owner">To whom; <see cref="OwnerTurns.Nobody"/> where nobody owns the account.</param>
/// <param name="Push">What and when.</param>
/// <param name="Alert">The alert as it is now.</param>
public sealed record AlertPushed(string Owner, AlertPush Push, AlertView Alert);

/// <summary>What a turn of an owner's actor leaves.</summary>
public sealed class OwnerOutbox
{
    /// <summary>Alerts that are pushed.</summary>
    public List<AlertPushed> Pushed { get; } = [];

    /// <summary>What is to leave the house.</summary>
    public List<Dispatch> Dispatches { get; } = [];

    /// <summary>What was decided, and by which rule.</summary>
    public List<AuditView> Audit { get; } = [];

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        Pushed.Clear();
        Dispatches.Clear();
        Audit.Clear();
    }
}
