using System.Text;
using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Core.Tests.Portfolio;
using HealthGrains.Grains.Accounts;
using HealthGrains.Grains.Postgres;
using HealthGrains.Grains.Storage;
using HealthGrains.Grains.Time;
using HealthGrains.Hosting;
using HealthGrains.Signals;

namespace HealthGrains.Grains.Tests.Postgres;

/// <summary>What every store promises.</summary>
public abstract class StoreConformanceTests<TStore> where TStore : IAccountStore, IBookStore, IDirectoryStore, ILogPlaceStore
{
    protected static readonly CancellationToken None = CancellationToken.None;

    protected static long Now => Book.NowMs;

    protected TStore Store { get; init; } = default!;

    [Fact]
    public async Task A_row_is_read_as_it_was_written()
    {
        var write = Made.Write("acme", text: "the state", due: 77);
        Assert.Null(await Store.ReadAsync("acme", None));
        AssertWas([true], await Store.WriteAsync([write], None));
        var row = (await Store.ReadAsync("acme", None))!;
        Assert.Equal((1, "prior-1", "the state", 77), (row.Version, row.Model, Encoding.UTF8.GetString(row.State), row.DueAt));
        Assert.Equal(write.Row.Profile, row.Profile);
        Assert.Equal(write.Row.Intake, row.Intake);
        Assert.Equal(1, await Store.CountAsync(None));
    }

    [Fact]
    public async Task A_write_that_replaces_another_version_is_refused_and_none_of_the_others_is()
    {
        await Store.WriteAsync([Made.Write("a"), Made.Write("b"), Made.Write("c")], None);
        await Store.WriteAsync([Made.Write("b", 1, "second")], None);
        AccountWrite[] writes =
        [
            Made.Write("c", 1, "c2").WithEffects("kept"), Made.Write("a", 1, "a2").WithEffects("kept"),
            Made.Write("b", 1, "late").WithEffects("lost"), Made.Write("b2", 7, "never made").WithEffects("lost"), Made.Write("new"),
        ];
        AssertWas([true, true, false, false, true], await Store.WriteAsync(writes, None));
        Assert.Equal("second", Encoding.UTF8.GetString((await Store.ReadAsync("b", None))!.State));
        Assert.Equal("a2", Encoding.UTF8.GetString((await Store.ReadAsync("a", None))!.State));
        Assert.Null(await Store.ReadAsync("b2", None));
        // Nothing of a refused write is to be seen anywhere.
        Assert.Equal(2, (await Store.AlertsAsync(new AlertQuery(), Now, None)).Total);
        Assert.All((await Store.AuditAsync(new AuditQuery(), null, Now, None)).Items, entry => Assert.Equal("kept", entry.Detail));
        Assert.Empty(await Store.ClosesAsync("b", DateOnly.MinValue, new DateOnly(2027, 1, 1), None));
        Assert.Equal(4, await Store.CountAsync(None));
    }

    [Fact]
    public async Task A_first_write_overwrites_nothing()
    {
        await Store.WriteAsync([Made.Write("acme", text: "mine")], None);
        AssertWas([false, true], await Store.WriteAsync([Made.Write("acme", text: "not mine"), Made.Write("b")], None));
        Assert.Equal("mine", Encoding.UTF8.GetString((await Store.ReadAsync("acme", None))!.State));
    }

    [Fact]
    public async Task Places_of_the_log_only_move_on_and_not_for_one_who_knows_of_more_than_is_stored()
    {
        Assert.Empty(await Store.PlacesAsync(None));
        AssertWas([true, false, true], await Store.MovePlacesAsync(
            [new PlaceMove("usage", 1, 0, 40), new PlaceMove("usage", 0, 7, 90), new PlaceMove("crm", 1, 0, 5)], None));
        // Who had the partition before is late with what it knows; it is true all the same.
        AssertWas([true, true], await Store.MovePlacesAsync([new PlaceMove("usage", 1, 0, 12), new PlaceMove("crm", 1, 5, 6)], None));
        AssertWas([false], await Store.MovePlacesAsync([new PlaceMove("usage", 1, 41, 60)], None));
        AssertWas([], await Store.MovePlacesAsync([], None));
        Assert.Equal(
            [new StoredPlace("crm", 1, 6), new StoredPlace("usage", 1, 40)],
            (await Store.PlacesAsync(None)).OrderBy(place => place.Topic, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Of_many_who_write_the_same_version_one_wins()
    {
        await Store.WriteAsync([.. Enumerable.Range(0, 40).Select(i => Made.Write($"a{i}"))], None);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(() => Store.WriteAsync(
            [.. Enumerable.Range(0, 40).Select(i => Made.Write($"a{(7 * i + writer) % 40}", 1))], None))));
        Assert.Equal(40, answers.Sum(answer => answer.Count(written => written)));
    }

    [Fact]
    public async Task Due_accounts_of_a_shard_come_longest_due_first()
    {
        var ids = Enumerable.Range(0, 2_000).Select(i => $"a{i}").Where(id => Shards.Of(id) == 7).Take(6).ToArray();
        var due = new[] { Now + 1, Now, Now - 5, long.MaxValue, Now - 2, Now - 9 };
        await Store.WriteAsync([.. ids.Select((id, i) => Made.Write(id, due: due[i])), Made.Write("elsewhere", due: 1)], None);
        Assert.Equal([ids[5], ids[2], ids[4], ids[1]], await Store.DueAsync(7, Now, 10, None));
        Assert.Equal([ids[5], ids[2]], await Store.DueAsync(7, Now, 2, None));
        await Store.MakeDueAsync(Now - 7, None);
        Assert.Equal(6, (await Store.DueAsync(7, Now - 7, 10, None)).Count);
        Assert.Equal(ids[5], (await Store.DueAsync(7, Now, 10, None))[0]);
    }

    [Fact]
    public async Task Alerts_are_what_they_last_were_newest_first()
    {
        var write = Made.Write("acme") with
        {
            Alerts = [Made.Alert("acme", 1, "first"), Made.Alert("acme", 1, "first", AlertState.Resolved), Made.Alert("acme", 2, "second", minute: 5)],
        };
        await Store.WriteAsync([write, Made.Write("b") with { Alerts = [Made.Alert("b", 1, "other", minute: 3)] }], None);
        var alert = (await Store.AlertAsync("acme:churnRisk:1", None))!;
        Assert.Equal((AlertState.Resolved, 1.0 / 3, 12_000.50m), (alert.State, alert.Score, alert.Arr));
        Assert.Equal(Made.Alert("acme", 1, "first").Drivers, alert.Drivers);
        Assert.Null(await Store.AlertAsync("acme:churnRisk:9", None));
        var open = await Store.AlertsAsync(new AlertQuery(Limit: 1), Now, None);
        Assert.Equal(("acme:churnRisk:2", 2), (open.Items[0].Id, open.Total));
        var rest = await Store.AlertsAsync(new AlertQuery(Limit: 1, Cursor: open.Next), Now, None);
        Assert.Equal(("b:churnRisk:1", null), (Assert.Single(rest.Items).Id, rest.Next));
        Assert.Equal("b", Assert.Single((await Store.AlertsAsync(new AlertQuery(Account: "b"), Now, None)).Items).Account);
        Assert.Equal(1, (await Store.AlertsAsync(new AlertQuery(AlertState.Resolved, "dana"), Now, None)).Total);
        Assert.Equal(0, (await Store.AlertsAsync(new AlertQuery(Owner: "kim"), Now, None)).Total);
        await Assert.ThrowsAsync<InvalidQueryException>(async () => await Store.AlertsAsync(new AlertQuery(Cursor: "AAAA"), Now, None));
    }

    [Fact]
    public async Task Old_days_and_alerts_that_are_over_are_thrown_away_some_accounts_at_a_time()
    {
        var (old, kept) = (new DateOnly(2024, 9, 1), new DateOnly(2026, 11, 19));
        var raised = (int)(new DateTimeOffset(old, default, TimeSpan.Zero) - Book.Now).TotalMinutes;
        var writes = Enumerable.Range(0, 7).Select(i => Made.Write($"a{i}") with
        {
            Closes = [.. Enumerable.Range(0, i).Select(day => Made.Close(old.AddDays(day), 50)), Made.Close(kept, 60)],
            Alerts =
            [
                Made.Alert($"a{i}", 1, "over", AlertState.Resolved, raised), Made.Alert($"a{i}", 2, "open", minute: raised),
                Made.Alert($"a{i}", 3, "over", AlertState.Closed),
            ],
        });
        await Store.WriteAsync([.. writes, Made.Write("none")], None);

        Assert.Equal("a2", await Store.PruneAsync("", old.AddDays(3), 3, None));
        Assert.Equal(4, (await Store.ClosesAsync("a3", old, kept, None)).Count);
        Assert.Equal("a5", await Store.PruneAsync("a2", old.AddDays(3), 3, None));
        Assert.Equal("a6", await Store.PruneAsync("a5", old.AddDays(3), 3, None));
        Assert.Null(await Store.PruneAsync("a6", old.AddDays(3), 3, None));

        for (var i = 0; i < 7; i++)
        {
            var left = await Store.ClosesAsync($"a{i}", old, kept, None);
            Assert.Equal(1 + Math.Max(0, i - 3), left.Count);
            Assert.All(left, point => Assert.True(point.Day >= old.AddDays(3)));
            // What has no days to throw away is not looked at.
            Assert.Equal(i == 0, await Store.AlertAsync($"a{i}:churnRisk:1", None) is not null);
            Assert.NotNull(await Store.AlertAsync($"a{i}:churnRisk:2", None));
            Assert.NotNull(await Store.AlertAsync($"a{i}:churnRisk:3", None));
        }
    }

    [Fact]
    public async Task Old_evidence_is_thrown_away_also_of_accounts_without_days()
    {
        var kept = new DateTimeOffset(2024, 9, 3, 0, 0, 0, TimeSpan.Zero);
        EvidenceLink Link(string account, int hours) => new(
            account, SignalKind.TicketOpened, kept.AddHours(hours).ToUnixTimeMilliseconds(), $"https://desk.example.com/{account}/{hours}");
        await Store.WriteAsync([Made.Write("a1") with { Closes = [Made.Close(new DateOnly(2026, 11, 19), 60)] }, Made.Write("a3")], None);
        await Store.AddEvidenceAsync([Link("a1", -5), Link("a1", 0), Link("a2", -1), Link("a3", 3), Link("a4", -1)], None);

        var before = DateOnly.FromDateTime(kept.UtcDateTime);
        Assert.Equal("a2", await Store.PruneAsync("", before, 2, None));
        Assert.Equal(["a1/0", "a3/3", "a4/-1"], await All());
        Assert.Equal("a4", await Store.PruneAsync("a2", before, 2, None));
        Assert.Equal(["a1/0", "a3/3"], await All());
        Assert.Null(await Store.PruneAsync("a4", before, 2, None));

        async Task<string[]> All() =>
            [.. (await Store.EvidenceAsync(["a1", "a2", "a3", "a4"], 0, 100, None)).Select(link => link.Url[25..]).Order()];
    }

    [Fact]
    public async Task What_is_kept_of_an_erased_account_goes_after_its_time()
    {
        foreach (var (id, daysAgo) in new[] { ("acme", 801), ("other", 799) })
        {
            var marks = new IntakeMarks();
            marks.Taken(1, 2, 5);
            var write = Made.Write(id);
            await Store.WriteAsync([write with { Row = write.Row with { Intake = marks.Write() } }], None);
            var pseudonym = ErasedAccount.Pseudonym(TenantKeys.Repeatable, id);
            await Store.EraseAsync(
                id, pseudonym, new AuditView(Book.Now.AddDays(-daysAgo), "officer", "account.erased", pseudonym, null), None);
        }

        Assert.Equal(1, await Store.PruneErasuresAsync(Book.Now.AddDays(-800), 10, None));

        Assert.Null(await Store.ReadAsync("acme", None));
        Assert.True((await Store.ReadAsync("other", None))!.IsErased);
        Assert.Equal(0, await Store.PruneErasuresAsync(Book.Now.AddDays(-800), 10, None));
    }

    [Fact]
    public async Task A_day_that_is_closed_twice_counts_once_as_it_was_closed_last()
    {
        var day = new DateOnly(2026, 11, 19);
        await Store.WriteAsync([Made.Write("acme") with { Closes = [Made.Close(day, 50), Made.Close(day, 51)] }], None);
        await Store.WriteAsync([Made.Write("acme", 1) with { Closes = [Made.Close(day, 52), Made.Close(day.AddDays(1), 53)] }], None);
        var points = await Store.ClosesAsync("acme", day.AddDays(-9), day.AddDays(9), None);
        Assert.Equal([52, 53], points.Select(point => point.Score));
        Assert.Equal(52 / 3.0, points[0].Categories["product"]);
        Assert.Equal("prior-1", points[0].Model);
        Assert.Single(await Store.ClosesAsync("acme", day, day, None));
    }

    [Fact]
    public async Task The_audit_is_paged_newest_first_and_filtered()
    {
        for (var i = 0; i < 5; i++)
            await Store.AuditAsync(new AuditView(Book.Now.AddMinutes(i), i % 2 == 0 ? "dana" : "kim", $"did.{i}", "acme", null), None);
        await Store.AuditAsync(new AuditView(Book.Now, "dana", "model.activated", "acme", null), None);
        var first = await Store.AuditAsync(new AuditQuery("acme", Limit: 3), "erased-1", Now, None);
        Assert.Equal(["did.4", "did.3", "did.2"], first.Items.Select(entry => entry.Action));
        Assert.Equal(5, first.Total);
        var second = await Store.AuditAsync(new AuditQuery("acme", Limit: 3, Cursor: first.Next), "erased-1", Now, None);
        Assert.Equal(["did.1", "did.0"], second.Items.Select(entry => entry.Action));
        Assert.Null(second.Next);
        Assert.Equal(2, (await Store.AuditAsync(new AuditQuery(Actor: "kim"), null, Now, None)).Total);
        Assert.Equal(2, (await Store.AuditAsync(new AuditQuery(Since: Book.Now.AddMinutes(3)), null, Now, None)).Total);
    }

    [Fact]
    public async Task Held_events_wait_in_order_until_they_are_settled()
    {
        AssertWas([true, true, false], await Store.HoldAsync([Made.Held("2"), Made.Held("1"), Made.Held("2")], Now, None));
        AssertWas([false, true], await Store.HoldAsync([Made.Held("1"), Made.Held("3", "g-2")], Now + 5, None));
        var page = await Store.HeldAsync(1, null, Now, None);
        Assert.Equal((new HeldView("segment", "g-1", 2, Book.Now), 2), (Assert.Single(page.Items), page.Total));
        Assert.Equal("g-2", Assert.Single((await Store.HeldAsync(1, page.Next, Now, None)).Items).ExternalId);
        Assert.Equal(["2", "1"], (await Store.WaitingAsync("segment", "g-1", None)).Select(one => one.EventId));
        await Store.SettleAsync([Made.Held("2")], None);
        Assert.Equal(Made.Held("1").Body, Assert.Single(await Store.WaitingAsync("segment", "g-1", None)).Body);
    }

    [Fact]
    public async Task Released_events_wait_no_longer_and_can_be_asked_for_again_for_a_day()
    {
        await Store.HoldAsync([Made.Held("1")], Now, None);
        Assert.Single(await Store.ReleaseAsync("segment", "g-1", Now, None));
        Assert.Empty(await Store.WaitingAsync("segment", "g-1", None));
        Assert.Equal(0, (await Store.HeldAsync(10, null, Now, None)).Total);
        AssertWas([false], await Store.HoldAsync([Made.Held("1")], Now, None));
        Assert.Single(await Store.ReleaseAsync("segment", "g-1", Now + 3_600_000, None));
        Assert.Empty(await Store.ReleaseAsync("segment", "g-1", Now + 90_000_000, None));
    }

    [Fact]
    public async Task Links_say_whether_they_changed_and_the_last_word_counts()
    {
        IdentityLink Link(string id, string target) => new("segment", id, target);
        AssertWas([true, true, false, true],
            await Store.SetLinksAsync([Link("1", "a"), Link("2", "a"), Link("2", "a"), Link("2", "b")], None));
        AssertWas([false, true], await Store.SetLinksAsync([Link("1", "a"), Link("2", "c")], None));
        var links = new Dictionary<string, string?>();
        foreach (var link in (await Store.ChangesAsync(0, None)).Links) links[link.ExternalId] = link.Target;
        Assert.Equal(("a", "c"), (links["1"], links["2"]));
    }

    [Fact]
    public async Task A_reader_of_the_directory_learns_what_came_since_it_last_looked()
    {
        await Store.AddNamesAsync([new NewName(uint.MaxValue, "reports")], None);
        var first = await Store.ChangesAsync(0, None);
        Assert.Equal(new NewName(uint.MaxValue, "reports"), Assert.Single(first.Names));
        await Store.AddNamesAsync([new NewName(uint.MaxValue, "other"), new NewName(5, "exports")], None);
        await Store.WriteAsync([Made.Write("acme")], None);
        await Store.WriteAsync([Made.Write("acme", 1)], None);
        var second = await Store.ChangesAsync(first.Mark, None);
        Assert.Contains(new NewName(5, "exports"), second.Names);
        Assert.DoesNotContain(second.Names, name => name.Text == "other");
        Assert.Equal(("acme", true), Assert.Single(second.Accounts));
    }

    [Fact]
    public async Task An_activation_is_remembered_once_a_model()
    {
        await Store.ActivatedAsync(new ModelActivation("prior-1", Book.Now, "dana"), None);
        await Store.ActivatedAsync(new ModelActivation("prior-1", Book.Now.AddHours(1), "kim"), None);
        Assert.Equal(new ModelActivation("prior-1", Book.Now.AddHours(1), "kim"), Assert.Single(await Store.ActivationsAsync(None)));
    }

    [Fact]
    public async Task An_erasure_says_what_it_removed_and_happens_once()
    {
        await Store.WriteAsync([Made.Write("acme").WithEffects("marker"), Made.Write("b").WithEffects("b")], None);
        await Store.SetLinksAsync(
            [new IdentityLink("segment", "g-1", "acme"), new IdentityLink("segment:user", "u-1", "g-1"), new IdentityLink("stripe", "c", "b")], None);
        await Store.HoldAsync([Made.Held("1"), Made.Held("2", "g-9")], Now, None);
        var entry = new AuditView(Book.Now, "officer", "account.erased", "erased-1", null);
        var erased = (await Store.EraseAsync("acme", "erased-1", entry, None))!;
        Assert.Equal(2, erased.Closes);
        Assert.Equal([("segment", "g-1"), ("segment:user", "u-1")], erased.Links.Order());
        Assert.Null(await Store.EraseAsync("acme", "erased-1", entry, None));
        Assert.Null(await Store.ReadAsync("acme", None));
        Assert.Equal("b", Assert.Single((await Store.AlertsAsync(new AlertQuery(), Now, None)).Items).Account);
        Assert.Equal(1, (await Store.HeldAsync(10, null, Now, None)).Total);
        var audit = (await Store.AuditAsync(new AuditQuery("acme"), "erased-1", Now, None)).Items;
        Assert.Equal([("account.erased", null), ("account.updated", null)], audit.Select(one => (one.Action, one.Detail)));
        // The grain that was still under way cannot bring it back; a new account of that id may come.
        AssertWas([false], await Store.WriteAsync([Made.Write("acme", 1)], None));
        AssertWas([true], await Store.WriteAsync([Made.Write("acme")], None));
    }

    [Fact]
    public async Task Of_an_erased_account_nothing_is_kept_but_how_far_the_log_had_been_taken()
    {
        var pseudonym = ErasedAccount.Pseudonym(TenantKeys.Repeatable, "acme");
        var entry = new AuditView(Book.Now, "officer", "account.erased", pseudonym, null);
        foreach (var offset in (long[])[6, 90])
        {
            var marks = new IntakeMarks();
            marks.Taken(1, 2, offset);
            marks.Add(77);
            var write = Made.Write("acme");
            AssertWas([true], await Store.WriteAsync([write with { Row = write.Row with { Intake = marks.Write() } }], None));
            Assert.False((await Store.ReadAsync("acme", None))!.IsErased);

            await Store.EraseAsync("acme", pseudonym, entry, None);

            var row = (await Store.ReadAsync("acme", None))!;
            Assert.True(row.IsErased);
            var kept = IntakeMarks.Read(row.Intake);
            Assert.Equal((true, false), (kept.IsTaken(1, 2, offset), kept.IsTaken(1, 2, offset + 1)));
            // The id is none of it: to be told of it again is no repetition.
            Assert.True(kept.Add(77));
            Assert.Equal(0, await Store.CountAsync(None));
        }
        Assert.Null(await Store.ReadAsync("acme2", None));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Lists_are_those_of_the_index_for_every_sort_and_filter(int seed)
    {
        var random = new Random(seed);
        var accounts = Book.Random(seed, 300);
        // The one name sorts before the other by UTF-16, and after it by code points.
        accounts.Add(Book.Account("odd-1", "\U0001F600 Ltd", score: double.NaN));
        accounts.Add(Book.Account("odd-2", "\uFF21cme", change: -0.0, renewal: Book.Now.ToOffset(TimeSpan.FromHours(2)).AddTicks(7)));
        await Store.WriteAsync([.. accounts.Select(account => Made.Write(account))], None);
        var index = Book.Index(accounts);
        foreach (var field in (string[])["arrAtRisk", "arr", "score", "name", "renewalDate", "change7Days", "churnProbability"])
            foreach (var sort in (string[])[field, "-" + field])
                foreach (var query in Queries(random)) await Compare(index, query with { Sort = sort });
    }

    [Fact]
    public async Task A_search_takes_every_character_for_itself()
    {
        string[] names = ["50% off", "a_b", "a\\b", "axb"];
        await Store.WriteAsync([.. names.Select((name, i) => Made.Write(Book.Account($"n{i}", name)))], None);
        foreach (var (part, found) in new[] { ("0%", 1), ("%", 1), ("_", 1), ("\\", 1), ("A_B", 1), ("a", 3), ("a%b", 0), ("n", 4) })
        {
            var page = await Store.ListAsync(new AccountQuery { Search = part }, Now, None);
            Assert.Equal((part, found, found), (part, page.Items.Count, page.Total));
        }
    }

    [Fact]
    public async Task A_list_refuses_what_is_no_sort_limit_or_cursor()
    {
        await Store.WriteAsync([.. Enumerable.Range(0, 5).Select(i => Made.Write($"a{i}"))], None);
        var next = (await Store.ListAsync(new AccountQuery { Limit = 2 }, Now, None)).Next;
        foreach (var (field, query) in new[]
        {
            ("sort", new AccountQuery { Sort = "size" }), ("limit", new AccountQuery { Limit = 0 }),
            ("limit", new AccountQuery { Limit = 501 }), ("cursor", new AccountQuery { Cursor = "bm90IGEgY3Vyc29y" }),
            ("cursor", new AccountQuery { Sort = "score", Cursor = next }), ("cursor", new AccountQuery { Cursor = next + "A" }),
        })
        {
            var refused = await Assert.ThrowsAsync<InvalidQueryException>(async () => await Store.ListAsync(query, Now, None));
            Assert.Equal(field, refused.Field);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Totals_are_those_of_the_index(int seed)
    {
        var accounts = Book.Random(seed, 400);
        await Store.WriteAsync([.. accounts.Select(account => Made.Write(account))], None);
        var index = Book.Index(accounts);
        foreach (var owner in (string?[])[null, "dana", "nobody"])
        {
            var (expected, actual) = (index.Totals(owner, Now), await Store.TotalsAsync(owner, Now, None));
            Assert.Equal((expected.AsOf, expected.Owner, expected.Accounts), (actual.AsOf, actual.Owner, actual.Accounts));
            Assert.Equal(expected.WithoutArr, actual.WithoutArr);
            Assert.Equal(expected.Totals, actual.Totals);
            Assert.Equal(expected.Fallers, actual.Fallers);
            Assert.Equal(expected.Risers, actual.Risers);
            foreach (var (e, a) in expected.Bands.Zip(actual.Bands))
            {
                Assert.Equal((e.Band, e.Accounts), (a.Band, a.Accounts));
                Assert.Equal(e.Arr.Order(Comparer), a.Arr.Order(Comparer));
                Assert.Equal(e.ArrAtRisk.Order(Comparer), a.ArrAtRisk.Order(Comparer));
            }
        }
    }

    private static Comparer<KeyValuePair<string, decimal>> Comparer { get; } =
        Comparer<KeyValuePair<string, decimal>>.Create((a, b) => string.CompareOrdinal(a.Key, b.Key));

    private static void AssertWas(bool[] expected, bool[] actual) => Assert.Equal((IEnumerable<bool>)expected, actual);

    private static IEnumerable<AccountQuery> Queries(Random random)
    {
        yield return new AccountQuery { Limit = 40, IncludeChurned = true };
        yield return new AccountQuery { Limit = 500, Owner = "dana" };
        yield return new AccountQuery { Limit = 7, Segment = "retail", Tier = (Tier)random.Next(3) };
        yield return new AccountQuery { Limit = 11, Band = Health.Band.Red, Decline = (Decline.DeclineState)random.Next(4) };
        yield return new AccountQuery { Limit = 9, Search = ((string[])["ÄPFEL", "äpf", "zeta", "-1", "ACC-", "%", "\U0001F600"])[random.Next(7)] };
    }

    private async Task Compare(Portfolio.PortfolioIndex index, AccountQuery query)
    {
        do
        {
            var (expected, actual) = (index.List(query, Now), await Store.ListAsync(query, Now, None));
            Assert.Equal(expected.Items.Select(item => item.Id), actual.Items.Select(item => item.Id));
            Assert.Equal(expected.Items, actual.Items);
            Assert.Equal((expected.Total, expected.Next, expected.AsOf), (actual.Total, actual.Next, actual.AsOf));
            query = query with { Cursor = expected.Next };
        }
        while (query.Cursor is not null);
    }
}

public sealed class MemoryStoreTests : StoreConformanceTests<MemoryStore>
{
    public MemoryStoreTests() => Store = new MemoryStore();
}

[NeedsPostgres]
[Collection("postgres")]
public sealed class PostgresStoreTests : StoreConformanceTests<PostgresStore>
{
    public PostgresStoreTests() => Store = new PostgresStore(PostgresServer.Instance.NewDatabase(), () => TenantKeys.Repeatable);
}
