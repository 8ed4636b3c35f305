using HealthGrains.Hosting;
using HealthGrains.Plays;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>/v1/tasks: what people do.</summary>
internal static class TasksResource
{
    private const string Tag = "Tasks";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/v1/tasks", ListAsync).Says(Tag, "listTasks", "Tasks, the first due first; without a state, those to be done")
            .Takes(Desks.Parameters<TaskState>("Only those of this person.")).Answers<Page<TaskView>>(400);
        api.MapPost("/v1/tasks", AddAsync).Says(Tag, "addTask", "Add a task of its own; due in three days when no time is given",
                "A day alone is meant until its end (UTC).")
            .Reads<AddTaskJson>().Answers<TaskView>(400, 404).Writes();
        api.MapGet("/v1/tasks/{id}", GetAsync).Says(Tag, "getTask", "A task, done or not").Takes().Answers<TaskView>(404);
        api.MapPost("/v1/tasks/{id}/complete", CompleteAsync).Says(Tag, "completeTask", "A task is done; with what came of it",
                "A task of a play ends its step. Actions become tasks.")
            .Reads<OutcomeJson>(required: false).Answers<TaskView>(400, 404, 409).Writes();
        api.MapPost("/v1/tasks/{id}/cancel", CancelAsync).Says(Tag, "cancelTask", "A task is no longer needed, with the reason")
            .Reads<ReasonJson>().Answers<TaskView>(400, 404, 409).Writes();
        api.MapPost("/v1/tasks/{id}/postpone", PostponeAsync).Says(Tag, "postponeTask", "Put a task off to a later day, with the reason",
                $"Until when: after it is due, not before now, at most {Postponement.MostDays} days ahead; a day alone is meant until its end (UTC). "
                + "The task tells how often it was put off, and the account's timeline by whom and why.")
            .Reads<PostponeJson>().Answers<TaskView>(400, 404, 409).Writes();
    }

    private static async Task<IResult> ListAsync(HttpContext http, [FromServices] IHealthGrains host) =>
        Answer.Tagged(await host.Desks.ListTasksAsync(Desks.Read<TaskState>(http), http.RequestAborted));

    private static async Task<IResult> GetAsync(string id, HttpContext http, [FromServices] IHealthGrains host) =>
        Answer.Tagged(await host.Desks.GetTaskAsync(id, http.RequestAborted) ?? throw NoTask(id));

    private static async Task<IResult> AddAsync(HttpContext http, [FromServices] IHealthGrains host)
    {
        var asked = await Desks.ReadAsync(http, fields => new AddTaskJson(
            fields.Needed("account"), fields.Needed("title"), fields.Text("owner"), fields.Deadline("dueAt")));
        var command = new AddTask(Caller.Of(http), asked.Title, asked.Owner, asked.DueAt?.ToUnixTimeMilliseconds());
        var id = await Desks.DoAsync(host, AccountsResource.RequireId(asked.Account), command, http, $"account '{asked.Account}'");
        return Answer.Json(await host.Desks.GetTaskAsync(id, http.RequestAborted) ?? throw NoTask(id));
    }

    private static async Task<IResult> CompleteAsync(string id, HttpContext http, [FromServices] IHealthGrains host)
    {
        var came = await Desks.ReadAsync(http, Desks.Outcome, optional: true);
        return await DoAsync(
            id, number => new EndTask(Caller.Of(http), number, false, came.Outcome, came.Notes, came.Actions ?? []), http, host);
    }

    private static async Task<IResult> CancelAsync(string id, HttpContext http, [FromServices] IHealthGrains host)
    {
        var reason = await Desks.ReadAsync(http, fields => fields.Needed("reason", Desks.MaxText));
        return await DoAsync(id, number => new EndTask(Caller.Of(http), number, true, null, reason, []), http, host);
    }

    private static async Task<IResult> PostponeAsync(string id, HttpContext http, [FromServices] IHealthGrains host)
    {
        var asked = await Desks.ReadAsync(http, fields =>
        {
            if (!fields.Has("until", out _)) fields.Fault("until", "missing");
            return new PostponeJson(fields.Deadline("until") ?? default, fields.Needed("reason", Desks.MaxText));
        });
        return await DoAsync(
            id, number => new PostponeTask(Caller.Of(http), number, asked.Until.ToUnixTimeMilliseconds(), asked.Reason), http, host);
    }

    private static async Task<IResult> DoAsync(string id, Func<int, DeskCommand> command, HttpContext http, IHealthGrains host)
    {
        if (!DeskIds.TryReadTask(id, out var account, out var number)) throw NoTask(id);
        await Desks.DoAsync(host, account, command(number), http, $"task '{id}'");
        return Answer.Json(await host.Desks.GetTaskAsync(id, http.RequestAborted) ?? throw NoTask(id));
    }

    private static Refusal NoTask(string id) => new(ProblemKind.NotFound, $"there is no task '{id}'");
}
