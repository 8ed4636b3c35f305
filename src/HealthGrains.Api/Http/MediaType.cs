using Microsoft.AspNetCore.Http;

namespace HealthGrains.Api.Http;

/// <summary>How a body says what it is.</summary>
internal static class MediaType
{
    private static readonly string[] Lines =
    [
        "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines", "application/jsonlines",
        "application/json-lines", "text/x-ndjson",
    ];

    /// <summary>Types that say nothing about the body: what clients send when nobody chose one (curl sends a form's).</summary>
    private static readonly string[] Unsaid =
        ["", "application/x-www-form-urlencoded", "application/octet-stream", "text/plain", "application/gzip", "application/x-gzip"];

    public static string Of(HttpRequest request)
    {
        var type = request.ContentType ?? "";
        var end = type.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? type : type[..end]).Trim().ToLowerInvariant();
    }

    public static bool IsLines(string type) => Lines.Contains(type);

    public static bool IsJson(string type) =>
        Unsaid.Contains(type) || type is "application/json" or "text/json" || type.EndsWith("+json", StringComparison.Ordinal);

    public static void RequireJson(HttpRequest request)
    {
        var type = Of(request);
        if (!IsJson(type)) throw Unsupported(type, "application/json");
    }

    public static Refusal Unsupported(string type, string accepted) =>
        Refusal.Of(ProblemKind.UnsupportedMediaType, "content-type", $"'{type}' is not accepted here; send {accepted}");
}
