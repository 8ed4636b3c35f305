using HealthGrains.Accounts;
using HealthGrains.Grains.Hosting;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace HealthGrains.Grains.Tests;

public sealed class ErasureTests
{
    private const string Id = "a1";
    private const string Topic = "healthgrains.usage";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task An_account_whose_erasure_failed_goes_on_and_can_be_erased_again()
    {
        var store = new MemoryStore();
        var failing = new FailsToErase(store, times: 1);
        await using var cluster = await TestCluster.StartAsync(1, new FixedClock(MadeUp.Now), services =>
        {
            services.AddHealthGrainsStore(_ => store);
            services.AddSingleton<IAccountStore>(failing);
        });
        var host = cluster.Host(0);
        await host.PutProfileAsync(AccountProfile.Unknown("acme"), "dana", CancellationToken.None);

        // The call is repeated, on an activation that begins with what is stored.
        Assert.NotNull(await host.EraseAsync("acme", "officer", CancellationToken.None));

        Assert.Equal(2, failing.Attempts);
        Assert.Null(await host.GetAccountAsync("acme", null, CancellationToken.None));
        Assert.True(await host.PutProfileAsync(AccountProfile.Unknown("acme"), "dana", CancellationToken.None));
    }

    [Fact]
    public async Task What_the_log_had_of_an_account_does_not_come_back_when_it_was_erased_before_it_was_stored()
    {
        var store = new MemoryStore();
        await using var cluster = await TestCluster.StartAsync(1, new FixedClock(MadeUp.Now), store, TimeSpan.FromMinutes(1));
        var (host, log) = (cluster.Host(0), cluster.Log(0));
        await ApplyAsync(host, log, 0, 5);

        Assert.NotNull(await host.EraseAsync(Id, "officer", None));

        // Whoever reads the log finds nothing missing, and commits.
        await log.SaveAsync(Topic, 0, None);
        Assert.Equal(new LogProgress(null, Lost: false), log.ProgressOf(Topic, 0));
        log.Rewound(Topic, 0);
        await ApplyAsync(host, log, 0, 5);
        await log.SaveAsync(Topic, 0, None);
        Assert.Null(await host.GetAccountAsync(Id, null, None));
        Assert.False(host.Identities.AccountExists(Id));
        Assert.Equal((true, 0), ((await store.ReadAsync(Id, None))!.IsErased, await store.CountAsync(None)));
        Assert.Equal(
            [("account.erased", "officer")],
            (await host.ListAuditAsync(new AuditQuery(), None)).Items.Select(entry => (entry.Action, entry.Actor)));
    }

    [Fact]
    public async Task What_comes_by_the_log_after_an_erasure_makes_the_account_anew_and_nothing_from_before_joins_it()
    {
        var store = new MemoryStore();
        await using (var before = await TestCluster.StartAsync(1, new FixedClock(MadeUp.Now), store))
        {
            await ApplyAsync(before.Host(0), before.Log(0), 0, 5);
            await PutAsync(before.Log(0), 0, "Acme before");
            Assert.NotNull(await before.Host(0).EraseAsync(Id, "officer", None));
        }

        // A cluster that starts, and is sent back to where the log begins.
        await using var cluster = await TestCluster.StartAsync(1, new FixedClock(MadeUp.Now), store);
        var (host, log) = (cluster.Host(0), cluster.Log(0));
        await PutAsync(log, 0, "Acme before");
        Assert.Null(await host.GetAccountAsync(Id, null, None));
        Assert.Null(host.Identities.Find("crm", "c-1"));
        await ApplyAsync(host, log, 0, 7);

        Assert.Equal(2, (await host.GetAccountAsync(Id, null, None))!.Version);
        await PutAsync(log, 1, "Acme after");
        Assert.Equal("Acme after", (await host.GetAccountAsync(Id, null, None))!.Profile.Name);

        // Erased once more, it is gone with what came in between.
        Assert.NotNull(await host.EraseAsync(Id, "officer", None));
        log.Rewound(Topic, 0);
        await ApplyAsync(host, log, 0, 7);
        Assert.Null(await host.GetAccountAsync(Id, null, None));
    }

    private static async Task ApplyAsync(IHealthGrains host, LogIntake log, int from, int to)
    {
        var batch = MadeUp.Read(host, string.Concat(Enumerable.Range(from, to - from).Select(i => MadeUp.Line(1, i, "usage", "login"))));
        await log.ApplyAsync(Topic, 0, batch, Enumerable.Range(from, to - from).Select(i => (long)i).ToArray(), [], None);
    }

    private static Task PutAsync(LogIntake log, long offset, string name)
    {
        var profile = AccountProfile.Unknown(Id) with
        {
            Name = name, ExternalIds = new Dictionary<string, string> { ["crm"] = offset == 0 ? "c-1" : "c-2" },
        };
        return log.PutProfileAsync("healthgrains.crm", 0, offset, profile, "dana", None);
    }

    private sealed class FailsToErase(IAccountStore store, int times) : IAccountStore
    {
        public int Attempts { get; private set; }

        public Task<AccountRow?> ReadAsync(string id, CancellationToken cancellationToken) => store.ReadAsync(id, cancellationToken);

        public Task<bool[]> WriteAsync(IReadOnlyList<AccountWrite> writes, CancellationToken cancellationToken) =>
            store.WriteAsync(writes, cancellationToken);

        public Task<ErasedRows?> EraseAsync(string id, string pseudonym, AuditView entry, CancellationToken cancellationToken) =>
            ++Attempts > times ? store.EraseAsync(id, pseudonym, entry, cancellationToken)
                : throw new IOException("the database cannot be reached");

        public Task<IReadOnlyList<string>> DueAsync(int shard, long now, int limit, CancellationToken cancellationToken) =>
            store.DueAsync(shard, now, limit, cancellationToken);

        public Task MakeDueAsync(long now, CancellationToken cancellationToken) => store.MakeDueAsync(now, cancellationToken);
    }
}
