using HealthGrains.Hosting;
using HealthGrains.Plays;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>/v1/drafts: the review queue.</summary>
internal static class DraftsResource
{
    private const string Tag = "Review";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/v1/drafts", ListAsync).Says(Tag, "listDrafts", "Drafts, the oldest first; without a state, those that wait")
            .Takes(Desks.Parameters<DraftState>("Only those in this person's queue.")).Answers<Page<DraftView>>(400);
        api.MapGet("/v1/drafts/{id}", GetAsync).Says(Tag, "getDraft", "A draft with the facts it was written from").Takes().Answers<DraftView>(404);
        api.MapPost("/v1/drafts/{id}/read", ReadAsync).Says(Tag, "readDraft", "A person has opened the draft: a queue approved unread is no review")
            .Answers<DraftView>(404).Writes();
        api.MapPost("/v1/drafts/{id}/edit", EditAsync).Says(Tag, "editDraft", "Change the text of a draft")
            .Reads<EditJson>().Answers<DraftView>(400, 404, 409).Writes();
        api.MapPost("/v1/drafts/{id}/approve", ApproveAsync).Says(Tag, "approveDraft", "Approve a draft; it leaves when the guardrails let it",
                "403 with the rule where this person may not.")
            .Answers<DraftView>(403, 404, 409).Writes();
        api.MapPost("/v1/drafts/{id}/reject", RejectAsync).Says(Tag, "rejectDraft", "Reject a draft, with the reason")
            .Reads<ReasonJson>().Answers<DraftView>(400, 403, 404, 409).Writes();
        api.MapGet("/v1/reviews", FiguresAsync).Says(Tag, "getReviewFigures", "How drafts were reviewed: approved, unread, unedited, rejected, expired")
            .Takes(new QueryParameter("owner", "Only drafts of this CSM's accounts."),
                new QueryParameter("since", $"Of drafts decided since; 28 days when absent: {Moments.RelativeRule}."))
            .Answers<ReviewFigures>(400);
    }

    private static async Task<IResult> ListAsync(HttpContext http, [FromServices] IHealthGrains host) =>
        Answer.Tagged(await host.Desks.ListDraftsAsync(Desks.Read<DraftState>(http), http.RequestAborted));

    private static async Task<IResult> GetAsync(string id, HttpContext http, [FromServices] IHealthGrains host) =>
        Answer.Tagged(await host.Desks.GetDraftAsync(id, http.RequestAborted) ?? throw NoDraft(id));

    private static Task<IResult> ReadAsync(string id, HttpContext http, [FromServices] IHealthGrains host) =>
        DoAsync(id, number => new ReadDraft(Caller.Of(http), number), http, host);

    private static async Task<IResult> EditAsync(string id, HttpContext http, [FromServices] IHealthGrains host)
    {
        var edit = await Desks.ReadAsync(http, fields => new EditJson(fields.Needed("text", Desks.MaxText), fields.Text("subject")));
        return await DoAsync(id, number => new EditDraft(Caller.Of(http), number, edit.Subject, edit.Text), http, host);
    }

    private static Task<IResult> ApproveAsync(string id, HttpContext http, [FromServices] IHealthGrains host) =>
        DoAsync(id, number => new DecideDraft(Caller.Of(http), number, true, null), http, host);

    private static async Task<IResult> RejectAsync(string id, HttpContext http, [FromServices] IHealthGrains host)
    {
        var reason = await Desks.ReadAsync(http, fields => fields.Needed("reason", Desks.MaxText));
        return await DoAsync(id, number => new DecideDraft(Caller.Of(http), number, false, reason), http, host);
    }

    private static async Task<IResult> FiguresAsync(HttpContext http, [FromServices] IHealthGrains host)
    {
        var query = new QueryReader(http);
        var (owner, since) = (query.Text("owner"), query.Moment("since", host.Clock.GetUtcNow()));
        query.Check();
        var from = since ?? host.Clock.GetUtcNow().AddDays(-28);
        return Answer.Tagged(await host.Desks.GetReviewFiguresAsync(owner, from, http.RequestAborted));
    }

    private static async Task<IResult> DoAsync(string id, Func<int, DeskCommand> command, HttpContext http, IHealthGrains host)
    {
        if (!DeskIds.TryReadDraft(id, out var account, out var number)) throw NoDraft(id);
        await Desks.DoAsync(host, account, command(number), http, $"draft '{id}'");
        return Answer.Json(await host.Desks.GetDraftAsync(id, http.RequestAborted) ?? throw NoDraft(id));
    }

    private static Refusal NoDraft(string id) => new(ProblemKind.NotFound, $"there is no draft '{id}'");
}
