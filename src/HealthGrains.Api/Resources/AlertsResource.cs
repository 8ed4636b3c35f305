using HealthGrains.Alerts;
using HealthGrains.Health;
using HealthGrains.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>/v1/alerts: what fired, and how people deal with it.</summary>
internal static class AlertsResource
{
    private const string Tag = "Alerts";
    private const int MaxReason = 2000;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/v1/alerts", ListAsync).Says(Tag, "listAlerts", "Alerts, newest first; without a state, those that are not over")
            .Takes(
                QueryParameter.OneOf<AlertState>("state", "Only alerts in this state."),
                new QueryParameter("severity", "Only alerts of this severity.") { Allowed = ["red", "yellow"] },
                new QueryParameter("owner", "Only alerts of this CSM's accounts."),
                new QueryParameter("account", "Only alerts of this account."),
                QueryParameter.Number("limit", "Rows a page; 50 when absent.", 1, 500),
                new QueryParameter("cursor", "The value of next of the page before."))
            .Answers<Page<AlertView>>(400);
        api.MapPost("/v1/alerts/{id}/acknowledge", AcknowledgeAsync).Says(Tag, "acknowledgeAlert", "Take an alert on")
            .Answers<AlertView>(404, 409).Writes();
        api.MapPost("/v1/alerts/{id}/resolve", ResolveAsync).Says(Tag, "resolveAlert", "End an alert by hand, with a reason",
                "The account stays quiet until it has recovered.")
            .Reads<ResolveJson>(required: false).Answers<AlertView>(400, 404, 409).Writes();
        api.MapPost("/v1/alerts/{id}/snooze", SnoozeAsync).Says(Tag, "snoozeAlert", "Put an alert off until a time; then it is open again")
            .Reads<SnoozeJson>().Answers<AlertView>(400, 404, 409).Writes();
        api.MapPost("/v1/alerts/{id}/assign", AssignAsync).Says(Tag, "assignAlert", "Give an alert to somebody")
            .Reads<AssignJson>().Answers<AlertView>(400, 404, 409).Writes();
    }

    private static async Task<IResult> ListAsync(HttpContext http, [FromServices] IHealthGrains host)
    {
        var query = new QueryReader(http);
        var asked = new AlertQuery(
            query.OneOf<AlertState>("state"), query.Text("owner"), query.Account("account"), query.Number("limit", 50),
            query.Text("cursor"), Severity(query));
        query.Check();
        var page = await host.ListAlertsAsync(asked, http.RequestAborted);
        return Answer.Tagged(page with { Items = await EvidenceOf.AlertsAsync(host, page.Items, http.RequestAborted) });
    }

    // An alert is never green.
    private static Band? Severity(QueryReader query)
    {
        var severity = query.OneOf<Band>("severity");
        if (severity == Band.Green) query.Fault("severity", "'green' is not one of red, yellow");
        return severity;
    }

    private static async Task<IResult> AcknowledgeAsync(string id, HttpContext http, [FromServices] IHealthGrains host) =>
        Answer.Json(await host.AcknowledgeAlertAsync(id, Caller.Of(http), http.RequestAborted) ?? throw NoAlert(id));

    private static async Task<IResult> ResolveAsync(string id, HttpContext http, [FromServices] IHealthGrains host)
    {
        using var body = await Body.ReadObjectAsync(http, optional: true);
        var errors = new List<FieldError>();
        var reason = new FieldReader(body.RootElement, "", errors).Text("reason", MaxReason);
        if (errors.Count > 0) throw Refusal.Of(ProblemKind.InvalidBody, errors);
        return Answer.Json(await host.ResolveAlertAsync(id, Caller.Of(http), reason, http.RequestAborted) ?? throw NoAlert(id));
    }

    private static async Task<IResult> SnoozeAsync(string id, HttpContext http, [FromServices] IHealthGrains host)
    {
        using var body = await Body.ReadObjectAsync(http);
        var errors = new List<FieldError>();
        var until = new FieldReader(body.RootElement, "", errors).Moment("until");
        if (errors.Count > 0) throw Refusal.Of(ProblemKind.InvalidBody, errors);
        var act = new AlertAct(id, Caller.Of(http), AlertDeed.Snooze, until?.ToUnixTimeMilliseconds());
        return Answer.Json(await host.ActOnAlertAsync(act, http.RequestAborted) ?? throw NoAlert(id));
    }

    private static async Task<IResult> AssignAsync(string id, HttpContext http, [FromServices] IHealthGrains host)
    {
        using var body = await Body.ReadObjectAsync(http);
        var errors = new List<FieldError>();
        var to = new FieldReader(body.RootElement, "", errors).Text("to");
        if (errors.Count > 0) throw Refusal.Of(ProblemKind.InvalidBody, errors);
        var act = new AlertAct(id, Caller.Of(http), AlertDeed.Assign, To: to);
        return Answer.Json(await host.ActOnAlertAsync(act, http.RequestAborted) ?? throw NoAlert(id));
    }

    private static Refusal NoAlert(string id) => new(ProblemKind.NotFound, $"there is no alert '{id}'");
}
