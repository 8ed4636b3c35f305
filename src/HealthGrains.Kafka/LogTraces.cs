using System.Diagnostics;
using System.Text;
using Confluent.Kafka;

namespace HealthGrains.Kafka;

/// <summary>
/// Traces across the log: a message names the span that appended it (W3C Trace Context), and the batch that it is read in goes on
/// from there. A span a batch, never one a message; nothing is made or read while nobody listens.
/// </summary>
internal static class LogTraces
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "HealthGrains.Kafka";

    /// <summary>The header that names the span.</summary>
    public const string ParentHeader = "traceparent";

    private const int MostSpans = 16;
    private const int ParentLength = 55;

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Names the span under way, where it is recorded.</summary>
    public static void AddTo(Headers headers)
    {
        if (Activity.Current is { Recorded: true, Id: { } id, IdFormat: ActivityIdFormat.W3C })
            headers.Add(ParentHeader, Encoding.ASCII.GetBytes(id));
    }

    /// <summary>Notes which recorded span a message comes from: of a batch the first few are enough.</summary>
    public static void See(in LogMessage message, List<ActivityContext> spans)
    {
        if (message.Headers is null || spans.Count == MostSpans || !Source.HasListeners()) return;
        var named = message.Header(ParentHeader);
        if (named.Length < ParentLength) return;
        if (!ActivityContext.TryParse(Encoding.ASCII.GetString(named), null, isRemote: true, out var context)) return;
        if ((context.TraceFlags & ActivityTraceFlags.Recorded) == 0) return;
        foreach (var seen in spans)
            if (seen.TraceId == context.TraceId) return;
        spans.Add(context);
    }

    /// <summary>A batch goes on from the first span that it knows of and names the others; null when nobody listens.</summary>
    public static Activity? Begin(string name, LogPartition partition, MessageBatch batch)
    {
        if (!Source.HasListeners()) return null;
        var spans = batch.Spans;
        var activity = Source.StartActivity(name, ActivityKind.Consumer, spans.Count > 0 ? spans[0] : default,
            links: spans.Skip(1).Select(context => new ActivityLink(context)));
        activity?.SetTag("messaging.system", "kafka")
            .SetTag("messaging.destination.name", partition.Topic)
            .SetTag("messaging.batch.message_count", batch.Messages)
            .SetTag("healthgrains.count", batch.Signals.Count);
        return activity;
    }
}
