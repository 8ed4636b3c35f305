using Microsoft.Extensions.Logging;

namespace HealthGrains.Delivery;

/// <summary>What the delivery says to an operator. No text of a dispatch, no address of a person, no secret.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Delivering to {Receivers}")]
    public static partial void Started(ILogger logger, string receivers);

    [LoggerMessage(2, LogLevel.Warning, "{Receiver} ({Name}) is away; what is for it waits and nothing is lost. {Reason}")]
    public static partial void Away(ILogger logger, string receiver, string name, string reason);

    [LoggerMessage(3, LogLevel.Information, "{Receiver} ({Name}) is back, after {Seconds:0} s")]
    public static partial void Back(ILogger logger, string receiver, string name, double seconds);

    [LoggerMessage(4, LogLevel.Debug, "Delivery {Id} to {Receiver}: attempt {Attempt}: {Outcome}. {Reason}")]
    public static partial void Attempt(ILogger logger, string id, string receiver, int attempt, string outcome, string reason);

    [LoggerMessage(5, LogLevel.Warning, "Delivery {Id} to {Receiver} is a dead letter after {Attempts} attempts. {Reason}")]
    public static partial void Dead(ILogger logger, string id, string receiver, int attempts, string reason);

    [LoggerMessage(6, LogLevel.Warning, "{Count} deliveries to {Receiver} could not be made within {Time} and are dead letters")]
    public static partial void Expired(ILogger logger, int count, string receiver, TimeSpan time);

    [LoggerMessage(7, LogLevel.Warning, "The queue of {Receiver} cannot be read; asked again until it can. {Reason}")]
    public static partial void StoreAway(ILogger logger, string receiver, string reason);

    [LoggerMessage(8, LogLevel.Information, "The queue of {Receiver} can be read again")]
    public static partial void StoreBack(ILogger logger, string receiver);

    [LoggerMessage(9, LogLevel.Warning,
        "What came of delivery {Id} to {Receiver} could not be noted; it is sent once more, with the same id. {Reason}")]
    public static partial void NotNoted(ILogger logger, string id, string receiver, string reason);

    [LoggerMessage(10, LogLevel.Debug, "Delivery {Id} to {Receiver} took longer than its lease; whoever has it now says what came of it")]
    public static partial void LeaseLost(ILogger logger, string id, string receiver);

    [LoggerMessage(11, LogLevel.Information, "The local sink sends nothing; the latest {Count} of what would have gone out are in memory")]
    public static partial void KeptInMemory(ILogger logger, int count);

    [LoggerMessage(12, LogLevel.Information, "The local sink sends nothing; what would have gone out is in {Folder}")]
    public static partial void KeptInFolder(ILogger logger, string folder);

    [LoggerMessage(13, LogLevel.Warning, "There is no receiver '{Receiver}', and something is for it: it becomes a dead letter that says what to do")]
    public static partial void NoReceiver(ILogger logger, string receiver);
}
