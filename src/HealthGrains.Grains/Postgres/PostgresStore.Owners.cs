using System.Globalization;
using System.Text;
using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using Npgsql;
using NpgsqlTypes;

namespace HealthGrains.Grains.Postgres;

/// <content>What owners are told.</content>
public sealed partial class PostgresStore
{
    // As often as it was pushed, the last.
    private const string PushedAt =
        "(SELECT max(p.at) FROM pushes p WHERE p.alert = alerts.id AND p.owner = coalesce(alerts.owner, ''))";

    private const string AcknowledgedAt = "(body ->> 'acknowledgedAt') COLLATE \"C\"";
    private const string ResolvedAt = "(body ->> 'resolvedAt') COLLATE \"C\"";
    private const int Tries = 5;

    /// <inheritdoc/>
    public async Task<OwnerLooked> LookAtOwnerAsync(string owner, OwnerWays ways, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            if (await TryLookAsync(owner, ways, cancellationToken) is { } looked) return looked;
            // Some account was erased meanwhile: its alerts are gone the next time.
            if (tries == Tries) throw new StoreUnavailableException($"accounts of {owner} are being erased; look again");
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> OwnersAsync(CancellationToken cancellationToken) =>
        await database.Command("SELECT owner FROM owners UNION SELECT DISTINCT coalesce(owner, '') FROM alerts WHERE state = 0")
            .RowsAsync(row => row.GetString(0), cancellationToken);

    /// <inheritdoc/>
    public async Task<TeamRows> TeamAsync(IReadOnlyList<string> owners, long since, CancellationToken cancellationToken)
    {
        var pushes = await database.Command("SELECT owner, at, urgent FROM pushes WHERE at >= $1", Sql.Long(since))
            .RowsAsync(row => (row.GetString(0), row.GetInt64(1), row.GetBoolean(2)), cancellationToken);
        var open = await database.Command(
            $"SELECT coalesce(owner, ''), count(*), count(*) FILTER (WHERE state = 0 AND {PushedAt} IS NULL) FROM alerts WHERE state < 3 GROUP BY 1")
            .RowsAsync(row => (row.GetString(0), (int)row.GetInt64(1), (int)row.GetInt64(2)), cancellationToken);
        return new TeamRows(owners, pushes, await TimesAsync(AcknowledgedAt, "true", since, cancellationToken),
            await TimesAsync(ResolvedAt, $"state = {(int)AlertState.Resolved}", since, cancellationToken), open);
    }

    private async Task<List<(string Owner, long Raised, long At)>> TimesAsync(
        string at, string which, long since, CancellationToken cancellationToken) =>
        await database.Command(
            $"SELECT coalesce(owner, ''), raised_at, {at} FROM alerts WHERE {at} >= $1 AND {which}", Sql.Text(BodyTime(since)))
            .RowsAsync(row => (row.GetString(0), row.GetInt64(1),
                DateTimeOffset.Parse(row.GetString(2), CultureInfo.InvariantCulture).ToUnixTimeMilliseconds()), cancellationToken);

    private async Task<OwnerLooked?> TryLookAsync(string owner, OwnerWays ways, CancellationToken cancellationToken)
    {
        var key = StoredText.Of(owner);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.Command(transaction, "INSERT INTO owners (owner, body) VALUES ($1, '{}') ON CONFLICT DO NOTHING", Sql.Text(key))
            .RunAsync(cancellationToken);
        var state = (await connection.Command(transaction, "SELECT body::text FROM owners WHERE owner = $1 FOR UPDATE", Sql.Text(key))
            .RowsAsync(row => Read<OwnerState>(row, 0, $"what {owner} was told"), cancellationToken))[0];
        var sight = await SightAsync(connection, transaction, owner, key, ways, cancellationToken);
        if (OwnerTurns.DigestDue(state, owner, ways.Practice, ways.Now) is { } since)
            sight = sight with { Morning = await MorningAsync(connection, transaction, key, since, cancellationToken) };
        var left = new OwnerOutbox();
        var changed = OwnerTurns.Look(state, sight, new OwnerTurn(ways.Now, ways.Practice, ways.Writer, left));
        // An erasure waits for this, or this finds an account gone.
        string[] accounts =
        [
            .. left.Pushed.Select(pushed => pushed.Alert.Account).Concat(left.Dispatches.SelectMany(sent => sent.Names ?? []))
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
        if (!await AreThereAsync(connection, transaction, accounts, cancellationToken)) return null;
        if (changed) await WriteAsync(connection, transaction, key, state, left, cancellationToken);
        if (Seam is { } before) await before(WriteStep.Written);
        await transaction.CommitAsync(cancellationToken);
        if (Seam is { } after) await after(WriteStep.Committed);
        return new OwnerLooked(state.WakeAt, [.. left.Pushed.Select(pushed => pushed.Alert with { PushedAt = pushed.Push.At })],
            [.. left.Dispatches.Select(sent => sent.Receiver).Distinct(StringComparer.Ordinal)]);
    }

    private static async Task<OwnerSight> SightAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string owner, string key,
        OwnerWays ways, CancellationToken cancellationToken)
    {
        const string mine = "state < 3 AND coalesce(owner, '') = $1";
        // Of accounts that nobody answers for only what is urgent is told.
        var onlyUrgent = owner.Length == 0 && ways.Practice.PersonOf(owner) is null ? " AND (body ->> 'urgent')::boolean" : "";
        var since = ways.Now - AlertBudget.DaysOf(ways.Practice.Guardrails) * Days.Millis;
        var risks = new Dictionary<string, decimal>(StringComparer.Ordinal);
        var alerts = await connection.Command(
            transaction,
            $"""
            SELECT a.body::text, a.account, coalesce(s.arr_at_risk_amount, s.arr_amount * s.churn_probability::numeric)
            FROM (SELECT account, body FROM alerts WHERE {mine}{onlyUrgent}) a LEFT JOIN summaries s ON s.id = a.account
            """, Sql.Text(key))
            .RowsAsync(row =>
            {
                if (row.MoneyOrNull(2) is { } risk) risks[row.GetString(1)] = risk;
                return Read<AlertView>(row, 0, "an alert");
            }, cancellationToken);
        var pushes = await connection.Command(
            transaction,
            $"""
            SELECT key, at, urgent FROM pushes
            WHERE owner = $1 AND (at > $2 OR alert IN (SELECT id FROM alerts WHERE {mine}))
            """, Sql.Text(key), Sql.Long(since))
            .RowsAsync(row => new AlertPush(row.GetString(0), Days.Time(row.GetInt64(1)), row.GetBoolean(2)), cancellationToken);
        return new OwnerSight { Owner = owner, Alerts = alerts, Pushes = pushes, AtRisk = risks };
    }

    private static async Task<OwnerMorning> MorningAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string key, long since, CancellationToken cancellationToken)
    {
        var ended = await connection.Command(
            transaction,
            $"""
            SELECT body::text FROM alerts WHERE {ResolvedAt} >= $2 AND coalesce(owner, '') = $1 ORDER BY {ResolvedAt}, id
            """, Sql.Text(key), Sql.Text(BodyTime(since)))
            .RowsAsync(row => Read<AlertView>(row, 0, "an alert"), cancellationToken);
        if (key.Length == 0) return new OwnerMorning(ended, [], []);
        return new OwnerMorning(ended, await WorkAsync<TaskView>(WorkKind.Task, "open"), await WorkAsync<DraftView>(WorkKind.Draft, "pending"));

        Task<List<T>> WorkAsync<T>(WorkKind kind, string state) => connection.Command(
            transaction, "SELECT body::text, id FROM work WHERE kind = $1 AND NOT is_over AND state = $2 AND owner = $3 ORDER BY sort, id",
            Sql.Of((short)kind, NpgsqlDbType.Smallint), Sql.Text(state), Sql.Text(key))
            .RowsAsync(row => Read<T>(row, 0, row.GetString(1)), cancellationToken);
    }

    private static async Task<bool> AreThereAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string[] accounts, CancellationToken cancellationToken)
    {
        if (accounts.Length == 0) return true;
        const string sql = "SELECT 1 FROM accounts WHERE id = ANY($1) ORDER BY id FOR KEY SHARE";
        var there = await connection.Command(transaction, sql, Sql.Texts(accounts)).RowsAsync(row => row.GetInt32(0), cancellationToken);
        return there.Count == accounts.Length;
    }

    private static async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string key, OwnerState state,
        OwnerOutbox left, CancellationToken cancellationToken)
    {
        const string push = """
            INSERT INTO pushes (owner, key, alert, account, at, urgent)
            SELECT $1, key, alert, account, at, urgent FROM unnest($2, $3, $4, $5, $6) AS u(key, alert, account, at, urgent)
            ON CONFLICT DO NOTHING
            """;
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add("UPDATE owners SET body = $2::json WHERE owner = $1",
            Sql.Text(key), Sql.Text(Encoding.UTF8.GetString(StoredJson.WriteBytes(state))));
        AlertPushed[] pushed = [.. left.Pushed];
        if (pushed.Length > 0)
        {
            batch.Add(push,
                Sql.Text(key),
                Sql.Texts(Column(pushed, one => one.Push.Key)),
                Sql.Texts(Column(pushed, one => one.Alert.Id)),
                Sql.Texts(Column(pushed, one => one.Alert.Account)),
                Sql.Longs(Column(pushed, one => one.Push.At.ToUnixTimeMilliseconds())),
                Sql.Of(Column(pushed, one => one.Push.Urgent), NpgsqlDbType.Array | NpgsqlDbType.Boolean));
        }
        foreach (var one in left.Dispatches) AddDispatches(batch, one.Account, [one]);
        AddAudit(batch, [.. left.Audit]);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string BodyTime(long at) => Days.Time(at).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
}
