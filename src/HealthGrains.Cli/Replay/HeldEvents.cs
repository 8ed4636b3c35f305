using HealthGrains.Hosting;

namespace HealthGrains.Cli.Replay;

/// <summary>Events that wait for an identity, by external id. A repeated delivery is kept once.</summary>
internal sealed class HeldEvents
{
    private readonly Dictionary<(string Source, string ExternalId), List<HeldEvent>> _waiting = [];
    private readonly HashSet<(string Source, string EventId)> _ids = [];

    public int Count { get; private set; }

    /// <summary>Keeps an event. False when it is kept already.</summary>
    public bool Add(HeldEvent held)
    {
        if (!_ids.Add((held.Source, held.EventId))) return false;
        var key = (held.Source, held.ExternalId);
        if (!_waiting.TryGetValue(key, out var list)) _waiting.Add(key, list = []);
        list.Add(held);
        Count++;
        return true;
    }

    /// <summary>Takes out what waited for a link.</summary>
    public IReadOnlyList<HeldEvent> Take(IdentityLink link)
    {
        if (!_waiting.Remove((link.Source, link.ExternalId), out var list)) return [];
        Count -= list.Count;
        foreach (var held in list) _ids.Remove((held.Source, held.EventId));
        return list;
    }
}
