namespace HealthGrains.HostContract;

/// <summary>
/// A clock that stands still until it is moved. Timers created on it never fire: hosts under test are told when time passed.
/// </summary>
public sealed class ContractClock(DateTimeOffset now) : TimeProvider
{
    private long _ticks = now.UtcTicks;

    /// <summary>Noon of a Saturday, the moment that most examples play at.</summary>
    public static DateTimeOffset Noon { get; } = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>Moves the clock on.</summary>
    public void MoveTo(DateTimeOffset now) => Interlocked.Exchange(ref _ticks, now.UtcTicks);
}
