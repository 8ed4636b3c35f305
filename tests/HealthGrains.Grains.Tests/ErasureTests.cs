using HealthGrains.Accounts;
using HealthGrains.Grains.Hosting;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace HealthGrains.Grains.Tests;

public sealed class ErasureTests
{
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
