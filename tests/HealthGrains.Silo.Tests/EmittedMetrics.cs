using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using HealthGrains.Grains;
using HealthGrains.Kafka;
using HealthGrains.Silo.Watching;
using Npgsql;

namespace HealthGrains.Silo.Tests;

/// <summary>The metrics that a node emits, by the names under which Prometheus has them after a collector.</summary>
internal static class EmittedMetrics
{
    /// <summary>What Orleans and ASP.NET Core have and operators look at; a running silo is asked whether it is so.</summary>
    public static readonly SentMetric[] Foreign =
    [
        new("orleans-consistent-ring-size", "", "gauge"),
        new("http.server.request.duration", "s", "histogram"),
    ];

    /// <summary>The names of a metric, as the collector writes them for Prometheus: OpenTelemetry's rules for compatibility.</summary>
    public static IEnumerable<string> NamesOf(SentMetric metric)
    {
        var name = string.Concat(metric.Name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));
        var unit = metric.Unit switch { "s" => "_seconds", "ms" => "_milliseconds", "By" => "_bytes", "1" when metric.Kind == "gauge" => "_ratio", _ => "" };
        if (!name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        return metric.Kind switch
        {
            "counter" => [name + "_total"],
            "histogram" => [name + "_bucket", name + "_sum", name + "_count"],
            _ => [name],
        };
    }

    /// <summary>Every instrument of the product, and those of .NET and Npgsql, as they are made in this process.</summary>
    public static IReadOnlyList<SentMetric> Made()
    {
        var made = new ConcurrentDictionary<SentMetric, string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
            made.TryAdd(new SentMetric(instrument.Name, instrument.Unit ?? "", KindOf(instrument)), instrument.Meter.Name);
        listener.Start();
        using var grains = new ClusterFigures();
        using var log = new KafkaFigures();
        // The instruments are made; they are asked for nothing.
        using var node = new NodeFigures(null!);
        using var database = NpgsqlDataSource.Create("Host=localhost");
        return [.. made.Where(one => one.Value.StartsWith("HealthGrains.", StringComparison.Ordinal) || one.Value is "System.Runtime" or "Npgsql")
            .Select(one => one.Key)];
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" or "ObservableCounter" => "counter",
        "UpDownCounter" or "ObservableUpDownCounter" => "updown",
        "Histogram" => "histogram",
        _ => "gauge",
    };
}
