using HealthGrains.Grains.Accounts;
using HealthGrains.Grains.Actors;
using HealthGrains.Grains.Owners;
using HealthGrains.Grains.Storage;
using HealthGrains.Grains.Tenants;
using Microsoft.Extensions.Logging;
using Orleans.Placement;

namespace HealthGrains.Grains.Time;

/// <summary>Wakes the accounts of one shard that nothing else wakes. Its key is the shard's number.</summary>
[Alias("healthgrains.sweep")]
public interface ISweepGrain : IGrainWithIntegerKey
{
    /// <summary>Begins to sweep, and sees to it that the shard is swept for ever. Harmless when it does already.</summary>
    [Alias("start")]
    Task StartAsync();

    /// <summary>Sweeps now. Completes when nothing is due that can be woken.</summary>
    [Alias("sweep")]
    Task SweepAsync();
}

/// <summary>
/// Asks the store which accounts are due, and wakes them a few at a time. A reminder brings the shard back after its silo died; a
/// timer does the work, for a reminder comes once a minute at most. The first shard also throws old days away, of so many accounts at
/// a time: once a day over all of them.
/// </summary>
[Immovable]
internal sealed class SweepGrain(
    IAccountStore store, IBookStore book, IOwnerStore owners, IDeskStore desks,
    [PersistentState("prune", ActorStorage.Name)] IPersistentState<PruneMark> pruned,
    ClusterOptions options, ClusterFigures figures, ILogger<SweepGrain> logger)
    : Grain, ISweepGrain, IRemindable
{
    private const string Reminder = "sweep";
    private const int Page = 512;
    private const int AtOnce = 64;
    // At the default interval 35 million accounts a day.
    private const int PrunedAtOnce = 2_000;

    private const int ErasuresAtOnce = 10_000;

    private const long OwnersEvery = 5 * 60_000;

    private long _ownersAt;

    private int Shard => (int)this.GetPrimaryKeyLong();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(token => SweepAsync(token), new GrainTimerCreationOptions
        {
            // Shards take turns within the interval.
            DueTime = options.SweepEvery * ((double)Shard / Shards.Count),
            Period = options.SweepEvery,
            KeepAlive = true,
        });
        // What was due before this silo had the shard is not this silo's delay.
        figures.CaughtUp(Shard);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        figures.LeftShard(Shard);
        return Task.CompletedTask;
    }

    public Task StartAsync() => this.RegisterOrUpdateReminder(Reminder, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

    public Task SweepAsync() => SweepAsync(CancellationToken.None);

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Shard == 0)
            {
                // Before accounts decide what a day came to.
                await CountAsync();
                await PruneAsync(cancellationToken);
                await PruneSettledAsync(cancellationToken);
                await CallOwnersAsync(cancellationToken);
            }
            while (!cancellationToken.IsCancellationRequested)
            {
                var now = options.Clock.GetUtcNow().ToUnixTimeMilliseconds();
                var due = await store.DueAsync(Shard, now, Page, cancellationToken);
                if (due.Count == 0)
                {
                    figures.CaughtUp(Shard);
                    return;
                }
                var woken = await WakeAsync(due);
                if (due.Count < Page && woken == due.Count) figures.CaughtUp(Shard);
                // Accounts that cannot be woken stay due; they must not keep the shard turning.
                if (due.Count < Page || woken == 0) return;
            }
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            Log.SweepFailed(logger, Shard, fault.Message, fault);
        }
    }

    private async Task CountAsync()
    {
        try
        {
            await GrainFactory.GetGrain<ITenantGrain>(options.Tenant).CountAsync();
        }
        catch (Exception fault)
        {
            // A tenant's grain of an older build cannot; accounts are to be woken all the same.
            Log.CountFailed(logger, fault.Message, fault);
        }
    }

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(options.Clock.GetUtcNow().UtcDateTime);
        var mark = pruned.State;
        if (mark.After is null)
        {
            if (mark.Day >= today) return;
            (mark.Day, mark.After) = (today, "");
            if (options.ErasureDays > 0)
                await book.PruneErasuresAsync(options.Clock.GetUtcNow().AddDays(-options.ErasureDays), ErasuresAtOnce, cancellationToken);
        }
        mark.After = await book.PruneAsync(mark.After, mark.Day.AddDays(-options.CloseDays), PrunedAtOnce, cancellationToken);
        await pruned.WriteStateAsync(cancellationToken);
    }

    // So many at a time until there are no more, and then not before the next day.
    private async Task PruneSettledAsync(CancellationToken cancellationToken)
    {
        var now = options.Clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (pruned.State.Settled >= today) return;
        var (at, kept) = (now.ToUnixTimeMilliseconds(), options.Retention);
        if (await desks.PruneSettledAsync(kept.WorkBefore(at), kept.DeliveriesBefore(at), PrunedAtOnce, cancellationToken) > 0) return;
        pruned.State.Settled = today;
        await pruned.WriteStateAsync(cancellationToken);
    }

    // Whoever stored an alert called its owner; a silo that died in between did not.
    private async Task CallOwnersAsync(CancellationToken cancellationToken)
    {
        var now = Environment.TickCount64;
        // A clock that is moved by hand brings no reminder.
        if (options.ClockKind == HealthGrains.Hosting.ClockKind.Wall && now < _ownersAt) return;
        _ownersAt = now + OwnersEvery;
        GrainFactory.Call((await owners.OwnersAsync(cancellationToken)).Select(OwnerKeys.Of));
    }

    private async Task<int> WakeAsync(IReadOnlyList<string> due)
    {
        using var span = Traces.Begin("healthgrains.sweep", due.Count);
        using var calls = Traces.Of(due.Count);
        var woken = 0;
        for (var i = 0; i < due.Count; i += AtOnce)
        {
            var part = Enumerable.Range(i, Math.Min(AtOnce, due.Count - i)).Select(one => WakeAsync(due[one], one, calls));
            woken += (await Task.WhenAll(part)).Count(done => done);
        }
        return woken;
    }

    private async Task<bool> WakeAsync(string id, int index, Traces.Calls calls)
    {
        calls.Enter(index);
        try
        {
            await GrainFactory.GetGrain<IAccountGrain>(id).WakeAsync();
            figures.Woken(done: true);
            return true;
        }
        catch (Exception fault)
        {
            figures.Woken(done: false);
            Log.WakeFailed(logger, id, fault.Message, fault);
            return false;
        }
    }
}
