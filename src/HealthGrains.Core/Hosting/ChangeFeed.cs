namespace HealthGrains.Hosting;

/// <summary>A watcher's pending changes: of each account the latest <c>account.changed</c>, of alerts all; both bounded.</summary>
internal sealed class ChangeFeed(ChangeHub hub, WatchFilter filter) : IChangeFeed
{
    /// <summary>
    /// How many changes may wait for a watcher who does not read. As many as are kept for resuming: when a flood of signals has
    /// touched every account, decisions come faster than frames for a second or two, and that should not cost a watcher its place.
    /// </summary>
    public const int PendingLimit = ChangeHub.Remembered;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Change> _accounts = new(StringComparer.Ordinal);
    private readonly List<Change> _alerts = [];
    private TaskCompletionSource? _waiting;
    private Exception? _ended;
    private bool _missed;

    public bool Missed
    {
        get
        {
            lock (_lock) return _missed;
        }
    }

    public async ValueTask<IReadOnlyList<ChangeEvent>> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            List<Change>? changes = null;
            var wait = Task.CompletedTask;
            lock (_lock)
            {
                if (_accounts.Count + _alerts.Count > 0)
                {
                    changes = Drain();
                }
                else
                {
                    if (_ended is not null) throw new HostUnavailableException("the host is stopping", _ended);
                    _waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    wait = _waiting.Task;
                }
            }

            // What was pending may all have been erased in the meantime.
            if (changes is not null && Told(changes) is { Count: > 0 } told) return told;
            await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        hub.Close(this);
        End(new ObjectDisposedException(nameof(ChangeFeed)));
    }

    internal void Offer(in Change change)
    {
        if (filter.Account is { } account && account != change.Account) return;
        if (filter.Owner is { } owner && owner != change.Owner) return;
        lock (_lock)
        {
            if (change.Type == ChangeType.AccountChanged)
            {
                if (_accounts.Count >= PendingLimit && !_accounts.ContainsKey(change.Account)) Overflow();
                else _accounts[change.Account] = change;
            }
            else if (_alerts.Count >= PendingLimit)
            {
                Overflow();
            }
            else
            {
                _alerts.Add(change);
            }

            Wake();
        }
    }

    internal void MarkMissed()
    {
        lock (_lock) _missed = true;
    }

    internal void Forget(string account)
    {
        lock (_lock)
        {
            _accounts.Remove(account);
            _alerts.RemoveAll(change => change.Account == account);
        }
    }

    internal void End(Exception reason)
    {
        lock (_lock)
        {
            _ended = reason;
            Wake();
        }
    }

    // What did not fit is gone: the watcher reloads. What is pending stays, and is delivered first.
    private void Overflow() => _missed = true;

    private void Wake()
    {
        _waiting?.TrySetResult();
        _waiting = null;
    }

    private List<Change> Drain()
    {
        var changes = new List<Change>(_accounts.Count + _alerts.Count);
        changes.AddRange(_accounts.Values);
        changes.AddRange(_alerts);
        _accounts.Clear();
        _alerts.Clear();
        return changes;
    }

    // Outside the lock, for the turn thread comes to it with every change.
    private List<ChangeEvent> Told(List<Change> changes)
    {
        changes.Sort(static (left, right) => left.Sequence.CompareTo(right.Sequence));
        var told = new List<ChangeEvent>(changes.Count);
        foreach (var change in changes)
            if ((change.Data ?? hub.Latest(change.Account)) is { } data)
                told.Add(new ChangeEvent(change.Sequence, change.Type, change.Account, data));
        return told;
    }
}
