using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace HealthGrains.Api.Http;

/// <summary>Reads whole bodies: bounded, unpacked, into rented buffers.</summary>
internal static class Body
{
    /// <summary>The largest body of signals, unpacked, in bytes.</summary>
    public const int SignalsLimit = 32 * 1024 * 1024;

    /// <summary>The largest body of anything else, in bytes.</summary>
    public const int DocumentLimit = 1024 * 1024;

    private static readonly JsonDocumentOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = 32,
    };

    public static async ValueTask<PooledBody> ReadAsync(HttpContext http, int limit)
    {
        var encoding = http.Request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();
        if (encoding is not ("" or "identity" or "gzip" or "x-gzip"))
            throw Refusal.Of(ProblemKind.UnsupportedMediaType, "content-encoding", $"'{encoding}' is not one of gzip, identity");

        var body = await ReadRawAsync(http, limit);
        if (encoding is "" or "identity") return body;
        using (body)
        {
            try
            {
                return Gzip.Unpack(body, limit);
            }
            catch (InvalidDataException e)
            {
                throw Unreadable("the body is not a whole gzip stream", e);
            }
        }
    }

    /// <summary>A JSON object; refused precisely when it is not one.</summary>
    public static async ValueTask<JsonDocument> ReadObjectAsync(HttpContext http, bool optional = false)
    {
        MediaType.RequireJson(http.Request);
        using var body = await ReadAsync(http, DocumentLimit);
        if (optional && body.Memory.Span.Trim(" \t\r\n"u8).IsEmpty) return JsonDocument.Parse("{}");
        try
        {
            // A copy, because the document outlives the rented buffer.
            var document = JsonDocument.Parse(body.Memory.ToArray(), Lenient);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
            throw new Refusal(ProblemKind.UnreadableBody, "the body must be one JSON object",
                [new FieldError("", "the body must be one JSON object")]);
        }
        catch (JsonException e)
        {
            throw Unreadable(e);
        }
    }

    public static Refusal Unreadable(JsonException e) =>
        Unreadable($"not JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}", e);

    public static Refusal Unreadable(string reason, Exception? cause = null) =>
        new(ProblemKind.UnreadableBody, reason, [new FieldError("", reason)], cause);

    private static async ValueTask<PooledBody> ReadRawAsync(HttpContext http, int limit)
    {
        var request = http.Request;
        if (request.ContentLength > limit) throw PooledBody.TooLarge(limit);
        // The server's own limit is for routes that do not count; this one counts, and answers in its own words.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = (long)limit + 1;

        var body = new PooledBody(request.ContentLength ?? 0, limit);
        try
        {
            while (true)
            {
                var read = await request.Body.ReadAsync(body.Room(), http.RequestAborted);
                if (read == 0) return body;
                body.Advance(read);
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }
}
