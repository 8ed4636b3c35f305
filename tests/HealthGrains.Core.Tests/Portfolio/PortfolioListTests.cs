using HealthGrains.Accounts;
using HealthGrains.Decline;
using HealthGrains.Health;
using HealthGrains.Hosting;

namespace HealthGrains.Core.Tests.Portfolio;

public sealed class PortfolioListTests
{
    private static readonly string[] Fields = ["arrAtRisk", "arr", "score", "name", "renewalDate", "change7Days", "churnProbability"];

    public static TheoryData<string> Sorts => [.. Fields, .. Fields.Select(name => "-" + name)];

    [Theory]
    [MemberData(nameof(Sorts))]
    public void Paging_visits_every_row_once_and_in_order_even_among_ties(string sort)
    {
        for (var seed = 1; seed <= 6; seed++)
        {
            var accounts = Book.Random(seed, 40 + 230 * seed);
            var snapshot = Book.Index(accounts).Current(Book.NowMs);
            foreach (var limit in (int[])[1, 7, 100, 500])
            {
                if (limit == 1 && seed > 1) continue;
                var paged = Book.AllPages(snapshot, new AccountQuery { Sort = sort, Limit = limit, IncludeChurned = true });
                Assert.Equal(Sorted(accounts, sort).Select(a => a.Id), paged.Select(a => a.Id));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sorts))]
    public void Missing_values_come_last_in_either_direction(string sort)
    {
        var snapshot = Book.Snapshot(
            Book.Account("none", arr: null),
            Book.Account("low", arr: 1, p: 0.1, renewal: Book.Now),
            Book.Account("high", arr: 9, renewal: Book.Now));
        var ids = snapshot.List(new AccountQuery { Sort = sort }).Items.Select(a => a.Id).ToList();
        Assert.Equal(3, ids.Count);
        if (sort.TrimStart('-') is "arr" or "arrAtRisk" or "renewalDate") Assert.Equal("none", ids[^1]);
    }

    [Fact]
    public void Each_filter_lets_through_what_it_names_and_the_total_counts_all_pages()
    {
        var accounts = Book.Random(11, 900);
        var snapshot = Book.Index(accounts).Current(Book.NowMs);
        Check(new AccountQuery { Owner = "dana" }, a => a.Owner == "dana");
        Check(new AccountQuery { Owner = "nobody" }, _ => false);
        Check(new AccountQuery { Band = Band.Red }, a => a.Band == Band.Red);
        Check(new AccountQuery { Tier = Tier.Enterprise }, a => a.Tier == Tier.Enterprise);
        Check(new AccountQuery { Segment = "retail" }, a => a.Segment == "retail");
        Check(new AccountQuery { Decline = DeclineState.Accelerating }, a => a.Decline == DeclineState.Accelerating);
        Check(new AccountQuery { Search = "ACME" }, a => a.Name.Equals("acme", StringComparison.OrdinalIgnoreCase));
        Check(new AccountQuery { Search = "-ff" }, a => a.Id.Contains("-ff", StringComparison.Ordinal));
        Check(new AccountQuery { Search = "äPFEL" }, a => a.Name == "Äpfel GmbH");
        Check(new AccountQuery { Owner = "kim", Band = Band.Green, Search = "zeta" },
            a => a.Owner == "kim" && a.Band == Band.Green && a.Name.StartsWith("zeta", StringComparison.OrdinalIgnoreCase));

        void Check(AccountQuery query, Func<AccountSummary, bool> passes)
        {
            foreach (var churned in (bool[])[false, true])
            {
                var expected = accounts.Where(a => (churned || a.Status == AccountStatus.Active) && passes(a))
                    .Select(a => a.Id).ToHashSet();
                var asked = query with { Limit = 13, IncludeChurned = churned };
                Assert.Equal(expected.Count, snapshot.List(asked).Total);
                Assert.Equal(expected, Book.AllPages(snapshot, asked).Select(a => a.Id).ToHashSet());
            }
        }
    }

    [Fact]
    public void A_cursor_that_was_tampered_with_is_refused()
    {
        var snapshot = Book.Index(Book.Random(3, 100)).Current(Book.NowMs);
        var query = new AccountQuery { Sort = "name", Limit = 10 };
        var cursor = snapshot.List(query).Next!;
        for (var i = 0; i < cursor.Length; i++)
        {
            var other = cursor[i] == 'A' ? 'B' : 'A';
            var changed = string.Concat(cursor.AsSpan(0, i), [other], cursor.AsSpan(i + 1));
            var refusal = Assert.Throws<InvalidQueryException>(() => snapshot.List(query with { Cursor = changed }));
            Assert.Equal("cursor", refusal.Field);
        }
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("!!")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Text_that_never_was_a_cursor_is_refused(string cursor)
    {
        var snapshot = Book.Snapshot(Book.Account("a"));
        var refusal = Assert.Throws<InvalidQueryException>(() => snapshot.List(new AccountQuery { Cursor = cursor }));
        Assert.Equal("cursor", refusal.Field);
    }

    [Fact]
    public void A_cursor_of_another_order_or_another_tenant_is_refused()
    {
        var accounts = Book.Random(3, 100);
        var snapshot = Book.Index(accounts).Current(Book.NowMs);
        var cursor = snapshot.List(new AccountQuery { Sort = "score", Limit = 10 }).Next;
        Assert.NotNull(cursor);
        Assert.Throws<InvalidQueryException>(() => snapshot.List(new AccountQuery { Sort = "-score", Cursor = cursor }));
        var elsewhere = new HealthGrains.Portfolio.PortfolioIndex(new TenantKeys(1, 2));
        foreach (var account in accounts) elsewhere.Upsert(account);
        var other = elsewhere.Current(Book.NowMs);
        Assert.Throws<InvalidQueryException>(() => other.List(new AccountQuery { Sort = "score", Cursor = cursor }));
    }

    [Fact]
    public void A_cursor_holds_its_place_when_its_row_has_gone()
    {
        var index = Book.Index(Enumerable.Range(0, 10).Select(i => Book.Account($"a{i}", score: i)));
        var query = new AccountQuery { Sort = "score", Limit = 4 };
        var first = index.Current(Book.NowMs).List(query);
        index.Remove("a3");
        var second = index.Current(Book.NowMs + 2000).List(query with { Cursor = first.Next });
        Assert.Equal(["a4", "a5", "a6", "a7"], second.Items.Select(a => a.Id));
    }

    [Theory]
    [InlineData("colour")]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("Score")]
    public void An_unknown_sort_field_is_refused_with_the_known_ones(string sort)
    {
        var refusal = Assert.Throws<InvalidQueryException>(() => Book.Snapshot().List(new AccountQuery { Sort = sort }));
        Assert.Equal("sort", refusal.Field);
        Assert.Contains("arrAtRisk", refusal.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(501)]
    public void A_limit_out_of_range_is_refused(int limit) =>
        Assert.Equal("limit", Assert.Throws<InvalidQueryException>(() => Book.Snapshot().List(new AccountQuery { Limit = limit })).Field);

    [Fact]
    public void An_empty_book_has_an_empty_page()
    {
        var page = Book.Snapshot().List(new AccountQuery());
        Assert.Empty(page.Items);
        Assert.Null(page.Next);
        Assert.Equal(0, page.Total);
    }

    private static IEnumerable<AccountSummary> Sorted(List<AccountSummary> accounts, string sort)
    {
        var descending = sort[0] == '-';
        if (sort.TrimStart('-') == "name")
        {
            var byName = Comparer<string>.Create(string.CompareOrdinal);
            string Key(AccountSummary a) => a.Name.ToUpperInvariant();
            var named = descending ? accounts.OrderByDescending(Key, byName) : accounts.OrderBy(Key, byName);
            return named.ThenBy(a => a.Id, StringComparer.Ordinal);
        }
        double? Value(AccountSummary a) => sort.TrimStart('-') switch
        {
            "arrAtRisk" => (double?)a.ArrAtRisk,
            "arr" => (double?)a.Arr,
            "score" => a.Score,
            "renewalDate" => a.RenewalDate?.ToUnixTimeMilliseconds(),
            "change7Days" => a.Change7Days,
            _ => a.ChurnProbability,
        };
        var nullsLast = accounts.OrderBy(a => Value(a) is null);
        return (descending ? nullsLast.ThenByDescending(Value) : nullsLast.ThenBy(Value)).ThenBy(a => a.Id, StringComparer.Ordinal);
    }
}
