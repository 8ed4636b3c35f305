using System.Collections.Concurrent;
using HealthGrains.Hosting;

namespace HealthGrains.Embedded;

/// <summary>Which account an external id belongs to. Many threads read while the journal thread adds.</summary>
internal sealed class IdentityTable(AccountNumbers accounts, int limit) : IIdentities
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, string>> _sources = new(StringComparer.Ordinal);
    private int _count;

    public int Count => _count;

    public string? Find(string source, ReadOnlySpan<char> externalId) =>
        _sources.TryGetValue(source, out var ids)
        && ids.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(externalId, out var target)
            ? target
            : null;

    public bool AccountExists(ReadOnlySpan<char> id) => accounts.Contains(id);

    /// <summary>Adds or changes a link. False when it was so already, or when the table is full.</summary>
    public bool Set(string source, string externalId, string target)
    {
        var ids = _sources.GetOrAdd(source, _ => new ConcurrentDictionary<string, string>(StringComparer.Ordinal));
        if (ids.TryGetValue(externalId, out var before))
        {
            if (before == target) return false;
        }
        else
        {
            if (_count >= limit) return false;
            _count++;
        }

        ids[externalId] = target;
        return true;
    }

    public void Remove(string source, string externalId)
    {
        if (_sources.TryGetValue(source, out var ids) && ids.TryRemove(externalId, out _)) _count--;
    }
}
