using HealthGrains.Accounts;
using HealthGrains.Grains.Accounts;
using HealthGrains.Grains.Storage;
using HealthGrains.Grains.Tenants;
using HealthGrains.Grains.Time;
using HealthGrains.Grains.Watching;
using HealthGrains.Health;
using HealthGrains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Grains.Hosting;

/// <summary>
/// The port on one node of a cluster: takes what intake read to the accounts' grains, answers about one account from its grain and
/// about many from the read model.
/// </summary>
internal sealed partial class ClusterHost : IHealthGrains, IDesks, IHostedService
{
    private static readonly DateTimeOffset FirstEpoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Sweeping _sweeping;
    private readonly SiloAddress? _silo;
    private readonly ISignalLog? _log;
    private readonly IServiceProvider _services;
    private readonly IAccountStore _accounts;
    private readonly IBookStore _book;
    private readonly IDeskStore _deskStore;
    private readonly IOwnerStore _ownerStore;
    private readonly IGrainFactory _grains;
    private readonly IDirectoryStore _directoryStore;
    private readonly DirectoryCache _directory;
    private readonly TenantWatch _tenant;
    private readonly ChangeListener _listener;
    private readonly ClusterOptions _options;
    private readonly ILogger<ClusterHost> _logger;
    private readonly ChangeHub _hub;
    private readonly AccountCalls _calls;
    private HostUnavailableException? _down = new("the node has not been started");
    private long _accepted;
    private long _duplicates;
    private long _saturated;
    private int _underWay;

    public ClusterHost(
        IGrainFactory grains, Sweeping sweeping, IAccountStore accounts, IBookStore book, IDeskStore deskStore,
        IOwnerStore ownerStore,
        IDirectoryStore directoryStore, DirectoryCache directory, TenantWatch tenant, ChangeListener listener, ClusterOptions options,
        ILogger<ClusterHost> logger,
        IServiceProvider services, ILocalSiloDetails? silo = null, ISignalLog? log = null)
    {
        _log = log;
        _services = services;
        // A client node has none.
        _silo = silo?.SiloAddress;
        (_deskStore, _ownerStore, _grains) = (deskStore, ownerStore, grains);
        (_sweeping, _accounts, _book, _directoryStore, _directory) = (sweeping, accounts, book, directoryStore, directory);
        (_tenant, _listener, _options, _logger) = (tenant, listener, options, logger);
        // A number of a start, in eighths of a minute: numbers of changes from before it are known as such.
        var epoch = (long)(TimeProvider.System.GetUtcNow() - FirstEpoch).TotalSeconds / 8;
        _hub = new ChangeHub(epoch, options.WatcherLimit, _ => null);
        _calls = new AccountCalls(grains, options, services.GetService<StoreWatch>(), logger);
    }

    /// <inheritdoc/>
    public TimeProvider Clock => _options.Clock;

    /// <inheritdoc/>
    public ClockKind ClockKind => _options.ClockKind;

    /// <inheritdoc/>
    public TenantKeys Keys => _tenant.Keys;

    /// <inheritdoc/>
    public IIdentities Identities => _directory;

    /// <inheritdoc/>
    public INames Names => _directory;

    /// <inheritdoc/>
    public HostStatus Status => StatusOf(
        Volatile.Read(ref _down)?.Message
            ?? _services.GetServices<INodeCheck>().Select(check => check.NotReady).FirstOrDefault(reason => reason is not null))
        with
        {
            Degraded =
            [
                .. _services.GetServices<INodeCheck>().Select(check => check.Degraded).OfType<string>(),
                .. _tenant.IsReady ? SourcesView.Degraded(_tenant.Ruling.Facts.Pulse) : [],
            ],
        };

    private HostStatus StatusOf(string? notReady) => new(
        notReady is null, notReady, _directory.Accounts, Interlocked.Read(ref _accepted),
        new Dictionary<string, double>
        {
            ["healthgrains.accounts"] = _directory.Accounts,
            ["healthgrains.signals.accepted"] = Interlocked.Read(ref _accepted),
            ["healthgrains.signals.duplicate"] = Interlocked.Read(ref _duplicates),
            ["healthgrains.signals.queued"] = Volatile.Read(ref _underWay),
            ["healthgrains.intake.saturated"] = Interlocked.Read(ref _saturated),
            ["healthgrains.changes.published"] = _hub.Published,
            ["healthgrains.changes.watchers"] = _hub.Watchers,
        });

    /// <summary>Learns what decides and what is known, listens to changes and sets the sweep going.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _tenant.RulingAsync();
        await _directory.RefreshAsync(cancellationToken);
        await _listener.StartAsync(_hub);
        await _sweeping.StartAsync();
        Volatile.Write(ref _down, null);
    }

    /// <summary>Takes nothing more and tells the watchers.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var stopping = new HostUnavailableException("the node is stopping");
        if (Interlocked.Exchange(ref _down, stopping) is not null) return;
        _hub.End(stopping);
        await _listener.StopAsync();
    }

    private void Up()
    {
        if (Volatile.Read(ref _down) is { } down) throw new HostUnavailableException(down.Message);
    }

    private long Now() => _options.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    private HealthModel? Model(string version) => _options.Model(version);

    /// <summary>A copy of an account, and the turn that it is to be asked under.</summary>
    private async Task<(AccountState State, Ruling Ruling, long Now)?> CopyAsync(string id, CancellationToken cancellationToken) =>
        await CopyWithDeskAsync(id, cancellationToken) is var (state, ruling, now, _) ? (state, ruling, now) : null;

    private async Task<(AccountState State, Ruling Ruling, long Now, bool HasDesk)?> CopyWithDeskAsync(
        string id, CancellationToken cancellationToken)
    {
        Up();
        if (!AccountId.IsValid(id)) return null;
        if (await _calls.CallAsync(id, grain => grain.CopyAsync(), cancellationToken) is not { } copy) return null;
        var state = AccountState.Read(copy.State, StoredJson.Read<AccountProfile>(copy.Profile, $"the profile of {id}"));
        // The model that the account's silo went by; this node may hear of another a moment earlier or later.
        var ruling = _tenant.Ruling;
        if (ruling.Model.Version != copy.Model && Model(copy.Model) is { } model) ruling = ruling with { Model = model };
        return (state, ruling, copy.Now, copy.HasDesk);
    }
}
