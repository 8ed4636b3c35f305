using HealthGrains.Embedded;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.CrashChild;

/// <summary>Batches that are known by their number alone, so that both processes can make the same one.</summary>
public static class NumberedBatches
{
    public const int Signals = 40;
    public const int Accounts = 25;

    private static readonly DateTimeOffset Start = new(2026, 11, 18, 12, 0, 0, TimeSpan.Zero);

    public static IntakeBatch Make(int number)
    {
        var batch = new IntakeBatch();
        for (var i = 0; i < Signals; i++)
        {
            var id = (ulong)(number * Signals + i + 1);
            batch.Add(
                $"account-{id % Accounts}",
                new Signal(
                    id, Start.ToUnixTimeMilliseconds() - (long)(id % 2_000_000) * 1_000, SignalKind.FeatureUsed,
                    id % 30 + 1, (uint)(id % 7) + 1));
        }

        return batch;
    }

    public static EmbeddedOptions Options(string directory) => new()
    {
        DataDirectory = directory,
        Keys = TenantKeys.Repeatable,
        Clock = new StandingClock(),
        ClockKind = ClockKind.Simulated,
        // Checkpoints all the time, so that kills hit them too.
        CheckpointSignals = 300,
        CommitSignals = 400,
    };

    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Start;
    }
}
