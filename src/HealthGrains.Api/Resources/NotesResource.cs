using HealthGrains.Hosting;
using HealthGrains.Plays;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>/v1/accounts/{id}/notes: what people wrote down.</summary>
internal static class NotesResource
{
    private const string Tag = "Accounts";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/v1/accounts/{id}/notes", ListAsync).Says(Tag, "listNotes", "What people wrote down about an account, the latest first")
            .Takes(
                QueryParameter.Number("limit", "Rows a page; 50 when absent.", 1, 500),
                new QueryParameter("cursor", "The value of next of the page before."))
            .Answers<Page<NoteView>>(400, 404);
        api.MapPost("/v1/accounts/{id}/notes", AddAsync).Says(Tag, "addNote", "Write down what was learned about an account",
                $"At most {NoteView.MostText} characters; it is shown in the account's timeline with who and when, and never changed. With "
                + "followUpOn, a day from today to a year ahead, a task follows it up: followUp says what is to be done, followUpBy by whom.")
            .Reads<AddNoteJson>().Answers<NoteView>(400, 404).Writes();
    }

    private static async Task<IResult> ListAsync(string id, HttpContext http, [FromServices] IHealthGrains host)
    {
        var query = new QueryReader(http);
        var asked = new WorkQuery(Account: AccountsResource.RequireId(id), Limit: query.Number("limit", 50), Cursor: query.Text("cursor"));
        query.Check();
        var page = await host.Desks.ListNotesAsync(asked, http.RequestAborted);
        if (page.Total == 0 && await host.Desks.GetDeskAsync(id, http.RequestAborted) is null) throw Refusal.NoAccount(id);
        return Answer.Tagged(page);
    }

    private static async Task<IResult> AddAsync(string id, HttpContext http, [FromServices] IHealthGrains host)
    {
        AccountsResource.RequireId(id);
        var asked = await Desks.ReadAsync(http, fields => new AddNoteJson(
            fields.Needed("text", NoteView.MostText), fields.OneOf<NoteKind>("kind"), fields.Deadline("followUpOn"), fields.Text("followUp"),
            fields.Text("followUpBy")));
        var command = new AddNote(
            Caller.Of(http), asked.Kind ?? NoteKind.Note, asked.Text, asked.FollowUpOn?.ToUnixTimeMilliseconds(), asked.FollowUp,
            asked.FollowUpBy);
        var note = await Desks.DoAsync(host, id, command, http, $"account '{id}'");
        return Answer.Json(await host.Desks.GetNoteAsync(note, http.RequestAborted) ?? throw Refusal.NoAccount(id));
    }
}
