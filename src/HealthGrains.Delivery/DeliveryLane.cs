using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Delivery;

/// <summary>
/// Sends what is for one receiver, a few at a time, each of another line. While the receiver is away one attempt at a time asks whether
/// it is
/// back, later and later; everything else waits in the store, where a person can see it. A lane waits for no other.
/// </summary>
internal sealed class DeliveryLane
{
    private const long ExpireEvery = 60_000;

    private static readonly TimeSpan SettleAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly string _key;
    private readonly IReceiver _receiver;
    private readonly DeliverySurroundings _around;
    private readonly RetrySchedule _schedule;
    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly Lock _gate = new();
    private readonly HashSet<Task> _sending = [];
    // Counts how often it was found away, so that attempts which began before are told from those that asked whether it is back.
    private int _generation;
    private int _failures;
    private long? _awaySince;
    private long _probeAt;
    private long _expiredAt = long.MinValue;
    private bool _storeAway;
    private long _rings;
    private long _heard;

    public DeliveryLane(string key, IReceiver receiver, DeliverySurroundings around)
    {
        _key = key;
        _receiver = receiver;
        _around = around;
        _schedule = around.Settings.Schedule;
        around.Figures.Away(key, false);
    }

    /// <summary>Whether it has nothing to do until somebody rings or its time comes.</summary>
    public bool IsResting
    {
        get
        {
            lock (_gate) return _heard == _rings && _sending.Count == 0;
        }
    }

    /// <summary>Something may be due.</summary>
    public void Ring()
    {
        lock (_gate) _rings++;
        _bell.Writer.TryWrite(true);
    }

    /// <summary>Sends until it is stopped; then waits for what is under way, within the time that the settings give.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var abandon = new CancellationTokenSource();
        using var silence = new CancellationTokenSource();
        using (_around.Timers.CreateTimer(_ => Ring(), null, _around.Settings.PollEvery, _around.Settings.PollEvery))
        {
            try
            {
                while (true)
                {
                    long rings;
                    lock (_gate) rings = _rings;
                    await RoundAsync(abandon.Token, silence.Token, stopping);
                    lock (_gate) _heard = rings;
                    await _bell.Reader.ReadAsync(stopping);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // Asked to stop.
            }
        }
        await RestAsync(_around.Settings.StopWithin);
        await abandon.CancelAsync();
        await RestAsync(LastWords);
        await silence.CancelAsync();
        await RestAsync(LastWords);
    }

    private async Task RoundAsync(CancellationToken abandon, CancellationToken silence, CancellationToken stopping)
    {
        try
        {
            await ExpireAsync(stopping);
            while (Free() is > 0 and var free)
            {
                var now = _around.Now;
                var claim = new DeliveryClaim(_key, free, now, now + (long)_around.Settings.Lease.TotalMilliseconds);
                var claimed = await _around.Store.ClaimAsync(claim, stopping);
                foreach (var one in claimed) Begin(one, claim.LeasedUntil, abandon, silence);
                if (claimed.Count < free) break;
            }
            if (_storeAway) Log.StoreBack(_around.Logger, _key);
            _storeAway = false;
        }
        catch (Exception fault) when (!stopping.IsCancellationRequested)
        {
            if (!_storeAway) Log.StoreAway(_around.Logger, _key, Clean(fault));
            _storeAway = true;
        }
    }

    // A dispatch that nobody could send in time is given up here, also while the receiver is away: it would come as old news.
    private async Task ExpireAsync(CancellationToken stopping)
    {
        var now = _around.Now;
        if (_expiredAt != long.MinValue && now - _expiredAt < ExpireEvery) return;
        var limit = _schedule.GiveUpAfter;
        var count = await _around.Store.ExpireAsync(_key, now - (long)limit.TotalMilliseconds, now,
            $"it was due for {Words(limit)} and could not be sent", stopping);
        _expiredAt = now;
        if (count == 0) return;
        _around.Figures.GivenUp(_key, count);
        Log.Expired(_around.Logger, count, _key, limit);
    }

    private int Free()
    {
        lock (_gate)
        {
            if (_awaySince is null) return _receiver.Concurrency - _sending.Count;
            return _sending.Count == 0 && _around.Now >= _probeAt ? 1 : 0;
        }
    }

    private void Begin(ClaimedDispatch claimed, long leasedUntil, CancellationToken abandon, CancellationToken silence)
    {
        lock (_gate)
        {
            var generation = _generation;
            var task = Task.Run(() => SendAsync(claimed, leasedUntil, generation, abandon, silence), CancellationToken.None);
            _sending.Add(task);
            task.ContinueWith(Ended, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Ended(Task task)
    {
        lock (_gate)
        {
            _sending.Remove(task);
            // The next of its line can go.
            Ring();
        }
    }

    private async Task SendAsync(
        ClaimedDispatch claimed, long leasedUntil, int generation, CancellationToken abandon, CancellationToken silence)
    {
        var settlement = TooLate(claimed) is { } tooLate ? tooLate
            : InQuietHours(claimed) is { } later ? later
            : await TryAsync(claimed, abandon) is { } outcome ? Settle(claimed, outcome, generation)
            : Settlement.Again(_around.Now, _around.Now, "sending was cut short, because the node stopped; it may have arrived");
        while (true)
        {
            try
            {
                if (!await _around.Store.SettleAsync(claimed.Dispatch.Id, claimed.Attempt, settlement, silence))
                    Log.LeaseLost(_around.Logger, claimed.Dispatch.Id, _key);
                return;
            }
            catch (Exception fault)
            {
                // When the lease ends, somebody sends it again; until then noting it late is better than sending it twice.
                if (silence.IsCancellationRequested || abandon.IsCancellationRequested || _around.Now >= leasedUntil)
                {
                    Log.NotNoted(_around.Logger, claimed.Dispatch.Id, _key, Clean(fault));
                    return;
                }
            }
            await Task.Delay(SettleAgain, _around.Timers, abandon).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    // What comes again under an id that was forgotten long ago was due long ago: it may have arrived then, so it is not sent.
    private Settlement? TooLate(ClaimedDispatch claimed)
    {
        var now = _around.Now;
        if (now <= _schedule.LastAttempt(claimed.DueSince)) return null;
        var error = $"it was due for more than {Words(_schedule.GiveUpAfter)}; have it tried again only if it has not arrived before";
        _around.Figures.GivenUp(_key, 1);
        Log.Dead(_around.Logger, claimed.Dispatch.Id, _key, claimed.Attempt, error);
        return Settlement.Dead(now, error);
    }

    // What waited for a receiver that was away may have come into a night.
    private Settlement? InQuietHours(ClaimedDispatch claimed)
    {
        var now = _around.Now;
        if (claimed.Dispatch.Body is not EmailBody { Quiet: { } times } || QuietTime.EndAt(times, now) is var end && end <= now)
            return null;
        return Settlement.Again(now, end, "it is quiet hours where it goes");
    }

    // Null when the node stopped meanwhile.
    private async Task<DeliveryOutcome?> TryAsync(ClaimedDispatch claimed, CancellationToken abandon)
    {
        var limit = _around.Settings.SendTimeout;
        using var time = new CancellationTokenSource(limit, _around.Timers);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, abandon);
        try
        {
            return await _receiver.SendAsync(claimed.Dispatch, either.Token);
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested)
        {
            return new DeliveryOutcome.Away($"{_receiver.Name} did not answer within {limit.TotalSeconds:0} s");
        }
        catch (Exception fault)
        {
            return new DeliveryOutcome.Later($"{_receiver.Name}: {fault.GetType().Name}: {fault.Message}");
        }
    }

    private Settlement Settle(ClaimedDispatch claimed, DeliveryOutcome outcome, int generation)
    {
        var now = _around.Now;
        var (word, settlement) = outcome switch
        {
            DeliveryOutcome.Delivered done => ("delivered", Settlement.Delivered(now, Clean(done.Receipt ?? _receiver.Name))),
            DeliveryOutcome.Refused refused => ("refused", Settlement.Dead(now, Clean(refused.Error))),
            DeliveryOutcome.Later later => ("later", AgainOrDead(claimed, now, Clean(later.Error), later.RetryAfter, now)),
            DeliveryOutcome.Away away => ("away", AgainOrDead(
                claimed, now, Clean(away.Error), null, WentAway(generation, now, Clean(away.Error), away.RetryAfter))),
            _ => throw new InvalidOperationException($"no such outcome: {outcome.GetType().Name}"),
        };
        if (outcome is not DeliveryOutcome.Away) CameBack(generation, now);
        _around.Figures.Attempt(_key, word);
        Log.Attempt(_around.Logger, claimed.Dispatch.Id, _key, claimed.Attempt, word,
            Secrets.WithoutPeople(settlement.Error ?? settlement.DeliveredTo ?? ""));
        if (settlement.State == DeliveryState.Delivered) _around.Figures.Delivered(_key, (now - claimed.DueSince) / 1000.0);
        if (settlement.State != DeliveryState.Dead) return settlement;
        _around.Figures.GivenUp(_key, 1);
        Log.Dead(_around.Logger, claimed.Dispatch.Id, _key, claimed.Attempt, Secrets.WithoutPeople(settlement.Error!));
        return settlement;
    }

    private Settlement AgainOrDead(ClaimedDispatch claimed, long now, string error, TimeSpan? retryAfter, long notBefore) =>
        _schedule.Next(claimed.Attempt, now, claimed.DueSince, claimed.Dispatch.Id, retryAfter) is { } next
            ? Settlement.Again(now, Math.Max(next, notBefore), error)
            : Settlement.Dead(now, $"given up after {Words(_schedule.GiveUpAfter)}: {error}");

    // When the receiver is next asked whether it is back. What is due by then asks, the one that has waited longest first.
    private long WentAway(int generation, long now, string error, TimeSpan? retryAfter)
    {
        lock (_gate)
        {
            // One of several that were under way together: the first has said so.
            if (generation != _generation) return _probeAt;
            _generation++;
            _failures++;
            var pause = _schedule.Pause(_failures, _key);
            // A receiver may ask for more, but not for ever.
            if (retryAfter > pause) pause = retryAfter.Value < _schedule.Longest ? retryAfter.Value : _schedule.Longest;
            _probeAt = now + (long)pause.TotalMilliseconds;
            if (_awaySince is not null) return _probeAt;
            _awaySince = now;
        }
        _around.Figures.Away(_key, true);
        Log.Away(_around.Logger, _key, _receiver.Name, Secrets.WithoutPeople(error));
        return _probeAt;
    }

    private void CameBack(int generation, long now)
    {
        long since;
        lock (_gate)
        {
            if (_awaySince is null || generation != _generation) return;
            since = _awaySince.Value;
            (_awaySince, _failures) = (null, 0);
        }
        _around.Figures.Away(_key, false);
        Log.Back(_around.Logger, _key, _receiver.Name, (now - since) / 1000.0);
    }

    private async Task RestAsync(TimeSpan limit)
    {
        Task[] rest;
        lock (_gate) rest = [.. _sending];
        if (rest.Length > 0) await Task.WhenAny(Task.WhenAll(rest), Task.Delay(limit, _around.Timers, CancellationToken.None));
    }

    private string Clean(string sentence) => _around.Secrets.Clean(sentence);

    private string Clean(Exception fault) => _around.Secrets.Clean($"{fault.GetType().Name}: {fault.Message}");

    private static string Words(TimeSpan time) => time.TotalDays >= 1 ? $"{time.TotalDays:0.#} days" : $"{time.TotalHours:0.#} hours";
}

/// <summary>What all lanes share.</summary>
/// <param name="Store">Where dispatches wait.</param>
/// <param name="Settings">The settings.</param>
/// <param name="Figures">The metrics.</param>
/// <param name="Secrets">What no sentence may hold.</param>
/// <param name="Clock">What time it is for dispatches: the host's one clock.</param>
/// <param name="Timers">What pauses and time limits go by: wall time, also when the host's clock is simulated.</param>
/// <param name="Logger">Where to say what happens.</param>
internal sealed record DeliverySurroundings(
    IDeliveryStore Store, DeliverySettings Settings, DeliveryFigures Figures, Secrets Secrets, TimeProvider Clock, TimeProvider Timers,
    ILogger Logger)
{
    public long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();
}
