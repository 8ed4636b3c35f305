using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Hosting;

namespace HealthGrains.Grains.Actors;

/// <summary>What all actors of a silo share.</summary>
/// <param name="options">The cluster's settings.</param>
/// <param name="reminders">How often a reminder may come.</param>
/// <param name="logging">Where actors say what went wrong.</param>
public sealed class ActorShell(ClusterOptions options, IOptions<ReminderOptions> reminders, ILoggerFactory logging)
{
    // A wake-up this near is taken by a timer, on time to the millisecond; beyond it the reminder does and the grain may go to sleep.
    private static readonly TimeSpan Near = TimeSpan.FromMinutes(5);

    internal ILogger Logger { get; } = logging.CreateLogger("HealthGrains.Grains.Actors");

    /// <summary>
    /// How long after a failed delivery the next attempt comes, and how often a reminder that fell due comes again until it is moved.
    /// </summary>
    internal TimeSpan Retry { get; } = reminders.Value.MinimumReminderPeriod;

    internal long Now => options.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>How long a timer waits for a wake-up; null when it is too far away for one.</summary>
    internal TimeSpan? TimerFor(long due, long now)
    {
        if (due == long.MaxValue) return null;
        var wait = TimeSpan.FromMilliseconds(Math.Max(0, due - now));
        // A clock that is moved by hand tells nobody.
        if (options.ClockKind == HealthGrains.Hosting.ClockKind.Simulated) return wait < options.SweepEvery ? wait : options.SweepEvery;
        return wait <= Near ? wait : null;
    }
}
