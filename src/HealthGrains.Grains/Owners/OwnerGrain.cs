using HealthGrains.Delivery;
using HealthGrains.Grains.Actors;
using HealthGrains.Grains.Storage;
using HealthGrains.Grains.Tenants;
using HealthGrains.Grains.Watching;
using HealthGrains.Hosting;
using Orleans.Placement;

namespace HealthGrains.Grains.Owners;

/// <summary>
/// The shell of an owner's actor. What it remembers lies in the store's rows and not with the grain, for state, pushes and deliveries are
/// one transaction there. A reminder brings it back when its time has come; whoever stored an alert calls it at once, and the sweep calls
/// every owner now and then, so that a call that was lost is made good.
/// </summary>
// Longer than the timer of a wake-up that is near.
[CollectionAgeLimit(Minutes = 10)]
[Immovable]
internal sealed class OwnerGrain(
    IOwnerStore store, ActorShell shell, TenantWatch tenant, ChangePublisher changes, ClusterOptions options, DeliveryBell? bell = null)
    : Grain, IOwnerGrain, IRemindable
{
    private const string Reminder = "due";
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private IGrainTimer? _timer;
    private Task _looking = Task.CompletedTask;
    private bool _again;
    private long? _remindedAt;
    private long _wakeAt = long.MaxValue;

    private string Owner => OwnerKeys.Owner(this.GetPrimaryKeyString());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _timer = this.RegisterGrainTimer(_ => DueAsync(), new GrainTimerCreationOptions
        {
            DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, KeepAlive = true,
        });
        return Task.CompletedTask;
    }

    public Task LookAsync()
    {
        // Whoever calls while it looks may have stored something that this look has not seen.
        _again = true;
        return _looking.IsCompleted ? _looking = LookUntilSeenAsync() : _looking;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        // It comes again soon, whatever is known of it.
        _remindedAt = null;
        return LookAsync();
    }

    private Task DueAsync()
    {
        if (_wakeAt <= shell.Now) return LookAsync();
        SetTimer();
        return Task.CompletedTask;
    }

    private async Task LookUntilSeenAsync()
    {
        while (_again)
        {
            _again = false;
            await LookOnceAsync();
        }
    }

    private async Task LookOnceAsync()
    {
        await tenant.RulingAsync();
        var now = shell.Now;
        // Should what follows fail, it is tried again.
        _wakeAt = now + (long)shell.Retry.TotalMilliseconds;
        SetTimer();
        var looked = await store.LookAtOwnerAsync(
            Owner, new OwnerWays(now, tenant.Practice.Practice, options.Writer), CancellationToken.None);
        foreach (var alert in looked.Pushed)
            if (changes.IsHeard) changes.Publish(ChangeType.AlertPushed, alert.Account, alert.Owner, alert);
        foreach (var receiver in looked.Receivers) bell?.Ring(receiver);
        _wakeAt = looked.WakeAt;
        await RemindAsync(now);
        SetTimer();
    }

    // A digest that fell due is written once, so a reminder that comes too early or too often is harmless.
    private async Task RemindAsync(long now)
    {
        if (_remindedAt == _wakeAt) return;
        if (_wakeAt != long.MaxValue)
        {
            var wait = TimeSpan.FromMilliseconds(Math.Max(0, _wakeAt - now));
            await this.RegisterOrUpdateReminder(Reminder, wait < Longest ? wait : Longest, shell.Retry);
        }
        else if (await this.GetReminder(Reminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
        _remindedAt = _wakeAt;
    }

    private void SetTimer()
    {
        if (shell.TimerFor(_wakeAt, shell.Now) is { } wait) _timer?.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
