using HealthGrains.Alerts;
using HealthGrains.Delivery;
using HealthGrains.Hosting;
using HealthGrains.Plays;

namespace HealthGrains.Embedded.Storage;

/// <summary>What telling owners needs of the file. Only the journal thread uses it, within its commits.</summary>
internal sealed class OwnerStore(JournalStore store)
{
    private readonly Database _database = store.Database;

    /// <summary>What is remembered of each owner.</summary>
    public Dictionary<string, OwnerState> States()
    {
        var states = new Dictionary<string, OwnerState>(StringComparer.Ordinal);
        using var rows = _database.Prepare("SELECT owner, body FROM owners");
        while (rows.Step()) states[rows.Text(0)] = Json.Read<OwnerState>(rows.Text(1), $"what {rows.Text(0)} was told");
        return states;
    }

    /// <summary>Who has alerts that nobody has looked at.</summary>
    public List<string> OwnersOfAlerts()
    {
        var owners = new List<string>();
        using var rows = _database.Prepare("SELECT DISTINCT coalesce(owner, '') FROM alerts WHERE state = 0");
        while (rows.Step()) owners.Add(rows.Text(0));
        return owners;
    }

    /// <summary>The owner's alerts that are not over, and what was pushed of them or since a moment.</summary>
    public OwnerSight Sight(string owner, bool onlyUrgent, long since)
    {
        var alerts = new List<AlertView>();
        var which = onlyUrgent ? " AND body ->> 'urgent' = 1" : "";
        using (var rows = _database.Prepare($"SELECT id, body FROM alerts WHERE owner IS ?1 AND state IN (0, 1, 2){which}"))
        {
            rows.Bind(1, OrNull(owner));
            while (rows.Step()) alerts.Add(Json.Read<AlertView>(rows.Text(1), $"alert {rows.Text(0)}"));
        }

        var pushes = new List<AlertPush>();
        using (var rows = _database.Prepare(
            """
            SELECT key, at, urgent FROM pushes
            WHERE owner = ?1 AND (at > ?2 OR alert IN (SELECT id FROM alerts WHERE alerts.owner IS ?3 AND state IN (0, 1, 2)))
            """))
        {
            rows.Bind(1, owner).Bind(2, since).Bind(3, OrNull(owner));
            while (rows.Step())
                pushes.Add(new AlertPush(rows.Text(0), DateTimeOffset.FromUnixTimeMilliseconds(rows.Long(1)), rows.Int(2) == 1));
        }

        return new OwnerSight { Owner = owner, Alerts = alerts, Pushes = pushes };
    }

    /// <summary>What a digest says beside the alerts.</summary>
    public OwnerMorning Morning(string owner, long since)
    {
        var ended = new List<AlertView>();
        using (var rows = _database.Prepare(
            $"SELECT id, body FROM alerts WHERE {Archive.ResolvedAt} >= ?2 AND owner IS ?1 ORDER BY {Archive.ResolvedAt}, id"))
        {
            rows.Bind(1, OrNull(owner)).Bind(2, Archive.Time(since));
            while (rows.Step()) ended.Add(Json.Read<AlertView>(rows.Text(1), $"alert {rows.Text(0)}"));
        }

        if (owner.Length == 0) return new OwnerMorning(ended, [], []);
        return new OwnerMorning(ended, Work<TaskView>(WorkKind.Task, "open", owner), Work<DraftView>(WorkKind.Draft, "pending", owner));
    }

    public void State(string owner, OwnerState state)
    {
        using var write = _database.Prepare("INSERT OR REPLACE INTO owners (owner, body) VALUES (?1, ?2)");
        write.Bind(1, owner).Bind(2, Json.Write(state)).Run();
    }

    public void Push(int account, AlertPushed pushed)
    {
        using var write = _database.Prepare(
            "INSERT OR IGNORE INTO pushes (owner, key, alert, account, at, urgent) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        write.Bind(1, pushed.Owner).Bind(2, pushed.Push.Key).Bind(3, pushed.Alert.Id).Bind(4, (long)account)
            .Bind(5, pushed.Push.At.ToUnixTimeMilliseconds()).Bind(6, pushed.Push.Urgent ? 1L : 0L).Run();
    }

    public void Audit(AuditView entry) =>
        store.Audit(entry.At.ToUnixTimeMilliseconds(), entry.Actor, entry.Action, entry.Subject, entry.Detail);

    public void Dispatch(int account, Dispatch dispatch) => store.Dispatch(account, dispatch);

    private List<T> Work<T>(WorkKind kind, string state, string owner)
    {
        using var rows = _database.Prepare(
            "SELECT id, body FROM work WHERE kind = ?1 AND over = 0 AND state = ?2 AND owner = ?3 ORDER BY sort, id");
        rows.Bind(1, (long)kind).Bind(2, state).Bind(3, owner);
        var items = new List<T>();
        while (rows.Step()) items.Add(Json.Read<T>(rows.Text(1), rows.Text(0)));
        return items;
    }

    private static string? OrNull(string owner) => owner.Length == 0 ? null : owner;
}
