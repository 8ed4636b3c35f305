namespace HealthGrains.Grains.Hosting;

/// <summary>What an account has applied from a partition and not stored yet.</summary>
/// <param name="Account">The account.</param>
/// <param name="Lowest">The first place that may not be stored.</param>
/// <param name="Highest">The last place that was applied.</param>
/// <param name="Before">The last place of the run before the last one, should that not be stored either; -1 for none.</param>
/// <param name="Since">Since when, milliseconds of the process's own clock.</param>
internal sealed record UnsavedAccount(string Account, long Lowest, long Highest, long Before, long Since);

/// <summary>Which accounts have not stored what they applied from one partition. Under its owner's lock.</summary>
internal sealed class PartitionProgress
{
    private readonly Dictionary<string, UnsavedAccount> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UnsavedAccount> _saving = new(StringComparer.Ordinal);

    /// <summary>Whether an account no longer has what it applied and had not stored.</summary>
    public bool IsLost { get; set; }

    public int Count => _waiting.Count + _saving.Count;

    /// <summary>
    /// An account is about to apply a run. Returns the last place before it that the account was given and may not have stored;
    /// -1 for none.
    /// </summary>
    public long Add(string account, long lowest, long highest, long now)
    {
        if (!_waiting.TryGetValue(account, out var known))
        {
            var before = _saving.TryGetValue(account, out var saving) ? saving.Highest : -1;
            _waiting.Add(account, new UnsavedAccount(account, lowest, highest, before, now));
            return before;
        }
        // A run that is repeated follows what its first attempt followed.
        var after = lowest <= known.Highest ? known.Before : known.Highest;
        _waiting[account] = known with
        {
            Lowest = Math.Min(known.Lowest, lowest), Highest = Math.Max(known.Highest, highest), Before = after,
        };
        return after;
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
        _waiting[unsaved.Account] = _waiting.TryGetValue(unsaved.Account, out var later)
            ? later with { Lowest = unsaved.Lowest, Since = unsaved.Since } : unsaved;
    }

    /// <summary>How far it is stored.</summary>
    public LogProgress Tell()
    {
        long? lowest = null;
        foreach (var unsaved in _waiting.Values.Concat(_saving.Values)) lowest = Math.Min(lowest ?? long.MaxValue, unsaved.Lowest);
        return new LogProgress(lowest, IsLost);
    }
}
