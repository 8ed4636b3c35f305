using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace HealthGrains.Api.Dashboard;

/// <summary>Serves the dashboard: one page for all of its addresses, and what the page loads.</summary>
internal static class DashboardResource
{
    // The page speaks to this server alone, and nothing is written into it that runs.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    // What has its content's hash in its name never changes.
    private const string Forever = "public, max-age=31536000, immutable";

    public static void Map(IEndpointRouteBuilder api)
    {
        if (!DashboardFiles.ArePresent) return;
        api.MapGet("/accounts/{id}", (string id) => Page()).ExcludeFromDescription();
        foreach (var view in (string[])["/day", "/review", "/alerts", "/team", "/deliveries", "/handover"])
            api.MapGet(view, Page).ExcludeFromDescription();
        api.MapGet("/assets/{**path}", (string path) => Asset("assets/" + path)).ExcludeFromDescription();
    }

    /// <summary>The page; null where this build has none.</summary>
    public static IResult? PageFor(HttpRequest request) => DashboardFiles.ArePresent && AsksForPage(request) ? Page() : null;

    /// <summary>Whether whoever asks wants a page: a browser does, curl does not.</summary>
    public static bool AsksForPage(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static FileAnswer Page() => new(DashboardFiles.Find("index.html"), "no-cache", Policy);

    private static FileAnswer Asset(string path) =>
        new(DashboardFiles.Find(path), path.StartsWith("assets/", StringComparison.Ordinal) ? Forever : "no-cache", null);

    private sealed class FileAnswer(DashboardFile? file, string cache, string? policy) : IResult
    {
        public async Task ExecuteAsync(HttpContext http)
        {
            if (file is null)
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }
            var headers = http.Response.Headers;
            headers.CacheControl = cache;
            headers.Vary = HeaderNames.AcceptEncoding;
            if (policy is not null) headers.ContentSecurityPolicy = policy;
            var isPacked = file.Packed is not null
                && http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
            if (isPacked) headers.ContentEncoding = "gzip";
            var body = isPacked ? file.Packed!.Value : file.Bytes;
            http.Response.ContentType = file.ContentType;
            http.Response.ContentLength = body.Length;
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }
}
