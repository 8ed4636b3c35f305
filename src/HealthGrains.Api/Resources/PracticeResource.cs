using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;
using HealthGrains.Situations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>/v1/practice: triggers, playbooks, guardrails, templates and teams, as they decide and as files.</summary>
internal static class PracticeResource
{
    private const string Tag = "Practice";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/v1/practice", GetAsync).Says(Tag, "getPractice", "What decides: triggers, playbooks, guardrails, templates, teams, and the facts that they may name")
            .Takes().Answers<PracticeJson>();
        api.MapGet("/v1/practice/files", FilesAsync).Says(Tag, "getPracticeFiles", "The files that the practice is made of")
            .Takes().Answers<PracticeFilesJson>();
        api.MapPost("/v1/practice/files", ChangeAsync).Says(Tag, "changePractice", "Add, replace and take away files of the practice; audited",
                "A file with a mistake is refused with all that is wrong, by line, and what it was before stays. Runs keep their versions.")
            .Reads<PracticeEditJson>().Answers<PracticeChangeJson>(400).Writes();
    }

    private static async Task<IResult> GetAsync(HttpContext http, [FromServices] IHealthGrains host)
    {
        var practice = (await host.Desks.GetPracticeAsync(http.RequestAborted)).Practice;
        return Answer.Tagged(new PracticeJson(
            [.. practice.Triggers.Select(rule => new PracticePartJson(rule.Id, rule.Version, rule.Title, rule.When.Words))],
            [.. practice.Playbooks.Select(book => new PracticePartJson(book.Id, book.Version, book.Title, book.Goal))],
            [.. practice.Guardrails.Select(rule => new PracticePartJson(rule.Id, rule.Version, rule.Title, rule.When?.Words))],
            [.. practice.Templates.Select(text => new PracticePartJson(text.Id, text.Version, text.Subject))],
            practice.Teams,
            [.. FactRegistry.All.Select(fact => new FactJson(fact.Key, fact.Title, fact.Unit))]));
    }

    private static async Task<IResult> FilesAsync(HttpContext http, [FromServices] IHealthGrains host) =>
        Answer.Tagged(new PracticeFilesJson((await host.Desks.GetPracticeAsync(http.RequestAborted)).Files));

    private static async Task<IResult> ChangeAsync(HttpContext http, [FromServices] IHealthGrains host)
    {
        var edit = await Desks.ReadAsync(http, fields => new PracticeEdit(Files(fields), fields.Texts("without")));
        var change = await host.Desks.ChangePracticeAsync(edit, Caller.Of(http), http.RequestAborted);
        // Nothing was taken: that is a refusal. Where a part was, the answer says which.
        if (change.Refused.Count > 0 && change.Refused.Count == edit.With.Count + edit.Without.Count)
        {
            throw Refusal.Of(ProblemKind.InvalidBody, [.. change.Problems.Select(
                problem => new FieldError(problem.File, problem.Reason, Line: problem.Line))]);
        }
        return Answer.Json(new PracticeChangeJson(change.Refused, change.Problems));
    }

    private static List<PracticeFile> Files(FieldReader fields)
    {
        var files = new List<PracticeFile>();
        if (!fields.Has("with", out var with) || !fields.Items("with", with)) return files;
        foreach (var item in with.EnumerateArray())
        {
            var (path, content) = (Text(item, "path"), Text(item, "content"));
            if (path is null || content is null) fields.Fault($"with[{files.Count}]", "needs path and content, both strings");
            files.Add(new PracticeFile(path ?? "", content ?? ""));
        }
        return files;
    }

    // As it is: a template's spaces count.
    private static string? Text(System.Text.Json.JsonElement item, string name) =>
        item.ValueKind == System.Text.Json.JsonValueKind.Object && item.TryGetProperty(name, out var value)
        && value.ValueKind == System.Text.Json.JsonValueKind.String ? value.GetString() : null;
}
