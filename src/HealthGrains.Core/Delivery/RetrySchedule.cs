using HealthGrains.Accounts;

namespace HealthGrains.Delivery;

/// <summary>
/// When a dispatch that did not arrive is tried again: later and later, up to <paramref name="Longest"/>, until it has been due for
/// <paramref name="GiveUpAfter"/>. Pure: where the pauses fall is drawn from the dispatch's id, so that those that failed together do not
/// all come again together, and a replay finds the same moments.
/// </summary>
/// <param name="First">The pause after the first attempt; each further one is twice as long.</param>
/// <param name="Longest">The longest pause.</param>
/// <param name="GiveUpAfter">How long a dispatch may be due before it is given up.</param>
public sealed record RetrySchedule(TimeSpan First, TimeSpan Longest, TimeSpan GiveUpAfter)
{
    /// <summary>5 s, doubling to an hour, for three days.</summary>
    public static RetrySchedule Default { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromHours(1), TimeSpan.FromDays(3));

    /// <summary>How long to pause after an attempt: from half of the doubled time to the whole of it.</summary>
    /// <param name="attempt">Which attempt failed, from 1.</param>
    /// <param name="seed">What decides where in between: the dispatch's id.</param>
    public TimeSpan Pause(int attempt, string seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        // Beyond 2^40 every pause is the longest.
        var whole = Math.Min(First.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 40)), Longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Ceiling(whole * (0.5 + 0.5 * Share(attempt, seed))));
    }

    /// <summary>When to try again, Unix milliseconds; null to give up, because that would be too late.</summary>
    /// <param name="attempt">Which attempt failed, from 1.</param>
    /// <param name="now">When it failed, Unix milliseconds.</param>
    /// <param name="dueSince">Since when the dispatch is due, Unix milliseconds.</param>
    /// <param name="seed">The dispatch's id.</param>
    /// <param name="retryAfter">How long the receiver asked to be left alone; null when it did not say.</param>
    public long? Next(int attempt, long now, long dueSince, string seed, TimeSpan? retryAfter = null)
    {
        var pause = Pause(attempt, seed);
        if (retryAfter > pause) pause = retryAfter.Value;
        var next = now + (long)pause.TotalMilliseconds;
        return next <= LastAttempt(dueSince) ? next : null;
    }

    /// <summary>The last moment at which a dispatch is tried, Unix milliseconds.</summary>
    public long LastAttempt(long dueSince) => dueSince + (long)GiveUpAfter.TotalMilliseconds;

    private static double Share(int attempt, string seed)
    {
        var hash = new HashCode64();
        hash.Add((ulong)attempt);
        foreach (var c in seed) hash.Add(c);
        return hash.ToUInt32() / (double)uint.MaxValue;
    }
}
