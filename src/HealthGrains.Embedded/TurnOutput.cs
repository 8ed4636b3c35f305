using System.Buffers;
using HealthGrains.Accounts;
using HealthGrains.Hosting;

namespace HealthGrains.Embedded;

/// <summary>A state to be written: which, how far along it is, and where its bytes lie.</summary>
internal readonly record struct StateRow(int Account, long Sequence, long Turn, int Offset, int Length, string? Profile, string? Desk);

/// <summary>The end of a checkpoint round: from here on recovery begins.</summary>
/// <param name="Sequence">Everything up to this journal entry is in the rows.</param>
/// <param name="Turn">Everything up to this turn is in the rows.</param>
/// <param name="Facts">The tenant's facts at that point.</param>
/// <param name="Model">The active model at that point.</param>
/// <param name="Now">The host's now.</param>
internal sealed record RoundEnd(long Sequence, long Turn, TenantFacts Facts, string Model, long Now);

/// <summary>
/// What the turn thread hands back for storing: turns that time made, with their effects, and states. One is being filled while
/// the journal thread stores another.
/// </summary>
internal sealed class TurnOutput
{
    /// <summary>The number of the first of <see cref="Turns"/>.</summary>
    public long FirstTurn { get; set; }

    public List<TurnRecord> Turns { get; } = [];
    public List<(int Account, DailyClose Close)> Closes { get; } = [];
    public List<(int Account, string Id, AlertEffect Effect)> Alerts { get; } = [];
    public DeskEffects Desks { get; } = new();

    /// <summary>What was counted of the tenant, by turn.</summary>
    public List<CountedTenant> Pulses { get; } = [];

    /// <summary>Sources that fell silent for all accounts, or are back.</summary>
    public List<SourceView> Sources { get; } = [];
    public List<StateRow> Rows { get; } = [];
    public ArrayBufferWriter<byte> States { get; } = new(64 * 1024);
    public RoundEnd? Round { get; set; }

    /// <summary>Commands whose effects are stored with this output; they complete after that.</summary>
    public List<Command> Commands { get; } = [];

    /// <summary>Whether owners are to be told of what the time brings.</summary>
    public bool OwnersDue { get; set; }

    public bool IsEmpty =>
        Turns.Count == 0 && Closes.Count == 0 && Alerts.Count == 0 && Desks.IsEmpty && Rows.Count == 0 && Round is null
        && Commands.Count == 0 && !OwnersDue;

    /// <summary>Whether it holds so much that the turn thread makes no more until it has been taken.</summary>
    public bool IsFull => Turns.Count + Closes.Count + Alerts.Count + Desks.Count >= 8_192 || States.WrittenCount >= 4 << 20;

    public void Clear()
    {
        Turns.Clear();
        Closes.Clear();
        Alerts.Clear();
        Desks.Clear();
        Pulses.Clear();
        Sources.Clear();
        Rows.Clear();
        States.ResetWrittenCount();
        Round = null;
        Commands.Clear();
        OwnersDue = false;
    }
}
