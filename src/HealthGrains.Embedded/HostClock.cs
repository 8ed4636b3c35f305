namespace HealthGrains.Embedded;

/// <summary>The clock as turns see it: it never goes back, not even over a restart.</summary>
internal sealed class HostClock(TimeProvider clock)
{
    private long _last;

    /// <summary>Now, Unix milliseconds.</summary>
    public long Now()
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        while (true)
        {
            var last = Volatile.Read(ref _last);
            if (now <= last) return last;
            if (Interlocked.CompareExchange(ref _last, now, last) == last) return now;
        }
    }

    /// <summary>Time goes on from this moment if the clock stands before it.</summary>
    public void NotBefore(long at) => _last = Math.Max(_last, at);
}
