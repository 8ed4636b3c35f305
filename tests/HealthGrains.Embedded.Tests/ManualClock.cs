namespace HealthGrains.Embedded.Tests;

/// <summary>A clock that stands until it is moved.</summary>
public sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private long _now = start.ToUnixTimeMilliseconds();

    public static ManualClock AtNoon() => new(new DateTimeOffset(2026, 11, 18, 12, 0, 0, TimeSpan.Zero));

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Volatile.Read(ref _now));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _now, (long)by.TotalMilliseconds);
}
