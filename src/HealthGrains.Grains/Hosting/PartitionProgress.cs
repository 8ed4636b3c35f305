namespace HealthGrains.Grains.Hosting;

/// <summary>What an account was given of a partition and has not stored yet.</summary>
/// <param name="Account">The account.</param>
/// <param name="Lowest">The first place that may not be stored.</param>
/// <param name="Highest">The last place that it was given.</param>
/// <param name="Since">Since when, milliseconds of the process's own clock.</param>
internal sealed record UnsavedAccount(string Account, long Lowest, long Highest, long Since);

/// <summary>Which accounts have not stored what they were given of one partition. Under its owner's lock.</summary>
/// <remarks>
/// Each run goes three ways: it is being applied, it waits to be stored, it is being stored. An account is asked to store only what it
/// has said to have applied: asked for a run that has not reached it yet, it would answer that it does not have it.
/// </remarks>
internal sealed class PartitionProgress
{
    private readonly Dictionary<string, UnsavedAccount> _applying = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UnsavedAccount> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UnsavedAccount> _saving = new(StringComparer.Ordinal);

    /// <summary>Whether an account no longer has what it applied and had not stored.</summary>
    public bool IsLost { get; set; }

    public int Count => _applying.Count + _waiting.Count + _saving.Count;

    /// <summary>
    /// An account is about to apply a run, perhaps once more. Returns the last place before it that the account was given and may not have
    /// stored; -1 for none.
    /// </summary>
    public long Add(string account, long lowest, long highest, long now)
    {
        var run = new UnsavedAccount(account, lowest, highest, now);
        _applying[account] = _applying.TryGetValue(account, out var before) ? Joined(before, run) : run;
        if (_waiting.TryGetValue(account, out var waiting)) return waiting.Highest;
        return _saving.TryGetValue(account, out var saving) ? saving.Highest : -1;
    }

    /// <summary>All that was about to be applied is.</summary>
    public void Applied()
    {
        foreach (var (account, run) in _applying)
            _waiting[account] = _waiting.TryGetValue(account, out var waiting) ? Joined(waiting, run) : run;
        _applying.Clear();
    }

    /// <summary>The accounts that have waited since before a moment, and are not being stored already.</summary>
    public List<UnsavedAccount> Begin(long before)
    {
        var due = _waiting.Values.Where(unsaved => unsaved.Since <= before && !_saving.ContainsKey(unsaved.Account)).ToList();
        foreach (var unsaved in due)
        {
            _waiting.Remove(unsaved.Account);
            _saving[unsaved.Account] = unsaved;
        }
        return due;
    }

    /// <summary>An account has stored it, or does not have it.</summary>
    public void End(UnsavedAccount unsaved, bool isHere)
    {
        _saving.Remove(unsaved.Account);
        IsLost |= !isHere;
    }

    /// <summary>An account could not store it, or that is not known: it waits on.</summary>
    public void Fail(UnsavedAccount unsaved)
    {
        _saving.Remove(unsaved.Account);
        _waiting[unsaved.Account] = _waiting.TryGetValue(unsaved.Account, out var later) ? Joined(unsaved, later) : unsaved;
    }

    /// <summary>How far it is stored.</summary>
    public LogProgress Tell()
    {
        long? lowest = null;
        foreach (var unsaved in _applying.Values.Concat(_waiting.Values).Concat(_saving.Values))
            lowest = Math.Min(lowest ?? long.MaxValue, unsaved.Lowest);
        return new LogProgress(lowest, IsLost);
    }

    private static UnsavedAccount Joined(UnsavedAccount first, UnsavedAccount then) => first with
    {
        Lowest = Math.Min(first.Lowest, then.Lowest), Highest = Math.Max(first.Highest, then.Highest),
    };
}
