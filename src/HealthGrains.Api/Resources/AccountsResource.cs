using HealthGrains.Accounts;
using HealthGrains.Decline;
using HealthGrains.Health;
using HealthGrains.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>/v1/accounts: profiles in, live views out.</summary>
internal static class AccountsResource
{
    private const string Tag = "Accounts";

    private static readonly QueryParameter At = new("at",
        $"A moment within the calendar instead of now: {Moments.RelativeRule}.");

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/v1/accounts", ListAsync).Says(Tag, "listAccounts", "Accounts, those with the most ARR at risk first")
            .Takes(
                new QueryParameter("sort",
                    "Field to sort by, after a '-' descending: arrAtRisk, arr, score, name, renewalDate, change7Days, churnProbability."),
                new QueryParameter("owner", "Only accounts of this CSM."),
                QueryParameter.OneOf<Band>("band", "Only accounts of this band."),
                QueryParameter.OneOf<Tier>("tier", "Only accounts of this tier."),
                new QueryParameter("segment", "Only accounts of this segment."),
                QueryParameter.OneOf<DeclineState>("decline", "Only accounts with this trend."),
                new QueryParameter("q", "Only ids and names that contain this, in any case."),
                new QueryParameter("includeChurned", "Also accounts that have churned.") { Allowed = ["true", "false"] },
                QueryParameter.Number("limit", "Rows a page; 50 when absent.", 1, 500),
                new QueryParameter("cursor", "The value of next of the page before."))
            .Answers<Page<AccountSummary>>(400);
        api.MapGet("/v1/accounts/{id}", GetAsync).Says(Tag, "getAccount", "One account, live or at a moment",
                "The ETag is weak, over the version, its score to a tenth, its band and the model, but not the time of evaluation.")
            .Takes(At).Answers<AccountJson>(400, 404);
        api.MapPut("/v1/accounts/{id}", PutAsync).Says(Tag, "putAccount", "Create an account or replace its profile",
                "The profile is replaced as a whole: what is absent is not known. Dates stand for midnight UTC; unknown names are ignored.")
            .Reads<ProfileJson>().Answers<AccountJson>(400, 413, 415).Produces<AccountJson>(201).Writes();
        api.MapDelete("/v1/accounts/{id}", EraseAsync).Says(Tag, "eraseAccount", "Erase an account and all that is kept of it")
            .Answers<EraseReceipt>(400, 404).Writes();
    }

    public static string RequireId(string id) =>
        AccountId.IsValid(id) ? id : throw Refusal.Of(ProblemKind.InvalidQuery, "id", AccountId.Rule);

    private static async Task<IResult> ListAsync(HttpContext http, [FromServices] IHealthGrains host)
    {
        var query = new QueryReader(http);
        var asked = new AccountQuery
        {
            Owner = query.Text("owner"),
            Band = query.OneOf<Band>("band"),
            Tier = query.OneOf<Tier>("tier"),
            Segment = query.Text("segment"),
            Decline = query.OneOf<DeclineState>("decline"),
            Search = query.Text("q"),
            IncludeChurned = query.Flag("includeChurned"),
            Limit = query.Number("limit", 50),
            Cursor = query.Text("cursor"),
        };
        // An absent field keeps the port's own default.
        if (query.Text("sort") is { } sort) asked = asked with { Sort = sort };
        query.Check();
        return Answer.Tagged(await host.ListAccountsAsync(asked, http.RequestAborted));
    }

    private static async Task<IResult> GetAsync(string id, HttpContext http, [FromServices] IHealthGrains host)
    {
        var query = new QueryReader(http);
        var at = query.Moment("at", host.Clock.GetUtcNow());
        query.Check();
        var view = await host.GetAccountAsync(RequireId(id), at, http.RequestAborted) ?? throw Refusal.NoAccount(id);
        view = view with { Alerts = await EvidenceOf.AlertsAsync(host, view.Alerts, http.RequestAborted) };
        return Answer.Json(AccountJson.Of(view), tag: AccountJson.TagOf(view));
    }

    private static async Task<IResult> PutAsync(string id, HttpContext http, [FromServices] IHealthGrains host)
    {
        RequireId(id);
        using var body = await Body.ReadObjectAsync(http);
        var profile = ProfileReader.Read(id, body.RootElement);
        var created = await host.PutProfileAsync(profile, Caller.Of(http), http.RequestAborted);
        var view = await host.GetAccountAsync(id, null, http.RequestAborted) ?? throw Refusal.NoAccount(id);
        return Answer.Json(
            AccountJson.Of(view), created ? StatusCodes.Status201Created : StatusCodes.Status200OK,
            AccountJson.TagOf(view), created ? $"/v1/accounts/{Uri.EscapeDataString(id)}" : null);
    }

    private static async Task<IResult> EraseAsync(string id, HttpContext http, [FromServices] IHealthGrains host) =>
        Answer.Json(await host.EraseAsync(RequireId(id), Caller.Of(http), http.RequestAborted) ?? throw Refusal.NoAccount(id));
}
