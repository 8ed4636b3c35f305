using System.Globalization;
using HealthGrains.Grains.Hosting;
using HealthGrains.Hosting;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Grains.Storage;

/// <summary>
/// Whether the database answers this node. Says once that it does not and once that it does again; whoever waits for it says the rest
/// at debug level.
/// </summary>
public sealed class StoreWatch(ILogger<StoreWatch> logger, TimeProvider clock) : INodeCheck
{
    private static readonly TimeSpan Doubt = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private long? _since;
    private bool _told;

    /// <summary>Where the database is away, a sentence about it.</summary>
    public string? Gone
    {
        get
        {
            lock (_gate) return _since is { } since ? Sentence(since) : null;
        }
    }

    /// <summary>Whether it has been away for so long that it was told: more than a connection that broke.</summary>
    public bool IsKnownGone
    {
        get
        {
            lock (_gate) return _told;
        }
    }

    /// <inheritdoc/>
    /// <remarks>All nodes share the database: were they unready without it, none would answer what is in memory.</remarks>
    public string? NotReady => null;

    /// <inheritdoc/>
    public string? Degraded => Gone;

    /// <summary>Whether a fault says no more than that the store is away.</summary>
    public static bool IsAway(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
            if (fault is HostUnavailableException or StoreUnavailableException) return true;
        return false;
    }

    /// <summary>The moment before a call, for <see cref="Answered"/>.</summary>
    public long Begin() => clock.GetTimestamp();

    /// <summary>It has answered a call.</summary>
    /// <param name="begun">When the call began: one that was under way when the database went says nothing about now.</param>
    public void Answered(long begun)
    {
        long since;
        bool told;
        lock (_gate)
        {
            if (_since is null || begun < _since) return;
            (since, told) = (_since.Value, _told);
            (_since, _told) = (null, false);
        }
        if (told) Log.StoreBack(logger, Seconds(since));
    }

    /// <summary>It has not answered. Returns what to tell whoever asked.</summary>
    public HostUnavailableException Failed(Exception fault)
    {
        var tell = false;
        long since;
        lock (_gate)
        {
            since = _since ??= clock.GetTimestamp();
            // One connection that broke is no news.
            tell = !_told && clock.GetElapsedTime(since) >= Doubt;
            _told |= tell;
        }
        if (tell) Log.StoreGone(logger, fault.Message);
        return new HostUnavailableException(Sentence(since), fault);
    }

    private double Seconds(long since) => clock.GetElapsedTime(since).TotalSeconds;

    private string Sentence(long since) => string.Create(CultureInfo.InvariantCulture,
        $"the database has not answered for {Seconds(since):0} s; nothing can be stored or looked up until it does: try again then");
}
