using HealthGrains.Accounts;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using static HealthGrains.Grains.Tests.MadeUp;

namespace HealthGrains.Grains.Tests;

public sealed class LogIntakeTests
{
    private const string Topic = "healthgrains.usage";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Entries_of_a_log_that_come_again_change_nothing()
    {
        await using var cluster = await TestCluster.StartAsync(1, new FixedClock(Now), new MemoryStore());
        var log = new Log(cluster.Host(0), 10);
        await log.ReadAsync(cluster, 0, 10);
        await log.ReadAsync(cluster, 3, 10);

        for (var account = 0; account < Book; account++)
            Assert.Equal(10 * 3, (await cluster.Host(0).GetAccountAsync($"a{account}", null, None))!.Version);
    }

    [Fact]
    public async Task Progress_is_behind_what_is_stored_and_catches_up()
    {
        var store = new MemoryStore();
        await using var cluster = await TestCluster.StartAsync(1, new FixedClock(Now), store);
        var log = new Log(cluster.Host(0), 5);
        await log.ReadAsync(cluster, 0, 5);

        var committed = await log.SettledAsync(cluster, 5);

        Assert.Equal(5 * Log.EntriesInBatch, committed);
        for (var account = 0; account < Book; account++) Assert.NotNull(await store.ReadAsync($"a{account}", None));
    }

    [Fact]
    public async Task Accounts_live_where_their_partition_is_read()
    {
        await using var cluster = await TestCluster.StartAsync(3, new FixedClock(Now), new MemoryStore());
        await cluster.SettledMembershipAsync();
        var log = new Log(cluster.Host(0), 1);
        await log.ReadAsync(cluster, 0, 1);

        Assert.Equal(new[] { Book, 0, 0 }, await cluster.AccountsPerSiloAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_entry_counts_once_when_silos_are_killed_before_they_have_stored_it(int seed)
    {
        var random = new Random(seed);
        await using var cluster = await TestCluster.StartAsync(3, new FixedClock(Now), new MemoryStore(), TimeSpan.FromMinutes(1));
        var host = cluster.Host(0);
        // Known before, so that they are active on all silos and not only where the log is read.
        for (var account = 0; account < Book; account++)
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, cluster.Silos[account % 3].SiloAddress);
            await host.PutProfileAsync(AccountProfile.Unknown($"a{account}"), "test", None);
        }
        RequestContext.Clear();
        const int batches = 24;
        var log = new Log(host, batches);
        var (first, second) = (random.Next(3, 10), random.Next(12, 20));
        for (var next = 0; next < batches;)
        {
            if (next == first) { await cluster.KillAsync(2); first = -1; }
            if (next == second) { await cluster.StartAnotherAsync(); await cluster.KillAsync(1); second = -1; }
            await log.ReadAsync(cluster, next, next + 1);
            next = await log.NextAsync(cluster, next + 1);
        }
        Assert.Equal(batches * Log.EntriesInBatch, await log.SettledAsync(cluster, batches));

        Assert.True(log.Losses > 0, "no silo died with anything that was not stored: the test shows nothing");
        for (var account = 0; account < Book; account++)
        {
            var view = await host.GetAccountAsync($"a{account}", null, None);
            Assert.Equal(batches * 3, view!.Version);
            Assert.Equal(Offline(host, $"a{account}", log.Bodies), view.Health.Score, 1e-9);
        }
    }

    /// <summary>A partition of a log: each batch is a round of signals, each signal an entry. Remembers what is committed.</summary>
    private sealed class Log(IHealthGrains host, int batches)
    {
        public const int EntriesInBatch = Book * 3;

        private int _committed;

        public int Losses { get; private set; }

        public List<string> Bodies { get; } = [.. Enumerable.Range(0, batches).Select(Round)];

        public async Task ReadAsync(TestCluster cluster, int from, int to)
        {
            for (var batch = from; batch < to; batch++)
            {
                var offsets = Enumerable.Range(batch * EntriesInBatch, EntriesInBatch).Select(offset => (long)offset).ToArray();
                await cluster.Log(0).ApplyAsync(Topic, 0, Read(host, Bodies[batch]), offsets, [], None);
            }
        }

        /// <summary>Commits what is stored. The next batch to read: the one after, or an earlier one when something was lost.</summary>
        public Task<int> NextAsync(TestCluster cluster, int applied)
        {
            var progress = cluster.Log(0).ProgressOf(Topic, 0);
            if (progress.Lost)
            {
                Losses++;
                cluster.Log(0).Rewound(Topic, 0);
                return Task.FromResult(_committed / EntriesInBatch);
            }
            _committed = (int)(progress.Lowest ?? applied * EntriesInBatch);
            return Task.FromResult(applied);
        }

        /// <summary>Waits until all is stored, reading again what was lost.</summary>
        public async Task<int> SettledAsync(TestCluster cluster, int applied)
        {
            using var patience = new CancellationTokenSource(Patience);
            while (_committed < applied * EntriesInBatch)
            {
                patience.Token.ThrowIfCancellationRequested();
                await cluster.Log(0).SaveAsync(Topic, 0, patience.Token);
                var next = await NextAsync(cluster, applied);
                if (next < applied) await ReadAsync(cluster, next, applied);
            }
            return _committed;
        }
    }
}
