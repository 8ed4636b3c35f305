using HealthGrains.Signals;

namespace HealthGrains.Hosting;

/// <summary>A signal and the account it belongs to.</summary>
/// <param name="Account">The account's id.</param>
/// <param name="Signal">What happened.</param>
public readonly record struct IncomingSignal(string Account, Signal Signal);

/// <summary>A name first seen in this batch, so that the host can show it again.</summary>
/// <param name="Id">The number that states hold.</param>
/// <param name="Text">The name.</param>
public readonly record struct NewName(uint Id, string Text);

/// <summary>Where a signal can be seen in its own system. Kept beside accounts and not in them: nothing is computed from it.</summary>
/// <param name="Account">The account.</param>
/// <param name="Kind">What happened.</param>
/// <param name="At">When, Unix milliseconds; with the kind it tells which signal.</param>
/// <param name="Url">An https address, ASCII.</param>
public readonly record struct EvidenceLink(string Account, SignalKind Kind, long At, string Url);

/// <summary>An event whose account is not known yet. It waits, whole, until the link exists.</summary>
/// <param name="Source">The external system (segment, stripe ...).</param>
/// <param name="ExternalId">The account's id there.</param>
/// <param name="EventId">The event's own id, by which a repeated delivery is recognised.</param>
/// <param name="Format">The wire format of <paramref name="Body"/>, as <c>WireFormat</c> in Intake names it.</param>
/// <param name="Body">The event as it came, UTF-8 JSON.</param>
public sealed record HeldEvent(string Source, string ExternalId, string EventId, string Format, byte[] Body);

/// <summary>A fact about identity that an event taught: this external id belongs to that one, or to that account.</summary>
/// <param name="Source">The external system and kind of id, such as <c>segment</c> or <c>segment:user</c>.</param>
/// <param name="ExternalId">The id there.</param>
/// <param name="Target">An account's id, or for <c>segment:user</c> the group last seen for the user.</param>
public readonly record struct IdentityLink(string Source, string ExternalId, string Target);

/// <summary>One thing that could not be taken, and why.</summary>
/// <param name="Position">Index from 0, or line from 1 when <see cref="IntakeBatch.CountsLines"/>.</param>
/// <param name="Field">The field at fault, as it is spelled on the wire; empty for the whole.</param>
/// <param name="Reason">What is wrong and what would be right.</param>
public readonly record struct IntakeError(int Position, string Field, string Reason);

/// <summary>
/// What intake read from one request, in arrival order. The host takes it as one commit. Reusable: <see cref="Clear"/> keeps
/// the buffers. Owned by the host from the call of <see cref="IHealthGrains.TakeAsync"/> until that completes.
/// </summary>
public sealed class IntakeBatch
{
    /// <summary>How many errors are spelled out in a receipt; the rest are only counted.</summary>
    public const int MaxErrors = 100;

    private IncomingSignal[] _signals = new IncomingSignal[64];

    /// <summary>How many signals were read.</summary>
    public int Count { get; private set; }

    /// <summary>The signals, in arrival order.</summary>
    public Span<IncomingSignal> Signals => _signals.AsSpan(0, Count);

    /// <summary>Names first seen here.</summary>
    public List<NewName> Names { get; } = [];

    /// <summary>Addresses under which what happened can be seen in its own system.</summary>
    public List<EvidenceLink> Evidence { get; } = [];

    /// <summary>Events without a known account.</summary>
    public List<HeldEvent> Held { get; } = [];

    /// <summary>Identity links taught by events.</summary>
    public List<IdentityLink> Links { get; } = [];

    /// <summary>The first <see cref="MaxErrors"/> errors.</summary>
    public List<IntakeError> Errors { get; } = [];

    /// <summary>How many events were refused.</summary>
    public int Rejected { get; private set; }

    /// <summary>Events that were taken though they carry no signal (an identify call that taught a link).</summary>
    public int TakenWithoutSignal { get; set; }

    /// <summary>Signals beyond the first of their event (one subscription change may alter both the seats and the plan).</summary>
    public int ExtraSignals { get; set; }

    /// <summary>How many events were read: those that gave signals, are held, were refused, or carried no signal.</summary>
    public int Sent => Count - ExtraSignals + Held.Count + Rejected + TakenWithoutSignal;

    /// <summary>Whether positions in <see cref="Errors"/> are lines from 1 (NDJSON) rather than indexes from 0.</summary>
    public bool CountsLines { get; set; }

    /// <summary>
    /// Whether the sender waits until the accounts have taken the signals, where a host's answer comes before that otherwise.
    /// </summary>
    public bool UntilApplied { get; set; }

    /// <summary>When the oldest of it was received, wall time in Unix milliseconds, for measuring latency; 0 when not known.</summary>
    public long ReceivedAt { get; set; }

    /// <summary>Appends a signal.</summary>
    public void Add(string account, in Signal signal)
    {
        if (Count == _signals.Length) Array.Resize(ref _signals, Count * 2);
        _signals[Count++] = new IncomingSignal(account, signal);
    }

    /// <summary>Counts an event as refused and, for the first ones, says why.</summary>
    public void Reject(int position, string field, string reason)
    {
        Rejected++;
        if (Errors.Count < MaxErrors) Errors.Add(new IntakeError(position, field, reason));
    }

    /// <summary>Empties the batch and keeps its buffers.</summary>
    public void Clear()
    {
        Array.Clear(_signals, 0, Count);
        Count = 0;
        Rejected = 0;
        TakenWithoutSignal = 0;
        ExtraSignals = 0;
        CountsLines = false;
        UntilApplied = false;
        ReceivedAt = 0;
        Names.Clear();
        Evidence.Clear();
        Held.Clear();
        Links.Clear();
        Errors.Clear();
    }
}

/// <summary>What became of a request: accepted + duplicates + held + rejected = sent.</summary>
/// <param name="Accepted">Signals taken and durable.</param>
/// <param name="Late">Those of the accepted that are older than the calendar: kept in the log, no effect on the live score.</param>
/// <param name="Duplicates">Signals whose id was seen before.</param>
/// <param name="Held">Events that wait for an identity.</param>
/// <param name="Rejected">Events that were refused.</param>
/// <param name="Errors">Why, for the first 100 of the refused.</param>
public sealed record IntakeReceipt(
    int Accepted, int Late, int Duplicates, int Held, int Rejected, IReadOnlyList<IntakeError> Errors)
{
    /// <summary>
    /// Signals, counted as accepted, whose accounts did not say in time what became of them: they are durable and will be taken. 0
    /// unless the sender waited for it (<see cref="IntakeBatch.UntilApplied"/>).
    /// </summary>
    public int Pending { get; init; }
}
