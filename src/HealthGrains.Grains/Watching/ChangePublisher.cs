using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace HealthGrains.Grains.Watching;

/// <summary>
/// Gathers what changes on this silo and sends it to the nodes over one stream. A hint, never truth: what is lost on the way is
/// seen by whoever asks next.
/// </summary>
/// <remarks>
/// Every node hears every change, so the work of it grows with the silos. Where much changes and nobody watches on any node, only how
/// much is told, and what it was is kept for a second or two, until it is known that nobody had begun to watch by then. A little is always
/// told at once.
/// </remarks>
internal sealed class ChangePublisher(
    IServiceProvider services, IGrainFactory grains, ClusterOptions options, ClusterFigures figures, ILogger<ChangePublisher> logger)
    : BackgroundService
{
    /// <summary>The stream provider's name.</summary>
    public const string Provider = "changes";

    private const int MostPending = 65_536;
    private const int MostInBatch = 512;
    private const int AlwaysTold = 64;
    private const long AskAgainAfter = 1_000;

    /// <summary>The one stream.</summary>
    public static readonly StreamId Stream = StreamId.Create("healthgrains", "changes");

    private readonly Lock _gate = new();
    private Dictionary<string, Pending> _accounts = new(StringComparer.Ordinal);
    private List<Pending> _others = [];
    private long _askedAt = -AskAgainAfter;
    private bool _watched;
    // What was passed over since it was last asked whether anybody watches, and before.
    private Dictionary<string, Pending> _passed = new(StringComparer.Ordinal);
    private Dictionary<string, Pending> _passedBefore = new(StringComparer.Ordinal);

    /// <summary>Something changed. Of an account's health only the latest is sent.</summary>
    /// <param name="type">What changed.</param>
    /// <param name="account">The account.</param>
    /// <param name="owner">Its owner.</param>
    /// <param name="data">What it is now.</param>
    /// <param name="receivedAt">When the signals were received that changed it, Unix milliseconds; 0 when it was nothing received.</param>
    public void Publish(string type, string account, string? owner, object data, long receivedAt = 0)
    {
        lock (_gate)
        {
            if (_accounts.Count + _others.Count >= MostPending) return;
            if (type != ChangeType.AccountChanged) _others.Add(new Pending(type, account, owner, data, receivedAt));
            else
            {
                // The oldest signal has waited longest for what is told now.
                if (_accounts.TryGetValue(account, out var before) && before.ReceivedAt > 0) receivedAt = before.ReceivedAt;
                _accounts[account] = new Pending(type, account, owner, data, receivedAt);
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.ChangesEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await SendAsync().ConfigureAwait(false);
            }
            catch (Exception fault)
            {
                Log.PublishFailed(logger, fault.Message, fault);
            }
        }
    }

    private async Task SendAsync()
    {
        Dictionary<string, Pending> accounts;
        List<Pending> changes;
        lock (_gate)
        {
            if (_accounts.Count + _others.Count + _passed.Count + _passedBefore.Count == 0) return;
            (accounts, changes) = (_accounts, _others);
            (_accounts, _others) = (new(StringComparer.Ordinal), []);
        }
        var isMuch = accounts.Count > AlwaysTold;
        var passes = (isMuch || _passed.Count + _passedBefore.Count > 0) && !await IsWatchedAsync().ConfigureAwait(false) && isMuch;
        if (passes) Pass(accounts);
        else changes = [.. WithPassed(accounts).Values, .. changes];
        // Nobody is to hear of an account after it was erased.
        foreach (var erased in changes.Where(change => change.Type == ChangeType.AccountErased))
        {
            _passed.Remove(erased.Account);
            _passedBefore.Remove(erased.Account);
        }
        var stream = services.GetRequiredKeyedService<IStreamProvider>(Provider).GetStream<ChangeBatch>(Stream);
        if (passes)
        {
            await stream.OnNextAsync(new ChangeBatch([], accounts.Count)).ConfigureAwait(false);
            Seen(accounts.Values);
        }
        foreach (var part in changes.Chunk(MostInBatch))
        {
            await stream.OnNextAsync(new ChangeBatch([.. part.Select(change =>
                new SentChange(change.Type, change.Account, change.Owner, StoredJson.WriteBytes(change.Data)))])).ConfigureAwait(false);
            Seen(part);
        }
    }

    private void Pass(Dictionary<string, Pending> accounts)
    {
        foreach (var (account, change) in accounts) _passed[account] = change with { ReceivedAt = 0 };
    }

    // What is told of an account replaces what was not told of it before.
    private Dictionary<string, Pending> WithPassed(Dictionary<string, Pending> accounts)
    {
        foreach (var passed in (Dictionary<string, Pending>[])[_passed, _passedBefore])
        {
            if (_watched)
            {
                foreach (var (account, change) in passed) accounts.TryAdd(account, change);
                passed.Clear();
            }
            else
            {
                foreach (var account in accounts.Keys) passed.Remove(account);
            }
        }
        return accounts;
    }

    private void Seen(IEnumerable<Pending> changes)
    {
        foreach (var change in changes)
            if (change.ReceivedAt > 0) figures.Visible(change.ReceivedAt);
    }

    private async ValueTask<bool> IsWatchedAsync()
    {
        var now = Environment.TickCount64;
        if (now - _askedAt < AskAgainAfter) return _watched;
        _askedAt = now;
        (_passed, _passedBefore) = (_passedBefore, _passed);
        try
        {
            _watched = await grains.GetGrain<IWatchersGrain>(options.Tenant).AnyAsync().ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            Log.WatchersUnknown(logger, fault.Message);
            _watched = true;
        }
        // Whoever watched when these were passed over has said so by now.
        if (!_watched) _passed.Clear();
        return _watched;
    }

    private readonly record struct Pending(string Type, string Account, string? Owner, object Data, long ReceivedAt);
}
