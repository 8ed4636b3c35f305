namespace HealthGrains.Hosting;

/// <summary>
/// A tenant's secret: pseudonyms and signal identities are keyed hashes under it, so that neither can be guessed from outside.
/// </summary>
/// <param name="Low">First half of the 128-bit key.</param>
/// <param name="High">Second half.</param>
public readonly record struct TenantKeys(ulong Low, ulong High)
{
    /// <summary>A fixed key for replays, backtests and tests, where results must repeat.</summary>
    public static readonly TenantKeys Repeatable = new(0x6865616c74686772, 0x61696e732d763031);
}

/// <summary>Which account an external id belongs to. Read on many threads while the host adds to it.</summary>
public interface IIdentities
{
    /// <summary>The target of a link: an account's id, or for <c>segment:user</c> a group; null when there is none.</summary>
    string? Find(string source, ReadOnlySpan<char> externalId);

    /// <summary>Whether an account of that id exists.</summary>
    bool AccountExists(ReadOnlySpan<char> id);
}

/// <summary>The table from name numbers back to names. Read on many threads while the host adds to it.</summary>
public interface INames
{
    /// <summary>Whether the number has a name.</summary>
    bool Contains(uint id);

    /// <summary>The name; for a number that was never named, its hexadecimal form.</summary>
    string Text(uint id);
}
