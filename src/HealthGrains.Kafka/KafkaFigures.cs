using System.Diagnostics.Metrics;

namespace HealthGrains.Kafka;

/// <summary>What the log's metrics count; docs/kafka.md says what each means. Tags are topics and a few words, never ids.</summary>
public sealed class KafkaFigures : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "HealthGrains.Kafka";

    private readonly Counter<long> _consumed;
    private readonly Counter<long> _signals;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _empty;
    private readonly Counter<long> _misrouted;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _commits;
    private readonly Counter<long> _rebalances;
    private readonly Counter<long> _rewinds;
    private readonly Counter<long> _gone;
    private readonly Counter<long> _appended;
    private readonly Counter<long> _saturated;
    private volatile Func<IEnumerable<TopicLag>> _lags = () => [];
    private volatile Func<int> _paused = () => 0;
    private volatile Func<int> _assigned = () => 0;

    /// <summary>The instruments, counting from 0.</summary>
    public KafkaFigures()
    {
        _consumed = Meter.CreateCounter<long>("healthgrains.kafka.consumed", "{message}", "Messages taken, by topic.");
        _signals = Meter.CreateCounter<long>("healthgrains.kafka.signals", "{signal}", "Signals handed on, by topic.");
        _rejected = Meter.CreateCounter<long>("healthgrains.kafka.rejected", "{message}", "Messages rejected, whole or in part, by topic.");
        _empty = Meter.CreateCounter<long>("healthgrains.kafka.empty", "{message}", "Messages without a value, by topic.");
        _misrouted = Meter.CreateCounter<long>(
            "healthgrains.kafka.misrouted", "{signal}", "Native signals whose account is not their message's key, by topic.");
        _retries = Meter.CreateCounter<long>("healthgrains.kafka.retries", "{call}", "Calls that failed and are made again, by topic and what.");
        _commits = Meter.CreateCounter<long>("healthgrains.kafka.commits", "{commit}", "Offset commits, by outcome.");
        _rebalances = Meter.CreateCounter<long>("healthgrains.kafka.rebalances", "{rebalance}", "Changes of the assignment, by kind.");
        _rewinds = Meter.CreateCounter<long>("healthgrains.kafka.rewinds", "{rewind}", "Partitions read again because work was lost, by topic.");
        _gone = Meter.CreateCounter<long>("healthgrains.kafka.gone", "{offset}", "Offsets that the log no longer had, by topic.");
        _appended = Meter.CreateCounter<long>("healthgrains.kafka.appended", "{message}", "Messages appended, by topic and outcome.");
        _saturated = Meter.CreateCounter<long>("healthgrains.kafka.saturated", "{request}", "Appends refused because too much was under way.");
        Meter.CreateObservableGauge("healthgrains.kafka.lag", Lags, "{message}", "Messages not yet committed, by topic; -1: not known yet.");
        Meter.CreateObservableGauge("healthgrains.kafka.lag.time", LagTimes, "s",
            "How long ago the oldest message was written that is not yet applied (at most), by topic; 0 when none waits.");
        Meter.CreateObservableGauge("healthgrains.kafka.paused", () => _paused(), "{partition}", "Partitions paused because the sink is slow.");
        Meter.CreateObservableGauge("healthgrains.kafka.assigned", () => _assigned(), "{partition}", "Partitions read here.");
    }

    internal Meter Meter { get; } = new(MeterName);

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    internal void Observe(Func<IEnumerable<TopicLag>> lags, Func<int> paused, Func<int> assigned)
    {
        _lags = lags;
        _paused = paused;
        _assigned = assigned;
    }

    internal void Taken(string topic, int messages, int signals)
    {
        _consumed.Add(messages, Topic(topic));
        _signals.Add(signals, Topic(topic));
    }

    internal void Rejected(string topic) => _rejected.Add(1, Topic(topic));

    internal void Empty(string topic) => _empty.Add(1, Topic(topic));

    internal void Misrouted(string topic, int signals) => _misrouted.Add(signals, Topic(topic));

    internal void Retry(string topic, string what) => _retries.Add(1, Topic(topic), new KeyValuePair<string, object?>("what", what));

    internal void Commit(bool done) => _commits.Add(1, new KeyValuePair<string, object?>("outcome", done ? "done" : "failed"));

    internal void Rebalance(string kind) => _rebalances.Add(1, new KeyValuePair<string, object?>("kind", kind));

    internal void Rewind(string topic) => _rewinds.Add(1, Topic(topic));

    internal void Gone(string topic) => _gone.Add(1, Topic(topic));

    internal void Appended(string topic, bool done) =>
        _appended.Add(1, Topic(topic), new KeyValuePair<string, object?>("outcome", done ? "done" : "failed"));

    internal void Saturated() => _saturated.Add(1);

    private IEnumerable<Measurement<long>> Lags() => _lags().Select(lag => new Measurement<long>(lag.Messages, Topic(lag.Topic)));

    private IEnumerable<Measurement<double>> LagTimes() => _lags().Select(lag => new Measurement<double>(lag.Seconds, Topic(lag.Topic)));

    private static KeyValuePair<string, object?> Topic(string topic) => new("topic", topic);
}

/// <summary>How far behind a topic's partitions here are.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Messages">Messages not yet committed; -1 when not known yet.</param>
/// <param name="Seconds">How long ago the oldest was written that is not yet applied, at most.</param>
public readonly record struct TopicLag(string Topic, long Messages, double Seconds);
