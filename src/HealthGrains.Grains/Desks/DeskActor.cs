using HealthGrains.Accounts;
using HealthGrains.Actors;
using HealthGrains.Delivery;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Situations;

namespace HealthGrains.Grains.Desks;

/// <summary>What is stored of a desk: its state, and what a cluster needs beside it.</summary>
public sealed class DeskSeat
{
    private const int MostAnswered = 16;

    /// <summary>The desk.</summary>
    public DeskState Desk { get; set; } = new();

    /// <summary>When it next needs to be woken.</summary>
    public long WakeAt { get; set; } = long.MaxValue;

    /// <summary>The last requests of people, oldest first, with what was answered: one that is made again is not done again.</summary>
    public List<DeskAnswer> Answered { get; set; } = [];

    /// <summary>Remembers what was answered.</summary>
    public void Remember(string request, DeskReply reply)
    {
        if (Answered.Count == MostAnswered) Answered.RemoveAt(0);
        Answered.Add(new DeskAnswer(request, reply));
    }
}

/// <summary>What was answered to a request.</summary>
public sealed record DeskAnswer(string Request, DeskReply Reply);

/// <summary>What a turn of a desk leaves to be stored elsewhere, sent and told of: all of a turn together.</summary>
public sealed record DeskMessage
{
    /// <summary>The desk's version after the turn: each has its own, and they grow.</summary>
    public required long Version { get; init; }
    /// <summary>Alerts on the desk that are not over.</summary>
    public required int OpenAlerts { get; init; }
    /// <summary>Alerts raised, acknowledged, put off or ended, in order.</summary>
    public IReadOnlyList<AlertEffect> Alerts { get; init; } = [];
    /// <summary>Plays as they are now.</summary>
    public IReadOnlyList<PlayView> Plays { get; init; } = [];
    /// <summary>Drafts as they are now.</summary>
    public IReadOnlyList<DraftView> Drafts { get; init; } = [];
    /// <summary>Tasks as they are now.</summary>
    public IReadOnlyList<TaskView> Tasks { get; init; } = [];
    /// <summary>Notes that were written.</summary>
    public IReadOnlyList<NoteView> Notes { get; init; } = [];
    /// <summary>What is to leave the house.</summary>
    public IReadOnlyList<Dispatch> Dispatches { get; init; } = [];
    /// <summary>What was decided.</summary>
    public IReadOnlyList<AuditView> Audit { get; init; } = [];

    /// <summary>What a turn left.</summary>
    public static DeskMessage Of(DeskState desk, DeskOutbox left) => new()
    {
        Version = desk.Version, OpenAlerts = desk.Alerts.Count, Alerts = left.Alerts, Plays = left.Plays, Drafts = left.Drafts,
        Tasks = left.Tasks, Notes = left.Notes, Dispatches = left.Dispatches, Audit = left.Audit,
    };
}

/// <summary>What a desk sees in a turn.</summary>
/// <param name="Account">A copy of the account.</param>
/// <param name="Ruling">What the account is judged by.</param>
/// <param name="Practice">What people go by.</param>
/// <param name="Writer">Writes texts.</param>
internal sealed record DeskSight(AccountState Account, Ruling Ruling, Practice Practice, ITextWriter Writer)
{
    public DeskTurn Turn(long now, DeskOutbox outbox) =>
        new(now, Situation.Of(Account, Ruling.Turn(now, new Outbox())), Practice, Writer, outbox);
}

/// <summary>A desk as an actor: it is woken when its state asks for it, and looks.</summary>
internal readonly struct DeskActor : IActorTurns<DeskSeat, DeskMessage>
{
    /// <summary>Whom a desk's messages are for.</summary>
    public const string Store = "store";

    // Whatever a look leaves due is taken again soon, but does not keep the actor turning.
    private const long Breath = 1_000;

    public static long NextWake(DeskSeat state) => state.WakeAt;

    public static void Wake(DeskSeat state, in ActorTurn<DeskMessage> turn) => Look(state, turn);

    /// <summary>Looks at the account and at the time. True when anything changed.</summary>
    public static bool Look(DeskSeat seat, in ActorTurn<DeskMessage> turn)
    {
        var outbox = new DeskOutbox();
        var changed = DeskTurns.Look(seat.Desk, Sight(turn).Turn(turn.Now, outbox));
        return End(seat, turn, outbox) || changed;
    }

    /// <summary>A person asks for something.</summary>
    public static DeskReply Do(DeskSeat seat, string request, DeskCommand command, in ActorTurn<DeskMessage> turn)
    {
        if (seat.Answered.Find(answer => answer.Request == request) is { } known) return known.Reply;
        var outbox = new DeskOutbox();
        var reply = DeskTurns.Do(seat.Desk, command, Sight(turn).Turn(turn.Now, outbox));
        End(seat, turn, outbox);
        seat.Remember(request, reply);
        return reply;
    }

    private static bool End(DeskSeat seat, in ActorTurn<DeskMessage> turn, DeskOutbox outbox)
    {
        if (!outbox.IsEmpty) turn.Outbox.Send(Store, DeskMessage.Of(seat.Desk, outbox));
        var wake = Math.Max(seat.Desk.WakeAt, turn.Now + Breath);
        if (wake == seat.WakeAt) return false;
        seat.WakeAt = wake;
        return true;
    }

    private static DeskSight Sight(in ActorTurn<DeskMessage> turn) =>
        turn.Given as DeskSight ?? throw new InvalidOperationException("a desk sees nothing without its account");
}
