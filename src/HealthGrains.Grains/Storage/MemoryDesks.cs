using HealthGrains.Delivery;
using HealthGrains.Grains.Desks;
using HealthGrains.Hosting;

namespace HealthGrains.Grains.Storage;

/// <summary>What desks leave, in memory. Under its owner's lock.</summary>
internal sealed class MemoryDesks
{
    private readonly Dictionary<string, DeskHead> _heads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Account, WorkRow Row)> _work = new(StringComparer.Ordinal);
    private readonly List<StoredEdit> _edits = [];
    private readonly HashSet<string> _ofTenant = new(StringComparer.Ordinal);

    public MemoryDeliveryStore Deliveries { get; } = new();

    public DeskHead HeadOf(string account) => _heads.GetValueOrDefault(account);

    /// <summary>False when it was written before, or something later was.</summary>
    public bool Write(string account, DeskMessage left)
    {
        if (left.Version <= HeadOf(account).Version) return false;
        _heads[account] = new DeskHead(left.Version, left.OpenAlerts);
        foreach (var row in WorkRow.Of(left)) _work[row.Id] = (account, row);
        Deliveries.Add(left.Dispatches);
        return true;
    }

    /// <summary>False when it is known.</summary>
    public bool Write(Dispatch dispatch)
    {
        if (!_ofTenant.Add(dispatch.Id)) return false;
        Deliveries.Add([dispatch]);
        return true;
    }

    public T? Work<T>(WorkKind kind, string id) where T : class =>
        _work.TryGetValue(id, out var found) && found.Row.Kind == kind ? StoredJson.Read<T>(found.Row.Body, id) : null;

    public T[] Work<T>(WorkKind kind, WorkQuery query)
    {
        var rows = _work.Values.Where(work => work.Row.Kind == kind)
            .Where(work => query.State is null ? !work.Row.IsOver : work.Row.State == query.State)
            .Where(work => query.Owner is null || work.Row.Owner == query.Owner)
            .Where(work => query.Account is null || work.Account == query.Account).Select(work => work.Row)
            .OrderBy(row => row.Sort).ThenBy(row => row.Id, StringComparer.Ordinal)
            .Select(row => StoredJson.Read<T>(row.Body, row.Id)).ToArray();
        // The latest play or note first, and what is due first first.
        if (WorkRow.IsLatestFirst(kind)) Array.Reverse(rows);
        return rows;
    }

    public ReviewFigures Reviews(string? owner, DateTimeOffset since)
    {
        var from = since.ToUnixTimeMilliseconds();
        return _work.Values.Select(work => work.Row)
            .Where(row => row.Kind == WorkKind.Draft && row.DecidedAt >= from && (owner is null || row.Csm == owner))
            .Aggregate(new ReviewFigures(since, 0, 0, 0, 0, 0, 0), (figures, row) => WorkRow.Add(figures, row.State, row.Review, 1));
    }

    public IReadOnlyList<StoredEdit> Practice(long after) => [.. _edits.Where(edit => edit.Number > after)];

    public bool AddPractice(StoredEdit edit)
    {
        if (_edits.Exists(known => known.Number == edit.Number)) return false;
        _edits.Add(edit);
        return true;
    }

    public int Prune(long work, long deliveries)
    {
        var old = _work.Values.Select(one => one.Row).Where(row => row.IsOver && row.EndedAt < work).Select(row => row.Id).ToArray();
        foreach (var id in old) _work.Remove(id);
        return old.Length + Deliveries.Prune(deliveries);
    }

    public void Erase(string account)
    {
        _heads.Remove(account);
        foreach (var id in _work.Where(work => work.Value.Account == account).Select(work => work.Key).ToArray()) _work.Remove(id);
        Deliveries.Remove(account);
    }
}
