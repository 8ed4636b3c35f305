using System.Diagnostics;
using HealthGrains.Delivery;
using HealthGrains.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Embedded;

/// <summary>
/// The embedded host: one process, one writer, one SQLite file. Two threads do the work. The journal thread makes what comes durable,
/// many requests in one commit; the turn thread applies what is durable to the accounts, which live in memory. Callers wait for
/// both; readers take copies and evaluate on their own threads.
/// </summary>
public sealed partial class EmbeddedHost : IHealthGrains, IHostedService, IAsyncDisposable
{
    private static readonly HostUnavailableException NotStarted = new("the host has not been started");

    private readonly EmbeddedOptions _options;
    private readonly ILogger<EmbeddedHost> _logger;
    private readonly IHostApplicationLifetime? _lifetime;
    private readonly DeliveryBell? _bell;
    private readonly HostFigures _figures = new();
    private readonly object _ending = new();
    private Engine? _engine;
    private Exception? _down = NotStarted;

    /// <summary>A host that is not started yet. Throws <see cref="ArgumentException"/> for options that cannot be.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="logger">Where the operator reads.</param>
    /// <param name="lifetime">The application, which is stopped when the host can no longer store; null to leave it running.</param>
    /// <param name="bell">Rings when something is to be delivered; null when nobody delivers.</param>
    public EmbeddedHost(
        EmbeddedOptions options, ILogger<EmbeddedHost> logger, IHostApplicationLifetime? lifetime = null, DeliveryBell? bell = null)
    {
        options.Validate();
        _bell = bell;
        _options = options;
        _logger = logger;
        _lifetime = lifetime;
    }

    /// <inheritdoc/>
    public TimeProvider Clock => _options.Clock;

    /// <inheritdoc/>
    public ClockKind ClockKind => _options.ClockKind;

    /// <inheritdoc/>
    public TenantKeys Keys => Up().Memory.Keys;

    /// <inheritdoc/>
    public IIdentities Identities => Up().Memory.Identities;

    /// <inheritdoc/>
    public INames Names => Up().Memory.Names;

    /// <inheritdoc/>
    public HostStatus Status => _engine is { } engine
        ? new HostStatus(
            Volatile.Read(ref _down) is null, Volatile.Read(ref _down)?.Message, engine.Memory.Accounts.Count, engine.Journal.Total,
            engine.Figures(_figures)) { Degraded = SourcesView.Degraded(engine.Turns.Ruling.Facts.Pulse) }
        : new HostStatus(false, _down?.Message, 0, 0, new Dictionary<string, double>());

    /// <summary>
    /// Opens the data directory, recovers and begins to take signals. Throws <see cref="StorageException"/> with a message for the
    /// operator when another process uses the directory, when the data is damaged or newer than this version, or when it cannot be
    /// written.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_engine is not null) throw new InvalidOperationException("the host was started before");
        var began = Stopwatch.GetTimestamp();
        var engine = Engine.Open(_options, _bell, _figures, _logger, Fault);
        _engine = engine;
        Volatile.Write(ref _down, null);
        engine.Start();
        Log.Recovered(
            _logger, engine.Memory.Accounts.Count, engine.Replayed, Stopwatch.GetElapsedTime(began).TotalSeconds, _options.DataDirectory);
        // Events whose identity became known just before a crash, so that they were not taken.
        if (engine.Memory.HeldCount > 0)
            await ReleaseAsync(await engine.Archive.Known(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>Takes nothing more, finishes what was taken, writes every changed account and closes the file.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_engine is not { } engine) return;
        var stopping = new HostUnavailableException("the host is stopping");
        Interlocked.CompareExchange(ref _down, stopping, null);
        if (ReferenceEquals(_down, stopping))
        {
            try
            {
                await engine.Journal.Drain(stopping).ConfigureAwait(false);
            }
            catch (HostUnavailableException)
            {
                // It failed while it finished; Fault has said why.
            }
        }

        await Task.Run(() => Close(engine, stopping, abruptly: false), CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Completes when all that is due at the clock's now has been done and stored. For simulated clocks and tests.</summary>
    public Task SettleAsync() => Up().Turns.Settle();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None).ConfigureAwait(false);

    /// <summary>Asks the turn thread something, for tests.</summary>
    internal Task<T> AskAsync<T>(Func<TurnThread, T> ask) => Up().Turns.Ask(ask);

    /// <summary>Lets the file grow no further, for tests: SQLite then answers as it does on a full disk.</summary>
    internal void LimitPages() => Up().LimitPages();

    /// <summary>Ends as a crash would: nothing is finished and no checkpoint is written.</summary>
    internal void StopAbruptly()
    {
        if (_engine is not { } engine) return;
        var stopping = new HostUnavailableException("the host is stopping");
        Interlocked.CompareExchange(ref _down, stopping, null);
        Close(engine, stopping, abruptly: true);
    }

    private void Close(Engine engine, Exception reason, bool abruptly)
    {
        lock (_ending)
        {
            if (engine.IsClosed) return;
            engine.Close(reason, abruptly || _down is not HostUnavailableException { InnerException: null });
            Log.Stopped(_logger, engine.Memory.Accounts.Count, engine.Journal.Total);
        }
    }

    /// <summary>Something failed for good: the host stops taking and answering, and what was not acknowledged fails.</summary>
    private void Fault(Exception fault)
    {
        var reason = new HostUnavailableException(fault.Message, fault);
        // Of several faults the first counts; one while the host stops is news.
        if (Interlocked.CompareExchange(ref _down, reason, null) is { InnerException: not null }) return;
        Volatile.Write(ref _down, reason);
        Log.Faulted(_logger, fault.Message, fault);
        _engine?.Abandon(reason);
        _lifetime?.StopApplication();
    }

    private Engine Up()
    {
        if (Volatile.Read(ref _down) is { } down) throw new HostUnavailableException(down.Message, down.InnerException);
        return _engine!;
    }
}
