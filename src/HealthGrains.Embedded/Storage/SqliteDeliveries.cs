using System.Globalization;
using HealthGrains.Delivery;
using HealthGrains.Hosting;

namespace HealthGrains.Embedded.Storage;

/// <summary>What is to leave the house, in the host's own file: every write is the journal thread's, in its next commit.</summary>
internal sealed class SqliteDeliveries(Func<Func<Database, object?>, Task<object?>> write, Func<long> now) : IDeliveryStore
{
    private const string Columns = "body, state, attempts, error, due_since, next_at, settled_at, delivered_to, number";

    /// <summary>Writes one; one that is known is not written again.</summary>
    public const string Insert =
        """
        INSERT OR IGNORE INTO deliveries (id, account, receiver, line, state, attempts, due_since, next_at, body, owner)
        VALUES (?1, ?2, ?3, ?4, 0, 0, ?5, ?5, ?6, ?7)
        """;

    public static Statement Bind(Statement insert, int account, Dispatch dispatch) =>
        insert.Bind(1, dispatch.Id).Bind(2, (long)account).Bind(3, dispatch.Receiver).Bind(4, dispatch.Line).Bind(5, dispatch.NotBefore)
            .Bind(6, System.Text.Encoding.UTF8.GetString(DeliveryJson.Write(dispatch))).Bind(7, dispatch.Owner);

    /// <summary>Writes dispatches, for tests.</summary>
    internal Task WriteAsync(int account, params Dispatch[] dispatches) => write(database =>
    {
        using var insert = database.Prepare(Insert);
        foreach (var dispatch in dispatches) Bind(insert, account, dispatch).Run();
        return null;
    });

    public async ValueTask<IReadOnlyList<ClaimedDispatch>> ClaimAsync(DeliveryClaim claim, CancellationToken cancellationToken) =>
        (List<ClaimedDispatch>)(await write(database => Claim(database, claim)).WaitAsync(cancellationToken).ConfigureAwait(false))!;

    private static List<ClaimedDispatch> Claim(Database database, DeliveryClaim claim)
    {
        var claimed = new List<ClaimedDispatch>();
        var numbers = new List<long>();
        using (var due = database.Prepare(
            """
            SELECT number, body, attempts, due_since FROM deliveries AS d
            WHERE state = 0 AND receiver = ?1 AND next_at <= ?2 AND (leased_until IS NULL OR leased_until <= ?2)
                AND NOT EXISTS (SELECT 1 FROM deliveries AS e WHERE e.state = 0 AND e.receiver = d.receiver AND e.line = d.line
                    AND (e.due_since, e.number) < (d.due_since, d.number))
            ORDER BY next_at, number LIMIT ?3
            """))
        {
            due.Bind(1, claim.Receiver).Bind(2, claim.Now).Bind(3, claim.Most);
            while (due.Step())
            {
                numbers.Add(due.Long(0));
                claimed.Add(new ClaimedDispatch(Body(due.Text(1)), due.Int(2) + 1, due.Long(3)));
            }
        }

        using var lease = database.Prepare("UPDATE deliveries SET attempts = attempts + 1, leased_until = ?2 WHERE number = ?1");
        foreach (var number in numbers) lease.Bind(1, number).Bind(2, claim.LeasedUntil).Run();
        return claimed;
    }

    public async ValueTask<bool> SettleAsync(string id, int attempt, Settlement settlement, CancellationToken cancellationToken) =>
        (bool)(await write(database =>
        {
            using var settle = database.Prepare(
                """
                UPDATE deliveries SET state = ?3, error = ?4, next_at = coalesce(?5, next_at), settled_at = ?6, delivered_to = ?7,
                    leased_until = NULL
                WHERE id = ?1 AND attempts = ?2 AND state = 0
                """);
            return settle.Bind(1, id).Bind(2, (long)attempt).Bind(3, (long)settlement.State).Bind(4, settlement.Error)
                .Bind(5, settlement.NextAttempt).Bind(6, settlement.State == DeliveryState.Pending ? null : settlement.Now)
                .Bind(7, settlement.DeliveredTo).Run() > 0;
        }).ConfigureAwait(false))!;

    public async ValueTask<int> ExpireAsync(
        string receiver, long dueBefore, long now, string error, CancellationToken cancellationToken) =>
        (int)(await write(database =>
        {
            using var expire = database.Prepare(
                """
                UPDATE deliveries SET state = 2, error = coalesce(error, ?4), settled_at = ?3, leased_until = NULL
                WHERE state = 0 AND receiver = ?1 AND due_since < ?2 AND (leased_until IS NULL OR leased_until <= ?3)
                """);
            return expire.Bind(1, receiver).Bind(2, dueBefore).Bind(3, now).Bind(4, error).Run();
        }).WaitAsync(cancellationToken).ConfigureAwait(false))!;

    public async ValueTask<Page<DeliveryRecord>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken)
    {
        if (query.Limit is < 1 or > 500) throw new InvalidQueryException("limit", "it must be between 1 and 500");
        var before = query.Cursor is null ? long.MaxValue
            : long.TryParse(query.Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new InvalidQueryException("cursor", "not a cursor of this list");
        var page = await write(database => List(database, query, before)).WaitAsync(cancellationToken).ConfigureAwait(false);
        return (Page<DeliveryRecord>)page!;
    }

    private Page<DeliveryRecord> List(Database database, DeliveryQuery query, long before)
    {
        var filter = "WHERE true" + (query.State is null ? "" : " AND state = ?1") + (query.Receiver is null ? "" : " AND receiver = ?2")
            + (query.Account is null ? "" : " AND account = (SELECT number FROM accounts WHERE accounts.id = ?3)")
            + (query.Owner is null ? "" : " AND owner = ?4");
        Statement Ask(string sql)
        {
            var ask = database.Prepare(sql);
            if (query.State is { } state) ask.Bind(1, (long)state);
            if (query.Receiver is not null) ask.Bind(2, query.Receiver);
            if (query.Account is not null) ask.Bind(3, query.Account);
            return query.Owner is null ? ask : ask.Bind(4, query.Owner);
        }

        using var count = Ask($"SELECT count(*) FROM deliveries {filter}");
        count.Step();
        using var rows = Ask($"SELECT {Columns} FROM deliveries {filter} AND number < ?5 ORDER BY number DESC LIMIT ?6");
        rows.Bind(5, before).Bind(6, query.Limit + 1);
        var items = new List<DeliveryRecord>();
        string? next = null;
        var last = 0L;
        while (rows.Step())
        {
            if (items.Count == query.Limit)
            {
                next = last.ToString(CultureInfo.InvariantCulture);
                break;
            }

            last = rows.Long(8);
            items.Add(Record(rows));
        }

        return new Page<DeliveryRecord>(items, next, count.Int(0), DateTimeOffset.FromUnixTimeMilliseconds(now()));
    }

    public ValueTask<DeliveryRecord?> RetryAsync(string id, string actor, long now, CancellationToken cancellationToken) => ChangeAsync(
        id, (record, _) => record.State == DeliveryState.Dead ? null
            : $"delivery {id} is {record.State.ToString().ToLowerInvariant()}; only a dead one is tried again",
        "UPDATE deliveries SET state = 0, due_since = ?2, next_at = ?2, settled_at = NULL, leased_until = NULL WHERE id = ?1", now, null,
        cancellationToken);

    public ValueTask<DeliveryRecord?> CancelAsync(string id, string reason, long now, CancellationToken cancellationToken) => ChangeAsync(
        id, (record, leased) => record.State == DeliveryState.Delivered ? $"delivery {id} has been delivered"
            : leased ? $"delivery {id} is being sent; ask again in a moment" : null,
        "UPDATE deliveries SET state = 3, error = ?3, settled_at = ?2, leased_until = NULL WHERE id = ?1 AND state <> 3", now, reason,
        cancellationToken);

    public async ValueTask<IReadOnlyList<DeliveryCount>> CountAsync(long now, CancellationToken cancellationToken) =>
        (IReadOnlyList<DeliveryCount>)(await write(database =>
        {
            using var rows = database.Prepare(
                """
                SELECT receiver, sum(state = 0), sum(state = 2), min(CASE WHEN state = 0 AND due_since <= ?1 THEN due_since END)
                FROM deliveries WHERE state IN (0, 2) GROUP BY receiver ORDER BY receiver
                """);
            rows.Bind(1, now);
            var counts = new List<DeliveryCount>();
            while (rows.Step()) counts.Add(new DeliveryCount(rows.Text(0), rows.Int(1), rows.Int(2), rows.IsNull(3) ? null : rows.Long(3)));
            return counts;
        }).WaitAsync(cancellationToken).ConfigureAwait(false))!;

    private async ValueTask<DeliveryRecord?> ChangeAsync(
        string id, Func<DeliveryRecord, bool, string?> refuse, string sql, long now, string? reason, CancellationToken cancellationToken)
    {
        var answer = await write(database =>
        {
            if (Find(database, id, now) is not (var record, var leased)) return null;
            if (refuse(record, leased) is { } refusal) return refusal;
            using var change = database.Prepare(sql);
            change.Bind(1, id).Bind(2, now);
            if (reason is not null) change.Bind(3, reason);
            change.Run();
            return Find(database, id, now)!.Value.Record;
        }).WaitAsync(cancellationToken).ConfigureAwait(false);
        return answer is string no ? throw new InvalidTransitionException(no) : (DeliveryRecord?)answer;
    }

    private static (DeliveryRecord Record, bool IsLeased)? Find(Database database, string id, long now)
    {
        using var read = database.Prepare($"SELECT {Columns}, leased_until FROM deliveries WHERE id = ?1");
        return read.Bind(1, id).Step() ? (Record(read), !read.IsNull(9) && read.Long(9) > now) : null;
    }

    private static DeliveryRecord Record(Statement row)
    {
        var state = (DeliveryState)row.Int(1);
        return new DeliveryRecord(Body(row.Text(0)), state, row.Int(2), row.TextOrNull(3), row.Long(4),
            state == DeliveryState.Pending ? row.Long(5) : null, row.IsNull(6) ? null : row.Long(6), row.TextOrNull(7));
    }

    private static Dispatch Body(string json) => DeliveryJson.ReadDispatch(System.Text.Encoding.UTF8.GetBytes(json));
}
