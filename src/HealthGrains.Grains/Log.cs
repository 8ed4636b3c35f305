using Microsoft.Extensions.Logging;

namespace HealthGrains.Grains;

/// <summary>What an operator reads.</summary>
internal static partial class Log
{
    // A store that is away is told of once, by its watch; what hangs on it is for who looks closer.
    private static LogLevel Level(Exception fault, LogLevel otherwise) =>
        Storage.StoreWatch.IsAway(fault) ? LogLevel.Debug : otherwise;

    public static void SaveFailed(ILogger logger, int count, string reason, Exception fault) =>
        SaveFailed(logger, Level(fault, LogLevel.Warning), count, reason, fault);

    public static void SweepFailed(ILogger logger, int shard, string reason, Exception fault) =>
        SweepFailed(logger, Level(fault, LogLevel.Warning), shard, reason, fault);

    public static void CountFailed(ILogger logger, string reason, Exception fault) =>
        CountFailed(logger, Level(fault, LogLevel.Warning), reason, fault);

    public static void DirectoryFailed(ILogger logger, string reason, Exception fault) =>
        DirectoryFailed(logger, Level(fault, LogLevel.Warning), reason, fault);

    public static void WakeFailed(ILogger logger, string account, string reason, Exception fault) =>
        WakeFailed(logger, Level(fault, LogLevel.Warning), account, reason, fault);

    public static void WriteFailed(ILogger logger, int count, string reason, Exception fault) =>
        WriteFailed(logger, Level(fault, LogLevel.Error), count, reason, fault);

    [LoggerMessage(EventId = 1, Message = "{Count} accounts could not be stored and are tried again: {Reason}")]
    private static partial void SaveFailed(ILogger logger, LogLevel level, int count, string reason, Exception fault);

    [LoggerMessage(EventId = 2, Message = "Shard {Shard} could not be swept and is tried again: {Reason}")]
    private static partial void SweepFailed(ILogger logger, LogLevel level, int shard, string reason, Exception fault);

    [LoggerMessage(EventId = 25, Message = "The tenant's accounts could not be counted, and are tried again: {Reason}")]
    private static partial void CountFailed(ILogger logger, LogLevel level, string reason, Exception fault);

    [LoggerMessage(3, LogLevel.Warning, "Changes could not be told to watchers, who see them when they next ask: {Reason}")]
    public static partial void PublishFailed(ILogger logger, string reason, Exception fault);

    [LoggerMessage(EventId = 4, Message = "The directory of names and identities could not be refreshed and is tried again: {Reason}")]
    private static partial void DirectoryFailed(ILogger logger, LogLevel level, string reason, Exception fault);

    [LoggerMessage(5, LogLevel.Information, "Model {Model} activated by {Actor}")]
    public static partial void ModelActivated(ILogger logger, string model, string actor);

    [LoggerMessage(6, LogLevel.Warning, "This node hears of new rulings late: {Reason}")]
    public static partial void WatchFailed(ILogger logger, string reason, Exception fault);

    [LoggerMessage(7, LogLevel.Warning,
        "{Count} calls to accounts were not answered and are made again, {Account}'s among them: {Reason}")]
    public static partial void Retries(ILogger logger, int count, string account, string reason);

    [LoggerMessage(12, LogLevel.Debug, "Account {Account} is tried again: {Reason}")]
    public static partial void Retry(ILogger logger, string account, string reason);

    [LoggerMessage(EventId = 8, Message = "Account {Account} could not be woken and stays due: {Reason}")]
    private static partial void WakeFailed(ILogger logger, LogLevel level, string account, string reason, Exception fault);

    [LoggerMessage(EventId = 9, Message = "{Count} accounts were not stored; whoever sent them tries again: {Reason}")]
    private static partial void WriteFailed(ILogger logger, LogLevel level, int count, string reason, Exception fault);

    [LoggerMessage(10, LogLevel.Error,
        "The database does not answer; what is in memory is still answered, nothing is stored, and all of it goes on by itself when it does: {Reason}")]
    public static partial void StoreGone(ILogger logger, string reason);

    [LoggerMessage(11, LogLevel.Warning, "The database answers again, after {Seconds:0.0} s")]
    public static partial void StoreBack(ILogger logger, double seconds);

    [LoggerMessage(12, LogLevel.Debug, "Whether anybody watches changes cannot be asked, so they are sent: {Reason}")]
    public static partial void WatchersUnknown(ILogger logger, string reason);

    [LoggerMessage(13, LogLevel.Warning, "The silos could not be told that somebody watches here; what changes may be shown late: {Reason}")]
    public static partial void WatchersNotTold(ILogger logger, string reason);

    [LoggerMessage(20, LogLevel.Warning, "Message {Number} of {Actor} to {Receiver} was not delivered and is tried again: {Reason}")]
    public static partial void DeliveryFailed(ILogger logger, string actor, long number, string receiver, string reason, Exception fault);

    [LoggerMessage(21, LogLevel.Warning, "The reminder of {Actor} could not be moved; it comes too early: {Reason}")]
    public static partial void ReminderFailed(ILogger logger, string actor, string reason, Exception fault);

    [LoggerMessage(22, LogLevel.Information, "The desk of account {Account} could not be told to look; it is with the account's next turn: {Reason}")]
    public static partial void DeskNotTold(ILogger logger, string account, string reason);

    [LoggerMessage(23, LogLevel.Error, "The desk of account {Account} cannot be read, so nothing is done there: {Reason}")]
    public static partial void DeskDamaged(ILogger logger, string account, string reason, Exception fault);

    [LoggerMessage(24, LogLevel.Error,
        "Change {Number} of the practice does not hold for this build, which goes on without it: {Problem}")]
    public static partial void PracticeRefused(ILogger logger, long number, string problem);
}
