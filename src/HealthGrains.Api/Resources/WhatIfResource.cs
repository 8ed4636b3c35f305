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
                "Signals may leave out id and account. Nothing is kept.")
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
        var signals = Complete(id, fields, errors);
        if (errors.Count > 0) throw Refusal.Of(ProblemKind.InvalidBody, errors);

        // Asked about the future, signals up to that moment are not yet to be doubted.
        var context = IntakeContext.Of(host);
        if (at > context.Now) context = SignalDoor.At(host, at.Value);
        using var rented = door.Rent();
        var batch = rented.Batch;
        SignalDoor.Read(WireFormat.Native, signals, BodyShape.Json, context, batch);
        if (batch.Rejected > 0)
            throw Refusal.Of(ProblemKind.InvalidBody,
                [.. batch.Errors.Select(e => new FieldError("signals." + e.Field, e.Reason, e.Position))]);

        var view = await host.WhatIfAsync(id, batch, model, at, http.RequestAborted) ?? throw Refusal.NoAccount(id);
        rented.Keep();
        return Answer.Json(AccountJson.Of(view));
    }

    /// <summary>The signals as native ones: with the path's account, and ids for those that have none.</summary>
    private static ReadOnlyMemory<byte> Complete(string account, FieldReader fields, List<FieldError> errors)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartArray();
        if (fields.Has("signals", out var signals) && fields.Items("signals", signals))
        {
            var index = 0;
            foreach (var signal in signals.EnumerateArray())
            {
                if (signal.ValueKind != JsonValueKind.Object)
                    errors.Add(new FieldError("signals", "not an object", index));
                else
                    Complete(account, signal, index, writer, errors);
                index++;
            }
        }
        writer.WriteEndArray();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static void Complete(string account, JsonElement signal, int index, Utf8JsonWriter writer, List<FieldError> errors)
    {
        writer.WriteStartObject();
        var fields = new FieldReader(signal, "", []);
        if (fields.Text("account") is { } given && given != account)
            errors.Add(new FieldError("signals.account", $"'{given}' is not the '{account}' of the path", index));
        writer.WriteString("account"u8, account);
        if (!fields.Has("id", out _)) writer.WriteString("id"u8, "what-if-" + index.ToString(CultureInfo.InvariantCulture));
        foreach (var property in signal.EnumerateObject())
        {
            if (property.NameEquals("account"u8)) continue;
            if (property.NameEquals("id"u8) && property.Value.ValueKind == JsonValueKind.Null) continue;
            try
            {
                property.WriteTo(writer);
            }
            catch (Exception e) when (e is InvalidOperationException or ArgumentException)
            {
                errors.Add(new FieldError("signals", "holds text that is not valid Unicode", index));
                break;
            }
        }
        writer.WriteEndObject();
    }
}
