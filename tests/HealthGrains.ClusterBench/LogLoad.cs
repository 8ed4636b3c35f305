using Confluent.Kafka;
using HealthGrains.Cli.Bench;
using HealthGrains.Kafka.Tests;
using HealthGrains.Signals;

namespace HealthGrains.ClusterBench;

/// <summary>
/// Produces signals, one a message in native JSON, and counts what the readers have committed: they commit only behind saved state.
/// The mock brokers silently drop what is older than the last 5 MiB of a partition, so no more than a window is ever ahead of the
/// readers; where a reader would lose something all the same, it says so and the count does not come out.
/// </summary>
internal sealed class LogLoad : IDisposable
{
    public const int Partitions = 32;

    // A message takes about 250 bytes, so that this is three quarters of what the brokers keep.
    private const int Window = Partitions * 15_000;
    private const int LineLimit = 256;

    private readonly MockKafka _kafka;
    private readonly Book _book;
    private readonly string _topic;
    private readonly IProducer<string?, byte[]?> _prompt;
    private readonly IProducer<string?, byte[]?> _bulk;
    private readonly TimeProvider _wall;
    private long _produced;

    public LogLoad(MockKafka kafka, Book book, TimeProvider wall)
    {
        (_kafka, _book, _wall, _topic) = (kafka, book, wall, kafka.Topic(SignalSource.Usage));
        _prompt = Producer(lingerMs: 5);
        // These brokers hand out one batch of a partition a fetch, and find it by walking along all that they keep; others hand out all
        // that a reader has room for. So where it is not latency that is measured, batches are nearly as large as the mebibyte that a
        // fetch of a partition holds: otherwise what is measured is how readers wait for these brokers.
        _bulk = Producer(lingerMs: 500);
    }

    public long Produced => Interlocked.Read(ref _produced);

    /// <summary>Messages whose signals are in the database: where the group has committed.</summary>
    public long Saved() => _kafka.Committed(_topic, Partitions).Values.Sum(offset => Math.Max(offset, 0));

    /// <summary>Produces so many signals, spread over a time, no quicker than they are saved.</summary>
    public async Task FillAsync(int count, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        const int step = 10_000;
        for (var done = 0; done < count; done += step)
        {
            while (Produced - Saved() > Window - step) await Task.Delay(TimeSpan.FromMilliseconds(50), _wall, cancellationToken);
            for (var i = done; i < Math.Min(done + step, count); i++) ProduceNext(_bulk, from + (until - from) * ((double)i / count));
        }
        await SettleAsync(cancellationToken);
    }

    /// <summary>Signals a second that are saved while as many are produced as are saved.</summary>
    public async Task<double> MeasureAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var producing = Task.Run(() => ProduceAsync(over.Token), cancellationToken);
        // Until the first batches are through, nothing is in balance.
        await Task.Delay(TimeSpan.FromSeconds(8), _wall, cancellationToken);
        var (start, before) = (_wall.GetTimestamp(), Saved());
        await Task.Delay(time, _wall, cancellationToken);
        var (saved, took) = (Saved() - before, _wall.GetElapsedTime(start));
        await over.CancelAsync();
        await producing;
        await SettleAsync(cancellationToken);
        return saved / took.TotalSeconds;
    }

    /// <summary>Produces at a rate, until cancelled.</summary>
    public async Task PaceAsync(int perSecond, CancellationToken cancellationToken)
    {
        const int beats = 50;
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / beats), _wall);
        var (start, sent) = (_wall.GetTimestamp(), 0L);
        while (!cancellationToken.IsCancellationRequested)
        {
            await beat.WaitForNextTickAsync(CancellationToken.None);
            for (var due = (long)(_wall.GetElapsedTime(start).TotalSeconds * perSecond); sent < due; sent++)
                ProduceNext(_prompt, _wall.GetUtcNow());
        }
    }

    /// <summary>Produces one signal of an account that the load leaves alone; it is on its way at once.</summary>
    public void ProduceLogin(int account)
    {
        var batch = _book.Login(account, _wall.GetUtcNow());
        Produce(_prompt, account, batch.Body);
    }

    /// <summary>Waits until all that was produced is saved.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        _prompt.Flush(cancellationToken);
        _bulk.Flush(cancellationToken);
        var start = _wall.GetTimestamp();
        while (Saved() < Produced)
        {
            if (_wall.GetElapsedTime(start) > TimeSpan.FromMinutes(2))
                throw new InvalidOperationException($"{Produced:N0} signals were produced and {Saved():N0} saved after two minutes");
            await Task.Delay(TimeSpan.FromMilliseconds(100), _wall, cancellationToken);
        }
    }

    public void Dispose()
    {
        _prompt.Dispose();
        _bulk.Dispose();
    }

    private IProducer<string?, byte[]?> Producer(int lingerMs) => new ProducerBuilder<string?, byte[]?>(new ProducerConfig
    {
        BootstrapServers = _kafka.BootstrapServers, LingerMs = lingerMs, QueueBufferingMaxMessages = 1_000_000,
        EnableDeliveryReports = false,
    }).SetLogHandler((_, _) => { }).Build();

    private async Task ProduceAsync(CancellationToken cancellationToken)
    {
        const int step = 2_000;
        while (!cancellationToken.IsCancellationRequested)
        {
            if (Produced - Saved() > Window - step)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), _wall, CancellationToken.None);
                continue;
            }
            for (var i = 0; i < step; i++) ProduceNext(_bulk, _wall.GetUtcNow());
        }
    }

    private void ProduceNext(IProducer<string?, byte[]?> producer, DateTimeOffset at)
    {
        Span<byte> line = stackalloc byte[LineLimit];
        var length = _book.Next(line, at, out var account);
        Produce(producer, account, line[..length].ToArray());
    }

    private void Produce(IProducer<string?, byte[]?> producer, int account, byte[] body)
    {
        producer.Produce(_topic, new Message<string?, byte[]?> { Key = Book.Id(account), Value = body });
        Interlocked.Increment(ref _produced);
    }
}
