using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Silo.Tests;

/// <summary>A span as it was sent.</summary>
internal sealed record SentSpan(string Trace, string Id, string Parent, string Name, string Scope);

/// <summary>A metric as it was sent: kind is gauge, counter, updown or histogram.</summary>
internal sealed record SentMetric(string Name, string Unit, string Kind);

/// <summary>The end of OTLP over HTTP: takes what is sent and reads of it what tests look at.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly List<SentSpan> _spans = [];
    private readonly HashSet<SentMetric> _metrics = [];
    private readonly HashSet<string> _resource = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OtlpReceiver(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public IReadOnlyList<SentSpan> Spans
    {
        get
        {
            lock (_gate) return [.. _spans];
        }
    }

    public IReadOnlyCollection<SentMetric> Metrics
    {
        get
        {
            lock (_gate) return [.. _metrics];
        }
    }

    /// <summary>The resource's attributes, as name=value.</summary>
    public IReadOnlyCollection<string> Resource
    {
        get
        {
            lock (_gate) return [.. _resource];
        }
    }

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.MapPost("/v1/traces", http => receiver.TakeAsync(http, receiver.ReadSpans));
        receiver._app.MapPost("/v1/metrics", http => receiver.TakeAsync(http, receiver.ReadMetrics));
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>The environment of a node that sends here, soon.</summary>
    public (string Name, string Value)[] Environment() =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"), ("OTEL_METRIC_EXPORT_INTERVAL", "250"),
    ];

    /// <summary>Waits until what was sent is enough.</summary>
    public async Task UntilAsync(Func<bool> enough, string what)
    {
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            Task more;
            lock (_gate) more = _more.Task;
            if (enough()) return;
            try
            {
                await more.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"{what} did not come; spans: {string.Join(", ", Spans.Select(span => span.Name).Distinct())}; "
                    + $"metrics: {string.Join(", ", Metrics.Select(metric => metric.Name).Order())}");
            }
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http, Action<byte[]> read)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        lock (_gate)
        {
            read(body.ToArray());
            _more.TrySetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        http.Response.ContentType = "application/x-protobuf";
    }

    // The numbers are those of opentelemetry-proto: trace.proto and metrics.proto.
    private void ReadSpans(byte[] request)
    {
        foreach (var resource in Fields(request, 1))
        {
            ReadResource(resource);
            foreach (var scope in Fields(resource, 2))
                foreach (var span in Fields(scope, 2))
                    _spans.Add(new SentSpan(Hex(span, 1), Hex(span, 2), Hex(span, 4), Text(span, 5), ScopeOf(scope)));
        }
    }

    private void ReadMetrics(byte[] request)
    {
        foreach (var resource in Fields(request, 1))
        {
            ReadResource(resource);
            foreach (var scope in Fields(resource, 2))
                foreach (var metric in Fields(scope, 2))
                    _metrics.Add(new SentMetric(Text(metric, 1), Text(metric, 3), KindOf(metric)));
        }
    }

    private void ReadResource(byte[] resource)
    {
        foreach (var attributes in Fields(resource, 1))
            foreach (var attribute in Fields(attributes, 1))
                foreach (var value in Fields(attribute, 2))
                    _resource.Add($"{Text(attribute, 1)}={Text(value, 1)}");
    }

    private static string ScopeOf(byte[] scope) => Fields(scope, 1).Select(one => Text(one, 1)).FirstOrDefault("");

    private static string KindOf(byte[] metric)
    {
        if (Fields(metric, 9).Any() || Fields(metric, 10).Any()) return "histogram";
        if (Fields(metric, 5).Any()) return "gauge";
        return Varints(Fields(metric, 7).First(), 3).FirstOrDefault() == 1 ? "counter" : "updown";
    }

    private static string Text(byte[] message, int number) => Encoding.UTF8.GetString(Fields(message, number).FirstOrDefault([]));

    private static string Hex(byte[] message, int number) => Convert.ToHexStringLower(Fields(message, number).FirstOrDefault([]));

    private static IEnumerable<byte[]> Fields(byte[] message, int number) =>
        Read(message).Where(field => field.Number == number && field.Bytes is not null).Select(field => field.Bytes!);

    private static IEnumerable<ulong> Varints(byte[] message, int number) =>
        Read(message).Where(field => field.Number == number && field.Bytes is null).Select(field => field.Value);

    private static List<(int Number, byte[]? Bytes, ulong Value)> Read(byte[] message)
    {
        var fields = new List<(int, byte[]?, ulong)>();
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            var number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0: fields.Add((number, null, Varint(message, ref at))); break;
                case 1: at += 8; break;
                case 5: at += 4; break;
                default:
                    var length = (int)Varint(message, ref at);
                    fields.Add((number, message[at..(at + length)], 0));
                    at += length;
                    break;
            }
        }
        return fields;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var one = message[at++];
            value |= (ulong)(one & 0x7f) << shift;
            if (one < 0x80) return value;
        }
    }
}
