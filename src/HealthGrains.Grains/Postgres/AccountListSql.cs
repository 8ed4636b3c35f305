using System.Text;
using HealthGrains.Accounts;
using HealthGrains.Health;
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
    private static readonly Dictionary<string, Column> SortColumns = new(StringComparer.Ordinal)
    {
        ["arrAtRisk"] = new(
            "arr_at_risk", "risk_class", "CASE WHEN {0} > 0 THEN floor(ln(least({0}, 1e300)) * 4) ELSE -32768 END::smallint"),
        ["arr"] = new("arr", "arr"),
        ["score"] = new("score", "score_class", "floor(least(greatest({0}, -1000), 1000) / 2)::smallint"),
        // A name may be too long for an index.
        ["name"] = new("name_key", "substring(name_key, 1, 64)", "substring({0}, 1, 64)"),
        ["renewalDate"] = new("renewal_at", "renewal_at"),
        ["change7Days"] = new("change_7_days", "change_class", "floor(least(greatest({0}, -1000), 1000) / 2)::smallint"),
        ["churnProbability"] = new("churn_probability", "churn_class", "floor(least(greatest({0}, -10), 10) * 50)::smallint"),
    };

    private readonly List<NpgsqlParameter> _filters = [];
    private readonly AccountOrder _order;
    private readonly Column _by;
    private readonly string _column;
    private readonly int _limit;
    private readonly string _where;
    private readonly bool _isWalk;
    private readonly PageCursor? _cursor;

    public AccountListSql(AccountQuery query, TenantKeys keys)
    {
        if (query.Limit is < 1 or > PortfolioSnapshot.MaxLimit)
            throw new InvalidQueryException("limit", $"{query.Limit} is not within 1..{PortfolioSnapshot.MaxLimit}");
        _limit = query.Limit;
        _order = AccountOrder.Parse(query.Sort);
        _by = SortColumns[query.Sort.TrimStart('-')];
        _column = _by.Name;
        _cursor = query.Cursor is { Length: > 0 } cursor ? PageCursor.Read(cursor, _order, keys) : null;
        _where = Filters(query);
        _isWalk = IsWalk(query);
    }

    /// <summary>Whether the total is one of the whole book by what accounts are, so that <see cref="BookSums"/> knows it.</summary>
    public static bool IsOfTheBook(AccountQuery query) => query.Owner is null && string.IsNullOrEmpty(query.Search);

    /// <summary>Which rows, and in which order, without where the page begins: what the total depends on.</summary>
    public static AccountQuery Filter(AccountQuery query) => query with { Sort = "", Limit = 0, Cursor = null };

    /// <summary>Counts all rows that the filters let through.</summary>
    public void AddCount(NpgsqlBatch batch) =>
        batch.Add($"SELECT count(*) FROM summaries WHERE {_where}", [.. _filters.Select(Copy)]);

    /// <summary>Reads the page, and one row more to see whether another page follows; <see cref="AddRest"/> may be needed for it.</summary>
    public void AddPage(NpgsqlBatch batch)
    {
        var direction = _order.Descending ? "DESC" : "ASC";
        var parameters = _filters.Select(Copy).ToList();
        if (!_isWalk)
        {
            Add(batch, parameters, After(parameters), $"{_column} {direction} NULLS LAST, id", _limit + 1);
            return;
        }
        if (IsAmongMissing) return;
        var order = _by.IsExact ? $"{_column} {direction}, id" : $"{_by.Class} {direction}, {_column} {direction}, id";
        Add(batch, parameters, $"{_by.Class} IS NOT NULL AND ({AfterInWalk(parameters)})", order, _limit + 1);
    }

    /// <summary>
    /// Reads what of the page is missing its value and so comes last, after so many rows that have one; false when nothing is to be read.
    /// </summary>
    public bool AddRest(NpgsqlBatch batch, int found)
    {
        if (!_isWalk || found > _limit) return false;
        var parameters = _filters.Select(Copy).ToList();
        var after = IsAmongMissing ? $"id > {Next(parameters, Sql.Text(_cursor!.Value.Id))}" : "true";
        Add(batch, parameters, $"{_by.Class} IS NULL AND {after}", "id", _limit + 1 - found);
        return true;
    }

    private void Add(NpgsqlBatch batch, List<NpgsqlParameter> parameters, string after, string order, int limit) => batch.Add(
        $"""
        SELECT {SummaryRows.Columns}
        FROM summaries
        WHERE {_where} AND ({after})
        ORDER BY {order}
        LIMIT {limit}
        """,
        [.. parameters]);

    private bool IsAmongMissing => _cursor is { } cursor && !_order.ByName && double.IsNaN(_order.ValueOf(cursor.Place));

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
        if (query.Owner is { } owner) where.Append($" AND owner = {Next(_filters, Sql.Text(StoredText.Of(owner)))}");
        if (query.Segment is { } segment) where.Append($" AND segment = {Next(_filters, Sql.Text(StoredText.Of(segment)))}");
        if (query.Band is { } band) where.Append($" AND band = {Next(_filters, Short((short)band))}");
        if (query.Tier is { } tier) where.Append($" AND tier = {Next(_filters, Short((short)tier))}");
        if (query.Decline is { } decline) where.Append($" AND decline = {Next(_filters, Short((short)decline))}");
        if (!string.IsNullOrEmpty(query.Search))
        {
            var part = Next(_filters, Sql.Text(Containing(StoredText.Of(query.Search).ToUpperInvariant())));
            // Ids are ASCII, so the database folds them as .NET does. In this form trigrams can help.
            where.Append($" AND (name_folded LIKE {part} OR upper(id) LIKE {part})");
        }
        return where.ToString();
    }

    /// <summary>
    /// Whether the page is found by going along an index until it is full. An owner's accounts and what a search finds are few, so these
    /// are sorted; and so are those of a band when the accounts of the others lie before them.
    /// </summary>
    private bool IsWalk(AccountQuery query)
    {
        if (query.Owner is not null || !string.IsNullOrEmpty(query.Search)) return false;
        var worstFirst = _column switch
        {
            "score" => !_order.Descending,
            "churn_probability" => _order.Descending,
            _ => (bool?)null,
        };
        return query.Band is not { } band || worstFirst is not { } worst || band == (worst ? Band.Red : Band.Green);
    }

    private string After(List<NpgsqlParameter> parameters)
    {
        if (_cursor is not { } cursor) return "true";
        if (IsAmongMissing) return $"{_column} IS NULL AND id > {Next(parameters, Sql.Text(cursor.Id))}";
        var beyond = Beyond(cursor, parameters, out _);
        return _order.ByName ? beyond : $"{beyond} OR {_column} IS NULL";
    }

    private string AfterInWalk(List<NpgsqlParameter> parameters)
    {
        if (_cursor is not { } cursor) return "true";
        var beyond = Beyond(cursor, parameters, out var place);
        // Says nothing new, but it is where the index begins.
        return $"{_by.Class} {(_order.Descending ? "<=" : ">=")} {_by.ClassOf(place)} AND ({beyond})";
    }

    private string Beyond(in PageCursor cursor, List<NpgsqlParameter> parameters, out string place)
    {
        var id = Next(parameters, Sql.Text(cursor.Id));
        if (_order.ByName) place = Next(parameters, Sql.Bytes(SummaryRows.NameKey(cursor.FoldedName)));
        else
        {
            var value = _order.ValueOf(cursor.Place);
            place = Next(parameters, _column == "renewal_at" ? Sql.Long((long)value) : Sql.Of(value, NpgsqlDbType.Double));
        }
        return $"{_column} {(_order.Descending ? "<" : ">")} {place} OR ({_column} = {place} AND id > {id})";
    }

    // Every character but the pattern's own stands for itself.
    private static string Containing(string part) =>
        string.Concat("%", string.Concat(part.Select(one => one is '\\' or '%' or '_' ? $"\\{one}" : $"{one}")), "%");

    private static string Next(List<NpgsqlParameter> parameters, NpgsqlParameter parameter)
    {
        parameters.Add(parameter);
        return $"${parameters.Count}";
    }

    private static NpgsqlParameter Short(short value) => Sql.Of(value, NpgsqlDbType.Smallint);

    // A parameter belongs to one statement.
    private static NpgsqlParameter Copy(NpgsqlParameter parameter) => Sql.Of(parameter.Value, parameter.NpgsqlDbType);

    /// <summary>What a list is ordered by.</summary>
    /// <param name="Name">The column.</param>
    /// <param name="Class">The column that has an index: the same, or one that grows with it in steps.</param>
    /// <param name="Step">How the one comes from the other.</param>
    private sealed record Column(string Name, string Class, string Step = "{0}")
    {
        public bool IsExact => Name == Class;

        public string ClassOf(string value) => string.Format(System.Globalization.CultureInfo.InvariantCulture, Step, value);
    }
}
