namespace HealthGrains.Grains.Watching;

/// <summary>Whether anybody watches, on whatever node. Its key is the tenant. In memory: who watches says so again and again.</summary>
[Alias("healthgrains.watchers")]
public interface IWatchersGrain : IGrainWithStringKey
{
    /// <summary>Somebody watches; to be said again every few seconds.</summary>
    [Alias("here")]
    Task HereAsync();

    /// <summary>Whether that was said of late.</summary>
    [Alias("any")]
    Task<bool> AnyAsync();
}

/// <summary>Remembers for a while that somebody watches.</summary>
internal sealed class WatchersGrain : Grain, IWatchersGrain
{
    // Three times as long as a node waits before it says so again.
    private const long KeptFor = 15_000;

    private long _until;

    public Task HereAsync()
    {
        _until = Environment.TickCount64 + KeptFor;
        return Task.CompletedTask;
    }

    public Task<bool> AnyAsync() => Task.FromResult(Environment.TickCount64 < _until);
}
