using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace HealthGrains.Api.Http;

/// <summary>
/// A finished answer: status, bytes and the few headers that matter. Finished, so that it can be compared (ETag) and kept
/// (Idempotency-Key) without running anything again.
/// </summary>
internal sealed class Answer : IResult
{
    public int Status { get; init; } = StatusCodes.Status200OK;

    public string ContentType { get; init; } = "application/json; charset=utf-8";

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Opaque part of a weak ETag; null for none.</summary>
    public string? Tag { get; init; }

    public string? Location { get; init; }

    public static Answer Json<T>(T value, int status = StatusCodes.Status200OK, string? tag = null, string? location = null) => new()
    {
        Status = status,
        Body = JsonSerializer.SerializeToUtf8Bytes(value, Wire.InfoOf<T>()),
        Tag = tag,
        Location = location,
    };

    /// <summary>
    /// An answer whose ETag is its content without the times of evaluation: a list that was evaluated again and says the same
    /// is the same list.
    /// </summary>
    public static Answer Tagged<T>(T value)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value, Wire.InfoOf<T>());
        return new Answer { Body = body, Tag = ContentTag(body) };
    }

    public static Answer Text(string text, string contentType = "text/plain; charset=utf-8") =>
        new() { ContentType = contentType, Body = Encoding.UTF8.GetBytes(text) };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (Tag is not null)
        {
            response.Headers.ETag = $"W/\"{Tag}\"";
            response.Headers.CacheControl = "no-cache"; // keep it, but ask each time
            if (HttpMethods.IsGet(httpContext.Request.Method) && Matches(httpContext.Request))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }
        else
        {
            response.Headers.CacheControl = "no-store";
        }
        if (Location is not null) response.Headers.Location = Location;
        response.StatusCode = Status;
        if (Body.IsEmpty) return;
        response.ContentType = ContentType;
        response.ContentLength = Body.Length;
        await response.Body.WriteAsync(Body, httpContext.RequestAborted);
    }

    private bool Matches(HttpRequest request)
    {
        if (!EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch.OfType<string>().ToArray(), out var tags)) return false;
        foreach (var tag in tags)
            if (tag.Equals(EntityTagHeaderValue.Any) || tag.Tag.AsSpan().Trim('"').SequenceEqual(Tag)) return true;
        return false;
    }

    private static string ContentTag(ReadOnlySpan<byte> body)
    {
        // A quote inside a JSON string is escaped, so this pattern is always the property itself.
        var property = "\"asOf\":\""u8;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (true)
        {
            var at = body.IndexOf(property);
            if (at < 0) break;
            hash.AppendData(body[..at]);
            body = body[(at + property.Length)..];
            body = body[(body.IndexOf((byte)'"') + 1)..];
        }
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 10));
    }
}
