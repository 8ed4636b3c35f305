using HealthGrains.Accounts;
using HealthGrains.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>/v1/held and /v1/identities: events that wait to learn whose they are.</summary>
internal static class IdentitiesResource
{
    private const string Tag = "Identities";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/v1/held", HeldAsync).Says(Tag, "listHeld", "Events that wait for an identity, by external id")
            .Takes(
                QueryParameter.Number("limit", "Rows a page; 50 when absent.", 1, 500),
                new QueryParameter("cursor", "The value of next of the page before."))
            .Answers<Page<HeldView>>(400);
        api.MapPost("/v1/identities", LinkAsync).Says(Tag, "link", "Say which account an external id belongs to",
                "The events that waited for it are taken at once; the answer is their receipt.")
            .Reads<LinkJson>().AnswersReceipt(400, 415, 429).Writes();
    }

    private static async Task<IResult> HeldAsync(HttpContext http, [FromServices] IHealthGrains host)
    {
        var query = new QueryReader(http);
        var limit = query.Number("limit", 50);
        var cursor = query.Text("cursor");
        query.Check();
        return Answer.Tagged(await host.ListHeldAsync(limit, cursor, http.RequestAborted));
    }

    private static async Task<IResult> LinkAsync(HttpContext http, [FromServices] IHealthGrains host, [FromServices] SignalDoor door)
    {
        using var body = await Body.ReadObjectAsync(http);
        var errors = new List<FieldError>();
        var fields = new FieldReader(body.RootElement, "", errors);
        var source = Required(fields, "source", 64, "the external system, such as segment or stripe");
        var externalId = Required(fields, "externalId", FieldReader.MaxText, "the account's id in that system");
        var account = Required(fields, "account", FieldReader.MaxText, "our id of the account");
        if (account.Length > 0 && !AccountId.IsValid(account)) fields.Fault("account", AccountId.Rule);
        if (errors.Count > 0) throw Refusal.Of(ProblemKind.InvalidBody, errors);
        return await door.LinkAsync(host, source, externalId, account, Caller.Of(http));
    }

    private static string Required(FieldReader fields, string name, int max, string what)
    {
        if (fields.Text(name, max) is { } text) return text;
        // Anything but a string has been complained of already.
        if (!fields.Has(name, out var value) || value.ValueKind == System.Text.Json.JsonValueKind.String)
            fields.Fault(name, $"required: {what}");
        return "";
    }
}
