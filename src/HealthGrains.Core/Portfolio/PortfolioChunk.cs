namespace HealthGrains.Portfolio;

/// <summary>
/// Some hundred rows with their entries. Held by the index and by any number of snapshots; only a chunk that the index alone holds
/// may be written to. All under the index's lock, but for reading.
/// </summary>
internal sealed class PortfolioChunk
{
    public const int Shift = 8;
    public const int Size = 1 << Shift;

    public readonly PortfolioRow[] Rows = new PortfolioRow[Size];
    public PortfolioEntry[] Entries = new PortfolioEntry[Size];

    /// <summary>Whether a copy of this chunk has the same array of entries.</summary>
    public bool EntriesShared;

    /// <summary>How many hold it.</summary>
    public int Holders = 1;

    public void CopyTo(PortfolioChunk other)
    {
        Rows.CopyTo(other.Rows, 0);
        other.Entries = Entries;
        EntriesShared = other.EntriesShared = true;
    }

    public void SetEntry(int at, PortfolioEntry? entry)
    {
        if (EntriesShared) Entries = (PortfolioEntry[])Entries.Clone();
        EntriesShared = false;
        Entries[at] = entry!;
    }
}
