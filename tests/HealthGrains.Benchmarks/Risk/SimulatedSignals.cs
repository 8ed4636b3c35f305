using System.Text;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using HealthGrains.Signals;
using HealthGrains.Simulation;

namespace HealthGrains.Benchmarks.Risk;

/// <summary>Simulated events as the signals that intake would make of them, without the way through JSON.</summary>
internal static class SimulatedSignals
{
    public static Signal Of(in SimulatedEvent happened) => new(
        Pseudonyms.OfSignal(TenantKeys.Repeatable, happened.Kind.Source(), Encoding.UTF8.GetBytes(happened.Id)),
        happened.At,
        happened.Kind,
        happened.Subject is null ? 0 : Pseudonyms.OfSubject(TenantKeys.Repeatable, Encoding.UTF8.GetBytes(happened.Subject)),
        happened.Name is null ? 0 : NameId.Of(happened.Name),
        (float)happened.Value,
        happened.Text is null ? Signal.NoSentiment : Sentiment.Of(happened.Text));
}
