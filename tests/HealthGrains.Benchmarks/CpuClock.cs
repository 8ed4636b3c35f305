namespace HealthGrains.Benchmarks;

/// <summary>
/// Seconds of processor time that this process has used: on a shared machine, what the work costs rather than how long it queued.
/// Right for code that runs on one thread.
/// </summary>
internal readonly struct CpuClock
{
    private readonly TimeSpan _start;

    private CpuClock(TimeSpan start) => _start = start;

    public double Seconds => (Environment.CpuUsage.TotalTime - _start).TotalSeconds;

    public static CpuClock Start() => new(Environment.CpuUsage.TotalTime);
}
