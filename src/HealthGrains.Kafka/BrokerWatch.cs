using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Kafka;

/// <summary>Whether any broker answers; says once that none does, and once that one does again.</summary>
internal sealed class BrokerWatch(ILogger logger, TimeProvider clock)
{
    private long _since;

    /// <summary>For how long none has answered; null when one does.</summary>
    public TimeSpan? Away => Interlocked.Read(ref _since) is var since and not 0 ? clock.GetElapsedTime(since) : null;

    /// <summary>Whether an error is about the way to the brokers.</summary>
    public static bool IsAbout(ErrorCode code) =>
        code is ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Transport or ErrorCode.Local_Resolve;

    /// <summary>librdkafka has said that something is wrong.</summary>
    public void Told(Error error, string reason)
    {
        var isNew = error.Code == ErrorCode.Local_AllBrokersDown
            && Interlocked.CompareExchange(ref _since, clock.GetTimestamp(), 0) == 0;
        var known = !isNew && Away is not null && IsAbout(error.Code);
        Log.Trouble(logger, known ? LogLevel.Debug : LogLevel.Warning, reason);
    }

    /// <summary>The statistics say whether a broker is connected.</summary>
    public void Seen(bool isUp)
    {
        if (!isUp || Away is not { } away) return;
        Interlocked.Exchange(ref _since, 0);
        Log.BrokersBack(logger, away.TotalSeconds);
    }
}
