namespace HealthGrains.Hosting;

/// <summary>
/// Hands changes to those who watch. The last <see cref="Remembered"/> are kept, so that a watcher who lost the line can resume.
/// Nothing here waits for a watcher: one that does not read is told that it missed something.
/// </summary>
/// <remarks>
/// That an account changed is kept without what it changed to: of an account only the latest counts, and that is looked up when a
/// watcher reads. So 20,000 changes a second leave nothing behind for the collector.
/// </remarks>
public sealed class ChangeHub
{
    /// <summary>How many changes are kept for resuming.</summary>
    public const int Remembered = 65_536;

    /// <summary>
    /// Each start of the host counts from a range of its own, so that a number from before a restart is known as such. 36 bits
    /// are 40 days of changes at 20,000 a second; a host that runs longer goes on into the next range, which
    /// <see cref="Epoch"/> then tells.
    /// </summary>
    private const int EpochShift = 36;

    private readonly Lock _lock = new();
    private readonly Change[] _ring;
    private readonly int _limit;
    private readonly long _first;
    private ChangeFeed[] _feeds = [];
    private long _sequence;

    /// <summary>A hub that nobody watches yet.</summary>
    /// <param name="epoch">Grows with every start.</param>
    /// <param name="watcherLimit">How many may watch at once.</param>
    /// <param name="latest">Looks up an account's row; null when it has none.</param>
    /// <param name="remembered">How many changes are kept.</param>
    public ChangeHub(long epoch, int watcherLimit, Func<string, object?> latest, int remembered = Remembered)
    {
        Latest = latest;
        _ring = new Change[remembered];
        _limit = watcherLimit;
        _first = _sequence = epoch << EpochShift;
    }

    /// <summary>The range that numbers are taken from now.</summary>
    public long Epoch => Volatile.Read(ref _sequence) >> EpochShift;

    /// <summary>How many changes were published since the start.</summary>
    public long Published => Volatile.Read(ref _sequence) - _first;

    /// <summary>How many watch.</summary>
    public int Watchers => Volatile.Read(ref _feeds).Length;

    /// <summary>Looks up what an account has become.</summary>
    internal Func<string, object?> Latest { get; }

    /// <summary>An account changed.</summary>
    public void Changed(string account, string? owner) => Publish(ChangeType.AccountChanged, account, owner, null);

    /// <summary>Something happened.</summary>
    /// <param name="type">What happened.</param>
    /// <param name="account">To which account.</param>
    /// <param name="owner">Its CSM.</param>
    /// <param name="data">What is told; null for the account's row when it is read.</param>
    public void Publish(string type, string account, string? owner, object? data)
    {
        lock (_lock)
        {
            var change = new Change(_sequence + 1, type, account, owner, data);
            Volatile.Write(ref _sequence, change.Sequence);
            _ring[change.Sequence % _ring.Length] = change;
            foreach (var feed in _feeds) feed.Offer(change);
        }
    }

    /// <summary>
    /// Counts changes that nobody was there to be told of: none of them is kept, and who resumes from before them is told to reload.
    /// </summary>
    /// <param name="count">How many.</param>
    public void Pass(int count)
    {
        lock (_lock)
        {
            for (var i = 1; i <= Math.Min(count, _ring.Length); i++) _ring[(_sequence + i) % _ring.Length] = default;
            Volatile.Write(ref _sequence, _sequence + count);
        }
    }

    /// <summary>Opens a feed.</summary>
    public IChangeFeed Open(WatchFilter filter, long? after)
    {
        lock (_lock)
        {
            if (_feeds.Length >= _limit) throw new HostUnavailableException($"{_limit} watchers are connected, the limit; try again later");
            var feed = new ChangeFeed(this, filter);
            if (after is { } last)
            {
                var oldest = Math.Max(_first, _sequence - _ring.Length);
                if (last < oldest || last > _sequence) feed.MarkMissed();
                for (var number = Math.Clamp(last, oldest, _sequence) + 1; number <= _sequence; number++)
                {
                    var change = _ring[number % _ring.Length];
                    // A hole is what erasure left.
                    if (change.Sequence != number) feed.MarkMissed();
                    else feed.Offer(change);
                }
            }

            _feeds = [.. _feeds, feed];
            return feed;
        }
    }

    /// <summary>Something that changed may not have come here: everybody who watches now is to reload.</summary>
    public void MarkMissed()
    {
        lock (_lock)
            foreach (var feed in _feeds) feed.MarkMissed();
    }

    /// <summary>Forgets what an erased account did.</summary>
    public void Forget(string account)
    {
        lock (_lock)
        {
            for (var i = 0; i < _ring.Length; i++)
                if (_ring[i].Account == account) _ring[i] = default;
            foreach (var feed in _feeds) feed.Forget(account);
        }
    }

    internal void Close(ChangeFeed feed)
    {
        lock (_lock) _feeds = [.. _feeds.Where(other => other != feed)];
    }

    /// <summary>Ends all feeds: the host stops.</summary>
    public void End(Exception reason)
    {
        lock (_lock)
        {
            foreach (var feed in _feeds) feed.End(reason);
            _feeds = [];
        }
    }
}
