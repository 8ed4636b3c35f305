using System.Collections.Concurrent;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using HealthGrains.Signals;

namespace HealthGrains.Kafka.Tests;

/// <summary>A signal as a sink got it.</summary>
public readonly record struct Handed(LogPartition Partition, long Offset, string Account, Signal Signal);

/// <summary>A sink that writes down what it gets, and saves, fails, waits and loses as it is told.</summary>
public sealed class RecordingSink : ISignalSink
{
    private readonly Lock _gate = new();
    private readonly List<Handed> _handed = [];
    private readonly Dictionary<LogPartition, long> _savedBefore = [];
    private readonly HashSet<LogPartition> _lost = [];
    private readonly ConcurrentDictionary<LogPartition, int> _running = [];
    private int _handedCount;

    /// <summary>Whether what is applied is saved in the same moment.</summary>
    public bool SavesAtOnce { get; set; } = true;

    /// <summary>What each call of ApplyAsync waits for.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called with each profile before it is written down.</summary>
    public Action<string> BeforeProfile { get; set; } = _ => { };

    public ConcurrentQueue<(LogPartition Partition, long Offset)> Begun { get; } = [];

    public ConcurrentQueue<LogPartition> EndedPartitions { get; } = [];

    public ConcurrentQueue<(long Offset, string Account, byte[] Profile, string? Actor)> Profiles { get; } = [];

    public ConcurrentQueue<string> Names { get; } = [];

    /// <summary>Where it keeps places; null for a sink that keeps none.</summary>
    public ConcurrentDictionary<LogPartition, long>? Places { get; init; }

    /// <summary>Called before places are told or kept.</summary>
    public Action BeforePlaces { get; set; } = () => { };

    public ConcurrentQueue<(LogPartition Partition, long Offset)> Awaited { get; } = [];

    public int Calls { get; private set; }

    /// <summary>How often two calls of one partition ran at once.</summary>
    public int Overlaps { get; private set; }

    public int Count => Volatile.Read(ref _handedCount);

    public List<Handed> All
    {
        get
        {
            lock (_gate) return [.. _handed];
        }
    }

    public ValueTask BeginAsync(LogPartition partition, long offset, CancellationToken cancellationToken)
    {
        Begun.Enqueue((partition, offset));
        lock (_gate)
        {
            _lost.Remove(partition);
            _savedBefore[partition] = offset;
        }

        return default;
    }

    public async ValueTask ApplyAsync(
        LogPartition partition, IntakeBatch batch, ReadOnlyMemory<long> offsets, IReadOnlyCollection<long> awaited,
        CancellationToken cancellationToken)
    {
        Assert.Equal(batch.Count, offsets.Length);
        if (_running.AddOrUpdate(partition, 1, (_, running) => running + 1) > 1) Overlaps++;
        try
        {
            await Before(cancellationToken);
            lock (_gate)
            {
                Calls++;
                for (var i = 0; i < batch.Count; i++)
                    _handed.Add(new Handed(partition, offsets.Span[i], batch.Signals[i].Account, batch.Signals[i].Signal));
                _handedCount = _handed.Count;
            }

            foreach (var offset in awaited) Awaited.Enqueue((partition, offset));
            foreach (var name in batch.Names) Names.Enqueue(name.Text);
        }
        finally
        {
            _running.AddOrUpdate(partition, 0, (_, running) => running - 1);
        }
    }

    public ValueTask PutProfileAsync(
        LogPartition partition, long offset, string account, ReadOnlyMemory<byte> profile, string? actor,
        CancellationToken cancellationToken)
    {
        BeforeProfile(account);
        Profiles.Enqueue((offset, account, profile.ToArray(), actor));
        return default;
    }

    public ValueTask<Unsaved> UnsavedAsync(LogPartition partition, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_lost.Contains(partition)) return new(Unsaved.Lost);
            if (SavesAtOnce) return new(Unsaved.None);
            var saved = _savedBefore.GetValueOrDefault(partition);
            var unsaved = _handed.Where(one => one.Partition == partition && one.Offset >= saved).Select(one => one.Offset).ToList();
            return new(unsaved.Count == 0 ? Unsaved.None : Unsaved.From(unsaved.Min()));
        }
    }

    public bool KeepsPlaces => Places is not null;

    public ValueTask<IReadOnlyDictionary<LogPartition, long>> PlacesAsync(CancellationToken cancellationToken)
    {
        BeforePlaces();
        return new(new Dictionary<LogPartition, long>(Places!));
    }

    public ValueTask<IReadOnlyCollection<LogPartition>> KeepPlacesAsync(
        IReadOnlyList<PlaceStep> steps, CancellationToken cancellationToken)
    {
        BeforePlaces();
        var behind = steps.Where(step => Places!.GetValueOrDefault(step.Partition) < step.From).Select(step => step.Partition).ToList();
        foreach (var step in steps.Where(step => !behind.Contains(step.Partition))) Places![step.Partition] = step.Next;
        return new(behind);
    }

    public void End(LogPartition partition) => EndedPartitions.Enqueue(partition);

    /// <summary>Saves all of a partition that lies before an offset.</summary>
    public void SaveBefore(LogPartition partition, long offset)
    {
        lock (_gate) _savedBefore[partition] = offset;
    }

    /// <summary>Forgets what a partition has that is not saved.</summary>
    public void Lose(LogPartition partition)
    {
        lock (_gate)
        {
            _lost.Add(partition);
            _handed.RemoveAll(one => one.Partition == partition && one.Offset >= _savedBefore.GetValueOrDefault(partition));
            _handedCount = _handed.Count;
        }
    }
}
