using System.Collections.Concurrent;
using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Kafka;

/// <summary>
/// The consuming thread of a topic: it takes messages from librdkafka and offers them to the feed of their partition, pauses and resumes
/// partitions, and is the only one to follow the changes of the topic's group. It never waits for the sink, but when partitions are taken
/// away.
/// </summary>
internal sealed class LogReader
{
    private const int DrainMessages = 1_000;
    private static readonly TimeSpan IdleWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PausedWait = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan SavedPoll = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LastAnswer = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CloseWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BrokerWait = TimeSpan.FromSeconds(10);
    private const int CommittedAttempts = 3;

    private readonly FeedSurroundings _with;
    private readonly string _group;
    private readonly MessageFormat _format;
    private readonly Dictionary<LogPartition, AssignedPartition> _assigned = [];
    private readonly ConcurrentQueue<Action> _posted = [];
    private readonly Dictionary<LogPartition, Task> _lingering = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IConsumer<MessageKey, ReadOnlyMemory<byte>> _consumer;
    private readonly OffsetCommits _commits;
    private readonly GroupCommits _groupCommits;
    private readonly StoredPlaces _places;
    private readonly BrokerWatch _brokers;
    private readonly Thread _thread;
    private volatile AssignedPartition[] _snapshot = [];
    private AssignedPartition? _last;
    private Exception? _fault;
    private int _paused;
    private bool _hangs;
    private volatile bool _stopping;
    private volatile bool _joined;

    public LogReader(FeedSurroundings with, string topic, OffsetCommits commits, BrokerWatch brokers)
    {
        Topic = topic;
        _group = with.Options.GroupOf(topic);
        // What a feed cannot go on after, ends the reading as a whole.
        _with = with with { Fault = Fail };
        _format = with.Options.TopicFormats()[topic];
        _places = new StoredPlaces(with, Post);
        _brokers = brokers;
        _consumer = new ConsumerBuilder<MessageKey, ReadOnlyMemory<byte>>(ClientSettings.Reader(with.Options, topic))
            .SetKeyDeserializer(new KeyReader())
            .SetValueDeserializer(new ValueReader())
            .SetPartitionsAssignedHandler((_, partitions) => OnAssigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => OnRevoked(partitions))
            .SetPartitionsLostHandler((_, partitions) => OnLost(partitions))
            .SetStatisticsHandler((_, statistics) => OnStatistics(statistics))
            .SetErrorHandler((_, error) => OnError(error))
            .SetLogHandler((_, log) => Log.Library(with.Logger, log.Facility, log.Message))
            .Build();
        _commits = commits;
        _groupCommits = new GroupCommits(_group, offsets => _consumer.Commit(offsets), with.Figures, with.Logger);
        _thread = new Thread(Run) { Name = $"kafka {topic}", IsBackground = true };
    }

    /// <summary>What is read.</summary>
    public string Topic { get; }

    /// <summary>The partitions that are read here.</summary>
    public IReadOnlyList<AssignedPartition> Assigned => _snapshot;

    /// <summary>Partitions paused because much of them waits.</summary>
    public int Paused => Volatile.Read(ref _paused);

    /// <summary>Whether the group has given this member its first share.</summary>
    public bool Joined => _joined;

    /// <summary>Completes when reading has ended: by <see cref="Stop"/>, or with what ended it.</summary>
    public Task Ended => _ended.Task;

    public void Start()
    {
        _consumer.Subscribe(Topic);
        _thread.Start();
    }

    /// <summary>Ends reading: finishes and saves what is under way, commits, and leaves the group.</summary>
    public void Stop() => _stopping = true;

    /// <summary>Sets back a partition of this topic whose work was lost.</summary>
    public void ReadAgain(AssignedPartition partition) => Post(() => BeginRewind(partition, lost: true));

    // ---- the thread ----

    private void Run()
    {
        try
        {
            while (!_stopping)
            {
                while (_posted.TryDequeue(out var action)) action();
                if (_paused > 0) ResumeLow();
                Drain();
            }

            List<AssignedPartition> all = [.. _assigned.Values];
            _assigned.Clear();
            Leave(all, _with.Options.StopTimeout);
            if (EndsInTime(_consumer.Close)) Log.Stopped(_with.Logger, Topic, _group);
            else Log.NotClosed(_with.Logger, _group, CloseWait.TotalSeconds);
        }
        catch (Exception fault)
        {
            Fail(fault);
        }
        finally
        {
            _joined = false;
            _places.End();
            foreach (var partition in _assigned.Values) partition.Feed?.Abort();
            _assigned.Clear();
            Publish();
            try
            {
                // Where that hangs, it is left to the end of the process.
                EndsInTime(_consumer.Dispose);
            }
            finally
            {
                if (_fault is null) _ended.TrySetResult();
                else _ended.TrySetException(_fault);
            }
        }
    }

    private void Drain()
    {
        try
        {
            var result = _consumer.Consume(_paused > 0 ? PausedWait : IdleWait);
            for (var taken = 1; result is not null; taken++)
            {
                Offer(result);
                if (taken == DrainMessages || _stopping) return;
                result = _consumer.Consume(TimeSpan.Zero);
            }
        }
        catch (ConsumeException failure) when (failure.Error.Code == ErrorCode.Local_AutoOffsetReset)
        {
            OnGone(failure.ConsumerRecord.TopicPartitionOffset);
        }
        catch (ConsumeException failure) when (!failure.Error.IsFatal)
        {
            Log.Trouble(_with.Logger, Told(failure.Error, failure.ConsumerRecord?.Topic));
        }
    }

    private void Offer(ConsumeResult<MessageKey, ReadOnlyMemory<byte>> result)
    {
        var last = _last;
        if (last is null || last.Partition.Partition != result.Partition.Value || last.Partition.Topic != result.Topic)
        {
            if (!_assigned.TryGetValue(new LogPartition(result.Topic, result.Partition.Value), out last)) return;
            _last = last;
        }

        // Nobody reads a partition while it is being set back: what comes now comes again.
        if (last.Feed is not { } feed) return;
        var message = result.Message;
        feed.Offer(new LogMessage(result.Offset.Value, message.Timestamp.UnixTimestampMs, message.Key, message.Value, message.Headers));
        if (feed.Paused || !feed.IsHigh) return;
        _consumer.Pause([last.TopicPartition]);
        feed.Paused = true;
        _paused++;
        Log.Paused(_with.Logger, last.Partition.ToString(), feed.Waiting);
    }

    private void ResumeLow()
    {
        foreach (var partition in _assigned.Values)
        {
            if (partition.Feed is not { Paused: true, IsLow: true } feed) continue;
            Resume(partition, feed);
            Log.Resumed(_with.Logger, partition.Partition.ToString(), feed.Waiting);
        }
    }

    private void Resume(AssignedPartition partition, PartitionFeed feed)
    {
        if (!feed.Paused) return;
        _consumer.Resume([partition.TopicPartition]);
        feed.Paused = false;
        _paused--;
    }

    private void Post(Action action) => _posted.Enqueue(action);

    private void Fail(Exception fault)
    {
        if (Interlocked.CompareExchange(ref _fault, fault, null) is not null) return;
        Log.Faulted(_with.Logger, fault is KafkaException { Error: { } error } ? Told(error, null) : fault.Message, fault);
        _stopping = true;
    }

    // ---- the group ----

    private List<TopicPartitionOffset> OnAssigned(List<TopicPartition> partitions)
    {
        var committed = Committed(partitions);
        var starts = new List<TopicPartitionOffset>(partitions.Count);
        var asked = new List<AssignedPartition>();
        foreach (var topicPartition in partitions)
        {
            var offset = committed.GetValueOrDefault(topicPartition, Offset.Unset);
            var partition = new AssignedPartition(
                new LogPartition(topicPartition.Topic, topicPartition.Partition.Value),
                offset.IsSpecial ? AssignedPartition.Never : offset.Value, _groupCommits);
            _assigned[partition.Partition] = partition;
            starts.Add(new TopicPartitionOffset(topicPartition, partition.Start));
            if (!_with.Sink.KeepsPlaces)
            {
                Begin(partition);
                continue;
            }

            // What comes until the sink has said where to begin is not read, and comes again.
            partition.Rewinding = true;
            asked.Add(partition);
        }

        if (asked.Count > 0) _places.Ask(asked, BeginAt);
        Publish();
        _joined = true;
        if (partitions.Count == 0) return starts;
        _with.Figures.Rebalance("assigned");
        Log.Assigned(_with.Logger, partitions.Count, Names(partitions));
        return starts;
    }

    private Dictionary<TopicPartition, Offset> Committed(List<TopicPartition> partitions)
    {
        if (partitions.Count == 0) return [];
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return _consumer.Committed(partitions, BrokerWait).ToDictionary(one => one.TopicPartition, one => one.Offset);
            }
            catch (KafkaException failure) when (attempt < CommittedAttempts)
            {
                Log.CommittedUnknown(_with.Logger, failure.Error.Reason);
            }
        }
    }

    private void OnRevoked(List<TopicPartitionOffset> revoked)
    {
        var leaving = Take(revoked);
        if (leaving.Count == 0) return;
        Leave(leaving, _with.Options.RevokeTimeout);
        _with.Figures.Rebalance("revoked");
    }

    private void OnLost(List<TopicPartitionOffset> lost)
    {
        var leaving = Take(lost);
        _groupCommits.Leave(leaving);
        foreach (var partition in leaving)
        {
            // Somebody else may have them by now: not even what is saved is ours to commit.
            partition.Feed?.Abort();
            EndWhenAtRest(partition);
        }

        _with.Figures.Rebalance("lost");
        Log.Lost(_with.Logger, leaving.Count, Names(leaving.Select(partition => partition.TopicPartition)));
    }

    private List<AssignedPartition> Take(List<TopicPartitionOffset> partitions)
    {
        var taken = new List<AssignedPartition>(partitions.Count);
        foreach (var gone in partitions)
        {
            if (!_assigned.Remove(new LogPartition(gone.Topic, gone.Partition.Value), out var partition)) continue;
            if (partition.Feed is { Paused: true } feed)
            {
                feed.Paused = false;
                _paused--;
            }

            taken.Add(partition);
        }

        _last = null;
        Publish();
        return taken;
    }

    /// <summary>Lets what is under way finish and be saved, for so long, and commits it.</summary>
    private void Leave(List<AssignedPartition> leaving, TimeSpan timeout)
    {
        if (leaving.Count == 0) return;
        var watch = Stopwatch.StartNew();
        _groupCommits.Leave(leaving);
        foreach (var partition in leaving) partition.Feed?.Stop();
        foreach (var partition in leaving)
        {
            if (partition.Feed is not { } feed || AtRest(feed, timeout - watch.Elapsed)) continue;
            Log.NotDrained(_with.Logger, partition.Partition.ToString(), watch.Elapsed.TotalSeconds);
            feed.Abort();
        }

        // Even when the time is up, the sink is asked once.
        var saved = AskAndCommit(leaving, timeout - watch.Elapsed);
        while (!saved && watch.Elapsed < timeout)
        {
            Task.Delay(SavedPoll, _with.Clock).Wait();
            saved = AskAndCommit(leaving, timeout - watch.Elapsed);
        }

        foreach (var partition in leaving) EndWhenAtRest(partition);
        var clean = leaving.Count(partition => partition.Feed is { Ended.IsCompleted: true } feed
            && feed.Applied == Math.Max(partition.Committed, 0));
        Log.Revoked(_with.Logger, leaving.Count, clean, Names(leaving.Select(partition => partition.TopicPartition)));
    }

    private bool AskAndCommit(List<AssignedPartition> leaving, TimeSpan timeout)
    {
        using var deadline = new CancellationTokenSource(timeout > LastAnswer ? timeout : LastAnswer);
        var (lost, saved) = _commits.RoundAsync(leaving, leaving: true, deadline.Token).GetAwaiter().GetResult();
        // What is lost does not come by waiting: it is read again by whoever gets the partition.
        // Nor does an answer of brokers that are away: what is saved and not committed is read again, too.
        return saved || lost.Count == leaving.Count || _groupCommits.IsUnanswered;
    }

    // librdkafka's last words to brokers that are away have no limit of their own.
    private bool EndsInTime(Action act)
    {
        if (_hangs) return false;
        var task = Task.Factory.StartNew(act, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _hangs = Task.WaitAny([task], CloseWait) != 0;
        if (!_hangs) task.GetAwaiter().GetResult();
        return !_hangs;
    }

    private static bool AtRest(PartitionFeed feed, TimeSpan timeout) =>
        feed.Ended.IsCompleted || (timeout > TimeSpan.Zero && feed.Ended.Wait(timeout));

    private void EndWhenAtRest(AssignedPartition partition)
    {
        // Should it come back, its next feed begins after this one has ended.
        if (partition.Feed is { Ended.IsCompleted: false } feed) _lingering[partition.Partition] = feed.Ended;
        else if (!_lingering.ContainsKey(partition.Partition)) _with.Sink.End(partition.Partition);
    }

    private void Publish() => _snapshot = [.. _assigned.Values];

    // ---- reading again ----

    private void Begin(AssignedPartition partition)
    {
        var start = Math.Max(partition.Committed, 0);
        _lingering.Remove(partition.Partition, out var before);
        partition.Feed = new PartitionFeed(_with, partition.Partition, _format, start, before ?? Task.CompletedTask);
        partition.Feed.Start();
    }

    private void BeginAt(AssignedPartition partition)
    {
        if (partition.Left) return;
        Seek(partition, partition.Start);
        Begin(partition);
        partition.Rewinding = false;
    }

    private void BeginRewind(AssignedPartition partition, bool lost)
    {
        if (partition.Left || partition.Feed is not { } feed) return;
        partition.Rewinding = true;
        partition.Feed = null;
        feed.Abort();
        _lingering[partition.Partition] = feed.Ended;
        // One call at a time for a partition: the new reading begins when the old one is at rest.
        feed.Ended.ContinueWith(_ => Post(() => EndRewind(partition, feed, lost)), TaskScheduler.Default);
    }

    private void EndRewind(AssignedPartition partition, PartitionFeed feed, bool lost)
    {
        if (partition.Left) return;
        Resume(partition, feed);
        // Back to where what is stored ends, which may be before the last commit: a store can be set back under those who run on it.
        if (lost && _with.Sink.KeepsPlaces) _places.Ask([partition], Again);
        else Again(partition);

        void Again(AssignedPartition _)
        {
            BeginAt(partition);
            if (lost) ToldAgain(partition);
        }
    }

    private void ToldAgain(AssignedPartition partition)
    {
        _with.Figures.Rewind(partition.Partition.Topic);
        Log.Rewound(_with.Logger, partition.Partition.ToString(), Math.Max(partition.Committed, 0));
    }

    private void Seek(AssignedPartition partition, Offset offset)
    {
        var to = new TopicPartitionOffset(partition.TopicPartition, offset);
        try
        {
            _consumer.Seek(to);
        }
        catch (KafkaException)
        {
            // Fetching of it has stopped altogether (its offset was gone): it starts anew.
            _consumer.IncrementalUnassign([partition.TopicPartition]);
            _consumer.IncrementalAssign([to]);
        }
    }

    private void OnGone(TopicPartitionOffset at)
    {
        if (!_assigned.TryGetValue(new LogPartition(at.Topic, at.Partition.Value), out var partition)) return;
        // Told already: it is being set back to the earliest, and what is fetched meanwhile fails the same way.
        if (partition.Rewinding) return;
        var feed = partition.Feed;
        var last = feed?.LastOffered ?? -1;
        var position = last >= 0 ? last + 1 : Math.Max(partition.Committed, 0);
        // librdkafka may tell of a position more than once, and again when reading goes on elsewhere already.
        if (partition.Gone.Position == at.Offset.Value && (position != at.Offset.Value || partition.Gone.LastOffered == last)) return;
        partition.Gone = (at.Offset.Value, last);
        _with.Figures.Gone(at.Topic);
        Log.Gone(_with.Logger, partition.Partition.ToString(), position);
        if (feed is { LastOffered: >= 0 } && Low(partition) > feed.LastOffered)
        {
            // What waits here was read before it went, and is taken; reading goes on behind the gap.
            Seek(partition, Offset.Beginning);
            return;
        }

        partition.Committed = AssignedPartition.Never;
        if (feed is null) return;
        BeginRewind(partition, lost: false);
    }

    private long Low(AssignedPartition partition)
    {
        try
        {
            return _consumer.QueryWatermarkOffsets(partition.TopicPartition, BrokerWait).Low.Value;
        }
        catch (KafkaException)
        {
            return -1;
        }
    }

    // ---- what librdkafka tells ----

    private void OnStatistics(string statistics) => _brokers.Seen(Topic, LagReport.Read(statistics, (partition, lag) =>
    {
        if (_assigned.TryGetValue(partition, out var assigned)) assigned.Lag = lag;
    }));

    private void OnError(Error error)
    {
        if (error.IsFatal) Fail(new KafkaException(error));
        else _brokers.Told(Topic, error, Told(error, null));
    }

    private string Told(Error error, string? topic) => error.Code switch
    {
        ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Transport or ErrorCode.Local_Resolve =>
            $"no broker of {_with.Options.BootstrapServers} answers ({error.Reason}); reading goes on when one does",
        ErrorCode.GroupAuthorizationFailed =>
            $"no permission to read as the group {_group}; allow it, or set another {KafkaOptions.Section}:GroupId",
        ErrorCode.TopicAuthorizationFailed => $"no permission to read {topic ?? "a topic"}; allow it to this user",
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic =>
            $"the topic {topic} does not exist; make it, or name another one in {KafkaOptions.Section}:Topics",
        ErrorCode.FencedInstanceId =>
            $"another member has the id {_with.Options.MemberId}; give each silo its own {KafkaOptions.Section}:MemberId",
        _ => error.Reason,
    };

    private static string Names(IEnumerable<TopicPartition> partitions) =>
        string.Join(", ", partitions.Select(partition => $"{partition.Topic}/{partition.Partition.Value}"));
}
