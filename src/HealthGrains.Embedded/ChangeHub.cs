using HealthGrains.Hosting;

namespace HealthGrains.Embedded;

/// <summary>
/// Hands changes to those who watch. The last <see cref="Remembered"/> are kept, so that a watcher who lost the line can resume.
/// Nothing here waits for a watcher: one that does not read is told that it missed something.
/// </summary>
internal sealed class ChangeHub
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
    private readonly ChangeEvent?[] _ring;
    private readonly int _limit;
    private readonly long _first;
    private ChangeFeed[] _feeds = [];
    private long _sequence;

    public ChangeHub(long epoch, int watcherLimit, int remembered = Remembered)
    {
        _ring = new ChangeEvent?[remembered];
        _limit = watcherLimit;
        _first = _sequence = epoch << EpochShift;
    }

    /// <summary>The range that numbers are taken from now.</summary>
    public long Epoch => Volatile.Read(ref _sequence) >> EpochShift;

    /// <summary>How many changes were published since the start.</summary>
    public long Published => Volatile.Read(ref _sequence) - _first;

    /// <summary>How many watch.</summary>
    public int Watchers => Volatile.Read(ref _feeds).Length;

    public void Publish(string type, string account, object data)
    {
        lock (_lock)
        {
            var change = new ChangeEvent(_sequence + 1, type, account, data);
            Volatile.Write(ref _sequence, change.Sequence);
            _ring[change.Sequence % _ring.Length] = change;
            foreach (var feed in _feeds) feed.Offer(change);
        }
    }

    /// <summary>Opens a feed.</summary>
    public ChangeFeed Open(WatchFilter filter, long? after)
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
                    if (change is null) feed.MarkMissed();
                    else feed.Offer(change);
                }
            }

            _feeds = [.. _feeds, feed];
            return feed;
        }
    }

    /// <summary>Forgets what an erased account did.</summary>
    public void Forget(string account)
    {
        lock (_lock)
        {
            for (var i = 0; i < _ring.Length; i++)
                if (_ring[i]?.Account == account) _ring[i] = null;
            foreach (var feed in _feeds) feed.Forget(account);
        }
    }

    public void Close(ChangeFeed feed)
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
