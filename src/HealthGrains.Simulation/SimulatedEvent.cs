using HealthGrains.Signals;

namespace HealthGrains.Simulation;

/// <summary>Something that happened at an account.</summary>
/// <param name="Of">The account.</param>
/// <param name="Number">Its number among the account's events, from 1, in the order in which life made them.</param>
/// <param name="At">When it happened: Unix time in milliseconds, UTC.</param>
/// <param name="Kind">What happened; 0 where the event is no signal (see <see cref="IsSignal"/>).</param>
/// <param name="Format">The shape in which it leaves the system that it happened in.</param>
/// <param name="Subject">Whom or what it is about: a user, ticket, invoice or contact; null when nothing.</param>
/// <param name="Name">The feature, workflow, category, role, reason ...; null when nothing.</param>
/// <param name="Value">The number it carries, in the unit of its kind; NaN when none.</param>
/// <param name="Text">The free text that came with it; null when none.</param>
/// <param name="Attempt">For payments, which attempt this was, from 1; else 0.</param>
/// <param name="Before">For changes of plan and seats, the recurring amount or the seats before; else NaN.</param>
public readonly record struct SimulatedEvent(
    CompanyAccount Of, long Number, long At, SignalKind Kind, WireFormat Format = WireFormat.Native, string? Subject = null,
    string? Name = null, double Value = double.NaN, string? Text = null, int Attempt = 0, double Before = double.NaN)
{
    /// <summary>The account's id.</summary>
    public string Account => Of.Id;

    /// <summary>The event's id, unique in the company and the same in every run: sim-account-number.</summary>
    public string Id => $"sim-{Of.Id}-{Number}";

    /// <summary>When it happened, UTC.</summary>
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(At);

    /// <summary>Whether it is a signal; Segment's page, identify and group calls are none.</summary>
    public bool IsSignal => Kind != 0;
}
