using System.Diagnostics;

namespace HealthGrains.Kafka.Tests;

/// <summary>Waits for what a test waits for, and says what did not come.</summary>
public static class Wait
{
    /// <summary>Far more than anything takes here: machines may be busy.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(5);

    public static async Task Until(Func<bool> condition, Func<string> what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Patience, $"did not come in {Patience.TotalSeconds:0} s: {what()}");
            await Task.Delay(Between, TimeProvider.System, CancellationToken.None);
        }
    }

    public static Task Until(Func<bool> condition, string what) => Until(condition, () => what);
}
