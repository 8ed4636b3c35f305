using System.Diagnostics;

namespace HealthGrains.Delivery.Tests;

/// <summary>Waits for what a test waits for, and says what did not come.</summary>
public static class Wait
{
    /// <summary>Far more than anything takes here: machines may be busy.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(1);

    public static async Task Until(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        for (var looks = 0; !condition(); looks++)
        {
            Assert.True(watch.Elapsed < Patience, $"did not come in {Patience.TotalSeconds:0} s: {what}");
            if (looks < 100) await Task.Yield();
            else await Task.Delay(Between, TimeProvider.System, CancellationToken.None);
        }
    }
}
