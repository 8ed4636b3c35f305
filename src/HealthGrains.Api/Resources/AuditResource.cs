using HealthGrains.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>/v1/audit: who did what.</summary>
internal static class AuditResource
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/v1/audit", ListAsync).Says("Operation", "listAudit", "Who did what, newest first",
                "An erased account goes by a pseudonym; who knows its id finds its entries by it.")
            .Takes(
                new QueryParameter("account", "Only what was done to this account."),
                new QueryParameter("actor", "Only what this person did."),
                new QueryParameter("since", $"Only from then on: {Moments.RelativeRule}."),
                QueryParameter.Number("limit", "Rows a page; 50 when absent.", 1, 500),
                new QueryParameter("cursor", "The value of next of the page before."))
            .Answers<Page<AuditView>>(400);

    private static async Task<IResult> ListAsync(HttpContext http, [FromServices] IHealthGrains host)
    {
        var query = new QueryReader(http);
        var asked = new AuditQuery(
            query.Account("account"), query.Text("actor"), query.Moment("since", host.Clock.GetUtcNow()), query.Number("limit", 50),
            query.Text("cursor"));
        query.Check();
        return Answer.Tagged(await host.ListAuditAsync(asked, http.RequestAborted));
    }
}
