using System.Globalization;
using System.Text;
using HealthGrains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Plays;

namespace HealthGrains.Embedded.Storage;

/// <content>Plays, drafts, tasks, notes.</content>
internal sealed partial class Archive
{
    /// <summary>A play, draft, task or note by its id; null when there is none.</summary>
    public Task<T?> Work<T>(WorkKind kind, string id, CancellationToken cancellationToken) where T : class => Read(connection =>
    {
        using var read = new Statement(connection.Handle!, "SELECT body FROM work WHERE id = ?1 AND kind = ?2");
        return read.Bind(1, id).Bind(2, (long)kind).Step() ? Json.Read<T>(read.Text(0), id) : null;
    }, cancellationToken);

    /// <summary>A page of plays or notes (latest first), drafts or tasks (first due first).</summary>
    public Task<Page<T>> Work<T>(WorkKind kind, WorkQuery query, int? account, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        var latestFirst = WorkRow.IsLatestFirst(kind);
        var (sort, id) = query.Cursor is null ? (latestFirst ? long.MaxValue : long.MinValue, "") : ReadCursor(query.Cursor);
        var filter = new StringBuilder("WHERE kind = ?1").Append(query.State is null ? " AND over = 0" : " AND state = ?2");
        if (query.Owner is not null) filter.Append(" AND owner = ?3");
        if (account is not null) filter.Append(" AND account = ?4");
        var (than, order) = latestFirst ? ("<", "DESC") : (">", "ASC");
        return Read(connection =>
        {
            Statement Ask(string sql)
            {
                var ask = new Statement(connection.Handle!, sql).Bind(1, (long)kind);
                if (query.State is not null) ask.Bind(2, query.State);
                if (query.Owner is not null) ask.Bind(3, query.Owner);
                return account is { } number ? ask.Bind(4, (long)number) : ask;
            }

            using var count = Ask($"SELECT count(*) FROM work {filter}");
            count.Step();
            using var rows = Ask(
                $"SELECT id, sort, body FROM work {filter} AND (sort, id) {than} (?5, ?6) ORDER BY sort {order}, id {order} LIMIT ?7");
            rows.Bind(5, sort).Bind(6, id).Bind(7, query.Limit + 1);
            var items = new List<T>();
            string? next = null;
            var last = (Sort: 0L, Id: "");
            while (rows.Step())
            {
                if (items.Count == query.Limit)
                {
                    next = WriteCursor(last.Sort, last.Id);
                    break;
                }

                last = (rows.Long(1), rows.Text(0));
                items.Add(Json.Read<T>(rows.Text(2), last.Id));
            }

            return new Page<T>(items, next, count.Int(0), asOf);
        }, cancellationToken);
    }

    /// <summary>How drafts were decided since a moment.</summary>
    public Task<ReviewFigures> Reviews(string? owner, DateTimeOffset since, CancellationToken cancellationToken) => Read(connection =>
    {
        using var rows = new Statement(
            connection.Handle!,
            $"""
            SELECT state, json_extract(body, '$.decidedBy') = '{DeskTurns.ByItself}', json_extract(body, '$.readAt') IS NULL,
                json_extract(body, '$.edited') = 0, count(*)
            FROM work WHERE kind = 2 AND json_extract(body, '$.kind') <> 'approval'
                AND unixepoch(json_extract(body, '$.decidedAt')) >= ?1 {(owner is null ? "" : "AND json_extract(body, '$.owner') = ?2")}
            GROUP BY 1, 2, 3, 4
            """);
        rows.Bind(1, since.ToUnixTimeSeconds());
        if (owner is not null) rows.Bind(2, owner);
        var figures = new ReviewFigures(since, 0, 0, 0, 0, 0, 0);
        while (rows.Step())
        {
            var (state, itself, count) = (rows.Text(0), rows.Int(1) == 1, rows.Int(4));
            var (unread, unedited) = (rows.Int(2) == 1, rows.Int(3) == 1);
            figures = (state, itself) switch
            {
                ("sent" or "approved", true) => figures with { Automatic = figures.Automatic + count },
                ("sent" or "approved", _) => figures with
                {
                    Approved = figures.Approved + count, Unread = figures.Unread + (unread ? count : 0),
                    Unedited = figures.Unedited + (unedited ? count : 0),
                },
                ("rejected", false) => figures with { Rejected = figures.Rejected + count },
                ("expired", _) => figures with { Expired = figures.Expired + count },
                _ => figures,
            };
        }

        return figures;
    }, cancellationToken);
}
