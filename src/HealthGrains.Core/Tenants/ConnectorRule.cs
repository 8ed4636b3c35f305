namespace HealthGrains.Tenants;

/// <summary>
/// When a source is thought dead for the whole tenant, its connection broken, rather than its customers gone. Either many accounts that
/// usually send from it are silent for longer than is usual for each of them, and next to nobody is heard: on a holiday somebody still is.
/// Or, of sources from which each account sends too seldom for that, nobody at all has been heard for long enough.
/// </summary>
public sealed record ConnectorRule
{
    /// <summary>Fewest accounts that usually send from a source: of fewer the silence may be chance.</summary>
    public int Accounts { get; init; } = 10;
    /// <summary>Share 0..1 of them that must be silent for longer than is usual for them.</summary>
    public double SilentShare { get; init; } = 0.5;
    /// <summary>How many may have been heard in the last 24 hours all the same, as a share of those heard on a usual weekday.</summary>
    public double HeardShare { get; init; } = 0.05;
    /// <summary>Weekdays without a sign of anybody ...</summary>
    public double NobodyWeekdays { get; init; } = 1.5;
    /// <summary>... in which so many accounts would usually have been heard: by chance, one in e to the power of this.</summary>
    public double NobodyAccounts { get; init; } = 30;
    /// <summary>How many must be heard in 24 hours for it to be back, as a share of those heard on a usual weekday before.</summary>
    public double BackShare { get; init; } = 0.25;
    /// <summary>How many must be heard of on a lost day for it to count as known after all, as the same share: it was sent later.</summary>
    public double FoundShare { get; init; } = 0.5;
}
