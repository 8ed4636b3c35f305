using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Kafka;

/// <summary>
/// Whether any broker answers the readers; says once that none does, when the first of them finds it, and once that one does again, when
/// all of them do.
/// </summary>
internal sealed class BrokerWatch(ILogger logger, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _without = new(StringComparer.Ordinal);
    private long _since;

    /// <summary>For how long there has been a topic whose reader no broker answers; null when one answers all of them.</summary>
    public TimeSpan? Away
    {
        get
        {
            lock (_gate) return _without.Count > 0 ? clock.GetElapsedTime(_since) : null;
        }
    }

    /// <summary>Whether an error is about the way to the brokers.</summary>
    public static bool IsAbout(ErrorCode code) =>
        code is ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Transport or ErrorCode.Local_Resolve;

    /// <summary>librdkafka has said to the reader of a topic that something is wrong.</summary>
    public void Told(string topic, Error error, string reason)
    {
        var isNew = error.Code == ErrorCode.Local_AllBrokersDown && IsFirst(topic);
        var known = !isNew && Away is not null && IsAbout(error.Code);
        Log.Trouble(logger, known ? LogLevel.Debug : LogLevel.Warning, reason);
    }

    /// <summary>The statistics of a topic's reader say whether a broker is connected.</summary>
    public void Seen(string topic, bool isUp)
    {
        if (!isUp) return;
        TimeSpan away;
        lock (_gate)
        {
            if (!_without.Remove(topic) || _without.Count > 0) return;
            away = clock.GetElapsedTime(_since);
        }
        Log.BrokersBack(logger, away.TotalSeconds);
    }

    private bool IsFirst(string topic)
    {
        lock (_gate)
        {
            if (!_without.Add(topic) || _without.Count > 1) return false;
            _since = clock.GetTimestamp();
            return true;
        }
    }
}
