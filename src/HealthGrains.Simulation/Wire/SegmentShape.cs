using System.Text.Json;
using HealthGrains.Signals;

namespace HealthGrains.Simulation;

/// <summary>Segment's HTTP tracking calls as its libraries send them: track, page, identify and group.</summary>
internal static class SegmentShape
{
    /// <summary>Writes the call that an event is.</summary>
    public static void Write(Utf8JsonWriter json, in SimulatedEvent happened)
    {
        json.WriteStartObject();
        json.WriteString("messageId"u8, happened.Id);
        WireWriter.WriteTime(json, "timestamp"u8, happened.At);
        json.WriteString("userId"u8, happened.Subject);
        switch (happened.Format)
        {
            case WireFormat.SegmentPage: WritePage(json, happened); break;
            case WireFormat.SegmentIdentify: WriteIdentify(json, happened); break;
            case WireFormat.SegmentGroup: WriteGroup(json, happened); break;
            default: WriteTrack(json, happened); break;
        }
        json.WriteStartObject("context"u8);
        json.WriteStartObject("library"u8);
        json.WriteString("name"u8, "analytics.js"u8);
        json.WriteString("version"u8, "4.1.0"u8);
        json.WriteEndObject();
        json.WriteString("groupId"u8, happened.Of.SegmentId);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTrack(Utf8JsonWriter json, in SimulatedEvent happened)
    {
        json.WriteString("type"u8, "track"u8);
        json.WriteString("event"u8, happened.Kind switch
        {
            SignalKind.Login => "Logged In",
            SignalKind.FeatureUsed => "Feature Used",
            SignalKind.SessionEnded => "Session Ended",
            SignalKind.WorkflowCompleted => "Workflow Completed",
            _ => throw new InvalidOperationException($"{happened.Kind} is not tracked"),
        });
        json.WriteStartObject("properties"u8);
        switch (happened.Kind)
        {
            case SignalKind.FeatureUsed:
                json.WriteString("feature"u8, happened.Name);
                json.WriteNumber("count"u8, happened.Value);
                break;
            case SignalKind.SessionEnded:
                json.WriteNumber("minutes"u8, happened.Value);
                break;
            case SignalKind.WorkflowCompleted:
                json.WriteString("workflow"u8, happened.Name);
                break;
        }
        json.WriteEndObject();
    }

    private static void WritePage(Utf8JsonWriter json, in SimulatedEvent happened)
    {
        json.WriteString("type"u8, "page"u8);
        json.WriteString("name"u8, happened.Name);
        json.WriteStartObject("properties"u8);
        json.WriteString("path"u8, $"/{happened.Name}");
        json.WriteEndObject();
    }

    private static void WriteIdentify(Utf8JsonWriter json, in SimulatedEvent happened)
    {
        json.WriteString("type"u8, "identify"u8);
        json.WriteStartObject("traits"u8);
        json.WriteString("plan"u8, happened.Of.Profile.Plan);
        json.WriteEndObject();
    }

    private static void WriteGroup(Utf8JsonWriter json, in SimulatedEvent happened)
    {
        json.WriteString("type"u8, "group"u8);
        json.WriteString("groupId"u8, happened.Of.SegmentId);
        json.WriteStartObject("traits"u8);
        json.WriteString("name"u8, happened.Of.Profile.Name);
        json.WriteString("industry"u8, happened.Of.Profile.Segment);
        json.WriteEndObject();
    }
}
