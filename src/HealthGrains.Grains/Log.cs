using Microsoft.Extensions.Logging;

namespace HealthGrains.Grains;

/// <summary>What an operator reads.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Count} accounts could not be stored and are tried again: {Reason}")]
    public static partial void SaveFailed(ILogger logger, int count, string reason, Exception fault);

    [LoggerMessage(2, LogLevel.Warning, "Shard {Shard} could not be swept and is tried again: {Reason}")]
    public static partial void SweepFailed(ILogger logger, int shard, string reason, Exception fault);

    [LoggerMessage(3, LogLevel.Warning, "Changes could not be told to watchers, who see them when they next ask: {Reason}")]
    public static partial void PublishFailed(ILogger logger, string reason, Exception fault);

    [LoggerMessage(4, LogLevel.Warning, "The directory of names and identities could not be refreshed and is tried again: {Reason}")]
    public static partial void DirectoryFailed(ILogger logger, string reason, Exception fault);

    [LoggerMessage(5, LogLevel.Information, "Model {Model} activated by {Actor}")]
    public static partial void ModelActivated(ILogger logger, string model, string actor);

    [LoggerMessage(6, LogLevel.Warning, "This node hears of new rulings late: {Reason}")]
    public static partial void WatchFailed(ILogger logger, string reason, Exception fault);

    [LoggerMessage(7, LogLevel.Warning, "Account {Account} is tried again, attempt {Attempt}: {Reason}")]
    public static partial void Retry(ILogger logger, string account, int attempt, string reason);

    [LoggerMessage(8, LogLevel.Warning, "Account {Account} could not be woken and stays due: {Reason}")]
    public static partial void WakeFailed(ILogger logger, string account, string reason, Exception fault);

    [LoggerMessage(9, LogLevel.Error, "{Count} accounts were not stored; whoever sent them tries again: {Reason}")]
    public static partial void WriteFailed(ILogger logger, int count, string reason, Exception fault);

    [LoggerMessage(20, LogLevel.Warning, "Message {Number} of {Actor} to {Receiver} was not delivered and is tried again: {Reason}")]
    public static partial void DeliveryFailed(ILogger logger, string actor, long number, string receiver, string reason, Exception fault);

    [LoggerMessage(21, LogLevel.Warning, "The reminder of {Actor} could not be moved; it comes too early: {Reason}")]
    public static partial void ReminderFailed(ILogger logger, string actor, string reason, Exception fault);
}
