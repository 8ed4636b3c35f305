using System.Collections.Concurrent;
using System.Globalization;
using HealthGrains.Grains.Storage;
using HealthGrains.Grains.Tenants;
using HealthGrains.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Grains.Hosting;

/// <summary>
/// A node's copy of names, identities and account ids: intake asks them of every event, so they must be at hand. What this node
/// learns is here at once; what others learn, within a moment.
/// </summary>
internal sealed class DirectoryCache(
    IDirectoryStore store, TenantWatch tenant, ClusterOptions options, ILogger<DirectoryCache> logger)
    : BackgroundService, INames, IIdentities
{
    private readonly ConcurrentDictionary<uint, string> _names = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, string>> _links = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _accounts = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private long _mark;

    /// <summary>Known accounts.</summary>
    public int Accounts => _accounts.Count;

    public bool Contains(uint id) => _names.ContainsKey(id);

    public string Text(uint id) => _names.TryGetValue(id, out var text) ? text : id.ToString("x8", CultureInfo.InvariantCulture);

    public string? Find(string source, ReadOnlySpan<char> externalId) =>
        _links.TryGetValue(source, out var ids)
        && ids.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(externalId, out var target)
            ? target : null;

    public bool AccountExists(ReadOnlySpan<char> id) => _accounts.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(id);

    /// <summary>An account came.</summary>
    public void AddAccount(string id) => _accounts[id] = true;

    /// <summary>An account was erased; the links to it went with it, also those by way of a group.</summary>
    public void RemoveAccount(string id)
    {
        _accounts.TryRemove(id, out _);
        var gone = new Queue<string>([id]);
        while (gone.TryDequeue(out var target))
            foreach (var ids in _links.Values)
                foreach (var (external, _) in ids.Where(link => link.Value == target))
                    if (ids.TryRemove(external, out _)) gone.Enqueue(external);
    }

    /// <summary>Adds names that are not known yet.</summary>
    public async Task AddNamesAsync(IReadOnlyList<NewName> names, CancellationToken cancellationToken)
    {
        var fresh = names.Where(name => !_names.ContainsKey(name.Id)).ToArray();
        if (fresh.Length == 0) return;
        await store.AddNamesAsync(fresh, cancellationToken);
        foreach (var name in fresh) _names.TryAdd(name.Id, name.Text);
    }

    /// <summary>Adds or changes links. Returns those that changed.</summary>
    public async Task<IReadOnlyList<IdentityLink>> SetLinksAsync(IReadOnlyList<IdentityLink> links, CancellationToken cancellationToken)
    {
        // The last word on an external id counts.
        var fresh = links.Reverse().DistinctBy(link => (link.Source, link.ExternalId))
            .Where(link => Find(link.Source, link.ExternalId) != link.Target).Reverse().ToArray();
        if (fresh.Length == 0) return [];
        var changed = await store.SetLinksAsync(fresh, cancellationToken);
        foreach (var link in fresh) Set(link.Source, link.ExternalId, link.Target);
        return [.. fresh.Where((_, i) => changed[i])];
    }

    /// <summary>Learns what other nodes have made known.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            var changes = await store.ChangesAsync(_mark, cancellationToken);
            if (changes.Erased.Count > 0) await RemoveErasedAsync(changes.Erased);
            foreach (var name in changes.Names) _names.TryAdd(name.Id, name.Text);
            foreach (var (source, external, target) in changes.Links)
            {
                if (target is not null) Set(source, external, target);
                else if (_links.TryGetValue(source, out var ids)) ids.TryRemove(external, out _);
            }
            foreach (var (id, exists) in changes.Accounts)
            {
                if (exists) AddAccount(id);
                else _accounts.TryRemove(id, out _);
            }
            _mark = changes.Mark;
        }
        finally
        {
            _refreshing.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.DirectoryEvery);
        do
        {
            try
            {
                await RefreshAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Log.DirectoryFailed(logger, fault.Message, fault);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    // Only who knows an id can tell its pseudonym, so all that are known are tried: a second's work for a million, once an erasure.
    private async Task RemoveErasedAsync(IReadOnlyList<string> pseudonyms)
    {
        if (_accounts.IsEmpty) return;
        await tenant.RulingAsync();
        var keys = tenant.Keys;
        var erased = pseudonyms.ToHashSet(StringComparer.Ordinal);
        foreach (var (id, _) in _accounts)
            if (erased.Contains(ErasedAccount.Pseudonym(keys, id))) RemoveAccount(id);
    }

    private void Set(string source, string external, string target) =>
        _links.GetOrAdd(source, _ => new ConcurrentDictionary<string, string>(StringComparer.Ordinal))[external] = target;
}
