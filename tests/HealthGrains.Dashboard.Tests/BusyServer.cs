using System.Diagnostics;
using System.Globalization;
using HealthGrains.Accounts;
using HealthGrains.Embedded;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Dashboard.Tests;

/// <summary>A large book on the wall's clock: 3,000 accounts, or 100,000 where <c>HEALTHGRAINS_LONG</c> is 1.</summary>
public sealed class BusyServer : IAsyncLifetime
{
    internal static readonly bool IsLong = Environment.GetEnvironmentVariable("HEALTHGRAINS_LONG") == "1";
    internal static readonly int Accounts = IsLong ? 100_000 : 3_000;

    internal TimeSpan FilledIn { get; private set; }

    internal LiveServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (new NeedsBrowserAttribute().Missing is not null) return;
        Server = await LiveServer.StartEmptyAsync();
        var began = Stopwatch.GetTimestamp();
        await FillAsync(Server.Host);
        FilledIn = Stopwatch.GetElapsedTime(began);
    }

    public async Task DisposeAsync()
    {
        if (Server is not null) await Server.DisposeAsync();
    }

    internal static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"account-{number:000000}");

    private static async Task FillAsync(EmbeddedHost host)
    {
        var now = host.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await Parallel.ForEachAsync(Enumerable.Range(0, Accounts), new ParallelOptions { MaxDegreeOfParallelism = 512 },
            async (number, cancel) => await host.PutProfileAsync(
                new AccountProfile
                {
                    Id = Id(number), Name = $"Account {number:000000}", Owner = $"Owner {number % 60:00}", Segment = $"segment {number % 8}",
                    // The first ones have most at risk, and stand at the top.
                    Arr = 2_000_000 - 15 * number, Tier = (Tier)(number % 3),
                }, "test", cancel));
        for (var from = 0; from < Accounts; from += 10_000)
        {
            var batch = new IntakeBatch { UntilApplied = true };
            for (var number = from; number < Math.Min(Accounts, from + 10_000); number++)
                for (var k = 0; k < 8; k++)
                    batch.Add(Id(number), new Signal(
                        (ulong)(number * 8 + k + 1), now - (k * 3 + 1) * Days.Millis - number, SignalKind.Login, (ulong)(k + 1) << 40));
            await host.TakeAsync(batch, CancellationToken.None);
        }
        await host.SettleAsync();
    }
}
