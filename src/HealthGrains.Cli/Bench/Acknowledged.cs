namespace HealthGrains.Cli.Bench;

/// <summary>What the server has acknowledged, of each account and in all: it must never show less.</summary>
internal sealed class Acknowledged(int accounts)
{
    private readonly int[] _signals = new int[accounts];
    private long _total;
    private long _checks;
    private long _violations;

    public long Total => Interlocked.Read(ref _total);

    /// <summary>How often an answer was compared with what had been acknowledged before the question.</summary>
    public long Checks => Interlocked.Read(ref _checks);

    /// <summary>How often an answer showed less.</summary>
    public long Violations => Interlocked.Read(ref _violations);

    /// <summary>Signals of an account that were acknowledged so far.</summary>
    public int Of(int account) => Volatile.Read(ref _signals[account]);

    public void Add(SignalBatch batch)
    {
        foreach (var account in batch.Accounts) Interlocked.Increment(ref _signals[account]);
        Interlocked.Add(ref _total, batch.Accounts.Length);
    }

    /// <summary>Compares a version with the least that it must be: an account's version counts its signals, and more.</summary>
    public void Check(long version, long least)
    {
        Interlocked.Increment(ref _checks);
        if (version < least) Interlocked.Increment(ref _violations);
    }
}
