using System.Net;
using HealthGrains.Api.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Api.Http;

/// <summary>
/// What goes around every request of the host: security headers, the rule that only this machine is served, and a problem for
/// every failure, also for those that never reach an endpoint.
/// </summary>
internal sealed class Pipeline(ApiSettings settings, ILogger<Pipeline> log) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(InvokeAsync);
        next(app);
    };

    private async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        try
        {
            if (settings.LocalOnly) RequireLocal(http.Request);
            if (HttpMethods.IsHead(http.Request.Method) && http.Request.Path != StreamResource.Path) await HeadAsync(http, next);
            else await next(http);
            if (http.Response.StatusCode >= 400 && IsEmpty(http.Response)) await ProblemWriter.WriteAsync(http, Explain(http));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; nobody reads an answer.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            await ProblemWriter.WriteAsync(http, Refusal.From(e) ?? Refusal.Fault(e, http.Request, log));
        }
    }

    /// <summary>HEAD is GET without the body (RFC 9110, 9.3.2). Not so the stream, which has no end that could be waited for.</summary>
    private static async Task HeadAsync(HttpContext http, RequestDelegate next)
    {
        var body = http.Response.Body;
        http.Response.Body = Stream.Null;
        http.Request.Method = HttpMethods.Get;
        try
        {
            await next(http);
        }
        finally
        {
            http.Request.Method = HttpMethods.Head;
            http.Response.Body = body;
        }
    }

    private static bool IsEmpty(HttpResponse response) =>
        !response.HasStarted && response.ContentType is null && response.ContentLength is null or 0;

    private static Refusal Explain(HttpContext http)
    {
        var request = http.Request;
        return http.Response.StatusCode switch
        {
            404 => new Refusal(ProblemKind.UnknownRoute, $"there is no {request.Path}; GET / and GET /openapi/v1.json list the routes"),
            405 => new Refusal(ProblemKind.MethodNotAllowed, $"{request.Path} offers {http.Response.Headers.Allow}, not {request.Method}"),
            var status => new Refusal(ProblemKind.ForStatus(status), "the server refused the request before reading it"),
        };
    }

    /// <summary>
    /// Without credentials a loopback address is the only protection, and a web page that rebinds its name to 127.0.0.1 or
    /// posts to it would get around it. Its requests name a foreign host or origin.
    /// </summary>
    private static void RequireLocal(HttpRequest request)
    {
        if (!IsLocal(request.Host.Host))
            throw new Refusal(ProblemKind.ForeignHost,
                $"host: '{request.Host.Host}' is not this machine; without credentials only localhost is served");
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0 || HttpMethods.IsGet(request.Method)) return;
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || !IsLocal(uri.Host))
            throw new Refusal(ProblemKind.ForeignHost,
                $"origin: '{origin}' is not this machine; without credentials only local pages may write");
    }

    private static bool IsLocal(string host) =>
        host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
