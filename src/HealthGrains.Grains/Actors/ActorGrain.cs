using HealthGrains.Actors;
using Orleans.Placement;

namespace HealthGrains.Grains.Actors;

/// <summary>
/// The shell of an actor with durable time: loads the state, calls the turns, stores state and messages in one write, sees to it that
/// the actor is woken, delivers the messages. A subclass has one method an input and <see cref="DeliverAsync(ActorMessage{TMessage},
/// CancellationToken)"/>.
/// </summary>
/// <remarks>
/// <para>One turn at a time, and none while a write is under way. Deliveries go on beside turns, so that a receiver may call back.</para>
/// <para>
/// One reminder an actor. It is set before the write that needs it, to that moment or earlier, and moved on after: whatever dies in
/// between, it comes too early at worst, and finds nothing to do. Once due it comes again every minute until it is moved.
/// </para>
/// </remarks>
/// <typeparam name="TTurns">The turns.</typeparam>
/// <typeparam name="TState">The state.</typeparam>
/// <typeparam name="TMessage">What the actor says.</typeparam>
/// <param name="stored">The state, by the storage <see cref="ActorStorage.Name"/>.</param>
/// <param name="shell">What actors share.</param>
[Immovable]
public abstract class ActorGrain<TTurns, TState, TMessage>(
    IPersistentState<ActorRecord<TState, TMessage>> stored, ActorShell shell)
    : Grain, IActorGrain, IRemindable
    where TTurns : IActorTurns<TState, TMessage>
    where TState : class, new()
{
    private const long Never = IActorTurns<TState, TMessage>.Never;
    private const string Reminder = "due";

    // Reminders are not fenced as the state is: of two activations, which Orleans allows for a moment, the older one could move it
    // further than the newer one wants. Then the actor is late by a day at most.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly HashSet<long> _delivered = [];
    private IGrainTimer? _wakes;
    private IGrainTimer? _deliveries;
    // When the reminder comes; null when that is not known.
    private long? _remindedAt;
    // The last message that is stored: what is not must not be heard of.
    private long _sayable;
    private bool _ended;
    private Task _delivering = Task.CompletedTask;

    /// <summary>What is known. For questions; only turns change it.</summary>
    protected TState State => stored.State.State;

    private ActorRecord<TState, TMessage> Record => stored.State;

    private string Name => this.GetGrainId().ToString();

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Record.Upgrade<TTurns>(Name);
        _sayable = Record.Outbox.Last;
        _wakes = this.RegisterGrainTimer(_ => WakeAsync(), new GrainTimerCreationOptions
        {
            DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, KeepAlive = true,
        });
        _deliveries = this.RegisterGrainTimer(DeliverAllAsync, new GrainTimerCreationOptions
        {
            DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, KeepAlive = true, Interleave = true,
        });
        // Whoever comes first after a crash finds what was left behind.
        SetTimer(Record.DueAt<TTurns>(shell.Now));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task WakeAsync() => TurnAsync((now, given) => Record.Wake<TTurns>(now, given), isInput: false);

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        // It comes again soon, whatever is known of it.
        _remindedAt = long.MinValue;
        return WakeAsync();
    }

    /// <summary>An input. Completes when the turn is stored; a call that failed may have been, or not.</summary>
    protected async Task<TResult> TakeAsync<TResult>(Func<TState, ActorTurn<TMessage>, TResult> input)
    {
        TResult result = default!;
        await TurnAsync((now, given) =>
        {
            result = Record.Take<TTurns, TResult>(now, input, given);
            return true;
        });
        return result;
    }

    /// <summary>An input that says itself whether it changed anything; where nothing did, nothing is stored.</summary>
    protected async Task<bool> TryAsync(Func<TState, ActorTurn<TMessage>, bool> input)
    {
        var changed = false;
        await TurnAsync((now, given) => changed = Record.Wake<TTurns>(now, given) | Record.Take<TTurns, bool>(now, input, given));
        return changed;
    }

    /// <summary>A message of another actor. False when it was heard before, and nothing was done.</summary>
    protected async Task<bool> HearAsync(string sender, long number, Action<TState, ActorTurn<TMessage>> input)
    {
        var isNew = false;
        await TurnAsync((now, given) =>
        {
            isNew = Record.Hear(sender, number);
            if (!isNew) return Record.Wake<TTurns>(now, given);
            Record.Take<TTurns, bool>(now, (state, turn) =>
            {
                input(state, turn);
                return true;
            }, given);
            return true;
        });
        return isNew;
    }

    /// <summary>Delivers a message; throws when it did not arrive, to be tried again. The receiver drops a number it has seen.</summary>
    protected abstract Task DeliverAsync(ActorMessage<TMessage> message, CancellationToken cancellationToken);

    /// <summary>
    /// Finds out what a turn needs to know: see <see cref="ActorTurn{TMessage}.Given"/>. Asked before each turn that an input or the time
    /// makes. Where it fails the turn is not taken, and one that fell due is tried again.
    /// </summary>
    protected virtual ValueTask<object?> PrepareAsync() => default;

    /// <summary>Delivers what is stored and not delivered, now; what cannot be is tried again later, as ever.</summary>
    protected async Task DeliverNowAsync()
    {
        await DeliverAllAsync(CancellationToken.None);
        // The one that was under way may not have seen the last message.
        if (Record.Outbox.Messages.Exists(message => message.Number <= _sayable && !_delivered.Contains(message.Number)))
            await DeliverAllAsync(CancellationToken.None);
    }

    /// <summary>Sees to it that the actor is woken soon, whatever happens to it and to who is with it now.</summary>
    protected Task RemindSoonAsync() => RemindAsync(shell.Now + (long)shell.Retry.TotalMilliseconds, shell.Now);

    /// <summary>Forgets everything: the actor is as one that nobody has spoken to.</summary>
    protected async Task ClearAsync()
    {
        _ended = true;
        DeactivateOnIdle();
        await _delivering;
        await stored.ClearStateAsync();
        if (await this.GetReminder(Reminder) is { } reminder) await this.UnregisterReminder(reminder);
    }

    private async Task<(long Now, object? Given)> BeginAsync(bool isInput)
    {
        var now = shell.Now;
        if (!isInput && TTurns.NextWake(State) > now) return (now, null);
        try
        {
            var given = await PrepareAsync();
            return (shell.Now, given);
        }
        catch
        {
            SetTimer(now + (long)shell.Retry.TotalMilliseconds);
            throw;
        }
    }

    private async Task TurnAsync(Func<long, object?, bool> turn, bool isInput = true)
    {
        if (_ended) throw new OrleansException($"{Name} could not be stored and begins anew; call again");
        var (now, given) = await BeginAsync(isInput);
        // It was found out that the actor is no more.
        if (_ended) return;
        try
        {
            var forgotten = Record.Outbox.Messages.RemoveAll(message => _delivered.Remove(message.Number)) > 0;
            var changed = turn(now, given);
            var due = Record.DueAt<TTurns>(now + (long)shell.Retry.TotalMilliseconds);
            // A reminder that is no longer needed may go only with a write: it proves that nobody else wants it.
            var idle = due == Never && _remindedAt != Never ? await this.GetReminder(Reminder) : null;
            if (forgotten || changed || idle is not null)
            {
                if (due < (_remindedAt ?? Never)) await RemindAsync(due, now);
                await stored.WriteStateAsync();
                _sayable = Record.Outbox.Last;
            }
            await MoveReminderAsync(due, now, idle);
            SetTimer(due);
        }
        catch
        {
            // What is in memory may not be what is stored.
            _ended = true;
            DeactivateOnIdle();
            throw;
        }
        if (Record.Outbox.Messages.Count > 0) _deliveries?.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private Task DeliverAllAsync(CancellationToken cancellationToken) =>
        _delivering.IsCompleted ? _delivering = DeliverEachAsync(cancellationToken) : _delivering;

    private async Task DeliverEachAsync(CancellationToken cancellationToken)
    {
        var failed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var message in Record.Outbox.Messages.ToArray())
        {
            if (message.Number > _sayable || _delivered.Contains(message.Number) || failed.Contains(message.To)) continue;
            try
            {
                await DeliverAsync(message, cancellationToken);
                _delivered.Add(message.Number);
            }
            catch (Exception fault)
            {
                if (cancellationToken.IsCancellationRequested) return;
                failed.Add(message.To);
                Log.DeliveryFailed(shell.Logger, Name, message.Number, message.To, fault.Message, fault);
            }
        }
        // Forgotten by a turn of its own.
        if (_delivered.Count > 0) _wakes?.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private async Task RemindAsync(long due, long now)
    {
        var wait = TimeSpan.FromMilliseconds(Math.Max(0, due - now));
        await this.RegisterOrUpdateReminder(Reminder, wait < Longest ? wait : Longest, shell.Retry);
        _remindedAt = due;
    }

    // The reminder is early enough already, so nothing is lost should this fail.
    private async Task MoveReminderAsync(long due, long now, IGrainReminder? idle)
    {
        try
        {
            if (idle is not null) await this.UnregisterReminder(idle);
            if (due == Never) _remindedAt = Never;
            // While something is to be delivered it may stay where it is.
            else if (due != _remindedAt && Record.Outbox.Messages.Count == 0) await RemindAsync(due, now);
        }
        catch (Exception fault)
        {
            _remindedAt = null;
            Log.ReminderFailed(shell.Logger, Name, fault.Message, fault);
        }
    }

    private void SetTimer(long due)
    {
        if (shell.TimerFor(due, shell.Now) is { } wait) _wakes?.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
