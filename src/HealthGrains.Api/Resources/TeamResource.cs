using HealthGrains.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>/v1/team: how alerts reach the people of the team, and how soon they deal with them.</summary>
internal static class TeamResource
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/v1/team", GetAsync).Says("Team", "getTeam",
                "Alerts pushed to each CSM against the budget, and times to acknowledge and to resolve, of the last 28 days",
                "Urgent alerts stand outside the budget and are counted beside it. Times are from when an alert was raised.")
            .Takes().Answers<TeamView>();

    private static async Task<IResult> GetAsync(HttpContext http, [FromServices] IHealthGrains host)
    {
        new QueryReader(http).Check();
        return Answer.Tagged(await host.Desks.GetTeamAsync(http.RequestAborted));
    }
}
