using System.Diagnostics;
using HealthGrains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Portfolio;

namespace HealthGrains.Core.Tests.Portfolio;

public sealed class PortfolioIndexTests
{
    [Fact]
    public void A_snapshot_is_kept_for_a_second_and_then_shows_what_changed()
    {
        var index = Book.Index([Book.Account("a")]);
        var first = index.Current(Book.NowMs);
        index.Upsert(Book.Account("b"));
        Assert.Same(first, index.Current(Book.NowMs + 999));
        var second = index.Current(Book.NowMs + 1000);
        Assert.Equal(1, first.Count);
        Assert.Equal(2, second.Count);
        Assert.Equal(Book.Now.AddSeconds(1), second.AsOf);
    }

    [Fact]
    public void A_clock_that_was_set_back_does_not_freeze_the_list()
    {
        var index = Book.Index([Book.Account("a")]);
        index.Current(Book.NowMs);
        index.Upsert(Book.Account("b"));
        Assert.Equal(2, index.Current(Book.NowMs - 60_000).Count);
    }

    [Fact]
    public void A_book_that_did_not_change_is_fresh()
    {
        var index = Book.Index([Book.Account("a")]);
        var first = index.Current(Book.NowMs);
        var second = index.Current(Book.NowMs + 60_000);
        Assert.Equal(first.Version, second.Version);
        Assert.Equal(Book.Now.AddMinutes(1), second.AsOf);
        Assert.Equal(Book.Now.AddMinutes(1), second.Totals(null).AsOf);
    }

    [Fact]
    public void Removed_rows_are_gone_and_the_others_stay()
    {
        var accounts = Book.Random(8, 1000);
        var index = Book.Index(accounts);
        var random = new Random(8);
        var left = accounts.ToDictionary(a => a.Id);
        foreach (var account in accounts.OrderBy(_ => random.Next()).Take(700).ToList())
        {
            Assert.True(index.Remove(account.Id));
            left.Remove(account.Id);
        }
        Assert.False(index.Remove("never there"));
        Assert.Equal(300, index.Count);
        var listed = Book.AllPages(index.Current(Book.NowMs), new AccountQuery { IncludeChurned = true, Limit = 99 });
        Assert.Equal(left.Keys.Order(StringComparer.Ordinal), listed.Select(a => a.Id).Order(StringComparer.Ordinal));
        foreach (var id in left.Keys) Assert.True(index.Remove(id));
        Assert.Equal(0, index.Current(Book.NowMs + 5000).List(new AccountQuery()).Total);
    }

    [Fact]
    public void A_snapshot_never_changes_whatever_is_written_after_it()
    {
        var accounts = Book.Random(9, 600);
        var index = Book.Index(accounts);
        var query = new AccountQuery { Sort = "name", IncludeChurned = true, Limit = 500 };
        var snapshot = index.Current(Book.NowMs);
        var before = Book.AllPages(snapshot, query);
        foreach (var account in accounts.Take(300)) index.Upsert(account with { Name = "changed", Score = 1 });
        foreach (var account in accounts.Skip(500)) index.Remove(account.Id);
        Assert.Equal(before, Book.AllPages(snapshot, query));
        Assert.Equal(500, index.Current(Book.NowMs + 1000).Count);
    }

    [Fact]
    public void Chunks_serve_again_once_nobody_reads_them_and_an_account_is_found_as_it_is_now()
    {
        var index = Book.Index(Book.Random(10, 700));
        var query = new AccountQuery { Sort = "name", IncludeChurned = true, Limit = 500 };
        for (var round = 1; round <= 20; round++)
        {
            for (var i = 0; i < 700; i++) index.Upsert(Book.Account($"a{i}", score: round));
            Assert.Equal(round, index.Find("a3")!.Score);
            var listed = index.List(query with { Search = "a1" }, Book.NowMs + round * 1000);
            Assert.All(listed.Items.Where(account => account.Id.Length < 5), account => Assert.Equal(round, account.Score));
        }
        Assert.Null(index.Find("nobody"));
    }

    [Fact]
    public void A_change_of_numbers_allocates_nothing_even_while_lists_are_read()
    {
        var index = Book.Index(Enumerable.Range(0, 600).Select(i => Book.Account($"a{i}")));
        var profiles = Enumerable.Range(0, 600).Select(i => AccountProfile.Unknown($"a{i}")).ToArray();
        var now = Book.NowMs;
        for (var warm = 0; warm < 3; warm++) Round();
        var allocated = 0L;
        for (var round = 0; round < 10; round++) allocated += Round();
        Assert.Equal(0, allocated);

        long Round()
        {
            index.Totals(null, now += 1000);
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var profile in profiles)
                index.Upsert(profile, default(AccountFigures) with { Version = now, Score = 1 }, "prior-1");
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public async Task Readers_see_whole_rows_while_a_writer_writes()
    {
        var index = new PortfolioIndex(TenantKeys.Repeatable, TimeSpan.Zero);
        for (var i = 0; i < 2000; i++) index.Upsert(Book.Account($"a{i}", score: 0, change: 0));
        using var stop = new CancellationTokenSource();
        var clock = 0L;
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                var page = index.List(new AccountQuery { Sort = "-score", Limit = 500 }, Interlocked.Increment(ref clock));
                foreach (var account in page.Items) Assert.Equal(account.Score, account.Change7Days);
                Assert.Equal(page.Items.OrderByDescending(account => account.Score).Select(account => account.Score),
                    page.Items.Select(account => account.Score));
                Assert.Equal(2000, index.Totals(null, Interlocked.Increment(ref clock)).Accounts);
            }
        })).ToArray();
        for (var round = 1; round <= 30; round++)
            for (var i = 0; i < 2000; i += 3) index.Upsert(Book.Account($"a{i}", score: round, change: round));
        await stop.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public void The_first_page_of_a_hundred_thousand_accounts_takes_milliseconds()
    {
        var random = new Random(1);
        var index = Book.Index(Enumerable.Range(0, 100_000).Select(i => Book.Account(
            $"account-{i:D6}", arr: random.Next(100_000), p: random.NextDouble(), score: i / 1000.0)));
        var snapshot = index.Current(Book.NowMs);
        var best = TimeSpan.MaxValue;
        // The best of many, for the machine is shared; the bound is far above what it takes alone.
        for (var i = 0; i < 25; i++)
        {
            var started = Stopwatch.GetTimestamp();
            Assert.Equal(100_000, snapshot.List(new AccountQuery()).Total);
            var took = Stopwatch.GetElapsedTime(started);
            if (took < best) best = took;
        }
        Assert.True(best < TimeSpan.FromMilliseconds(20), $"the first page took {best.TotalMilliseconds:0.0} ms");
    }
}
