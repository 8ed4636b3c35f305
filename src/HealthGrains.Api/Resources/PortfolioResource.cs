using HealthGrains.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>/v1/portfolio, its facets, /v1/sources and /v1/clock.</summary>
internal static class PortfolioResource
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/v1/portfolio", GetAsync).Says("Portfolio", "getPortfolio", "Counts and ARR by band, ARR at risk, movers of 7 days",
                "Money is totalled by currency and never converted.")
            .Takes(new QueryParameter("owner", "Only this CSM's book.")).Answers<PortfolioView>(400);
        api.MapGet("/v1/portfolio/facets", FacetsAsync).Says("Portfolio", "getFacets",
                "Owners, segments and tiers, with how many active accounts each has",
                "Accounts without an owner or a segment are in no list.")
            .Takes().Answers<PortfolioFacets>();
        api.MapGet("/v1/sources", SourcesAsync).Says("Portfolio", "getSources",
                "How each source does over all accounts: which one is silent for all",
                "A source that is silent for so many accounts at once is a broken connection and not customers who left. It is told here, "
                + "once on the stream (source.silent, source.back) and once in the team's chat; what it does not tell moves no score and "
                + "raises no alert.")
            .Takes().Answers<SourcesView>();
        api.MapGet("/v1/clock", Clock).Says("Portfolio", "getClock", "The host's now, and whether it is wall time or simulated")
            .Takes().Answers<ClockJson>();
    }

    private static async Task<IResult> GetAsync(HttpContext http, [FromServices] IHealthGrains host)
    {
        var query = new QueryReader(http);
        var owner = query.Text("owner");
        query.Check();
        return Answer.Tagged(await host.GetPortfolioAsync(owner, http.RequestAborted));
    }

    private static async Task<IResult> FacetsAsync(HttpContext http, [FromServices] IHealthGrains host)
    {
        new QueryReader(http).Check();
        return Answer.Tagged(await host.GetFacetsAsync(http.RequestAborted));
    }

    private static async Task<IResult> SourcesAsync(HttpContext http, [FromServices] IHealthGrains host)
    {
        new QueryReader(http).Check();
        return Answer.Tagged(await host.GetSourcesAsync(http.RequestAborted));
    }

    private static Answer Clock([FromServices] IHealthGrains host) =>
        Answer.Json(new ClockJson(host.Clock.GetUtcNow(), host.ClockKind));
}
