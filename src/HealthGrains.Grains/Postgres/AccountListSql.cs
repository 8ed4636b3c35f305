using System.Text;
using HealthGrains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Portfolio;
using Npgsql;
using NpgsqlTypes;

namespace HealthGrains.Grains.Postgres;

/// <summary>
/// A question about accounts as statements: which rows, in which order, after which position. Orders, ties and cursors are Core's; a
/// missing value is null and comes last in either direction.
/// </summary>
internal sealed class AccountListSql
{
    private static readonly Dictionary<string, string> SortColumns = new(StringComparer.Ordinal)
    {
        ["arrAtRisk"] = "arr_at_risk",
        ["arr"] = "arr",
        ["score"] = "score",
        ["name"] = "name_key",
        ["renewalDate"] = "renewal_at",
        ["change7Days"] = "change_7_days",
        ["churnProbability"] = "churn_probability",
    };

    private readonly List<NpgsqlParameter> _parameters = [];
    private readonly AccountOrder _order;
    private readonly string _column;
    private readonly int _limit;
    private readonly int _filters;
    private readonly string _where;
    private readonly string _after;

    public AccountListSql(AccountQuery query, TenantKeys keys)
    {
        if (query.Limit is < 1 or > PortfolioSnapshot.MaxLimit)
            throw new InvalidQueryException("limit", $"{query.Limit} is not within 1..{PortfolioSnapshot.MaxLimit}");
        _limit = query.Limit;
        _order = AccountOrder.Parse(query.Sort);
        _column = SortColumns[query.Sort.TrimStart('-')];
        var after = query.Cursor is { Length: > 0 } cursor ? PageCursor.Read(cursor, _order, keys) : (PageCursor?)null;
        _where = Filters(query);
        _filters = _parameters.Count;
        _after = after is { } position ? After(position) : "true";
    }

    /// <summary>Which rows, and in which order, without where the page begins: what the total depends on.</summary>
    public static AccountQuery Filter(AccountQuery query) => query with { Sort = "", Limit = 0, Cursor = null };

    /// <summary>Counts all rows that the filters let through.</summary>
    public void AddCount(NpgsqlBatch batch) =>
        batch.Add($"SELECT count(*) FROM summaries WHERE {_where}", [.. _parameters.Take(_filters).Select(Copy)]);

    /// <summary>Reads the page, and one row more to see whether another page follows.</summary>
    public void AddPage(NpgsqlBatch batch)
    {
        var direction = _order.Descending ? "DESC" : "ASC";
        batch.Add(
            $"""
            SELECT {SummaryRows.Columns}
            FROM summaries
            WHERE {_where} AND ({_after})
            ORDER BY {_column} {direction} NULLS LAST, id
            LIMIT {_limit + 1}
            """,
            [.. _parameters.Select(Copy)]);
    }

    /// <summary>The page of what <see cref="AddPage"/> found.</summary>
    public Page<AccountSummary> Page(List<AccountSummary> rows, int total, TenantKeys keys, DateTimeOffset asOf)
    {
        if (rows.Count <= _limit) return new Page<AccountSummary>(rows, null, total, asOf);
        rows.RemoveAt(_limit);
        return new Page<AccountSummary>(rows, Position(rows[^1]).Write(_order, keys), total, asOf);
    }

    private PageCursor Position(AccountSummary row)
    {
        var folded = row.Name.ToUpperInvariant();
        var place = _column switch
        {
            "arr_at_risk" => _order.PlaceOf((double?)row.ArrAtRisk ?? double.NaN),
            "arr" => _order.PlaceOf((double?)row.Arr ?? double.NaN),
            "score" => _order.PlaceOf(row.Score),
            "renewal_at" => _order.PlaceOf(row.RenewalDate?.ToUnixTimeMilliseconds() ?? double.NaN),
            "change_7_days" => _order.PlaceOf(row.Change7Days),
            "churn_probability" => _order.PlaceOf(row.ChurnProbability),
            _ => _order.PlaceOfPrefix(PortfolioRow.PrefixOfName(folded)),
        };
        return new PageCursor(place, folded, row.Id);
    }

    private string Filters(AccountQuery query)
    {
        var where = new StringBuilder("true");
        if (!query.IncludeChurned) where.Append(" AND status = 0");
        if (query.Owner is { } owner) where.Append($" AND owner = {Next(Sql.Text(StoredText.Of(owner)))}");
        if (query.Segment is { } segment) where.Append($" AND segment = {Next(Sql.Text(StoredText.Of(segment)))}");
        if (query.Band is { } band) where.Append($" AND band = {Next(Short((short)band))}");
        if (query.Tier is { } tier) where.Append($" AND tier = {Next(Short((short)tier))}");
        if (query.Decline is { } decline) where.Append($" AND decline = {Next(Short((short)decline))}");
        if (!string.IsNullOrEmpty(query.Search))
        {
            var part = Next(Sql.Text(StoredText.Of(query.Search).ToUpperInvariant()));
            // Ids are ASCII, so the database folds them as .NET does.
            where.Append($" AND (strpos(name_folded, {part}) > 0 OR strpos(upper(id), {part}) > 0)");
        }
        return where.ToString();
    }

    private string After(in PageCursor cursor)
    {
        var id = Next(Sql.Text(cursor.Id));
        var beyond = _order.Descending ? "<" : ">";
        if (_order.ByName)
        {
            var name = Next(Sql.Bytes(SummaryRows.NameKey(cursor.FoldedName)));
            return $"{_column} {beyond} {name} OR ({_column} = {name} AND id > {id})";
        }
        var value = _order.ValueOf(cursor.Place);
        if (double.IsNaN(value)) return $"{_column} IS NULL AND id > {id}";
        var place = Next(_column == "renewal_at" ? Sql.Long((long)value) : Sql.Of(value, NpgsqlDbType.Double));
        return $"{_column} {beyond} {place} OR ({_column} = {place} AND id > {id}) OR {_column} IS NULL";
    }

    private string Next(NpgsqlParameter parameter)
    {
        _parameters.Add(parameter);
        return $"${_parameters.Count}";
    }

    private static NpgsqlParameter Short(short value) => Sql.Of(value, NpgsqlDbType.Smallint);

    // A parameter belongs to one statement.
    private static NpgsqlParameter Copy(NpgsqlParameter parameter) => Sql.Of(parameter.Value, parameter.NpgsqlDbType);
}
