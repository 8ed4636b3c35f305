using HealthGrains.Accounts;
using HealthGrains.Decline;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Portfolio;
using Npgsql;

namespace HealthGrains.Grains.Postgres;

/// <summary>
/// The whole book, counted and summed by what accounts are: one look at all rows answers every question about totals that names no
/// single owner and searches for nothing.
/// </summary>
internal sealed class BookSums
{
    private const string Statement = """
        SELECT status, band, tier, decline, segment, currency, arr_amount IS NULL, owner, grouping(owner), count(*), sum(arr_amount),
            sum(coalesce(arr_at_risk_amount, arr_amount * churn_probability::numeric)), sum(loss_variance)
        FROM summaries
        GROUP BY GROUPING SETS ((status, band, tier, decline, segment, currency, arr_amount IS NULL), (status, owner))
        """;

    private readonly List<Group> _groups = [];
    private readonly List<FacetCount> _owners = [];

    private BookSums(long now) => At = now;

    /// <summary>When the question was asked, Unix milliseconds.</summary>
    public long At { get; }

    private DateTimeOffset AsOf => DateTimeOffset.FromUnixTimeMilliseconds(At);

    public static async Task<BookSums> ReadAsync(NpgsqlDataSource database, long now)
    {
        var sums = new BookSums(now);
        await database.Command(Statement).RowsAsync(sums.Add, CancellationToken.None);
        return sums;
    }

    /// <summary>How many accounts a list has.</summary>
    public int Count(AccountQuery query) => _groups.Where(group => group.IsIn(query)).Sum(group => group.Accounts);

    /// <summary>The totals, without those whose health moved most.</summary>
    public PortfolioView Totals()
    {
        var totals = new PortfolioTotals();
        foreach (var group in _groups.Where(group => group.Status == AccountStatus.Active))
        {
            if (group.HasNoArr) totals.AddWithoutArr(group.Band, group.Accounts);
            else totals.AddSum(group.Band, group.Currency, group.Accounts, group.Arr, group.AtRisk, group.Variance);
        }
        return totals.View(AsOf, null);
    }

    /// <summary>Owners, segments and tiers of active accounts.</summary>
    public PortfolioFacets Facets()
    {
        var active = _groups.Where(group => group.Status == AccountStatus.Active).ToArray();
        var segments = active.Where(group => group.Segment is not null).GroupBy(group => group.Segment!, StringComparer.Ordinal)
            .Select(groups => new FacetCount(groups.Key, groups.Sum(group => group.Accounts)));
        var tiers = active.GroupBy(group => group.Tier).OrderBy(groups => groups.Key)
            .Select(groups => PortfolioFacets.OfTier(groups.Key, groups.Sum(group => group.Accounts)));
        return new PortfolioFacets(
            AsOf, active.Sum(group => group.Accounts), PortfolioFacets.ByName([.. _owners]), PortfolioFacets.ByName([.. segments]),
            [.. tiers]);
    }

    private bool Add(NpgsqlDataReader row)
    {
        var (status, accounts) = ((AccountStatus)row.GetInt16(0), (int)row.GetInt64(9));
        // 0 is what the row is grouped by.
        if (row.GetInt32(8) == 0)
        {
            if (status == AccountStatus.Active && row.TextOrNull(7) is { } owner) _owners.Add(new FacetCount(owner, accounts));
            return true;
        }
        var hasNoArr = row.GetBoolean(6);
        _groups.Add(new Group(
            status, (Band)row.GetInt16(1), (Tier)row.GetInt16(2), (DeclineState)row.GetInt16(3), row.TextOrNull(4), row.GetString(5),
            hasNoArr, accounts, hasNoArr ? 0 : row.GetDecimal(10), hasNoArr ? 0 : row.GetDecimal(11), row.GetDouble(12)));
        return true;
    }

    private sealed record Group(
        AccountStatus Status, Band Band, Tier Tier, DeclineState Decline, string? Segment, string Currency, bool HasNoArr, int Accounts,
        decimal Arr, decimal AtRisk, double Variance)
    {
        public bool IsIn(AccountQuery query) =>
            (query.IncludeChurned || Status == AccountStatus.Active)
            && (query.Segment is null || StoredText.Of(query.Segment) == Segment)
            && (query.Band ?? Band) == Band && (query.Tier ?? Tier) == Tier && (query.Decline ?? Decline) == Decline;
    }
}
