using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace HealthGrains.Delivery;

/// <summary>
/// What the delivery's metrics count; docs/delivery.md says what each means. Tags are keys of receivers and a few words, never ids.
/// </summary>
public sealed class DeliveryFigures : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "HealthGrains.Delivery";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _given;
    private readonly Histogram<double> _delay;
    private readonly ConcurrentDictionary<string, bool> _away = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<DeliveryCount> _counts = [];
    private long _countedAt;

    /// <summary>The instruments, counting from 0.</summary>
    public DeliveryFigures()
    {
        _attempts = _meter.CreateCounter<long>(
            "healthgrains.delivery.attempts", "{attempt}", "Attempts, by receiver and outcome (delivered, refused, later, away).");
        _given = _meter.CreateCounter<long>("healthgrains.delivery.given_up", "{dispatch}", "Dispatches that became dead letters, by receiver.");
        _delay = _meter.CreateHistogram<double>(
            "healthgrains.delivery.delay", "s", "From when a dispatch fell due until it was delivered, by receiver.");
        _meter.CreateObservableGauge("healthgrains.delivery.pending", () => Counts(count => (long)count.Pending), "{dispatch}",
            "Dispatches that wait, by receiver.");
        _meter.CreateObservableGauge("healthgrains.delivery.dead", () => Counts(count => (long)count.Dead), "{dispatch}",
            "Dead letters, by receiver.");
        _meter.CreateObservableGauge("healthgrains.delivery.oldest",
            () => Counts(count => count.OldestDue is { } due ? Math.Max(0, Interlocked.Read(ref _countedAt) - due) / 1000.0 : 0), "s",
            "For how long the oldest that is due waits, by receiver.");
        _meter.CreateObservableGauge("healthgrains.delivery.away",
            () => _away.Select(one => new Measurement<int>(one.Value ? 1 : 0, Tag(one.Key))), "{receiver}",
            "1 while a receiver takes nothing, by receiver.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void Attempt(string receiver, string outcome) =>
        _attempts.Add(1, Tag(receiver), new KeyValuePair<string, object?>("outcome", outcome));

    internal void Delivered(string receiver, double seconds) => _delay.Record(Math.Max(0, seconds), Tag(receiver));

    internal void GivenUp(string receiver, int count) => _given.Add(count, Tag(receiver));

    internal void Away(string receiver, bool away) => _away[receiver] = away;

    internal void Counted(IReadOnlyList<DeliveryCount> counts, long now)
    {
        _counts = counts;
        Interlocked.Exchange(ref _countedAt, now);
    }

    private IEnumerable<Measurement<T>> Counts<T>(Func<DeliveryCount, T> value) where T : struct =>
        _counts.Select(count => new Measurement<T>(value(count), Tag(count.Receiver)));

    private static KeyValuePair<string, object?> Tag(string receiver) => new("receiver", receiver);
}
