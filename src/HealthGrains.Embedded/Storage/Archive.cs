using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using HealthGrains.Alerts;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using Microsoft.Data.Sqlite;

namespace HealthGrains.Embedded.Storage;

/// <summary>What readers ask of the file: alerts, closes, held events, activations; over a few connections that only read.</summary>
internal sealed partial class Archive(string path) : IDisposable
{
    private const int Connections = 4;

    private readonly SemaphoreSlim _lent = new(Connections);
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private bool _disposed;

    /// <summary>The account of an alert, and the alert as it was stored; null when there is none.</summary>
    public Task<AlertView?> Alert(string id, CancellationToken cancellationToken) => Read(connection =>
    {
        using var read = new Statement(connection.Handle!, $"SELECT body, {PushedAt} FROM alerts WHERE id = ?1");
        return read.Bind(1, id).Step() ? Alert(read, 0, 1, id) : null;
    }, cancellationToken);

    /// <summary>A page of alerts, newest first.</summary>
    public Task<Page<AlertView>> Alerts(AlertQuery query, int? account, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        var (raised, id) = ReadCursor(query.Cursor);
        var filter = new StringBuilder("WHERE ").Append(query.State is { } state
            ? string.Create(CultureInfo.InvariantCulture, $"state = {(int)state}")
            : "state IN (0, 1, 2)");
        if (query.Owner is not null) filter.Append(" AND owner = ?1");
        if (query.Account is not null) filter.Append(" AND account = ?2");
        // There are only so many alerts, and each says its severity itself.
        if (query.Severity is { } severity)
            filter.Append(" AND body ->> 'severity' = '").Append(JsonNamingPolicy.CamelCase.ConvertName($"{severity}")).Append('\'');
        return Read(connection =>
        {
            using var count = new Statement(connection.Handle!, $"SELECT count(*) FROM alerts {filter}");
            Bind(count, query, account).Step();
            using var rows = new Statement(
                connection.Handle!,
                $"""
                SELECT id, raised, body, {PushedAt} FROM alerts {filter} AND (raised, id) < (?3, ?4)
                ORDER BY raised DESC, id DESC LIMIT ?5
                """);
            Bind(rows, query, account).Bind(3, raised).Bind(4, id).Bind(5, query.Limit + 1);
            var items = new List<AlertView>();
            string? next = null;
            var last = (Raised: 0L, Id: "");
            while (rows.Step())
            {
                if (items.Count == query.Limit)
                {
                    next = WriteCursor(last.Raised, last.Id);
                    break;
                }

                last = (rows.Long(1), rows.Text(0));
                items.Add(Alert(rows, 2, 3, last.Id));
            }

            return new Page<AlertView>(items, next, count.Int(0), asOf);
        }, cancellationToken);
    }

    /// <summary>An account's signals of the journal.</summary>
    public Task<SignalsFound> Signals(JournalSearch search, DateTimeOffset asOf, CancellationToken cancellationToken) =>
        Read(connection => search.Run(connection, asOf, cancellationToken), cancellationToken);

    /// <summary>The closes of an account in a range of days, oldest first.</summary>
    public Task<List<HistoryPoint>> Closes(int account, DateOnly first, DateOnly last, CancellationToken cancellationToken) =>
        Read(connection => Closes(connection, account, first, last), cancellationToken);

    private static List<HistoryPoint> Closes(SqliteConnection connection, int account, DateOnly first, DateOnly last)
    {
        var shapes = new Dictionary<long, CloseShape>();
        // As closes name them: all of them first would miss one that came between the two questions.
        using var read = new Statement(connection.Handle!, "SELECT text FROM shapes WHERE number = ?1");
        using var close = new Statement(connection.Handle!, "SELECT shape, body FROM closes WHERE day = ?1 AND account = ?2");
        var points = new List<HistoryPoint>();
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            if (!close.Bind(1, day.DayNumber).Bind(2, account).Step()) continue;
            points.Add(CloseBlob.ReadPoint(close.Blob(1), day, Shape(close.Long(0)))
                ?? throw StorageException.Damaged($"the close of {day:yyyy-MM-dd} of account number {account}"));
            close.Reset();
        }

        return points;

        CloseShape Shape(long number)
        {
            if (shapes.TryGetValue(number, out var known)) return known;
            if (!read.Bind(1, number).Step()) throw StorageException.Damaged($"the shape {number} of closes");
            var shape = Json.Read<CloseShape>(read.Text(0), "a close's shape");
            read.Reset();
            shapes.Add(number, shape);
            return shape;
        }
    }

    /// <summary>Events that wait, by external id.</summary>
    public Task<Page<HeldView>> Held(int limit, string? cursor, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        var after = cursor is null ? ["", ""] : Decode(cursor).Split('\n');
        if (after.Length != 2) throw new InvalidQueryException("cursor", "not a cursor of this list");
        return Read(connection =>
        {
            using var count = new Statement(
                connection.Handle!, "SELECT count(*) FROM (SELECT DISTINCT source, external FROM held WHERE linked IS NULL)");
            count.Step();
            using var rows = new Statement(
                connection.Handle!,
                """
                SELECT source, external, count(*), min(at) FROM held WHERE linked IS NULL AND (source, external) > (?1, ?2)
                GROUP BY source, external ORDER BY source, external LIMIT ?3
                """);
            rows.Bind(1, after[0]).Bind(2, after[1]).Bind(3, limit + 1);
            var items = new List<HeldView>();
            string? next = null;
            while (rows.Step())
            {
                if (items.Count == limit)
                {
                    next = Encode($"{items[^1].Source}\n{items[^1].ExternalId}");
                    break;
                }

                items.Add(new HeldView(rows.Text(0), rows.Text(1), rows.Int(2), DateTimeOffset.FromUnixTimeMilliseconds(rows.Long(3))));
            }

            return new Page<HeldView>(items, next, count.Int(0), asOf);
        }, cancellationToken);
    }

    /// <summary>Events that wait though their identity is known.</summary>
    public Task<List<HeldEvent>> Known(CancellationToken cancellationToken) => Read(connection =>
    {
        using var read = new Statement(
            connection.Handle!,
            """
            SELECT source, external, event, format, body FROM held WHERE linked IS NULL AND (source, external) IN
                (SELECT source, external FROM identities UNION ALL SELECT ?1, id FROM accounts) ORDER BY number
            """);
        read.Bind(1, SegmentReader.Groups);
        var known = new List<HeldEvent>();
        while (read.Step()) known.Add(new HeldEvent(read.Text(0), read.Text(1), read.Text(2), read.Text(3), read.Blob(4).ToArray()));
        return known;
    }, cancellationToken);

    /// <summary>A page of the audit, newest first; of an account also what was done before it was erased.</summary>
    public Task<Page<AuditView>> Audit(AuditQuery query, string? erased, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        var before = query.Cursor is null ? long.MaxValue
            : long.TryParse(Decode(query.Cursor), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new InvalidQueryException("cursor", "not a cursor of this list");
        var filter = new StringBuilder("WHERE at >= ?1");
        if (query.Account is not null) filter.Append(" AND subject IN (?2, ?3) AND action NOT LIKE 'model.%'");
        if (query.Actor is not null) filter.Append(" AND actor = ?4");
        return Read(connection =>
        {
            Statement Ask(string sql)
            {
                var ask = new Statement(connection.Handle!, sql).Bind(1, query.Since?.ToUnixTimeMilliseconds() ?? long.MinValue);
                if (query.Account is not null) ask.Bind(2, query.Account).Bind(3, erased);
                return query.Actor is null ? ask : ask.Bind(4, query.Actor);
            }

            using var count = Ask($"SELECT count(*) FROM audit {filter}");
            count.Step();
            using var rows = Ask(
                $"SELECT number, at, actor, action, subject, detail FROM audit {filter} AND number < ?5 ORDER BY number DESC LIMIT ?6");
            rows.Bind(5, before).Bind(6, query.Limit + 1);
            var items = new List<AuditView>();
            string? next = null;
            var last = 0L;
            while (rows.Step())
            {
                if (items.Count == query.Limit)
                {
                    next = Encode(last.ToString(CultureInfo.InvariantCulture));
                    break;
                }

                last = rows.Long(0);
                items.Add(new AuditView(
                    DateTimeOffset.FromUnixTimeMilliseconds(rows.Long(1)), rows.Text(2), rows.Text(3), rows.Text(4), rows.TextOrNull(5)));
            }

            return new Page<AuditView>(items, next, count.Int(0), asOf);
        }, cancellationToken);
    }

    /// <summary>When each model was last activated, and by whom.</summary>
    public Task<Dictionary<string, (DateTimeOffset At, string Actor)>> Activations(CancellationToken cancellationToken) =>
        Read(Activations, cancellationToken);

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var connection)) connection.Dispose();
    }

    private static Dictionary<string, (DateTimeOffset At, string Actor)> Activations(SqliteConnection connection)
    {
        using var read = new Statement(connection.Handle!, "SELECT version, at, actor FROM activations");
        var activations = new Dictionary<string, (DateTimeOffset, string)>(StringComparer.Ordinal);
        while (read.Step()) activations[read.Text(0)] = (DateTimeOffset.FromUnixTimeMilliseconds(read.Long(1)), read.Text(2));
        return activations;
    }

    private static Statement Bind(Statement statement, AlertQuery query, int? account)
    {
        if (query.Owner is not null) statement.Bind(1, query.Owner);
        if (query.Account is not null) statement.Bind(2, (long)account!.Value);
        return statement;
    }

    private static string WriteCursor(long raised, string id) => Encode(string.Create(CultureInfo.InvariantCulture, $"{raised}\n{id}"));

    private static (long Raised, string Id) ReadCursor(string? cursor)
    {
        if (cursor is null) return (long.MaxValue, "");
        var parts = Decode(cursor).Split('\n');
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var raised)
            ? (raised, parts[1])
            : throw new InvalidQueryException("cursor", "not a cursor of this list");
    }

    private static string Encode(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Decode(string cursor)
    {
        try
        {
            return Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(cursor));
        }
        catch (FormatException)
        {
            throw new InvalidQueryException("cursor", "not a cursor of this list");
        }
    }

    private async Task<T> Read<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken)
    {
        await _lent.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_idle.TryTake(out var connection)) connection = Database.OpenReader(path);
            try
            {
                return read(connection);
            }
            finally
            {
                if (_disposed) connection.Dispose();
                else _idle.Add(connection);
            }
        }
        finally
        {
            _lent.Release();
        }
    }
}
