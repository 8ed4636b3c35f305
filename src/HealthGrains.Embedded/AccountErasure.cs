using HealthGrains.Hosting;

namespace HealthGrains.Embedded;

/// <summary>Takes an account out of every table but the journal's signals; <see cref="Housekeeping"/> does those.</summary>
internal sealed class AccountErasure(Database database, TenantKeys keys)
{
    public (int Closes, List<(string Source, string External)> Links, int HeldCount, long HeldBytes) Rows(
        string id, int number, string actor, long now)
    {
        var closes = Closes(number);
        Run("DELETE FROM alerts WHERE account = ?1", number);
        Run("DELETE FROM evidence WHERE account = ?1", number);
        Run("DELETE FROM desks WHERE account = ?1", number);
        Run("DELETE FROM work WHERE account = ?1", number);
        Run("DELETE FROM deliveries WHERE account = ?1", number);
        // Digests name accounts.
        using (var digests = database.Prepare(
            "DELETE FROM deliveries WHERE account = 0 AND EXISTS (SELECT 1 FROM json_each(body, '$.names') WHERE value = ?1)"))
            digests.Bind(1, id).Run();
        Run("UPDATE pushes SET key = hex(randomblob(8)), alert = NULL, account = NULL WHERE account = ?1", number);
        Run("DELETE FROM journal WHERE account = ?1", number);
        Run("DELETE FROM accounts WHERE number = ?1", number);

        // A user's link leads to a group's id, and that one to the account: both go.
        var links = LinksTo(id);
        foreach (var (_, external) in links.ToArray()) links.AddRange(LinksTo(external));
        var heldCount = 0;
        var heldBytes = 0L;
        foreach (var (source, external) in links)
        {
            using var waiting = database.Prepare(
                "SELECT count(*), coalesce(sum(length(body)), 0) FROM held WHERE source = ?1 AND external = ?2 AND linked IS NULL");
            waiting.Bind(1, source).Bind(2, external).Step();
            heldCount += waiting.Int(0);
            heldBytes += waiting.Long(1);
            waiting.Reset();
            Run("DELETE FROM held WHERE source = ?1 AND external = ?2", source, external);
            Run("DELETE FROM identities WHERE source = ?1 AND external = ?2", source, external);
        }

        var pseudonym = ErasedAccount.Pseudonym(keys, id);
        Run("UPDATE audit SET subject = ?2, detail = NULL WHERE subject = ?1", id, pseudonym);
        using var audit = database.Prepare("INSERT INTO audit (at, actor, action, subject) VALUES (?1, ?2, 'account.erased', ?3)");
        audit.Bind(1, now).Bind(2, actor).Bind(3, pseudonym).Run();
        return (closes, links, heldCount, heldBytes);
    }

    private int Closes(int number)
    {
        using var range = database.Prepare("SELECT min(day), max(day) FROM closes");
        if (!range.Step() || range.IsNull(0)) return 0;
        var (first, last) = (range.Long(0), range.Long(1));
        range.Reset();
        // Day by day: the key begins with the day, and a scan of all closes would take minutes.
        using var delete = database.Prepare("DELETE FROM closes WHERE day = ?1 AND account = ?2");
        var closes = 0;
        for (var day = first; day <= last; day++) closes += delete.Bind(1, day).Bind(2, number).Run();
        return closes;
    }

    private List<(string Source, string External)> LinksTo(string target)
    {
        using var read = database.Prepare("SELECT source, external FROM identities WHERE target = ?1");
        read.Bind(1, target);
        var links = new List<(string, string)>();
        while (read.Step()) links.Add((read.Text(0), read.Text(1)));
        return links;
    }

    private void Run(string sql, int number)
    {
        using var statement = database.Prepare(sql);
        statement.Bind(1, number).Run();
    }

    private void Run(string sql, string first, string second)
    {
        using var statement = database.Prepare(sql);
        statement.Bind(1, first).Bind(2, second).Run();
    }
}
