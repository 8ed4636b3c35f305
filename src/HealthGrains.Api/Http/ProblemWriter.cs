using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace HealthGrains.Api.Http;

/// <summary>Writes a refusal as RFC 9457 problem details.</summary>
internal static class ProblemWriter
{
    public const string ContentType = "application/problem+json";

    public static async Task WriteAsync(HttpContext http, Refusal refusal)
    {
        var response = http.Response;
        response.StatusCode = refusal.Kind.Status;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        if (refusal.RetryAfter is { } wait)
        {
            // Whole seconds are all that the header can say; never 0, which would invite a tight loop.
            var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        var body = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(body, Wire.WriterOptions)) Write(writer, refusal, http);
        response.ContentLength = body.WrittenCount;
        if (!HttpMethods.IsHead(http.Request.Method)) await response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }

    private static void Write(Utf8JsonWriter writer, Refusal refusal, HttpContext http)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, refusal.Kind.Type);
        writer.WriteString("title"u8, refusal.Kind.Title);
        writer.WriteNumber("status"u8, refusal.Kind.Status);
        writer.WriteString("detail"u8, refusal.Message);
        if (refusal.Errors.Count > 0)
        {
            writer.WriteStartArray("errors"u8);
            foreach (var error in refusal.Errors) Write(writer, error);
            writer.WriteEndArray();
        }
        writer.WriteString("traceId"u8, Activity.Current?.Id ?? http.TraceIdentifier);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, in FieldError error)
    {
        writer.WriteStartObject();
        if (error.Index is { } index) writer.WriteNumber("index"u8, index);
        if (error.Line is { } line) writer.WriteNumber("line"u8, line);
        writer.WriteString("field"u8, error.Field);
        writer.WriteString("reason"u8, error.Reason);
        writer.WriteEndObject();
    }
}
