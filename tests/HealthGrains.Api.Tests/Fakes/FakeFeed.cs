using HealthGrains.Hosting;

namespace HealthGrains.Api.Tests.Fakes;

/// <summary>A feed that a test fills. Keeps only the latest account.changed of an account, as the port asks.</summary>
internal sealed class FakeFeed(WatchFilter filter, long? after, bool missed) : IChangeFeed
{
    private readonly Lock _lock = new();
    private readonly List<ChangeEvent> _pending = [];
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _fault;

    public WatchFilter Filter { get; } = filter;

    public long? After { get; } = after;

    public bool Missed { get; set; } = missed;

    public int Reads { get; private set; }

    public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Push(ChangeEvent change)
    {
        lock (_lock)
        {
            if (change.Type == "account.changed") _pending.RemoveAll(old => old.Type == change.Type && old.Account == change.Account);
            _pending.Add(change);
            _arrived.TrySetResult();
        }
    }

    public void Fail(Exception exception)
    {
        lock (_lock)
        {
            _fault = exception;
            _arrived.TrySetResult();
        }
    }

    public async ValueTask<IReadOnlyList<ChangeEvent>> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task arrived;
            lock (_lock)
            {
                if (_fault is not null) throw _fault;
                if (_pending.Count > 0)
                {
                    Reads++;
                    ChangeEvent[] all = [.. _pending];
                    _pending.Clear();
                    _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    return all;
                }
                arrived = _arrived.Task;
            }
            await arrived.WaitAsync(cancellationToken);
        }
    }

    public void Dispose() => Disposed.TrySetResult();
}
