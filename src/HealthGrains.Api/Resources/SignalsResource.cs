using System.Text.Json;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Resources;

/// <summary>/v1/signals and the routes of Segment's and RudderStack's SDKs.</summary>
internal static class SignalsResource
{
    private const string Tag = "Signals";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/v1/signals", TakeNative)
            .Says(Tag, "postSignals", "Take native signals: an array, one object, or one object a line",
                "Answers once the signals are durable; late and duplicates are then what the request alone tells, where a cluster takes "
                + "signals from a log, and all that the accounts count otherwise. One bad signal does not refuse the others. A repeated id is a duplicate, so a "
                + "request may be repeated at will. At most 32 MiB unpacked; gzip is allowed.")
            .Takes(SignalDoor.Wait)
            .Reads<SignalJson[]>(true, "application/json", "application/x-ndjson").AnswersReceipt(400, 413, 415, 429);

        foreach (var call in Enum.GetValues<SegmentCall>())
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(call.ToString());
            api.MapPost("/v1/" + name, (HttpContext http, [FromServices] IHealthGrains host, [FromServices] SignalDoor door) =>
                    door.TakeAsync(http, host, WireFormat.Segment, call))
                .Says(Tag, "segment_" + name, $"Segment's and RudderStack's {name} call, unchanged",
                    "An event whose account is not known is held until POST /v1/identities names it.")
                .TakesAmongOthers(SignalDoor.Wait).Reads<object>().AnswersReceipt(400, 413, 415, 429);
        }
        api.MapPost("/v1/batch", (HttpContext http, [FromServices] IHealthGrains host, [FromServices] SignalDoor door) =>
                door.TakeAsync(http, host, WireFormat.Segment))
            .Says(Tag, "segment_batch", "Segment's and RudderStack's batch call, unchanged")
            .TakesAmongOthers(SignalDoor.Wait).Reads<object>().AnswersReceipt(400, 413, 415, 429);
    }

    private static Task<Answer> TakeNative(HttpContext http, [FromServices] IHealthGrains host, [FromServices] SignalDoor door)
    {
        if (!http.Request.QueryString.HasValue) return door.TakeAsync(http, host, WireFormat.Native);
        var query = new QueryReader(http);
        query.Check();
        return door.TakeAsync(http, host, WireFormat.Native);
    }
}
