using HealthGrains.Delivery;
using HealthGrains.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>/v1/deliveries: what leaves the house.</summary>
internal static class DeliveriesResource
{
    private const string Tag = "Deliveries";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/v1/deliveries", ListAsync).Says(Tag, "listDeliveries", "What left or is to leave the house, newest first")
            .Takes(
                QueryParameter.OneOf<DeliveryState>("state", "Only those in this state."),
                new QueryParameter("receiver", "Only those to this receiver."),
                new QueryParameter("account", "Only those about this account."),
                new QueryParameter("owner", "Only those of this CSM's accounts."),
                QueryParameter.Number("limit", "Rows a page; 50 when absent.", 1, 500),
                new QueryParameter("cursor", "The value of next of the page before."))
            .Answers<Page<DeliveryRecord>>(400);
        api.MapPost("/v1/deliveries/{id}/retry", RetryAsync).Says(Tag, "retryDelivery", "Have a dead one tried again, at once")
            .Answers<DeliveryRecord>(404, 409).Writes();
        api.MapPost("/v1/deliveries/{id}/cancel", CancelAsync).Says(Tag, "cancelDelivery", "Call one back before it is sent, with the reason")
            .Reads<ReasonJson>().Answers<DeliveryRecord>(400, 404, 409).Writes();
    }

    private static async Task<IResult> ListAsync(HttpContext http, [FromServices] IHealthGrains host)
    {
        var query = new QueryReader(http);
        var asked = new DeliveryQuery(
            query.OneOf<DeliveryState>("state"), query.Text("receiver"), query.Account("account"), query.Text("owner"),
            query.Number("limit", 50), query.Text("cursor"));
        query.Check();
        return Answer.Tagged(await host.Desks.Deliveries.ListAsync(asked, http.RequestAborted));
    }

    private static async Task<IResult> RetryAsync(string id, HttpContext http, [FromServices] IHealthGrains host) =>
        Answer.Json(await host.Desks.Deliveries.RetryAsync(id, Caller.Of(http), Now(host), http.RequestAborted) ?? throw NoDelivery(id));

    private static async Task<IResult> CancelAsync(string id, HttpContext http, [FromServices] IHealthGrains host)
    {
        var reason = await Desks.ReadAsync(http, fields => fields.Needed("reason", Desks.MaxText));
        return Answer.Json(await host.Desks.Deliveries.CancelAsync(id, reason, Now(host), http.RequestAborted) ?? throw NoDelivery(id));
    }

    private static long Now(IHealthGrains host) => host.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static Refusal NoDelivery(string id) => new(ProblemKind.NotFound, $"there is no delivery '{id}'");
}
