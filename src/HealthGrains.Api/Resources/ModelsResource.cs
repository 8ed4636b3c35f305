using HealthGrains.Health;
using HealthGrains.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>/v1/models: the versions of the health model. Rolling back is activating an older one.</summary>
internal static class ModelsResource
{
    private const string Tag = "Models";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/v1/models", ListAsync).Says(Tag, "listModels", "The health models, the active one marked")
            .Takes().Answers<Page<VersionView>>();
        api.MapGet("/v1/models/{version}", GetAsync).Says(Tag, "getModel", "A health model's data")
            .Takes().Answers<HealthModel>(404);
        api.MapPost("/v1/models/{version}/activate", ActivateAsync).Says(Tag, "activateModel", "Let this model decide; audited",
                "Activating an older one is the rollback. It shifts levels and never counts as a decline.")
            .Answers<VersionView>(404).Writes();
    }

    private static async Task<IResult> ListAsync(HttpContext http, [FromServices] IHealthGrains host)
    {
        var models = await host.ListModelsAsync(http.RequestAborted);
        return Answer.Tagged(new Page<VersionView>(models, null, models.Count, host.Clock.GetUtcNow()));
    }

    private static async Task<IResult> GetAsync(string version, HttpContext http, [FromServices] IHealthGrains host) =>
        Answer.Tagged(await host.GetModelAsync(version, http.RequestAborted) ?? throw NoModel(version));

    private static async Task<IResult> ActivateAsync(string version, HttpContext http, [FromServices] IHealthGrains host)
    {
        if (!await host.ActivateModelAsync(version, Caller.Of(http), http.RequestAborted)) throw NoModel(version);
        var models = await host.ListModelsAsync(http.RequestAborted);
        return Answer.Json(models.FirstOrDefault(model => model.Version == version) ?? throw NoModel(version));
    }

    private static Refusal NoModel(string version) =>
        new(ProblemKind.NotFound, $"there is no model '{version}'; GET /v1/models lists them");
}
