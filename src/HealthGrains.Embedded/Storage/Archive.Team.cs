using System.Globalization;
using HealthGrains.Alerts;
using HealthGrains.Hosting;

namespace HealthGrains.Embedded.Storage;

/// <content>How alerts reach people.</content>
internal sealed partial class Archive
{
    /// <summary>When an alert was acknowledged and ended, as an index has it.</summary>
    public const string AcknowledgedAt = "body ->> 'acknowledgedAt'";

    /// <inheritdoc cref="AcknowledgedAt"/>
    public const string ResolvedAt = "body ->> 'resolvedAt'";

    // As often as it was pushed, the last.
    private const string PushedAt =
        "(SELECT max(at) FROM pushes WHERE pushes.alert = alerts.id AND pushes.owner = coalesce(alerts.owner, ''))";

    /// <summary>A time as it stands in bodies, which sort as their times do.</summary>
    public static string Time(long at) =>
        DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The rows of the team's figures.</summary>
    public Task<TeamRows> Team(IReadOnlyList<string> owners, long since, CancellationToken cancellationToken) => Read(connection =>
    {
        var pushes = new List<(string, long, bool)>();
        using (var rows = new Statement(connection.Handle!, "SELECT owner, at, urgent FROM pushes WHERE at >= ?1"))
        {
            rows.Bind(1, since);
            while (rows.Step()) pushes.Add((rows.Text(0), rows.Long(1), rows.Int(2) == 1));
        }

        var open = new List<(string, int, int)>();
        using (var rows = new Statement(
            connection.Handle!,
            $"""
            SELECT coalesce(owner, ''), count(*), sum(state = 0 AND {PushedAt} IS NULL) FROM alerts WHERE state IN (0, 1, 2) GROUP BY 1
            """))
            while (rows.Step()) open.Add((rows.Text(0), rows.Int(1), rows.Int(2)));
        return new TeamRows(
            owners, pushes, Times(AcknowledgedAt, "true"), Times(ResolvedAt, $"state = {(int)AlertState.Resolved}"), open);

        List<(string, long, long)> Times(string at, string which)
        {
            using var rows = new Statement(
                connection.Handle!, $"SELECT coalesce(owner, ''), raised, {at} FROM alerts WHERE {at} >= ?1 AND {which}");
            rows.Bind(1, Time(since));
            var times = new List<(string, long, long)>();
            while (rows.Step())
            {
                var ended = DateTimeOffset.Parse(rows.Text(2), CultureInfo.InvariantCulture);
                times.Add((rows.Text(0), rows.Long(1), ended.ToUnixTimeMilliseconds()));
            }

            return times;
        }
    }, cancellationToken);

    private static AlertView Alert(Statement row, int body, int pushed, string id)
    {
        var alert = Json.Read<AlertView>(row.Text(body), $"alert {id}");
        return row.IsNull(pushed) ? alert : alert with { PushedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Long(pushed)) };
    }
}
