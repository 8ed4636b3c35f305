namespace HealthGrains.Grains.Watching;

/// <summary>Tells the silos whether anybody watches changes. Its key is the tenant. It stores nothing: leases are renewed.</summary>
[Alias("healthgrains.watchers")]
public interface IWatchersGrain : IGrainWithStringKey
{
    /// <summary>Somebody watches, for so long from now. Completes when every silo that can be reached knows.</summary>
    [Alias("watch")]
    Task WatchAsync(TimeSpan lease);

    /// <summary>
    /// A silo that is to be told from now on; to be called again and again. For how long somebody watches or, while the grain is too
    /// new to know, may watch.
    /// </summary>
    [Alias("tell")]
    Task<TimeSpan> TellAsync(IWatchersObserver silo);
}

/// <summary>A silo that is told.</summary>
[Alias("healthgrains.watchersObserver")]
public interface IWatchersObserver : IGrainObserver
{
    /// <summary>Somebody watches, for so long from now.</summary>
    [Alias("watched")]
    Task WatchedAsync(TimeSpan lease);
}
