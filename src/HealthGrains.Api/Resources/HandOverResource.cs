using HealthGrains.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>/v1/plays/handover: one account, or a whole book, changes hands.</summary>
internal static class HandOverResource
{
    private const string Tag = "Plays";
    private const string Which = "name one account, or with 'from' the owner of all of them";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/v1/plays/handover", PlanAsync).Says(Tag, "planHandOver",
                "What would change hands: of one account, or of all accounts of an owner")
            .Takes(
                new QueryParameter("account", "The one account."),
                new QueryParameter("from", "The owner of all of them: what is theirs of their accounts, churned ones with them."))
            .Answers<HandOverPlan>(400, 404);
        api.MapPost("/v1/plays/handover", HandOverAsync).Says(Tag, "handOver",
                "Hand open plays and tasks to somebody else: of one account, or of all accounts of an owner",
                "Drafts follow their plays. withAccounts gives the accounts the new owner as well, and with them their alerts; without it "
                + "the new one stands in. Where there are teams, only the owner's manager may. Safe to ask again when it was cut short.")
            .Reads<HandOverJson>().Answers<HandedOverJson>(400, 403, 404).Writes();
    }

    private static async Task<IResult> PlanAsync(HttpContext http, [FromServices] IHealthGrains host)
    {
        var query = new QueryReader(http);
        var (account, from) = (query.Account("account"), query.Text("from"));
        if (account is null == from is null) query.Fault("account", Which);
        query.Check();
        return Answer.Json(await host.PlanHandOverAsync(account, from, http.RequestAborted) ?? throw Refusal.NoAccount(account!));
    }

    private static async Task<IResult> HandOverAsync(HttpContext http, [FromServices] IHealthGrains host)
    {
        var asked = await Desks.ReadAsync(http, fields =>
        {
            var read = new HandOverJson(
                fields.Needed("to"), fields.Text("account"), fields.Text("from"), fields.Flag("withAccounts") ?? false);
            if (read.Account is null == read.From is null) fields.Fault("account", Which);
            if (read.To == read.From && read.To.Length > 0) fields.Fault("to", $"{read.To} has them already");
            return read;
        });
        if (asked.Account is not null) AccountsResource.RequireId(asked.Account);
        var order = new HandOverOrder(Caller.Of(http), asked.To, asked.Account, asked.From, asked.WithAccounts);
        var (accounts, refused) = await host.HandOverAsync(order, http.RequestAborted) ?? throw Refusal.NoAccount(asked.Account!);
        return refused is null ? Answer.Json(new HandedOverJson(accounts)) : throw Desks.Refused(refused);
    }
}
