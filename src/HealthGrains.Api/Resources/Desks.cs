using HealthGrains.Hosting;
using HealthGrains.Plays;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>What the resources of desks have in common.</summary>
internal static class Desks
{
    public const int MaxText = 20_000;

    /// <summary>Queries of lists of plays, drafts and tasks.</summary>
    public static QueryParameter[] Parameters<T>(string owner) where T : struct, Enum =>
    [
        QueryParameter.OneOf<T>("state", "Only those in this state; without it, those that are not over."),
        new("owner", owner),
        new("account", "Only those of this account."),
        QueryParameter.Number("limit", "Rows a page; 50 when absent.", 1, 500),
        new("cursor", "The value of next of the page before."),
    ];

    public static WorkQuery Read<T>(HttpContext http) where T : struct, Enum
    {
        var query = new QueryReader(http);
        var asked = new WorkQuery(
            query.OneOf<T>("state")?.ToString().ToLowerInvariant(), query.Text("owner"), query.Account("account"),
            query.Number("limit", 50), query.Text("cursor"));
        query.Check();
        return asked;
    }

    /// <summary>Does what is asked; throws the refusal in the API's terms.</summary>
    public static async Task<string> DoAsync(IHealthGrains host, string account, DeskCommand command, HttpContext http, string what)
    {
        var reply = await host.Desks.DoAsync(account, command, http.RequestAborted)
            ?? throw new Refusal(ProblemKind.NotFound, $"there is no {what}");
        return reply.Refusal == DeskRefusal.None ? reply.Subject! : throw Refused(reply);
    }

    /// <summary>A desk's refusal in the API's terms.</summary>
    public static Refusal Refused(DeskReply reply) => reply.Refusal switch
    {
        DeskRefusal.NotFound => new Refusal(ProblemKind.NotFound, reply.Reason!),
        DeskRefusal.Conflict => new Refusal(ProblemKind.InvalidTransition, reply.Reason!),
        DeskRefusal.Forbidden => new Refusal(ProblemKind.NotAllowed, reply.Reason!),
        _ => new Refusal(ProblemKind.InvalidBody, reply.Reason!),
    };

    /// <summary>Reads a body by its fields and refuses all that is wrong with it at once.</summary>
    public static async Task<T> ReadAsync<T>(HttpContext http, Func<FieldReader, T> read, bool optional = false)
    {
        using var body = await Body.ReadObjectAsync(http, optional);
        var errors = new List<FieldError>();
        var value = read(new FieldReader(body.RootElement, "", errors));
        return errors.Count == 0 ? value : throw Refusal.Of(ProblemKind.InvalidBody, errors);
    }

    /// <summary>A text that must be there.</summary>
    public static string Needed(this FieldReader fields, string name, int max = FieldReader.MaxText)
    {
        var text = fields.Text(name, max);
        if (text is null && !fields.Has(name, out _)) fields.Fault(name, "missing");
        return text ?? "";
    }

    public static OutcomeJson Outcome(FieldReader fields) =>
        new(fields.Text("outcome"), fields.Text("notes", MaxText), fields.Texts("actions"));
}
