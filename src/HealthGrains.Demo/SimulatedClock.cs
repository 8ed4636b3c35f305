namespace HealthGrains.Demo;

/// <summary>
/// A clock for a made-up company: moved by events while history is replayed, then running at a multiple of wall time. It never
/// goes back. Timers made from it fire when its time comes, whichever way that happens.
/// </summary>
/// <param name="start">The first moment.</param>
/// <param name="wall">Wall time, which drives it while it runs.</param>
public sealed class SimulatedClock(DateTimeOffset start, TimeProvider wall) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly HashSet<Alarm> _alarms = [];
    private DateTimeOffset _anchor = start;
    private long _wallAnchor = wall.GetTimestamp();
    private double _speed;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return Now();
    }

    /// <summary>Moves the clock to a moment; one that lies behind changes nothing.</summary>
    public void AdvanceTo(DateTimeOffset moment)
    {
        lock (_gate)
        {
            if (moment <= Now()) return;
            _anchor = moment;
            _wallAnchor = wall.GetTimestamp();
        }
        Rearm();
    }

    /// <summary>Lets the clock run: so many simulated seconds a wall second; 0 stops it.</summary>
    public void Run(double speed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(speed);
        lock (_gate)
        {
            _anchor = Now();
            _wallAnchor = wall.GetTimestamp();
            _speed = speed;
        }
        Rearm();
    }

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback, state);
        lock (_gate) _alarms.Add(alarm);
        alarm.Change(dueTime, period);
        return alarm;
    }

    private TimeProvider Wall => wall;

    private DateTimeOffset Now() => _speed == 0 ? _anchor : _anchor + wall.GetElapsedTime(_wallAnchor) * _speed;

    private void Rearm()
    {
        Alarm[] alarms;
        lock (_gate) alarms = [.. _alarms];
        foreach (var alarm in alarms) alarm.Arm();
    }

    /// <summary>How long to wait on the wall until a moment; infinite while the clock stands.</summary>
    private TimeSpan WallTimeTo(DateTimeOffset moment)
    {
        lock (_gate)
        {
            var left = moment - Now();
            if (left <= TimeSpan.Zero) return TimeSpan.Zero;
            if (_speed == 0) return Timeout.InfiniteTimeSpan;
            var ms = Math.Ceiling(left.TotalMilliseconds / _speed);
            return ms < 4e9 ? TimeSpan.FromMilliseconds(ms) : Timeout.InfiniteTimeSpan;
        }
    }

    private sealed class Alarm : ITimer
    {
        private readonly SimulatedClock _clock;
        private readonly ITimer _timer;
        private readonly Lock _gate = new();
        private DateTimeOffset? _due;
        private TimeSpan _period;

        public Alarm(SimulatedClock clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _timer = clock.Wall.CreateTimer(_ => Ring(callback, state), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_gate)
            {
                _due = dueTime == Timeout.InfiniteTimeSpan ? null : _clock.GetUtcNow() + dueTime;
                _period = period;
            }
            return Arm();
        }

        public bool Arm()
        {
            lock (_gate)
            {
                var wait = _due is { } due ? _clock.WallTimeTo(due) : Timeout.InfiniteTimeSpan;
                return _timer.Change(wait, Timeout.InfiniteTimeSpan);
            }
        }

        public void Dispose()
        {
            lock (_clock._gate) _clock._alarms.Remove(this);
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            lock (_clock._gate) _clock._alarms.Remove(this);
            return _timer.DisposeAsync();
        }

        private void Ring(TimerCallback callback, object? state)
        {
            lock (_gate)
            {
                // Wall timers ring a little early at times, and a clock that was stopped meanwhile rings too soon.
                if (_due is not { } due) return;
                if (_clock.GetUtcNow() < due)
                {
                    Arm();
                    return;
                }
                _due = _period > TimeSpan.Zero ? _clock.GetUtcNow() + _period : null;
            }
            callback(state);
            Arm();
        }
    }
}
