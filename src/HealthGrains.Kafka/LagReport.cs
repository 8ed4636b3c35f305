using System.Text;
using System.Text.Json;

namespace HealthGrains.Kafka;

/// <summary>The lag of each partition, read from librdkafka's statistics.</summary>
internal static class LagReport
{
    /// <summary>
    /// Calls back for each partition that the statistics name; the lag is -1 while it is not known. Returns whether a broker is connected.
    /// </summary>
    public static bool Read(string statistics, Action<LogPartition, long> found)
    {
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(statistics));
        if (!document.RootElement.TryGetProperty("topics", out var topics)) return IsUp(document.RootElement);
        foreach (var topic in topics.EnumerateObject())
        {
            if (!topic.Value.TryGetProperty("partitions", out var partitions)) continue;
            foreach (var partition in partitions.EnumerateObject())
            {
                // -1 stands for what belongs to no partition.
                if (!int.TryParse(partition.Name, out var number) || number < 0) continue;
                var lag = partition.Value.TryGetProperty("consumer_lag", out var value) && value.TryGetInt64(out var known) ? known : -1;
                found(new LogPartition(topic.Name, number), lag);
            }
        }

        return IsUp(document.RootElement);
    }

    private static bool IsUp(JsonElement statistics) => statistics.TryGetProperty("brokers", out var brokers)
        && brokers.EnumerateObject().Any(broker => broker.Value.TryGetProperty("state", out var state) && state.ValueEquals("UP"));
}
