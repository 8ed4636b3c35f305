using System.Buffers;
using System.Globalization;
using System.Text.Json;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>/v1/accounts/{id}/what-if: the account as it would be. Changes nothing.</summary>
internal static class WhatIfResource
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/v1/accounts/{id}/what-if", AskAsync).Says("Accounts", "whatIf", "The account as it would be after these signals",
                "Signals may leave out id and account. closeTickets solves every open ticket, payInvoices pays every invoice whose payment "
                + "failed, logins has so many users log in. Nothing is kept.")
            .Takes().Reads<WhatIfJson>().Answers<AccountJson>(400, 404, 413, 415);

    private static async Task<IResult> AskAsync(
        string id, HttpContext http, [FromServices] IHealthGrains host, [FromServices] SignalDoor door)
    {
        AccountsResource.RequireId(id);
        using var body = await Body.ReadObjectAsync(http);
        var errors = new List<FieldError>();
        var fields = new FieldReader(body.RootElement, "", errors);
        var model = fields.Text("model");
        var at = fields.Moment("at");
        var scenario = new WhatIfScenario(
            fields.Flag("closeTickets") ?? false, fields.Flag("payInvoices") ?? false,
            fields.Whole("logins", 0, WhatIfScenario.MostLogins) ?? 0);
        var isWhenKnown = errors.TrueForAll(error => error.Field != "at");
        var places = new List<int>();
        var signals = Complete(id, fields, places, errors);

        // Asked about the future, signals up to that moment are not yet to be doubted.
        var context = IntakeContext.Of(host);
        if (at > context.Now) context = SignalDoor.At(host, at.Value);
        using var rented = door.Rent();
        var batch = rented.Batch;
        SignalDoor.Read(WireFormat.Native, signals, BodyShape.Json, context, batch);
        // Where it is not known which moment was meant, nothing can lie ahead of it.
        errors.AddRange(batch.Errors.Where(e => isWhenKnown || e.Field != "at")
            .Select(e => new FieldError("signals." + e.Field, e.Reason, places[e.Position])));
        if (errors.Count > 0) throw Refusal.Of(ProblemKind.InvalidBody, [.. errors.OrderBy(error => error.Index ?? -1)]);

        var question = new WhatIfQuestion(batch, model, at, scenario);
        var view = await host.WhatIfAsync(id, question, http.RequestAborted) ?? throw Refusal.NoAccount(id);
        rented.Keep();
        return Answer.Json(AccountJson.Of(view));
    }

    /// <summary>
    /// The signals as native ones: with the path's account, and ids for those that have none. Says of each where it stood, for what
    /// is no signal is left out.
    /// </summary>
    private static ReadOnlyMemory<byte> Complete(string account, FieldReader fields, List<int> places, List<FieldError> errors)
    {
        var (buffer, one) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartArray();
        if (fields.Has("signals", out var signals) && fields.Items("signals", signals))
        {
            var index = 0;
            foreach (var signal in signals.EnumerateArray())
            {
                one.ResetWrittenCount();
                if (signal.ValueKind != JsonValueKind.Object)
                    errors.Add(new FieldError("signals", "not an object", index));
                else if (Complete(account, signal, index, one, errors))
                {
                    writer.WriteRawValue(one.WrittenSpan, skipInputValidation: true);
                    places.Add(index);
                }
                index++;
            }
        }
        writer.WriteEndArray();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static bool Complete(
        string account, JsonElement signal, int index, ArrayBufferWriter<byte> buffer, List<FieldError> errors)
    {
        var fields = new FieldReader(signal, "", []);
        if (fields.Text("account") is { } given && given != account)
        {
            errors.Add(new FieldError("signals.account", $"'{given}' is not the '{account}' of the path", index));
            return false;
        }
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("account"u8, account);
        if (!fields.Has("id", out _)) writer.WriteString("id"u8, "what-if-" + index.ToString(CultureInfo.InvariantCulture));
        try
        {
            foreach (var property in signal.EnumerateObject())
            {
                if (property.NameEquals("account"u8)) continue;
                if (property.NameEquals("id"u8) && property.Value.ValueKind == JsonValueKind.Null) continue;
                property.WriteTo(writer);
            }
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            errors.Add(new FieldError("signals", "holds text that is not valid Unicode", index));
            return false;
        }
        writer.WriteEndObject();
        writer.Flush();
        return true;
    }
}
