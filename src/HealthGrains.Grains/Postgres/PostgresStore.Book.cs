using System.Data;
using HealthGrains.Accounts;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Portfolio;
using Npgsql;

namespace HealthGrains.Grains.Postgres;

/// <content>Lists and totals of accounts.</content>
public sealed partial class PostgresStore
{
    private readonly FreshAnswers<AccountQuery, Page<AccountSummary>> _pages = new(256);
    private readonly FreshAnswers<AccountQuery, Counted> _counts = new(256);
    private readonly FreshAnswers<(bool All, string Owner), PortfolioView> _totals = new(1_024);
    private readonly FreshAnswers<bool, PortfolioFacets> _facets = new(1);

    /// <inheritdoc/>
    /// <remarks>An answer serves everybody who asks the same within a second of the host's clock.</remarks>
    public Task<Page<AccountSummary>> ListAsync(AccountQuery query, long now, CancellationToken cancellationToken)
    {
        var list = new AccountListSql(query, keys());
        return _pages.GetAsync(query, now, () => PageAsync(list, query, now), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<PortfolioView> TotalsAsync(string? owner, long now, CancellationToken cancellationToken)
    {
        var view = await _totals.GetAsync((owner is null, owner ?? ""), now, () => SumAsync(StoredText.Of(owner), now), cancellationToken);
        return view with { Owner = owner };
    }

    /// <inheritdoc/>
    public Task<PortfolioFacets> FacetsAsync(long now, CancellationToken cancellationToken) =>
        _facets.GetAsync(true, now, () => CountFacetsAsync(now), cancellationToken);

    /// <inheritdoc/>
    public async Task<int> CountAsync(CancellationToken cancellationToken) =>
        (int)await database.Command("SELECT count(*) FROM summaries").ValueAsync<long>(cancellationToken);

    private async Task<Page<AccountSummary>> PageAsync(AccountListSql list, AccountQuery query, long now)
    {
        var none = CancellationToken.None;
        // The pages of one list share a count: it is as much work as a page.
        var counted = _counts.GetAsync(AccountListSql.Filter(query), now, () => CountAsync(list), none);
        await using var connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        list.AddPage(batch);
        List<AccountSummary> rows;
        await using (var reader = await batch.ExecuteReaderAsync()) rows = await reader.RowsAsync(SummaryRows.Read, none);
        return list.Page(rows, (await counted).Rows, keys(), DateTimeOffset.FromUnixTimeMilliseconds(now));
    }

    private async Task<Counted> CountAsync(AccountListSql list)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        list.AddCount(batch);
        return new Counted((int)(long)(await batch.ExecuteScalarAsync())!);
    }

    private async Task<PortfolioFacets> CountFacetsAsync(long now)
    {
        const string sql = """
            SELECT grouping(owner), grouping(segment), owner, segment, tier, count(*)
            FROM summaries
            WHERE status = 0
            GROUP BY GROUPING SETS ((owner), (segment), (tier))
            """;
        var (owners, segments, tiers) = (new List<FacetCount>(), new List<FacetCount>(), new List<(Tier Tier, int Accounts)>());
        await database.Command(sql).RowsAsync(
            row =>
            {
                var accounts = (int)row.GetInt64(5);
                // 0 is what the row is grouped by.
                if (row.GetInt32(0) == 0) Add(owners, row.IsDBNull(2) ? null : row.GetString(2), accounts);
                else if (row.GetInt32(1) == 0) Add(segments, row.IsDBNull(3) ? null : row.GetString(3), accounts);
                else tiers.Add(((Tier)row.GetInt16(4), accounts));
                return accounts;
            }, CancellationToken.None);
        return new PortfolioFacets(
            DateTimeOffset.FromUnixTimeMilliseconds(now), tiers.Sum(tier => tier.Accounts), PortfolioFacets.ByName(owners),
            PortfolioFacets.ByName(segments),
            [.. tiers.OrderBy(one => one.Tier).Select(one => PortfolioFacets.OfTier(one.Tier, one.Accounts))]);

        static void Add(List<FacetCount> counts, string? value, int accounts)
        {
            if (value is not null) counts.Add(new FacetCount(value, accounts));
        }
    }

    private async Task<PortfolioView> SumAsync(string? owner, long now)
    {
        const string sums = """
            SELECT band, currency, arr_amount IS NULL, count(*), sum(arr_amount),
                sum(coalesce(arr_at_risk_amount, arr_amount * churn_probability::numeric)), sum(loss_variance)
            FROM summaries
            WHERE status = 0 AND ($1 IS NULL OR owner = $1)
            GROUP BY 1, 2, 3
            """;
        var none = CancellationToken.None;
        await using var connection = await database.OpenConnectionAsync();
        // One moment for all of it.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add(sums, Sql.Text(owner));
        batch.Add(MoversSql("change_7_days < 0", "change_7_days"), Sql.Text(owner));
        batch.Add(MoversSql("change_7_days > 0", "change_7_days DESC"), Sql.Text(owner));
        var totals = new PortfolioTotals();
        await using var reader = await batch.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var (band, accounts) = ((Band)reader.GetInt16(0), (int)reader.GetInt64(3));
            if (reader.GetBoolean(2)) totals.AddWithoutArr(band, accounts);
            else totals.AddSum(band, reader.GetString(1), accounts, reader.GetDecimal(4), reader.GetDecimal(5), reader.GetDouble(6));
        }
        await reader.NextResultAsync();
        var fallers = await reader.RowsAsync(SummaryRows.Read, none);
        await reader.NextResultAsync();
        var risers = await reader.RowsAsync(SummaryRows.Read, none);
        return totals.View(DateTimeOffset.FromUnixTimeMilliseconds(now), owner) with { Fallers = fallers, Risers = risers };
    }

    private static string MoversSql(string which, string order) => $"""
        SELECT {SummaryRows.Columns}
        FROM summaries
        WHERE status = 0 AND {which} AND ($1 IS NULL OR owner = $1)
        ORDER BY {order}, id
        LIMIT {PortfolioTotals.Movers}
        """;

    private sealed record Counted(int Rows);
}
