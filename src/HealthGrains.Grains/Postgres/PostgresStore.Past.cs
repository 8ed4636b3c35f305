using System.Globalization;
using System.Text;
using System.Text.Json;
using HealthGrains.Alerts;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using Npgsql;
using NpgsqlTypes;

namespace HealthGrains.Grains.Postgres;

/// <content>Alerts, daily closes and the audit.</content>
public sealed partial class PostgresStore
{
    private const string AddEntry = "INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5)";

    /// <inheritdoc/>
    public async Task<Page<AlertView>> AlertsAsync(AlertQuery query, long now, CancellationToken cancellationToken)
    {
        const string which = """
            FROM alerts
            WHERE state = ANY($1) AND ($2 IS NULL OR owner = $2) AND ($3 IS NULL OR account = $3)
                AND ($4 IS NULL OR body ->> 'severity' = $4)
            """;
        const string page = $"""
            SELECT body::text, {PushedAt} {which} AND ($5 IS NULL OR (raised_at, id) < ($5, $6))
            ORDER BY raised_at DESC, id DESC
            LIMIT $7
            """;
        ListCursor.Check(query.Limit);
        var after = ListCursor.Read("alerts", query.Cursor, 2, keys());
        var raised = (long?)null;
        if (after is not null)
            raised = long.TryParse(after[0], NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : throw ListCursor.Invalid();
        short[] states = query.State is { } state ? [(short)state]
            : [(short)AlertState.Open, (short)AlertState.Acknowledged, (short)AlertState.Snoozed];
        // There are only so many alerts, and each says its severity itself.
        var severity = query.Severity is { } asked ? JsonNamingPolicy.CamelCase.ConvertName($"{asked}") : null;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add($"SELECT count(*) {which}",
            Sql.Shorts(states), Sql.Text(StoredText.Of(query.Owner)), Sql.Text(StoredText.Of(query.Account)), Sql.Text(severity));
        batch.Add(page,
            Sql.Shorts(states), Sql.Text(StoredText.Of(query.Owner)), Sql.Text(StoredText.Of(query.Account)), Sql.Text(severity),
            Sql.Of(raised, NpgsqlDbType.Bigint), Sql.Text(after?[1]), Sql.Int(query.Limit + 1));
        return await PageAsync(batch, query.Limit, now, ReadAlert,
            last => ListCursor.Write("alerts", keys(), Number(last.RaisedAt.ToUnixTimeMilliseconds()), last.Id), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<AlertView?> AlertAsync(string id, CancellationToken cancellationToken)
    {
        var rows = await database.Command($"SELECT body::text, {PushedAt} FROM alerts WHERE id = $1", Sql.Text(StoredText.Of(id)))
            .RowsAsync(ReadAlert, cancellationToken);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <inheritdoc/>
    public Task<List<HistoryPoint>> ClosesAsync(string id, DateOnly first, DateOnly last, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT day, score, low, high, coverage, model, categories::text
            FROM closes
            WHERE account = $1 AND day BETWEEN $2 AND $3
            ORDER BY day
            """;
        var command = database.Command(
            sql, Sql.Text(StoredText.Of(id)), Sql.Of(first, NpgsqlDbType.Date), Sql.Of(last, NpgsqlDbType.Date));
        return command.RowsAsync(
            row => new HistoryPoint(
                row.GetFieldValue<DateOnly>(0), row.GetDouble(1), row.GetDouble(2), row.GetDouble(3), row.GetDouble(4), Provisional: false,
                StoredJson.Read<Dictionary<string, double>>(Encoding.UTF8.GetBytes(row.GetString(6)), "a daily close"), row.GetString(5)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Page<AuditView>> AuditAsync(AuditQuery query, string? pseudonym, long now, CancellationToken cancellationToken)
    {
        const string which = """
            FROM audit
            WHERE ($1 IS NULL OR at >= $1) AND ($2 IS NULL OR actor = $2)
                AND ($3 IS NULL OR ((subject = $3 OR subject = $4) AND action NOT LIKE 'model.%'))
            """;
        const string page = $"""
            SELECT at, actor, action, subject, detail, id {which} AND ($5 IS NULL OR id < $5)
            ORDER BY id DESC
            LIMIT $6
            """;
        ListCursor.Check(query.Limit);
        var after = ListCursor.Read("audit", query.Cursor, 1, keys());
        var before = (long?)null;
        if (after is not null)
            before = long.TryParse(after[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw ListCursor.Invalid();
        NpgsqlParameter[] Filters() =>
        [
            Sql.Of(query.Since?.UtcDateTime, NpgsqlDbType.TimestampTz), Sql.Text(StoredText.Of(query.Actor)),
            Sql.Text(StoredText.Of(query.Account)), Sql.Text(StoredText.Of(pseudonym)),
        ];
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add($"SELECT count(*) {which}", Filters());
        batch.Add(page, [.. Filters(), Sql.Of(before, NpgsqlDbType.Bigint), Sql.Int(query.Limit + 1)]);
        var found = await PageAsync(batch, query.Limit, now,
            row => (Entry: new AuditView(row.Time(0), row.GetString(1), row.GetString(2), row.GetString(3), row.TextOrNull(4)),
                Id: row.GetInt64(5)),
            last => ListCursor.Write("audit", keys(), Number(last.Id)), cancellationToken);
        return new Page<AuditView>([.. found.Items.Select(item => item.Entry)], found.Next, found.Total, found.AsOf);
    }

    /// <inheritdoc/>
    public Task AuditAsync(AuditView entry, CancellationToken cancellationToken) =>
        database.Command(AddEntry, EntryOf(entry)).RunAsync(cancellationToken);

    private static NpgsqlParameter[] EntryOf(AuditView entry) =>
    [
        Sql.Time(entry.At), Sql.Text(StoredText.Of(entry.Actor)), Sql.Text(StoredText.Of(entry.Action)),
        Sql.Text(StoredText.Of(entry.Subject)), Sql.Text(StoredText.Of(entry.Detail)),
    ];

    /// <summary>A page from a count and one row more than it has.</summary>
    private static async Task<Page<T>> PageAsync<T>(
        NpgsqlBatch batch, int limit, long now, Func<NpgsqlDataReader, T> read, Func<T, string> cursor, CancellationToken cancellationToken)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var total = (int)reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        var rows = await reader.RowsAsync(read, cancellationToken);
        string? next = null;
        if (rows.Count > limit)
        {
            rows.RemoveAt(limit);
            next = cursor(rows[^1]);
        }
        return new Page<T>(rows, next, total, DateTimeOffset.FromUnixTimeMilliseconds(now));
    }

    private static AlertView ReadAlert(NpgsqlDataReader row) => Read<AlertView>(row, 0, "an alert") with
    {
        PushedAt = row.IsDBNull(1) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
