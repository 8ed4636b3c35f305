using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace HealthGrains.Grains.Watching;

/// <summary>
/// Gathers what changes on this silo and sends it to the nodes over one stream. A hint, never truth: what is lost on the way is
/// seen by whoever asks next. What nobody watches is not sent at all: it would be most of a silo's garbage.
/// </summary>
internal sealed class ChangePublisher(
    IServiceProvider services, Watchers watchers, ClusterOptions options, ClusterFigures figures, ILogger<ChangePublisher> logger)
    : BackgroundService
{
    /// <summary>The stream provider's name.</summary>
    public const string Provider = "changes";

    private const int MostPending = 65_536;
    // A batch is copied several times on its way; one of more than 85 KB would be a large object each time.
    private const int MostInBatch = 64;

    /// <summary>The one stream.</summary>
    public static readonly StreamId Stream = StreamId.Create("healthgrains", "changes");

    private readonly Lock _gate = new();
    private Dictionary<string, Pending> _accounts = new(StringComparer.Ordinal);
    private List<Pending> _others = [];

    /// <summary>Whether anybody hears of changes.</summary>
    public bool IsHeard => watchers.IsWatched;

    /// <summary>A change that nobody hears of can be seen by who asks.</summary>
    /// <param name="receivedAt">As for <see cref="Publish"/>.</param>
    public void Shown(long receivedAt)
    {
        if (receivedAt > 0) figures.Visible(receivedAt);
    }

    /// <summary>Something changed. Of an account's health only the latest is sent.</summary>
    /// <param name="type">What changed.</param>
    /// <param name="account">The account.</param>
    /// <param name="owner">Its owner.</param>
    /// <param name="data">What it is now.</param>
    /// <param name="receivedAt">When the signals were received that changed it, Unix milliseconds; 0 when it was nothing received.</param>
    public void Publish(string type, string account, string? owner, object data, long receivedAt = 0)
    {
        if (!IsHeard)
        {
            Shown(receivedAt);
            return;
        }
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
        List<Pending> changes;
        lock (_gate)
        {
            if (_accounts.Count + _others.Count == 0) return;
            changes = [.. _accounts.Values, .. _others];
            (_accounts, _others) = (new(StringComparer.Ordinal), []);
        }
        var stream = services.GetRequiredKeyedService<IStreamProvider>(Provider).GetStream<ChangeBatch>(Stream);
        foreach (var part in changes.Chunk(MostInBatch))
        {
            await stream.OnNextAsync(new ChangeBatch([.. part.Select(change =>
                new SentChange(change.Type, change.Account, change.Owner, StoredJson.WriteBytes(change.Data)))])).ConfigureAwait(false);
            foreach (var change in part) Shown(change.ReceivedAt);
        }
    }

    private readonly record struct Pending(string Type, string Account, string? Owner, object Data, long ReceivedAt);
}
