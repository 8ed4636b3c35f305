using HealthGrains.Accounts;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using static HealthGrains.Grains.Tests.MadeUp;

namespace HealthGrains.Grains.Tests;

/// <summary>What comes in by the port goes to the log first, and to the accounts from there.</summary>
public sealed class SignalLogTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly MemoryLog _log = new();
    private TestCluster? _cluster;

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_reader_signals_are_acknowledged_and_a_sender_who_waits_is_told_how_many_are_pending()
    {
        var (host, _) = await StartAsync(TimeSpan.FromMilliseconds(200));
        _log.IsRead = false;

        Assert.Equal((180, 0), Short(await host.TakeAsync(Read(host, Round(0)), None)));
        Assert.Equal((180, 180), Short(await host.TakeAsync(Waiting(host, Round(1)), None)));
        Assert.Null(await host.GetAccountAsync("a0", null, None));

        await _log.ReadOnAsync(_cluster!.Log(0));
        for (var account = 0; account < Book; account++)
            Assert.Equal(6, (await host.GetAccountAsync($"a{account}", null, None))!.Version);
    }

    [Fact]
    public async Task A_sender_who_waits_is_told_of_its_own_signals_however_many_entries_are_read_at_once()
    {
        var (host, _) = await StartAsync(TimeSpan.FromSeconds(30));
        _log.IsRead = false;
        var sending = Enumerable.Range(0, 6).Select(round => host.TakeAsync(Waiting(host, Round(round / 2)), None).AsTask()).ToList();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_log.Entries < 6 * Book)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
        _log.IsRead = true;
        await _log.ReadOnAsync(_cluster!.Log(0));
        var receipts = await Task.WhenAll(sending);

        // Each round was sent twice: who came first to an account has it accepted, the other one is told that it was there.
        Assert.All(receipts, receipt => Assert.Equal((180, 0), (receipt.Accepted + receipt.Duplicates, receipt.Pending)));
        Assert.Equal(3 * 180, receipts.Sum(receipt => receipt.Accepted));
    }

    [Fact]
    public async Task A_profile_that_is_read_from_the_log_after_it_was_taken_is_taken_and_audited_once()
    {
        var (host, _) = await StartAsync(TimeSpan.FromSeconds(10));
        _log.IsRead = false;
        Assert.True(await host.PutProfileAsync(AccountProfile.Unknown("acme") with { Owner = "dana" }, "dana", None));
        Assert.False(await host.PutProfileAsync(AccountProfile.Unknown("acme") with { Owner = "kim" }, "kim", None));
        Assert.Equal("kim", (await host.GetAccountAsync("acme", null, None))!.Profile.Owner);

        for (var times = 0; times < 2; times++)
        {
            _log.Rewind();
            await _log.ReadOnAsync(_cluster!.Log(0));
        }

        Assert.Equal("kim", (await host.GetAccountAsync("acme", null, None))!.Profile.Owner);
        Assert.Equal(
            ["account.updated", "account.created"],
            (await host.ListAuditAsync(new AuditQuery(Account: "acme"), None)).Items.Select(entry => entry.Action));
    }

    [Fact]
    public async Task An_external_id_that_a_later_profile_gave_away_stays_there_when_the_log_is_read_again()
    {
        var (host, _) = await StartAsync(TimeSpan.FromSeconds(10));
        _log.IsRead = false;
        var ids = new Dictionary<string, string> { ["stripe"] = "cus_1" };
        await host.PutProfileAsync(AccountProfile.Unknown("acme") with { ExternalIds = ids }, "dana", None);
        await host.PutProfileAsync(AccountProfile.Unknown("acme"), "dana", None);
        await host.PutProfileAsync(AccountProfile.Unknown("other") with { ExternalIds = ids }, "dana", None);

        _log.Rewind();
        await _log.ReadOnAsync(_cluster!.Log(0));

        Assert.Equal("other", host.Identities.Find("stripe", "cus_1"));
    }

    private async Task<(IHealthGrains Host, TestCluster Cluster)> StartAsync(TimeSpan appliedWithin)
    {
        _cluster = await TestCluster.StartAsync(1, new FixedClock(Now), new MemoryStore(), log: _log, appliedWithin: appliedWithin);
        return (_cluster.Host(0), _cluster);
    }

    private static IntakeBatch Waiting(IHealthGrains host, string body)
    {
        var batch = Read(host, body);
        batch.UntilApplied = true;
        return batch;
    }

    private static (int Accepted, int Pending) Short(IntakeReceipt receipt) => (receipt.Accepted, receipt.Pending);
}
