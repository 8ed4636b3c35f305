using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>/v1/accounts/{id}/desk and /override: what people do for one account.</summary>
internal static class DeskResource
{
    private const string Tag = "Accounts";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/v1/accounts/{id}/desk", GetAsync).Says(Tag, "getDesk", "An account's plays, drafts, tasks, and what was tried before")
            .Takes().Answers<DeskView>(400, 404);
        api.MapPut("/v1/accounts/{id}/override", SetAsync).Says(Tag, "setOverride",
                "Say something against the computed score, with a reason and until a time; shown beside it, never instead of it")
            .Reads<OverrideJson>().Answers<DeskView>(400, 404).Writes();
        api.MapDelete("/v1/accounts/{id}/override", ClearAsync).Says(Tag, "clearOverride", "Take it back")
            .Answers<DeskView>(400, 404).Writes();
    }

    private static async Task<IResult> GetAsync(string id, HttpContext http, [FromServices] IHealthGrains host) =>
        Answer.Tagged(await host.Desks.GetDeskAsync(AccountsResource.RequireId(id), http.RequestAborted) ?? throw Refusal.NoAccount(id));

    private static async Task<IResult> SetAsync(string id, HttpContext http, [FromServices] IHealthGrains host)
    {
        var command = await Desks.ReadAsync(http, fields =>
        {
            var (band, score) = (fields.OneOf<Band>("band"), fields.Money("score", 100));
            if (band is null && score is null && !fields.Has("band", out _) && !fields.Has("score", out _))
                fields.Fault("band", "give a band, a score, or both");
            if (fields.Moment("until") is not { } until)
            {
                if (!fields.Has("until", out _)) fields.Fault("until", "missing");
                until = default;
            }
            return new SetOverride(
                Caller.Of(http), band, (double?)score, fields.Needed("reason", Desks.MaxText), until.ToUnixTimeMilliseconds());
        });
        return await DoAsync(id, command, http, host);
    }

    private static Task<IResult> ClearAsync(string id, HttpContext http, [FromServices] IHealthGrains host) =>
        DoAsync(id, new SetOverride(Caller.Of(http), null, null, "", 0), http, host);

    private static async Task<IResult> DoAsync(string id, DeskCommand command, HttpContext http, IHealthGrains host)
    {
        await Desks.DoAsync(host, AccountsResource.RequireId(id), command, http, $"account '{id}'");
        return Answer.Json(await host.Desks.GetDeskAsync(id, http.RequestAborted) ?? throw Refusal.NoAccount(id));
    }
}
