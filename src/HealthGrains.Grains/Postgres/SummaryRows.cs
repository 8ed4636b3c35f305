using System.Globalization;
using System.Text;
using HealthGrains.Accounts;
using HealthGrains.Decline;
using HealthGrains.Grains.Storage;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Portfolio;
using Npgsql;
using NpgsqlTypes;

namespace HealthGrains.Grains.Postgres;

/// <summary>The rows of lists: how they are written, and how they are read.</summary>
internal static class SummaryRows
{
    /// <summary>The columns that <see cref="Read"/> expects, in its order.</summary>
    public const string Columns = """
        id, name, tier, segment, arr_amount, currency, owner, renewal, status, score, low, high, band, coverage, change_7_days, decline,
        slope_per_day, churn_probability, arr_at_risk_amount, arr_at_risk_low, arr_at_risk_high, open_alerts, version, model, as_of
        """;

    // What stands in the row beside the id, in the order of the parameters. The moment is the last: when nothing else has changed,
    // the row stays as it is.
    private static readonly string[] Written =
    [
        "status", "band", "tier", "decline", "open_alerts", "version", "score", "low", "high", "coverage", "change_7_days",
        "slope_per_day", "churn_probability", "arr", "arr_at_risk", "loss_variance", "renewal_at", "arr_amount", "arr_at_risk_amount",
        "arr_at_risk_low", "arr_at_risk_high", "currency", "owner", "segment", "model", "renewal", "name", "name_folded", "name_key",
        "as_of",
    ];

    private static readonly string Upsert = Statement();

    public static void Add(NpgsqlBatch batch, AccountWrite[] writes)
    {
        var count = writes.Length;
        var ids = new string[count];
        var (status, band, tier, decline) = (new short[count], new short[count], new short[count], new short[count]);
        var (alerts, versions, moments) = (new int[count], new long[count], new long[count]);
        var numbers = new double?[10][];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = new double?[count];
        var (renewalAt, renewal) = (new long?[count], new string?[count]);
        var money = new decimal?[4][];
        for (var i = 0; i < money.Length; i++) money[i] = new decimal?[count];
        var (currency, owner, segment, model) = (new string[count], new string?[count], new string?[count], new string[count]);
        var (name, folded, key) = (new string[count], new string[count], new byte[count][]);
        for (var i = 0; i < count; i++)
        {
            var (profile, figures) = (writes[i].Profile, writes[i].Figures);
            var arr = (double?)profile.Arr;
            ids[i] = writes[i].Id;
            (status[i], band[i]) = ((short)figures.Status, (short)figures.Band);
            (tier[i], decline[i]) = ((short)profile.Tier, (short)figures.Decline);
            (alerts[i], versions[i], moments[i]) = (figures.OpenAlerts, figures.Version, figures.AsOf);
            numbers[0][i] = Number(figures.Score);
            numbers[1][i] = Number(figures.Low);
            numbers[2][i] = Number(figures.High);
            numbers[3][i] = Number(figures.Coverage);
            numbers[4][i] = Number(figures.Change7Days);
            numbers[5][i] = Number(figures.SlopePerDay);
            numbers[6][i] = Number(figures.ChurnProbability);
            numbers[7][i] = arr;
            numbers[8][i] = (double?)figures.ArrAtRisk;
            numbers[9][i] = arr is { } amount ? PortfolioTotals.LossVariance(figures, amount) : 0;
            renewalAt[i] = profile.RenewalDate?.ToUnixTimeMilliseconds();
            renewal[i] = profile.RenewalDate?.ToString("O", CultureInfo.InvariantCulture);
            money[0][i] = profile.Arr;
            money[1][i] = figures.ArrAtRisk;
            money[2][i] = figures.ArrAtRiskLow;
            money[3][i] = figures.ArrAtRiskHigh;
            (currency[i], model[i]) = (StoredText.Of(profile.Currency), StoredText.Of(writes[i].Row.Model));
            (owner[i], segment[i]) = (StoredText.Of(profile.Owner), StoredText.Of(profile.Segment));
            name[i] = StoredText.Of(profile.Name);
            folded[i] = name[i].ToUpperInvariant();
            key[i] = NameKey(folded[i]);
        }
        var parameters = new List<NpgsqlParameter>
        {
            Sql.Texts(ids), Sql.Shorts(status), Sql.Shorts(band), Sql.Shorts(tier), Sql.Shorts(decline), Sql.Ints(alerts),
            Sql.Longs(versions),
        };
        parameters.AddRange(numbers.Select(column => Sql.Of(column, NpgsqlDbType.Array | NpgsqlDbType.Double)));
        parameters.Add(Sql.Of(renewalAt, NpgsqlDbType.Array | NpgsqlDbType.Bigint));
        parameters.AddRange(money.Select(column => Sql.Of(column, NpgsqlDbType.Array | NpgsqlDbType.Numeric)));
        parameters.AddRange(new[] { currency, owner, segment, model, renewal, name, folded }.Select(column => Sql.Texts(column)));
        parameters.Add(Sql.Blobs(key));
        parameters.Add(Sql.Longs(moments));
        batch.Add(Upsert, [.. parameters]);
    }

    public static AccountSummary Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Name = row.GetString(1),
        Tier = (Tier)row.GetInt16(2),
        Segment = row.TextOrNull(3),
        Arr = row.MoneyOrNull(4),
        Currency = row.GetString(5),
        Owner = row.TextOrNull(6),
        RenewalDate = row.TextOrNull(7) is { } renewal ? DateTimeOffset.Parse(renewal, CultureInfo.InvariantCulture) : null,
        Status = (AccountStatus)row.GetInt16(8),
        Score = row.NumberOrNaN(9),
        Low = row.NumberOrNaN(10),
        High = row.NumberOrNaN(11),
        Band = (Band)row.GetInt16(12),
        Coverage = row.NumberOrNaN(13),
        Change7Days = row.NumberOrNaN(14),
        Decline = (DeclineState)row.GetInt16(15),
        SlopePerDay = row.NumberOrNaN(16),
        ChurnProbability = row.NumberOrNaN(17),
        ArrAtRisk = row.MoneyOrNull(18),
        ArrAtRiskLow = row.MoneyOrNull(19),
        ArrAtRiskHigh = row.MoneyOrNull(20),
        OpenAlerts = row.GetInt32(21),
        Version = row.GetInt64(22),
        Model = row.GetString(23),
        AsOf = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(24)),
    };

    /// <summary>A folded name as bytes that sort as .NET sorts names: by UTF-16, where the rarest characters come earlier.</summary>
    public static byte[] NameKey(string folded) => Encoding.BigEndianUnicode.GetBytes(folded);

    // To the database NaN is a number, larger than all others; here it is a missing one.
    private static double? Number(double value) => double.IsNaN(value) ? null : value;

    private static string Statement()
    {
        var columns = string.Join(", ", Written);
        var parameters = string.Join(", ", Enumerable.Range(1, Written.Length + 1).Select(number => $"${number}"));
        var compared = Written[..^1];
        return $"""
            INSERT INTO summaries AS s (id, {columns})
            SELECT * FROM unnest({parameters})
            ON CONFLICT (id) DO UPDATE SET {string.Join(", ", Written.Select(column => $"{column} = excluded.{column}"))}
            WHERE ({string.Join(", ", compared.Select(column => $"s.{column}"))})
                IS DISTINCT FROM ({string.Join(", ", compared.Select(column => $"excluded.{column}"))})
            """;
    }
}
