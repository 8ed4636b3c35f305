using Microsoft.Extensions.Logging;

namespace HealthGrains.Kafka;

/// <summary>What the log's reader and writer say to an operator.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Reading {Topics} as a member of the groups {Groups}")]
    public static partial void Started(ILogger logger, string topics, string groups);

    [LoggerMessage(2, LogLevel.Information, "{Count} partitions came to this member: {Partitions}")]
    public static partial void Assigned(ILogger logger, int count, string partitions);

    [LoggerMessage(3, LogLevel.Information, "{Count} partitions left this member, {Saved} of them with all work saved and committed: {Partitions}")]
    public static partial void Revoked(ILogger logger, int count, int saved, string partitions);

    [LoggerMessage(4, LogLevel.Warning,
        "{Count} partitions were lost, because this member was not heard of in time: {Partitions}. Another one reads them again from the last commit; nothing is counted twice")]
    public static partial void Lost(ILogger logger, int count, string partitions);

    [LoggerMessage(5, LogLevel.Information, "Stopped reading {Topic}; the group {Group} goes on without this member")]
    public static partial void Stopped(ILogger logger, string topic, string group);

    [LoggerMessage(6, LogLevel.Warning, "{Partition}@{Offset} went to the rejected topic ({Count} events refused): {Field}: {Reason}")]
    public static partial void Rejected(ILogger logger, string partition, long offset, int count, string field, string reason);

    /// <summary>What is away may be for long: told when it begins, without a stack; the rest is for who looks closer.</summary>
    public static void Retry(ILogger logger, string partition, string what, int attempt, double seconds, Exception fault)
    {
        var isAway = fault is Hosting.HostUnavailableException;
        var level = isAway && attempt > 1 ? LogLevel.Debug : LogLevel.Warning;
        Retry(logger, level, partition, what, attempt, seconds, fault.Message, isAway ? null : fault);
    }

    [LoggerMessage(EventId = 7,
        Message = "{Partition} waits: {What} failed {Attempt} times and is tried again in {Seconds:0.0} s; nothing is skipped. {Reason}")]
    private static partial void Retry(
        ILogger logger, LogLevel level, string partition, string what, int attempt, double seconds, string reason, Exception? exception);

    [LoggerMessage(8, LogLevel.Warning, "{Partition}: work was lost before it was saved; reading again from offset {Offset}, the last commit")]
    public static partial void Rewound(ILogger logger, string partition, long offset);

    [LoggerMessage(9, LogLevel.Error,
        "{Partition}: offset {Offset} is no longer in the log (its retention is shorter than this group was away, or the topic was made anew). What lay between is NOT counted; reading on from the earliest message that is left")]
    public static partial void Gone(ILogger logger, string partition, long offset);

    [LoggerMessage(10, LogLevel.Debug, "{Partition} is paused: {Waiting} messages wait for the accounts")]
    public static partial void Paused(ILogger logger, string partition, int waiting);

    [LoggerMessage(11, LogLevel.Debug, "{Partition} is resumed: {Waiting} messages wait for the accounts")]
    public static partial void Resumed(ILogger logger, string partition, int waiting);

    [LoggerMessage(EventId = 12, Message = "Offsets of the group {Group} could not be committed; tried again until it is done. {Reason}")]
    public static partial void CommitFailed(ILogger logger, LogLevel level, string group, string reason);

    [LoggerMessage(13, LogLevel.Warning, "{Partition}: what is unsaved cannot be told now; nothing of it is committed. {Reason}")]
    public static partial void UnsavedUnknown(ILogger logger, string partition, string reason, Exception exception);

    public static void Trouble(ILogger logger, string reason) => Trouble(logger, LogLevel.Warning, reason);

    [LoggerMessage(EventId = 14, Message = "Kafka: {Reason}")]
    public static partial void Trouble(ILogger logger, LogLevel level, string reason);

    [LoggerMessage(26, LogLevel.Warning, "Kafka answers again, after {Seconds:0.0} s")]
    public static partial void BrokersBack(ILogger logger, double seconds);

    [LoggerMessage(15, LogLevel.Critical, "Reading has ended, because {Reason}. Nothing that was not saved has been committed")]
    public static partial void Faulted(ILogger logger, string reason, Exception? exception);

    [LoggerMessage(16, LogLevel.Debug, "librdkafka: {Facility}: {Text}")]
    public static partial void Library(ILogger logger, string facility, string text);

    [LoggerMessage(17, LogLevel.Debug, "{Signals} native signals of {Partition} name another account than their message's key; the signal's own account counts")]
    public static partial void Misrouted(ILogger logger, int signals, string partition);

    [LoggerMessage(18, LogLevel.Warning, "{Partition} did not come to rest in {Seconds:0.0} s and is left as it is; what was not saved is read again")]
    public static partial void NotDrained(ILogger logger, string partition, double seconds);

    [LoggerMessage(19, LogLevel.Warning, "The committed offsets cannot be read: {Reason}. Asking again")]
    public static partial void CommittedUnknown(ILogger logger, string reason);

    [LoggerMessage(20, LogLevel.Debug, "Offsets are committed when the group {Group} has shared out its partitions anew: {Reason}")]
    public static partial void CommitWaits(ILogger logger, string group, string reason);

    [LoggerMessage(21, LogLevel.Warning,
        "{Partition}: what is stored ends before offset {Place}, and the group has committed {Committed}: the database is older than the commits. Reading again from {Place}; nothing is counted twice")]
    public static partial void Older(ILogger logger, string partition, long place, long committed);

    [LoggerMessage(22, LogLevel.Warning, "How far the log is stored cannot be asked now; reading of {Count} partitions begins when it can: {Reason}")]
    public static partial void PlacesUnknown(ILogger logger, int count, string reason);

    [LoggerMessage(23, LogLevel.Warning, "How far the log is stored could not be noted, so nothing is committed; tried again in the next round: {Reason}")]
    public static partial void PlacesNotKept(ILogger logger, string reason);

    [LoggerMessage(24, LogLevel.Information, "Offsets of the group {Group} are committed again")]
    public static partial void CommitsAgain(ILogger logger, string group);

    [LoggerMessage(25, LogLevel.Warning,
        "Kafka did not answer within {Seconds:0} s of leaving the group {Group}; left without it. What was stored and not committed is read again and not counted twice")]
    public static partial void NotClosed(ILogger logger, string group, double seconds);
}
