using HealthGrains.Hosting;
using HealthGrains.Plays;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>/v1/plays: playbooks being played.</summary>
internal static class PlaysResource
{
    private const string Tag = "Plays";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/v1/plays", ListAsync).Says(Tag, "listPlays", "Plays, the latest started first; without a state, those that are not over")
            .Takes(Desks.Parameters<PlayState>("Only those that this person does.")).Answers<Page<PlayView>>(400);
        api.MapPost("/v1/plays", StartAsync).Says(Tag, "startPlay", "Start a playbook on an account",
                "Refused where it is being played already or a guardrail forbids it; the refusal names the guardrail.")
            .Reads<StartPlayJson>().Answers<PlayView>(400, 404, 409).Writes();
        api.MapGet("/v1/plays/{id}", GetAsync).Says(Tag, "getPlay", "A play, over or not").Takes().Answers<PlayView>(404);
        api.MapPost("/v1/plays/{id}/steps/{step:int}/complete", (string id, int step, HttpContext http, [FromServices] IHealthGrains host) =>
                EndAsync(id, step, false, http, host))
            .Says(Tag, "completeStep", "A step is done; with what came of it").Reads<OutcomeJson>(required: false)
            .Answers<PlayView>(400, 404, 409).Writes();
        api.MapPost("/v1/plays/{id}/steps/{step:int}/skip", (string id, int step, HttpContext http, [FromServices] IHealthGrains host) =>
                EndAsync(id, step, true, http, host))
            .Says(Tag, "skipStep", "Leave a step out, with the reason").Reads<ReasonJson>().Answers<PlayView>(400, 404, 409).Writes();
        api.MapPost("/v1/plays/{id}/stop", StopAsync).Says(Tag, "stopPlay", "End a play, with the reason")
            .Reads<ReasonJson>().Answers<PlayView>(400, 404, 409).Writes();
        api.MapPost("/v1/plays/{id}/pause", (string id, HttpContext http, [FromServices] IHealthGrains host) =>
                HoldAsync(id, true, http, host))
            .Says(Tag, "pausePlay", "Hold a play: nothing falls due").Answers<PlayView>(404, 409).Writes();
        api.MapPost("/v1/plays/{id}/resume", (string id, HttpContext http, [FromServices] IHealthGrains host) =>
                HoldAsync(id, false, http, host))
            .Says(Tag, "resumePlay", "Let a play go on; its steps keep their distance").Answers<PlayView>(404, 409).Writes();
    }

    private static async Task<IResult> ListAsync(HttpContext http, [FromServices] IHealthGrains host) =>
        Answer.Tagged(await host.Desks.ListPlaysAsync(Desks.Read<PlayState>(http), http.RequestAborted));

    private static async Task<IResult> GetAsync(string id, HttpContext http, [FromServices] IHealthGrains host) =>
        Answer.Tagged(await host.Desks.GetPlayAsync(id, http.RequestAborted) ?? throw NoPlay(id));

    private static async Task<IResult> StartAsync(HttpContext http, [FromServices] IHealthGrains host)
    {
        var asked = await Desks.ReadAsync(http, fields => new StartPlayJson(fields.Needed("account"), fields.Needed("playbook")));
        AccountsResource.RequireId(asked.Account);
        var command = new StartPlay(Caller.Of(http), asked.Playbook);
        var id = await Desks.DoAsync(host, asked.Account, command, http, $"account '{asked.Account}'");
        return await PlayAsync(id, http, host);
    }

    private static async Task<IResult> EndAsync(string id, int step, bool skip, HttpContext http, IHealthGrains host)
    {
        var (account, number) = Of(id);
        var came = skip
            ? new OutcomeJson(null, await Desks.ReadAsync(http, fields => fields.Needed("reason", Desks.MaxText)))
            : await Desks.ReadAsync(http, Desks.Outcome, optional: true);
        var command = new EndStep(Caller.Of(http), number, step, skip, came.Outcome, came.Notes, came.Actions ?? []);
        return await PlayAsync(await Desks.DoAsync(host, account, command, http, $"play '{id}'"), http, host);
    }

    private static async Task<IResult> StopAsync(string id, HttpContext http, [FromServices] IHealthGrains host)
    {
        var (account, number) = Of(id);
        var reason = await Desks.ReadAsync(http, fields => fields.Needed("reason", Desks.MaxText));
        return await PlayAsync(
            await Desks.DoAsync(host, account, new StopPlay(Caller.Of(http), number, reason), http, $"play '{id}'"), http, host);
    }

    private static async Task<IResult> HoldAsync(string id, bool pause, HttpContext http, IHealthGrains host)
    {
        var (account, number) = Of(id);
        return await PlayAsync(
            await Desks.DoAsync(host, account, new HoldPlay(Caller.Of(http), number, pause), http, $"play '{id}'"), http, host);
    }

    private static async Task<IResult> PlayAsync(string id, HttpContext http, IHealthGrains host) =>
        Answer.Json(await host.Desks.GetPlayAsync(id, http.RequestAborted) ?? throw NoPlay(id));

    private static (string Account, int Number) Of(string id) =>
        DeskIds.TryReadPlay(id, out var account, out var number) ? (account, number) : throw NoPlay(id);

    private static Refusal NoPlay(string id) => new(ProblemKind.NotFound, $"there is no play '{id}'");
}
