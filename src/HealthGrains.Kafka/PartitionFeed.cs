using System.Threading.Channels;
using HealthGrains.Intake;

namespace HealthGrains.Kafka;

/// <summary>
/// Hands the messages of one partition to the sink, in order, one batch at a time, from the moment that the partition is assigned
/// until it is taken away or read again. Messages are offered by the consuming thread.
/// </summary>
#pragma warning disable CA1001 // a source of cancellations without a timer holds nothing that would have to be let go
internal sealed class PartitionFeed
#pragma warning restore CA1001
{
    private const string Profile = "profile";

    private readonly FeedSurroundings _with;
    private readonly MessageBatch _batch;
    private readonly Channel<LogMessage> _queue = Channel.CreateUnbounded<LogMessage>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _abort = new();
    private readonly long _start;
    private readonly Task _after;
    private Task _running = Task.CompletedTask;
    private int _waiting;
    private long _waitingBytes;
    private long _applied;
    private long _lastTimestamp;
    private volatile bool _ending;
    private volatile bool _begun;

    /// <param name="with">What all partitions share.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="usual">Its topic's format.</param>
    /// <param name="start">The first offset that may come.</param>
    /// <param name="after">What must have ended before: an earlier feed of the partition.</param>
    public PartitionFeed(FeedSurroundings with, LogPartition partition, MessageFormat usual, long start, Task after)
    {
        _after = after;
        _with = with;
        Partition = partition;
        _start = start;
        _applied = start;
        _batch = new MessageBatch(partition, usual, with.Context, with.Figures);
    }

    public LogPartition Partition { get; }

    /// <summary>Whether the sink knows that reading has begun: before, it may not be asked what is unsaved.</summary>
    public bool Begun => _begun;

    /// <summary>The offset after the last message that was applied or rejected.</summary>
    public long Applied => Interlocked.Read(ref _applied);

    /// <summary>When the last message applied was written, Unix milliseconds; 0 when not known.</summary>
    public long LastTimestamp => Interlocked.Read(ref _lastTimestamp);

    /// <summary>The last offset offered; -1 when none was. The consuming thread's to know.</summary>
    public long LastOffered { get; private set; } = -1;

    /// <summary>Messages that wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Whether so much waits that the partition should be paused.</summary>
    public bool IsHigh => Waiting >= _with.Options.HighWater || Interlocked.Read(ref _waitingBytes) >= _with.Options.HighWaterBytes;

    /// <summary>Whether so little waits that it may be resumed.</summary>
    public bool IsLow => Waiting <= _with.Options.LowWater && Interlocked.Read(ref _waitingBytes) <= _with.Options.HighWaterBytes / 4;

    /// <summary>Whether the partition is paused; the consuming thread's to set.</summary>
    public bool Paused { get; set; }

    public void Start() => _running = Task.Run(RunAsync);

    public void Offer(in LogMessage message)
    {
        if (_ending) return;
        LastOffered = message.Offset;
        Interlocked.Increment(ref _waiting);
        Interlocked.Add(ref _waitingBytes, message.Weight);
        _queue.Writer.TryWrite(message);
    }

    /// <summary>Takes no further message: what is under way ends by itself, what waits is left to be read again.</summary>
    public void Stop()
    {
        _ending = true;
        _queue.Writer.TryComplete();
    }

    /// <summary>Breaks off what is under way; what it leaves behind counts as not applied.</summary>
    public void Abort()
    {
        Stop();
        _abort.Cancel();
    }

    /// <summary>Completes when nothing is under way any more.</summary>
    public Task Ended => _running;

    private async Task RunAsync()
    {
        var cancellation = _abort.Token;
        try
        {
            await _after.WaitAsync(cancellation);
            await RetryAsync("begin", token => _with.Sink.BeginAsync(Partition, _start, token));
            _begun = true;
            while (!_ending && await _queue.Reader.WaitToReadAsync(cancellation))
                if (!_ending) await TakeAsync();
        }
        catch (OperationCanceledException) when (_ending)
        {
            // Taken away: somebody else reads on from the last commit.
        }
        catch (Exception fault)
        {
            _with.Fault(fault);
        }
    }

    private async ValueTask TakeAsync()
    {
        _batch.Clear();
        LogMessage? profile = null;
        while (_batch.Messages < _with.Options.BatchMessages && _batch.Signals.Count < _with.Options.BatchSignals
            && _queue.Reader.TryRead(out var message))
        {
            Interlocked.Decrement(ref _waiting);
            Interlocked.Add(ref _waitingBytes, -message.Weight);
            if (_batch.IsProfile(message))
            {
                profile = message;
                break;
            }

            _batch.Read(message);
        }

        if (_batch.Messages > 0) await HandOverAsync();
        if (profile is null || _ending) return;
        await PutProfileAsync(profile.Value);
    }

    private async ValueTask HandOverAsync()
    {
        using var span = LogTraces.Begin("healthgrains.log.batch", Partition, _batch);
        await RejectAsync();
        if (_batch.IsForSink)
            await RetryAsync("apply", token => _with.Sink.ApplyAsync(Partition, _batch.Signals, _batch.Offsets, _batch.Awaited, token));
        if (_batch.Misrouted > 0)
        {
            _with.Figures.Misrouted(Partition.Topic, _batch.Misrouted);
            Log.Misrouted(_with.Logger, _batch.Misrouted, Partition.ToString());
        }

        Advance();
    }

    private async ValueTask PutProfileAsync(LogMessage message)
    {
        _batch.Clear();
        _batch.Pass(message);
        if (message.Key.Account is not { } account)
            _batch.Reject(message, "key", $"a profile's message is keyed by its account: {Accounts.AccountId.Rule}");
        else
        {
            using var span = LogTraces.Begin("healthgrains.log.profile", Partition, _batch);
            var named = message.Header(KafkaLog.ActorHeader);
            var actor = named.IsEmpty ? null : System.Text.Encoding.UTF8.GetString(named);
            try
            {
                await RetryAsync(Profile,
                    token => _with.Sink.PutProfileAsync(Partition, message.Offset, account, message.Value, actor, token));
            }
            catch (IntakeFormatException failure)
            {
                _batch.Reject(message, "", failure.Message);
            }
        }

        await RejectAsync();
        Advance();
    }

    // Before anything is applied and long before anything is committed: a message that is neither taken nor rejected stays unread.
    private async ValueTask RejectAsync()
    {
        foreach (var rejection in _batch.Rejections)
        {
            await RetryAsync("reject", token => _with.Rejected.SendAsync(Partition, rejection, token));
            _with.Figures.Rejected(Partition.Topic);
            var first = rejection.Errors.Count > 0 ? rejection.Errors[0] : default;
            Log.Rejected(_with.Logger, Partition.ToString(), rejection.Message.Offset, rejection.Count,
                first.Field ?? "", first.Reason ?? "");
        }
    }

    private void Advance()
    {
        Interlocked.Exchange(ref _lastTimestamp, _batch.LastTimestamp);
        Interlocked.Exchange(ref _applied, _batch.Next);
        _with.Figures.Taken(Partition.Topic, _batch.Messages, _batch.Signals.Count);
    }

    private async ValueTask RetryAsync(string what, Func<CancellationToken, ValueTask> call)
    {
        var delay = _with.Options.RetryDelay;
        for (var attempt = 1; ; attempt++)
        {
            _abort.Token.ThrowIfCancellationRequested();
            try
            {
                await call(_abort.Token);
                return;
            }
            catch (Exception failure) when ((what != Profile || failure is not IntakeFormatException) && !_abort.IsCancellationRequested)
            {
                _with.Figures.Retry(Partition.Topic, what);
                Log.Retry(_with.Logger, Partition.ToString(), what, attempt, delay.TotalSeconds, failure);
                // Nobody waits here for a partition that is to be given up: its next reader makes the call.
                if (_ending) throw new OperationCanceledException();
                await Task.Delay(delay, _with.Clock, _abort.Token);
                if (_ending) throw new OperationCanceledException();
                delay = delay * 2 < _with.Options.RetryDelayLimit ? delay * 2 : _with.Options.RetryDelayLimit;
            }
        }
    }
}
