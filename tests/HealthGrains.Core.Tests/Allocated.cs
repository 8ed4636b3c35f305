namespace HealthGrains.Core.Tests;

/// <summary>What code allocates in steady state.</summary>
internal static class Allocated
{
    private const int Rounds = 10;

    /// <summary>
    /// Fails unless the code can be run without allocating. The least of several runs counts: the runtime has some of its own to make once
    /// when it compiles better code, and at a collection that another thread asked for. What the code itself allocates, it does each time.
    /// </summary>
    public static void Nothing(Action act)
    {
        var least = long.MaxValue;
        for (var round = 0; round < Rounds && least > 0; round++)
        {
            var start = GC.GetAllocatedBytesForCurrentThread();
            act();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - start);
        }
        Assert.Equal(0, least);
    }
}
