using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Grains.Accounts;

/// <summary>
/// Sees to it that accounts whose callers do not wait are stored soon: the log still has what they took, so one write may hold
/// many turns.
/// </summary>
internal sealed class SaveSchedule(ClusterOptions options, ILogger<SaveSchedule> logger) : BackgroundService
{
    private const int AtOnce = 512;

    private readonly ConcurrentDictionary<string, (IAccountGrain Grain, long Since)> _waiting = new(StringComparer.Ordinal);

    /// <summary>How many accounts wait to be stored.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>The account has something to store.</summary>
    public void Add(IAccountGrain grain, string id) => _waiting.TryAdd(id, (grain, Environment.TickCount64));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.SaveDelay / 4);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            await SaveAsync(Environment.TickCount64 - (long)options.SaveDelay.TotalMilliseconds, stoppingToken).ConfigureAwait(false);
    }

    private async Task SaveAsync(long before, CancellationToken cancellationToken)
    {
        var due = _waiting.Where(entry => entry.Value.Since <= before).ToArray();
        var failed = 0;
        Exception? fault = null;
        await Parallel.ForEachAsync(
            due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (entry, _) =>
            {
                // Out first: what is taken while the write is under way puts it back in.
                _waiting.TryRemove(entry.Key, out var _);
                try
                {
                    await entry.Value.Grain.SaveAsync().ConfigureAwait(false);
                }
                catch (Exception refused)
                {
                    Interlocked.Increment(ref failed);
                    fault = refused;
                    _waiting.TryAdd(entry.Key, (entry.Value.Grain, Environment.TickCount64));
                }
            }).ConfigureAwait(false);
        if (failed > 0) Log.SaveFailed(logger, failed, fault!.Message, fault);
    }
}
