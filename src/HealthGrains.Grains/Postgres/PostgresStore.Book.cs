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
    private readonly FreshAnswers<bool, BookSums> _sums = new(1);

    /// <inheritdoc/>
    /// <remarks>
    /// An answer serves everybody who asks the same within a second of the host's clock, and within four when it is dear; the total may
    /// be as old. The answer says how old it is.
    /// </remarks>
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
    public async Task<PortfolioFacets> FacetsAsync(long now, CancellationToken cancellationToken) =>
        (await SumsAsync(now).WaitAsync(cancellationToken)).Facets();

    /// <inheritdoc/>
    public async Task<int> CountAsync(CancellationToken cancellationToken) =>
        (int)await database.Command("SELECT count(*) FROM summaries").ValueAsync<long>(cancellationToken);

    // One look at the whole book for all who ask about it.
    private Task<BookSums> SumsAsync(long now) =>
        _sums.GetAsync(true, now, () => BookSums.ReadAsync(database, now), CancellationToken.None);

    private async Task<Page<AccountSummary>> PageAsync(AccountListSql list, AccountQuery query, long now)
    {
        var none = CancellationToken.None;
        var counted = CountAsync(list, query, now);
        await using var connection = await database.OpenConnectionAsync();
        var rows = await RowsAsync(connection, list.AddPage);
        await using (var batch = new NpgsqlBatch(connection))
            if (list.AddRest(batch, rows.Count)) rows.AddRange(await RowsAsync(batch, none));
        var (total, at) = await counted;
        return list.Page(rows, total, keys(), DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(now, at)));
    }

    private static async Task<List<AccountSummary>> RowsAsync(NpgsqlConnection connection, Action<NpgsqlBatch> add)
    {
        await using var batch = new NpgsqlBatch(connection);
        add(batch);
        return batch.BatchCommands.Count == 0 ? [] : await RowsAsync(batch, CancellationToken.None);
    }

    private static async Task<List<AccountSummary>> RowsAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await reader.RowsAsync(SummaryRows.Read, cancellationToken);
    }

    private async Task<(int Rows, long At)> CountAsync(AccountListSql list, AccountQuery query, long now)
    {
        if (AccountListSql.IsOfTheBook(query))
        {
            var sums = await SumsAsync(now);
            return (sums.Count(query), sums.At);
        }
        // The pages of one list share a count: it is as much work as a page.
        var counted = await _counts.GetAsync(AccountListSql.Filter(query), now, () => CountAsync(list, now), CancellationToken.None);
        return (counted.Rows, counted.At);
    }

    private async Task<Counted> CountAsync(AccountListSql list, long now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        list.AddCount(batch);
        return new Counted((int)(long)(await batch.ExecuteScalarAsync())!, now);
    }

    private async Task<PortfolioView> SumAsync(string? owner, long now)
    {
        var sums = owner is null ? await SumsAsync(now) : null;
        await using var connection = await database.OpenConnectionAsync();
        // One moment for all of it.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        var view = sums is null ? await SumOfAsync(owner!, now, connection, transaction) : sums.Totals();
        await using var batch = new NpgsqlBatch(connection, transaction);
        NpgsqlParameter[] Owner() => owner is null ? [] : [Sql.Text(owner)];
        var whose = owner is null ? "true" : "owner = $1";
        // The class is below 0 where the change is. Of one owner there are too few for its index.
        var byClass = owner is null;
        batch.Add(MoversSql(
            $"{whose} AND change_7_days < 0{(byClass ? " AND change_class < 0" : "")}",
            $"{(byClass ? "change_class, " : "")}change_7_days"), Owner());
        batch.Add(MoversSql(
            $"{whose} AND change_7_days > 0{(byClass ? " AND change_class >= 0" : "")}",
            $"{(byClass ? "change_class DESC, " : "")}change_7_days DESC"), Owner());
        await using var reader = await batch.ExecuteReaderAsync();
        var fallers = await reader.RowsAsync(SummaryRows.Read, CancellationToken.None);
        await reader.NextResultAsync();
        var risers = await reader.RowsAsync(SummaryRows.Read, CancellationToken.None);
        return view with { Fallers = fallers, Risers = risers };
    }

    private static async Task<PortfolioView> SumOfAsync(
        string owner, long now, NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        const string sums = """
            SELECT band, currency, arr_amount IS NULL, count(*), sum(arr_amount),
                sum(coalesce(arr_at_risk_amount, arr_amount * churn_probability::numeric)), sum(loss_variance)
            FROM summaries
            WHERE status = 0 AND owner = $1
            GROUP BY 1, 2, 3
            """;
        var totals = new PortfolioTotals();
        await using var command = connection.Command(transaction, sums, Sql.Text(owner));
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var (band, accounts) = ((Band)reader.GetInt16(0), (int)reader.GetInt64(3));
            if (reader.GetBoolean(2)) totals.AddWithoutArr(band, accounts);
            else totals.AddSum(band, reader.GetString(1), accounts, reader.GetDecimal(4), reader.GetDecimal(5), reader.GetDouble(6));
        }
        return totals.View(DateTimeOffset.FromUnixTimeMilliseconds(now), owner);
    }

    private static string MoversSql(string which, string order) => $"""
        SELECT {SummaryRows.Columns}
        FROM summaries
        WHERE status = 0 AND {which}
        ORDER BY {order}, id
        LIMIT {PortfolioTotals.Movers}
        """;

    private sealed record Counted(int Rows, long At);
}
