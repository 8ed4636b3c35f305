using System.Globalization;
using System.Text;
using HealthGrains.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>/health and /metrics: for operators and their machines.</summary>
internal static class HealthResource
{
    private const string Tag = "Operation";

    public static void Map(IEndpointRouteBuilder api)
    {
        // Live means that this process answers, and nothing else: a restart would not help whatever else is wrong.
        api.MapGet("/health/live", () => Answer.Json(new StatusJson("live")))
            .Says(Tag, "live", "Whether the process answers").Answers<StatusJson>();
        foreach (var name in (string[])["ready", "startup"])
            api.MapGet("/health/" + name, Ready).Says(Tag, name, "Whether the host takes signals and answers questions")
                .Answers<StatusJson>();
        api.MapGet("/metrics", Metrics).Says(Tag, "metrics", "Figures in Prometheus' text format").Produces<string>(200, "text/plain");
    }

    private static Answer Ready([FromServices] IHealthGrains host)
    {
        var status = host.Status;
        // Degraded is still ready: what all nodes share is away for all of them, and taking all of them out would help nobody.
        if (status.Ready) return Answer.Json(new StatusJson("ready", status.Accounts, status.Signals, status.Degraded));
        throw new Refusal(ProblemKind.NotReady, status.Reason ?? "the host is starting or stopping")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };
    }

    private static Answer Metrics([FromServices] IHealthGrains host)
    {
        var status = host.Status;
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["healthgrains_ready"] = status.Ready ? 1 : 0,
            ["healthgrains_degraded"] = status.Degraded.Count,
            ["healthgrains_accounts"] = status.Accounts,
            ["healthgrains_signals_total"] = status.Signals,
            ["healthgrains_api_body_bytes"] = PooledBody.Rented,
            ["healthgrains_api_streams"] = ChangeStream.Open,
            ["process_cpu_seconds_total"] = Environment.CpuUsage.TotalTime.TotalSeconds,
            ["process_resident_memory_bytes"] = Environment.WorkingSet,
            ["dotnet_gc_heap_bytes"] = GC.GetTotalMemory(forceFullCollection: false),
            ["dotnet_gc_collections_total"] = GC.CollectionCount(0),
            ["dotnet_gc_pause_seconds_total"] = GC.GetTotalPauseDuration().TotalSeconds,
        };
        foreach (var (name, value) in status.Figures) figures[NameOf(name)] = value;

        var text = new StringBuilder();
        foreach (var (name, value) in figures)
        {
            var kind = name.EndsWith("_total", StringComparison.Ordinal) ? "counter" : "gauge";
            text.Append("# TYPE ").Append(name).Append(' ').Append(kind).Append('\n');
            text.Append(name).Append(' ').Append(ValueOf(value)).Append('\n');
        }
        return Answer.Text(text.ToString(), "text/plain; version=0.0.4; charset=utf-8");
    }

    /// <summary>An OpenTelemetry name (dots) as a Prometheus one (underscores).</summary>
    private static string NameOf(string name)
    {
        var text = string.Create(name.Length, name, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = char.IsAsciiLetterOrDigit(source[i]) || source[i] == ':' ? source[i] : '_';
        });
        return text.Length == 0 || char.IsAsciiDigit(text[0]) ? "_" + text : text;
    }

    private static string ValueOf(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
