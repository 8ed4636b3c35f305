using System.Net;
using HealthGrains.Api.Dashboard;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>/: the dashboard for a browser, and for others where to look first. Any other endpoint at / takes precedence.</summary>
internal static class IndexResource
{
    private const string Missing =
        "The dashboard is not part of this build, for there was no Node when it was made. Install Node 20 or later and build again.";

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/", Index).WithOrder(int.MaxValue - 1).ExcludeFromDescription();

    private static IResult Index(HttpContext http)
    {
        if (DashboardResource.PageFor(http.Request) is { } page) return page;
        var here = $"{http.Request.Scheme}://{http.Request.Host}";
        var text = $$"""
            HealthGrains: real-time customer health

            Say that something happened (the first signal of an account creates it):

              curl -s {{here}}/v1/signals -d '{"id":"evt-1","account":"acme","source":"usage","kind":"login","subject":"u-17"}'

            Ask how the account is, and why:

              curl -s {{here}}/v1/accounts/acme
              curl -s {{here}}/v1/accounts/acme/ledger?since=7d

            Describe it (what it pays, when it renews, who owns it):

              curl -s -X PUT {{here}}/v1/accounts/acme -d '{"name":"Acme","tier":"enterprise","arr":120000,"renewalDate":"2027-06-30"}'

            Watch everything, as it happens:

              curl -sN {{here}}/v1/stream

            More: /v1/accounts  /v1/portfolio  /v1/alerts  /v1/models  /v1/held  /v1/audit  /v1/clock
            All routes: /openapi/v1.json    Health: /health/ready    Figures: /metrics
            """;
        if (!DashboardResource.AsksForPage(http.Request)) return Answer.Text(text + "\n");

        text += $"\n\n{Missing}";

        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        return Answer.Text(
            "<!doctype html><html lang=en><meta charset=utf-8><title>HealthGrains</title>"
            + "<style>body{margin:3rem;font:16px/1.5 ui-monospace,monospace}</style>"
            + $"<pre>{WebUtility.HtmlEncode(text)}</pre></html>",
            "text/html; charset=utf-8");
    }
}
