using System.Text.Json;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api;

/// <summary>/v1/signals and the routes of Segment's and RudderStack's SDKs.</summary>
internal static class SignalsResource
{
    private const string Tag = "Signals";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/v1/signals", (HttpContext http, [FromServices] IHealthGrains host, [FromServices] SignalDoor door) =>
                door.TakeAsync(http, host, WireFormat.Native))
            .Says(Tag, "postSignals", "Take native signals: an array, one object, or one object a line",
                "Answers once the signals are durable. One bad signal does not refuse the others. A repeated id is a duplicate, so a request may be "
                + "repeated at will. At most 32 MiB unpacked; gzip is allowed.")
            .Takes().Reads<SignalJson[]>(true, "application/json", "application/x-ndjson").Answers<ReceiptJson>(400, 413, 415, 429);

        foreach (var call in Enum.GetValues<SegmentCall>())
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(call.ToString());
            api.MapPost("/v1/" + name, (HttpContext http, [FromServices] IHealthGrains host, [FromServices] SignalDoor door) =>
                    door.TakeAsync(http, host, WireFormat.Segment, call))
                .Says(Tag, "segment_" + name, $"Segment's and RudderStack's {name} call, unchanged",
                    "An event whose account is not known is held until POST /v1/identities names it.")
                .Takes().Reads<object>().Answers<ReceiptJson>(400, 413, 415, 429);
        }
        api.MapPost("/v1/batch", (HttpContext http, [FromServices] IHealthGrains host, [FromServices] SignalDoor door) =>
                door.TakeAsync(http, host, WireFormat.Segment))
            .Says(Tag, "segment_batch", "Segment's and RudderStack's batch call, unchanged").Takes().Reads<object>()
            .Answers<ReceiptJson>(400, 413, 415, 429);
    }
}
