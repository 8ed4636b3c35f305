using Microsoft.Extensions.Logging;

namespace HealthGrains.Embedded;

/// <summary>What the host says to an operator.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information,
        "Recovered {Accounts} accounts and replayed {Signals} signals in {Seconds:0.0} s from {Directory}")]
    public static partial void Recovered(ILogger logger, int accounts, long signals, double seconds, string directory);

    [LoggerMessage(2, LogLevel.Information, "Stopped: {Accounts} accounts are stored, {Signals} signals were accepted over all time")]
    public static partial void Stopped(ILogger logger, int accounts, long signals);

    [LoggerMessage(3, LogLevel.Debug,
        "Checkpoint: {Rows} accounts written in {Seconds:0.0} s, recovery begins after journal entry {Sequence}")]
    public static partial void Checkpoint(ILogger logger, int rows, double seconds, long sequence);

    [LoggerMessage(4, LogLevel.Critical, "Stopping, because {Reason}. No unacknowledged request was taken in part")]
    public static partial void Faulted(ILogger logger, string reason, Exception exception);

    [LoggerMessage(5, LogLevel.Information, "Model {Version} is active, activated by {Actor}")]
    public static partial void ModelActivated(ILogger logger, string version, string actor);

    [LoggerMessage(6, LogLevel.Information,
        "An account was erased: {Signals} signals taken out of the journal, {Closes} daily closes removed")]
    public static partial void Erased(ILogger logger, int signals, int closes);

    [LoggerMessage(7, LogLevel.Warning, "The clock stands at {Clock:O}, before the last stored moment {Last:O}; time goes on from there")]
    public static partial void ClockBehind(ILogger logger, DateTimeOffset clock, DateTimeOffset last);

    [LoggerMessage(8, LogLevel.Debug, "Journal: {Entries} entries older than {Days} days reduced to their ids or removed")]
    public static partial void Pruned(ILogger logger, int entries, int days);
}
