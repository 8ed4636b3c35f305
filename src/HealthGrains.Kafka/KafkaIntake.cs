using HealthGrains.Intake;
using Confluent.Kafka;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Kafka;

/// <summary>
/// Reads the topics of all sources and hands what they hold to a sink. What is committed is saved; what is not saved is read again. To be
/// registered after whatever the sink needs, so that it stops first.
/// </summary>
/// <remarks>
/// Each topic has a reader and a consumer group of its own, so that each is shared out evenly for itself: of one group over all topics,
/// a member may get all partitions of the one topic that has the traffic. A change of one group does not touch the others.
/// </remarks>
public sealed class KafkaIntake : IHostedService, IAsyncDisposable
{
    private readonly KafkaOptions _options;
    private readonly ISignalSink _sink;
    private readonly Func<IntakeContext> _context;
    private readonly ILogger _logger;
    private readonly KafkaFigures _figures;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stopping = new();
    private IProducer<byte[]?, byte[]?>? _rejects;
    private LogReader[] _readers = [];
    private BrokerWatch? _brokers;
    private Task _committing = Task.CompletedTask;
    private int _disposed;

    /// <summary>An intake that does not read yet.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="sink">Takes what is read.</param>
    /// <param name="context">What intake must know; asked for once a batch, so that its now is new. On many threads.</param>
    /// <param name="logger">For operators.</param>
    /// <param name="figures">Its metrics.</param>
    /// <param name="clock">Times commits and retries; null for the wall's.</param>
    public KafkaIntake(
        KafkaOptions options, ISignalSink sink, Func<IntakeContext> context, ILogger<KafkaIntake> logger, KafkaFigures figures,
        TimeProvider? clock = null)
    {
        _options = options;
        _sink = sink;
        _context = context;
        _logger = logger;
        _figures = figures;
        _clock = clock ?? TimeProvider.System;
    }

    /// <summary>Whether each group has given this member its share, and it is reading.</summary>
    public bool IsReady => _readers.Length > 0 && Array.TrueForAll(_readers, reader => reader.Joined);

    /// <summary>For how long there has been a topic whose reader no broker answers; null when one answers all of them.</summary>
    public TimeSpan? Away => _brokers?.Away;

    /// <summary>The partitions that are read here now.</summary>
    public IReadOnlyList<LogPartition> Assigned => [.. Read.Select(partition => partition.Partition)];

    /// <summary>How many of them are paused because the sink is slow.</summary>
    public int Paused => _readers.Sum(reader => reader.Paused);

    /// <summary>
    /// Completes when reading has ended: after <see cref="StopAsync"/>, or with the failure that ended it. What ends one topic's reading
    /// ends all.
    /// </summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    private IEnumerable<AssignedPartition> Read => _readers.SelectMany(reader => reader.Assigned);

    /// <summary>How far behind each topic is here.</summary>
    public IReadOnlyList<TopicLag> Lags()
    {
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        return [.. Read.GroupBy(partition => partition.Partition.Topic, StringComparer.Ordinal).Select(topic =>
        {
            var known = topic.Where(partition => partition.Lag >= 0).ToList();
            var behind = topic.Where(partition => partition.Feed is { LastTimestamp: > 0 } feed && (feed.Waiting > 0 || partition.Lag > 0))
                .Select(partition => Math.Max(0, now - partition.Feed?.LastTimestamp ?? 0)).DefaultIfEmpty(0).Max();
            return new TopicLag(topic.Key, known.Count == 0 ? -1 : known.Sum(partition => partition.Lag), behind / 1e3);
        })];
    }

    /// <summary>
    /// Checks the settings and the brokers and begins to read. Throws <see cref="KafkaSetupException"/> when that cannot be.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await KafkaCheck.RunAsync(_options, cancellationToken);
        _rejects = new ProducerBuilder<byte[]?, byte[]?>(ClientSettings.Producer(_options))
            .SetErrorHandler((_, error) =>
                Log.Trouble(_logger, BrokerWatch.IsAbout(error.Code) ? LogLevel.Debug : LogLevel.Warning, error.Reason))
            .SetLogHandler((_, log) => Log.Library(_logger, log.Facility, log.Message))
            .Build();
        var with = new FeedSurroundings(
            _options, _sink, new RejectedTopic(_options.Rejected, _rejects), _context, _figures, _logger, _clock, _ => { });
        var commits = new OffsetCommits(_sink, _logger);
        _brokers = new BrokerWatch(_logger, _clock);
        _readers = [.. _options.SourceTopics.Select(topic => new LogReader(with, topic, commits, _brokers))];
        _figures.Observe(Lags, () => Paused, () => Assigned.Count);
        foreach (var reader in _readers) reader.Start();
        Completion = Task.WhenAll(_readers.Select(EndsAllAsync));
        Log.Started(
            _logger, string.Join(", ", _options.SourceTopics), string.Join(", ", _options.SourceTopics.Select(_options.GroupOf)));
        _committing = Task.Run(() => CommitAsync(commits, _stopping.Token), CancellationToken.None);
    }

    /// <summary>
    /// Stops reading, lets what is under way finish and be saved (at most <see cref="KafkaOptions.StopTimeout"/>), commits, and
    /// leaves the groups, all side by side. What waited and was not begun is left in the log.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_readers.Length == 0) return;
        await _stopping.CancelAsync();
        foreach (var reader in _readers) reader.Stop();
        // What ended it is told by Completion and in the log; stopping is done either way.
        await _committing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Completion.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // A container that knows it by two names disposes of it twice.
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await StopAsync(CancellationToken.None);
        _rejects?.Dispose();
        _stopping.Dispose();
    }

    private async Task EndsAllAsync(LogReader one)
    {
        try
        {
            await one.Ended;
        }
        finally
        {
            foreach (var reader in _readers) reader.Stop();
        }
    }

    private async Task CommitAsync(OffsetCommits commits, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_options.CommitInterval, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                var (lost, _) = await commits.RoundAsync([.. Read.Where(partition => !partition.Left)], leaving: false, cancellationToken);
                foreach (var partition in lost) _readers.Single(reader => reader.Topic == partition.Partition.Topic).ReadAgain(partition);
            }
        }
        catch (OperationCanceledException)
        {
            // The readers commit the rest as they leave.
        }
    }
}
