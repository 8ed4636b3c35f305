using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Embedded.Tests;

public sealed class IntakeTests
{
    [Fact]
    public async Task A_question_asked_after_the_receipt_sees_the_signals()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync();

        var receipt = await host.TakeAsync(MadeUp.Login("acme", 1, 10, directory.Clock.GetUtcNow()), CancellationToken.None);
        var view = await host.GetAccountAsync("acme", null, CancellationToken.None);

        Assert.Equal(10, receipt.Accepted);
        Assert.True(view!.LastSignals.ContainsKey("usage"));
        Assert.Equal(10, view.Version);
        Assert.Null(await host.GetAccountAsync("nobody", null, CancellationToken.None));
    }

    [Fact]
    public async Task Many_callers_at_once_are_all_counted_and_share_commits()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync();
        var now = directory.Clock.GetUtcNow();

        var receipts = await Task.WhenAll(Enumerable.Range(0, 200).Select(caller => Task.Run(async () =>
            await host.TakeAsync(MadeUp.Login($"account-{caller % 7}", (ulong)(caller * 10 + 1), 10, now), CancellationToken.None))));

        Assert.Equal(2_000, receipts.Sum(receipt => receipt.Accepted));
        Assert.Equal(2_000, host.Status.Signals);
        Assert.True(host.Status.Figures["healthgrains.journal.commits"] < 200, "requests that wait share a commit");
        long versions = 0;
        for (var i = 0; i < 7; i++) versions += (await host.GetAccountAsync($"account-{i}", null, CancellationToken.None))!.Version;
        Assert.Equal(2_000, versions);
    }

    [Fact]
    public async Task Of_the_same_signal_in_many_concurrent_requests_one_counts()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync();
        var now = directory.Clock.GetUtcNow();

        var receipts = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(async () =>
            await host.TakeAsync(MadeUp.Login("acme", 1, 20, now), CancellationToken.None))));

        Assert.Equal(20, receipts.Sum(receipt => receipt.Accepted));
        Assert.Equal(49 * 20, receipts.Sum(receipt => receipt.Duplicates));
    }

    [Fact]
    public async Task Each_request_learns_how_many_of_its_own_signals_were_late()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync();
        var now = directory.Clock.GetUtcNow();

        var late = host.TakeAsync(MadeUp.Login("acme", 1, 7, now.AddDays(-60)), CancellationToken.None).AsTask();
        var inTime = host.TakeAsync(MadeUp.Login("acme", 101, 5, now), CancellationToken.None).AsTask();

        Assert.Equal((7, 7), ((await late).Accepted, (await late).Late));
        Assert.Equal((5, 0), ((await inTime).Accepted, (await inTime).Late));
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once_and_takes_nothing_of_the_request()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync(options => options.QueuedRequests = 3);
        var now = directory.Clock.GetUtcNow();
        using var hold = new ManualResetEventSlim();
        var held = host.AskAsync(_ => hold.Wait(TimeSpan.FromSeconds(30)));
        var taken = new List<Task<IntakeReceipt>>();
        IntakeSaturatedException? refusal = null;

        // With the turn thread held, a few groups are under way and then the queue fills.
        for (ulong i = 0; refusal is null; i++)
        {
            Assert.True(i < 10_000, "the queue has no end");
            try
            {
                taken.Add(host.TakeAsync(MadeUp.Login("acme", 1 + i * 10, 10, now), CancellationToken.None).AsTask());
                if (taken[^1].IsFaulted) await taken[^1];
            }
            catch (IntakeSaturatedException saturated)
            {
                refusal = saturated;
                taken.RemoveAt(taken.Count - 1);
            }
        }

        hold.Set();
        Assert.True(await held);
        var receipts = await Task.WhenAll(taken);
        Assert.True(refusal.RetryAfter > TimeSpan.Zero);
        Assert.Equal(taken.Count * 10, receipts.Sum(receipt => receipt.Accepted));
        Assert.Equal(taken.Count * 10, host.Status.Signals);
    }

    [Fact]
    public async Task A_host_that_was_stopped_says_so()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync();
        await host.StopAsync(CancellationToken.None);

        await Assert.ThrowsAsync<HostUnavailableException>(async () =>
            await host.TakeAsync(MadeUp.Login("acme", 1, 1, directory.Clock.GetUtcNow()), CancellationToken.None));
        await Assert.ThrowsAsync<HostUnavailableException>(async () => await host.GetAccountAsync("acme", null, CancellationToken.None));
        Assert.False(host.Status.Ready);
    }

    [Fact]
    public async Task Requests_that_wait_when_the_host_ends_abruptly_fail_and_are_taken_when_sent_again()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync();
        var now = directory.Clock.GetUtcNow();
        var requests = Enumerable.Range(0, 100).Select(i =>
            host.TakeAsync(MadeUp.Login("acme", (ulong)(i * 10 + 1), 10, now), CancellationToken.None).AsTask()).ToArray();
        host.StopAbruptly();
        foreach (var request in requests)
        {
            try
            {
                await request;
            }
            catch (HostUnavailableException)
            {
                // Its outcome is unknown to the caller, who sends it again.
            }
        }

        host = await directory.StartAsync();
        var receipts = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            host.TakeAsync(MadeUp.Login("acme", (ulong)(i * 10 + 1), 10, now), CancellationToken.None).AsTask()));

        Assert.Equal(1_000, receipts.Sum(receipt => receipt.Accepted + receipt.Duplicates));
        Assert.Equal(1_000, host.Status.Signals);
        Assert.Equal(1_000, (await host.GetAccountAsync("acme", null, CancellationToken.None))!.Version);
    }

    [Fact]
    public async Task An_event_without_an_account_waits_and_is_handed_out_when_its_identity_is_linked()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync();
        var batch = new IntakeBatch();
        batch.Held.Add(new HeldEvent("stripe", "cus_1", "evt_1", "stripe", "{}"u8.ToArray()));
        batch.Held.Add(new HeldEvent("stripe", "cus_1", "evt_1", "stripe", "{}"u8.ToArray()));
        batch.Held.Add(new HeldEvent("stripe", "cus_2", "evt_2", "stripe", "{}"u8.ToArray()));

        var receipt = await host.TakeAsync(batch, CancellationToken.None);
        var held = await host.ListHeldAsync(1, null, CancellationToken.None);
        await host.PutProfileAsync(MadeUp.Profile("acme"), "tester", CancellationToken.None);
        var events = await host.LinkAsync("stripe", "cus_1", "acme", "tester", CancellationToken.None);

        Assert.Equal((2, 1), (receipt.Held, receipt.Duplicates));
        Assert.Equal(("cus_1", 2), (held.Items[0].ExternalId, held.Total));
        Assert.Equal("cus_2", (await host.ListHeldAsync(1, held.Next, CancellationToken.None)).Items[0].ExternalId);
        Assert.Equal("evt_1", Assert.Single(events).EventId);
        Assert.Equal("acme", host.Identities.Find("stripe", "cus_1"));
        Assert.Equal(1, (await host.ListHeldAsync(10, null, CancellationToken.None)).Total);
        await Assert.ThrowsAsync<InvalidQueryException>(async () =>
            await host.LinkAsync("stripe", "cus_2", "nobody", "tester", CancellationToken.None));
    }

    [Fact]
    public async Task Held_events_above_the_limit_are_refused_with_a_reason()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync(options => options.HeldLimit = 2);
        var batch = new IntakeBatch();
        for (var i = 0; i < 5; i++) batch.Held.Add(new HeldEvent("segment", "g1", $"e{i}", "segment", "{}"u8.ToArray()));

        var receipt = await host.TakeAsync(batch, CancellationToken.None);

        Assert.Equal((2, 3), (receipt.Held, receipt.Rejected));
        Assert.Contains("identity", receipt.Errors[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_and_links_that_a_batch_taught_are_known_after_a_restart()
    {
        await using var directory = new HostDirectory();
        var host = await directory.StartAsync();
        var batch = MadeUp.Login("acme", 1, 1, directory.Clock.GetUtcNow());
        batch.Names.Add(new NewName(NameId.Of("reports"), "reports"));
        batch.Links.Add(new IdentityLink("segment", "g1", "acme"));
        await host.TakeAsync(batch, CancellationToken.None);
        await host.PutProfileAsync(
            MadeUp.Profile("acme") with { ExternalIds = new Dictionary<string, string> { ["zendesk"] = "z1" } },
            "tester", CancellationToken.None);
        host.StopAbruptly();

        host = await directory.StartAsync();

        Assert.Equal("reports", host.Names.Text(NameId.Of("reports")));
        Assert.Equal("acme", host.Identities.Find("segment", "g1"));
        Assert.Equal("acme", host.Identities.Find("zendesk", "z1"));
        Assert.True(host.Identities.AccountExists("acme"));
    }
}
