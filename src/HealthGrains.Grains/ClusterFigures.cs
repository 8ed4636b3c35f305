using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using HealthGrains.Accounts;
using HealthGrains.Grains.Accounts;
using HealthGrains.Health;

namespace HealthGrains.Grains;

/// <summary>What a node's metrics count; docs/telemetry.md says what each means. Tags are a few words, never ids.</summary>
public sealed class ClusterFigures : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "HealthGrains.Grains";

    private static readonly double[] Edges = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
    private static readonly TimeProvider Wall = TimeProvider.System;
    private static readonly KeyValuePair<string, object?> Written = Tag("outcome", "written");
    private static readonly KeyValuePair<string, object?> Refused = Tag("outcome", "refused");
    private static readonly KeyValuePair<string, object?> Failed = Tag("outcome", "failed");
    private static readonly KeyValuePair<string, object?> Done = Tag("outcome", "done");

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _signals;
    private readonly Counter<long> _turns;
    private readonly Counter<long> _alerts;
    private readonly Counter<long> _rows;
    private readonly Histogram<double> _writeDuration;
    private readonly Histogram<int> _writeSize;
    private readonly Counter<long> _woken;
    private readonly Histogram<double> _visible;
    private readonly Histogram<double> _batchDuration;
    private readonly Histogram<int> _batchSize;
    private readonly ConcurrentDictionary<int, long> _caughtUp = [];
    private volatile Func<int> _unsaved = () => 0;
    private int _active;

    /// <summary>The instruments, counting from 0.</summary>
    public ClusterFigures()
    {
        _signals = _meter.CreateCounter<long>(
            "healthgrains.signals", "{signal}", "Signals that accounts of this node took, by outcome (applied, late, duplicate).");
        _turns = _meter.CreateCounter<long>("healthgrains.turns", "{turn}", "Turns of accounts, by kind (take, wake, profile, alert).");
        _alerts = _meter.CreateCounter<long>(
            "healthgrains.alerts", "{alert}", "Alerts stored, by change (raised, escalated, acknowledged, resolved) and severity.");
        _rows = _meter.CreateCounter<long>(
            "healthgrains.write.rows", "{account}", "Accounts written, by outcome; refused: another activation had written it.");
        _writeDuration = _meter.CreateHistogram("healthgrains.write.duration", "s", "One write of many accounts, by outcome.",
            advice: Seconds(0.001, 10));
        _writeSize = _meter.CreateHistogram("healthgrains.write.size", "{account}", "Accounts in one write.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1_024, 4_096] });
        _woken = _meter.CreateCounter<long>("healthgrains.sweep.woken", "{account}", "Due accounts that the sweep woke, by outcome.");
        _visible = _meter.CreateHistogram("healthgrains.signal.visible", "s",
            "From the moment that the oldest new signal of an account was received until its new score was told to watchers.",
            advice: Seconds(0.005, 60));
        _batchDuration = _meter.CreateHistogram("healthgrains.log.batch.duration", "s",
            "One batch of the log, until every account has applied it.", advice: Seconds(0.001, 30));
        _batchSize = _meter.CreateHistogram("healthgrains.log.batch.size", "{signal}", "Signals in one batch of the log.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 10, 100, 1_000, 2_500, 5_000, 10_000] });
        _meter.CreateObservableUpDownCounter("healthgrains.accounts.active", () => Volatile.Read(ref _active), "{account}",
            "Accounts in this silo's memory.");
        _meter.CreateObservableGauge("healthgrains.log.unsaved", () => _unsaved(), "{account}",
            "Accounts that have applied entries of the log which are not stored yet.");
        _meter.CreateObservableGauge("healthgrains.sweep.behind", Behind, "s",
            "How long ago this silo's shards last had every account woken that was due (the worst of them).");
    }

    internal Meter Meter => _meter;

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    /// <summary>Wall time, Unix milliseconds: latencies are those of the machine, also where the host's clock is simulated.</summary>
    internal static long Now() => Wall.GetUtcNow().ToUnixTimeMilliseconds();

    internal void Activated() => Interlocked.Increment(ref _active);

    internal void Deactivated() => Interlocked.Decrement(ref _active);

    internal void Took(in TakeReply reply)
    {
        Turn("take");
        if (reply.Accepted > reply.Late) _signals.Add(reply.Accepted - reply.Late, Tag("outcome", "applied"));
        if (reply.Late > 0) _signals.Add(reply.Late, Tag("outcome", "late"));
        if (reply.Duplicates > 0) _signals.Add(reply.Duplicates, Tag("outcome", "duplicate"));
    }

    internal void Turn(string kind) => _turns.Add(1, Tag("kind", kind));

    internal void Alert(in AlertEffect effect) =>
        _alerts.Add(1, Tag("change", NameOf(effect.Change)), Tag("severity", NameOf(effect.Alert.Severity)));

    internal void Wrote(int rows, int refused, long started)
    {
        _writeDuration.Record(Wall.GetElapsedTime(started).TotalSeconds, Done);
        _writeSize.Record(rows);
        if (rows > refused) _rows.Add(rows - refused, Written);
        if (refused > 0) _rows.Add(refused, Refused);
    }

    internal void WriteFailed(int rows, long started)
    {
        _writeDuration.Record(Wall.GetElapsedTime(started).TotalSeconds, Failed);
        _rows.Add(rows, Failed);
    }

    internal void Woken(bool done) => _woken.Add(1, done ? Done : Failed);

    /// <summary>A shard is swept on this silo, and at this moment nothing of it is due that was not woken.</summary>
    internal void CaughtUp(int shard) => _caughtUp[shard] = Wall.GetTimestamp();

    /// <summary>A shard is swept elsewhere from now on.</summary>
    internal void LeftShard(int shard) => _caughtUp.TryRemove(shard, out _);

    internal void Visible(long receivedAt) => _visible.Record(Math.Max(0, Now() - receivedAt) / 1e3);

    internal void TookBatch(int signals, long started)
    {
        _batchDuration.Record(Wall.GetElapsedTime(started).TotalSeconds);
        _batchSize.Record(signals);
    }

    internal void Observe(Func<int> unsaved) => _unsaved = unsaved;

    internal static string NameOf(AlertChange change) => change switch
    {
        AlertChange.Raised => "raised",
        AlertChange.Escalated => "escalated",
        AlertChange.Acknowledged => "acknowledged",
        _ => "resolved",
    };

    internal static string NameOf(Band severity) => severity switch { Band.Red => "red", Band.Yellow => "yellow", _ => "green" };

    private IEnumerable<Measurement<double>> Behind()
    {
        var oldest = _caughtUp.Values.DefaultIfEmpty(long.MaxValue).Min();
        // A node that sweeps nothing says nothing: its 0 would hide another's delay in an average.
        return oldest == long.MaxValue ? [] : [new Measurement<double>(Wall.GetElapsedTime(oldest).TotalSeconds)];
    }

    private static InstrumentAdvice<double> Seconds(double from, double to) => new()
    {
        HistogramBucketBoundaries = [.. Edges.Where(edge => edge >= from && edge <= to)],
    };

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
