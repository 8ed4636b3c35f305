namespace HealthGrains.Cli.Bench;

/// <summary>
/// Starts work at moments that stand beforehand, whether or not what came before has ended: as callers do who do not know of one
/// another: one in each step, anywhere in it, so that several kinds of work do not beat in time. A latency is counted from that
/// moment, so that a stall counts for all who would have been kept waiting by it.
/// </summary>
internal static class Pace
{
    public static Task RunAsync(
        ulong seed, double perSecond, TimeSpan time, TimeProvider wall, Func<int, long, Task> work,
        CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Run(seed, perSecond, time, wall, work, cancellationToken), cancellationToken,
            TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private static async Task Run(
        ulong seed, double perSecond, TimeSpan time, TimeProvider wall, Func<int, long, Task> work, CancellationToken cancellationToken)
    {
        var count = (int)(perSecond * time.TotalSeconds);
        var step = wall.TimestampFrequency / perSecond;
        var running = new List<Task>(count);
        var start = wall.GetTimestamp();
        // A thread of its own, for a timer's callback would wait behind the answers that come in.
        using var never = new ManualResetEventSlim();
        for (var i = 0; i < count; i++)
        {
            var due = start + (long)((i + Book.Mix(Book.Mix(seed) ^ (ulong)i) / (double)ulong.MaxValue) * step);
            while (wall.GetTimestamp() < due)
            {
                var left = (due - wall.GetTimestamp()) * 1_000 / wall.TimestampFrequency;
                never.WaitHandle.WaitOne((int)Math.Clamp(left, 1, 100));
                if (cancellationToken.IsCancellationRequested) break;
            }
            if (cancellationToken.IsCancellationRequested) break;
            // A thread wakes at whole milliseconds. What that adds is the asker's; what it wakes later than that counts.
            running.Add(work(i, Math.Min(wall.GetTimestamp(), due + wall.TimestampFrequency / 1_000)));
        }
        await Task.WhenAll(running);
    }
}
