using System.Collections.Concurrent;
using HealthGrains.Grains.Hosting;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

using static HealthGrains.Grains.Tests.MadeUp;

namespace HealthGrains.Grains.Tests;

/// <summary>
/// Orleans cancels a call whose grain could not be placed in time, as when its directory was on a silo that died. Nobody asked for that:
/// it is no end, but a call to be made again.
/// </summary>
public sealed class GivenUpCallTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly GivingUp _calls = new();

    [Fact]
    public async Task A_call_that_Orleans_gives_up_is_made_again_and_counts_once()
    {
        await using var cluster = await StartAsync(new FixedClock(Now));
        _calls.GiveUp("IAccountGrain", 5 * Book);

        await cluster.Host(0).TakeAsync(Read(cluster.Host(0), Round(1)), None);

        Assert.Equal(3, (await cluster.Host(1).GetAccountAsync("a7", null, None))!.Version);
        Assert.Equal(0, _calls.Left("IAccountGrain"));
    }

    [Fact]
    public async Task A_node_whose_calls_to_the_tenant_are_given_up_goes_on_and_its_watchers_hear_on()
    {
        await using var cluster = await StartAsync(new FixedClock(Now));
        using var feed = await cluster.Host(1).WatchAsync(new WatchFilter(), null, None);
        foreach (var grain in (string[])["IWatchersGrain", "ITenantGrain"]) _calls.GiveUp(grain, 4);
        await UntilAsync(
            () => _calls.Left("IWatchersGrain") == 0 && _calls.Left("ITenantGrain") == 0,
            () => $"{_calls.Left("IWatchersGrain")} and {_calls.Left("ITenantGrain")} calls are not made");

        // After all that was given up, and for longer than who watched before is remembered.
        await UntilAsync(() => cluster.IsWatched(0) && cluster.IsWatched(1), () => "a silo does not know that it is watched");
        await Task.Delay(Lease * 2, TimeProvider.System);

        Assert.True(cluster.IsWatched(0) && cluster.IsWatched(1));
        await cluster.Host(0).TakeAsync(Read(cluster.Host(0), Round(1)), None);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.NotEmpty(await feed.ReadAsync(patience.Token));
        AssertUp(cluster);
    }

    [Fact]
    public async Task Accounts_are_woken_though_Orleans_gives_up_calls_to_them()
    {
        var clock = new FixedClock(Now);
        await using var cluster = await StartAsync(clock);
        var host = cluster.Host(0);
        await host.TakeAsync(Read(host, Round(1)), None);
        _calls.GiveUp("IAccountGrain", 2 * Book);
        clock.Now = Now.AddDays(1);

        await UntilAsync(() => _calls.Left("IAccountGrain") == 0, () => $"{_calls.Left("IAccountGrain")} calls are not made");
        for (var account = 0; account < Book; account++)
        {
            var id = $"a{account}";
            await UntilAsync(
                async () => (await host.GetHistoryAsync(id, 30, None))![^1].Day == DateOnly.FromDateTime(clock.Now.Date),
                () => $"{id} is not woken");
        }
        AssertUp(cluster);
    }

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    private Task<TestCluster> StartAsync(TimeProvider clock)
    {
        var store = new MemoryStore();
        return TestCluster.StartAsync(2, clock, services =>
        {
            services.AddHealthGrainsStore(_ => store);
            services.AddSingleton<IOutgoingGrainCallFilter>(_calls);
        }, watchLease: Lease);
    }

    // A background service that fails takes its node with it.
    private static void AssertUp(TestCluster cluster) => Assert.All(cluster.Silos, silo => Assert.False(
        silo.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested));

    private static Task UntilAsync(Func<bool> reached, Func<string> missing) => UntilAsync(() => Task.FromResult(reached()), missing);

    private static async Task UntilAsync(Func<Task<bool>> reached, Func<string> missing)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await reached())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromMinutes(1), missing());
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Gives up so many calls of an interface, as Orleans does.</summary>
    private sealed class GivingUp : IOutgoingGrainCallFilter
    {
        private readonly ConcurrentDictionary<string, int> _left = new(StringComparer.Ordinal);

        public void GiveUp(string grain, int calls) => _left[grain] = calls;

        public int Left(string grain) => _left.GetValueOrDefault(grain);

        public Task Invoke(IOutgoingGrainCallContext context)
        {
            var grain = context.InterfaceMethod.DeclaringType!.Name;
            while (_left.TryGetValue(grain, out var left) && left > 0)
                if (_left.TryUpdate(grain, left - 1, left))
                    throw new OperationCanceledException($"Message expired before placement could complete for grain {context.TargetId}.");
            return context.Invoke();
        }
    }
}
