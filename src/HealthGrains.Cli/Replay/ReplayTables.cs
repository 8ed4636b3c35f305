using System.Collections.Concurrent;
using System.Globalization;
using HealthGrains.Accounts;
using HealthGrains.Hosting;

namespace HealthGrains.Cli.Replay;

/// <summary>Names and identities of a replay: read by the parser while the turns add to them.</summary>
internal sealed class ReplayTables : INames, IIdentities
{
    private readonly ConcurrentDictionary<uint, string> _names = new();
    private readonly ConcurrentDictionary<(string Source, string ExternalId), string> _links = new();
    private readonly ConcurrentDictionary<string, bool> _accounts = new(StringComparer.Ordinal);

    public void Add(NewName name) => _names.TryAdd(name.Id, name.Text);

    /// <summary>Remembers a link. True when it says something new.</summary>
    public bool Add(IdentityLink link)
    {
        var key = (link.Source, link.ExternalId);
        if (_links.TryGetValue(key, out var known) && known == link.Target) return false;
        _links[key] = link.Target;
        return true;
    }

    public void AddAccount(string id) => _accounts.TryAdd(id, true);

    public void Add(AccountProfile profile)
    {
        AddAccount(profile.Id);
        foreach (var (source, externalId) in profile.ExternalIds) Add(new IdentityLink(source, externalId, profile.Id));
    }

    public bool Contains(uint id) => _names.ContainsKey(id);

    public string Text(uint id) => _names.TryGetValue(id, out var text) ? text : id.ToString("x8", CultureInfo.InvariantCulture);

    public string? Find(string source, ReadOnlySpan<char> externalId) => _links.GetValueOrDefault((source, externalId.ToString()));

    public bool AccountExists(ReadOnlySpan<char> id) => _accounts.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(id);
}
