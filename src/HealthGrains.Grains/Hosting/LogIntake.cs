using System.Runtime.InteropServices;
using HealthGrains.Accounts;
using HealthGrains.Grains.Accounts;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using HealthGrains.Signals;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Grains.Hosting;

/// <summary>How far the accounts have stored a partition of a log.</summary>
/// <param name="Lowest">The lowest offset that is applied and not stored yet; null when all is stored.</param>
/// <param name="Lost">
/// Something that was applied is gone before it was stored, for its silo died. Nothing more is applied until the reader has gone back to
/// what it committed last and says so by <see cref="LogIntake.Rewound"/>.
/// </param>
public readonly record struct LogProgress(long? Lowest, bool Lost);

/// <summary>
/// Intake from a log: hands on what a reader has read, and sees to it that the accounts store it. The log has what is not stored
/// yet, so one write may hold many turns; the reader commits behind <see cref="ProgressOf"/>.
/// </summary>
/// <remarks>
/// What is not stored is remembered here, by the one who reads the log, and not by the accounts: should an account's silo die, the
/// account is asked elsewhere to store what it does not have, and says so.
/// </remarks>
public sealed class LogIntake : BackgroundService
{
    private const int SavesAtOnce = 512;

    private readonly ClusterHost _host;
    private readonly ClusterOptions _options;
    private readonly ClusterFigures _figures;
    private readonly ILogger<LogIntake> _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Topic, int Partition), PartitionProgress> _partitions = [];

    internal LogIntake(ClusterHost host, ClusterOptions options, ClusterFigures figures, ILogger<LogIntake> logger)
    {
        (_host, _options, _figures, _logger) = (host, options, figures, logger);
        figures.Observe(() => Waiting);
    }

    /// <summary>How many accounts wait to be stored.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _partitions.Values.Sum(partition => partition.Count);
        }
    }

    /// <summary>
    /// Applies a batch. Completes when every account has applied it; throws when one cannot be reached, and may then be repeated. One
    /// at a time for a partition. After a loss nothing is applied, and it completes at once: see <see cref="LogProgress.Lost"/>.
    /// </summary>
    /// <param name="topic">The log's topic.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="batch">What was read.</param>
    /// <param name="offsets">The place of each signal of the batch.</param>
    /// <param name="awaited">Those of the places, rising, whose writers wait to hear what came of them.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task ApplyAsync(
        string topic, int partition, IntakeBatch batch, ReadOnlyMemory<long> offsets, IReadOnlyCollection<long> awaited,
        CancellationToken cancellationToken)
    {
        var runs = Runs(NameId.Of(topic), partition, batch, offsets.Span, [.. awaited]);
        var progress = Of(topic, partition);
        lock (_gate)
        {
            if (progress.IsLost) return;
            // Before they are applied: an answer that does not come says nothing about what was done.
            for (var i = 0; i < runs.Count; i++)
            {
                var (account, run) = runs[i];
                var after = progress.Add(account, run.Offsets[0], run.Offsets[^1], Environment.TickCount64);
                runs[i] = (account, run with { After = after });
            }
        }
        var started = TimeProvider.System.GetTimestamp();
        if (await _host.TakeFromLogAsync(runs, batch, cancellationToken))
        {
            lock (_gate) progress.Applied();
            _figures.TookBatch(batch.Count, started);
            return;
        }
        lock (_gate) progress.IsLost = true;
    }

    /// <summary>
    /// Takes a profile from the log, unless it was taken before. Completes when it is stored; throws when the account cannot be reached,
    /// and may then be repeated.
    /// </summary>
    public async Task PutProfileAsync(
        string topic, int partition, long offset, AccountProfile profile, string actor, CancellationToken cancellationToken) =>
        await _host.PutProfileFromLogAsync(
            profile, StoredJson.WriteBytes(profile), actor, LogPlace.OfProfile(topic, partition, offset), cancellationToken);

    /// <summary>How far a partition is stored.</summary>
    public LogProgress ProgressOf(string topic, int partition)
    {
        lock (_gate) return Of(topic, partition).Tell();
    }

    /// <summary>Stores all of a partition now, before it is given away.</summary>
    public Task SaveAsync(string topic, int partition, CancellationToken cancellationToken) =>
        SaveAsync((topic, partition), long.MaxValue, cancellationToken);

    /// <summary>
    /// The reader has gone back to what it committed last, and no call of <see cref="ApplyAsync"/> for the partition is under way.
    /// </summary>
    public void Rewound(string topic, int partition) => Forget(topic, partition);

    /// <summary>The partition is somebody else's from now on.</summary>
    public void Forget(string topic, int partition)
    {
        lock (_gate) _partitions.Remove((topic, partition));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.SaveDelay / 4);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            (string, int)[] partitions;
            lock (_gate) partitions = [.. _partitions.Keys];
            var before = Environment.TickCount64 - (long)_options.SaveDelay.TotalMilliseconds;
            foreach (var partition in partitions) await SaveAsync(partition, before, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task SaveAsync((string Topic, int Partition) key, long before, CancellationToken cancellationToken)
    {
        // The one that it begins with: what ends after the partition was given away or read anew says nothing about the next.
        PartitionProgress? progress;
        List<UnsavedAccount> due;
        lock (_gate)
        {
            if (!_partitions.TryGetValue(key, out progress)) return;
            due = progress.Begin(before);
        }
        var number = NameId.Of(key.Topic);
        var failed = 0;
        Exception? fault = null;
        await Parallel.ForEachAsync(
            due, new ParallelOptions { MaxDegreeOfParallelism = SavesAtOnce, CancellationToken = cancellationToken },
            async (unsaved, token) =>
            {
                try
                {
                    var isHere = await _host.SaveAsync(
                        unsaved.Account, [new LogPlace(number, key.Partition, unsaved.Highest)], token).ConfigureAwait(false);
                    lock (_gate) progress.End(unsaved, isHere);
                }
                catch (Exception refused)
                {
                    lock (_gate) progress.Fail(unsaved);
                    Interlocked.Increment(ref failed);
                    fault = refused;
                }
            }).ConfigureAwait(false);
        if (failed > 0) Log.SaveFailed(_logger, failed, fault!.Message, fault);
    }

    private PartitionProgress Of(string topic, int partition)
    {
        lock (_gate)
        {
            if (!_partitions.TryGetValue((topic, partition), out var progress))
                _partitions.Add((topic, partition), progress = new PartitionProgress());
            return progress;
        }
    }

    private static List<(string Account, SignalRun Run)> Runs(
        uint topic, int partition, IntakeBatch batch, ReadOnlySpan<long> offsets, HashSet<long> awaited)
    {
        // Counted first, so that each account's arrays are made once and as large as they must be.
        var signals = batch.Signals;
        var places = new Dictionary<string, int>(signals.Length, StringComparer.Ordinal);
        var runs = new List<(string Account, SignalRun Run)>();
        var counts = new List<int>();
        var of = new int[signals.Length];
        for (var i = 0; i < signals.Length; i++)
        {
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, signals[i].Account, out var isKnown);
            if (!isKnown)
            {
                place = counts.Count;
                counts.Add(0);
            }
            counts[place]++;
            of[i] = place;
        }
        foreach (var (account, place) in places)
            runs.Add((account, new SignalRun
            {
                Signals = new Signal[counts[place]], Topic = topic, Partition = partition, Offsets = new long[counts[place]],
                ReceivedAt = batch.ReceivedAt,
            }));
        var taken = new int[runs.Count];
        for (var i = 0; i < signals.Length; i++)
        {
            var run = runs[of[i]].Run;
            var next = taken[of[i]]++;
            (run.Signals[next], run.Offsets[next]) = (signals[i].Signal, offsets[i]);
        }
        if (awaited.Count == 0) return runs;
        for (var i = 0; i < runs.Count; i++)
        {
            var run = runs[i].Run;
            runs[i] = (runs[i].Account, run with { Awaited = [.. run.Offsets.Where(awaited.Contains).Distinct()] });
        }
        return runs;
    }
}
