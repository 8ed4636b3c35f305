namespace HealthGrains.Demo.Tests;

public sealed class SimulatedClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_stands_until_it_is_moved_and_never_goes_back()
    {
        var wall = new Wall();
        var clock = new SimulatedClock(Start, wall);
        wall.Pass(TimeSpan.FromHours(1));
        Assert.Equal(Start, clock.GetUtcNow());
        clock.AdvanceTo(Start.AddDays(3));
        clock.AdvanceTo(Start.AddDays(1));
        Assert.Equal(Start.AddDays(3), clock.GetUtcNow());
    }

    [Fact]
    public void It_runs_at_a_multiple_of_wall_time_and_stops()
    {
        var wall = new Wall();
        var clock = new SimulatedClock(Start, wall);
        clock.Run(1440);
        wall.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(Start.AddDays(1), clock.GetUtcNow());
        clock.Run(0);
        wall.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(Start.AddDays(1), clock.GetUtcNow());
    }

    [Fact]
    public async Task A_timer_fires_when_events_move_the_clock_past_it()
    {
        var clock = new SimulatedClock(Start, TimeProvider.System);
        var fired = new TaskCompletionSource<DateTimeOffset>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var timer = clock.CreateTimer(
            _ => fired.TrySetResult(clock.GetUtcNow()), null, TimeSpan.FromHours(5), Timeout.InfiniteTimeSpan);
        clock.AdvanceTo(Start.AddHours(4));
        Assert.False(fired.Task.IsCompleted);
        clock.AdvanceTo(Start.AddHours(6));
        Assert.Equal(Start.AddHours(6), await fired.Task);
    }

    [Fact]
    public async Task A_timer_fires_when_the_running_clock_reaches_it()
    {
        var clock = new SimulatedClock(Start, TimeProvider.System);
        clock.Run(1_000_000);
        await Task.Delay(TimeSpan.FromHours(1), clock, CancellationToken.None);
        Assert.True(clock.GetUtcNow() >= Start.AddHours(1));
    }

    private sealed class Wall : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Pass(TimeSpan time) => _ticks += time.Ticks;
    }
}
