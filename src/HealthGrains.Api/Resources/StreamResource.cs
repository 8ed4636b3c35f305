using System.Globalization;
using HealthGrains.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HealthGrains.Api.Resources;

/// <summary>/v1/stream: changes as they happen, as server-sent events.</summary>
internal static class StreamResource
{
    public const string Path = "/v1/stream";
    public const string LastEventId = "Last-Event-ID";

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet(Path, StreamAsync).Says("Stream", "stream", "Changes as server-sent events",
                "Events: account.changed (an account's row), account.erased (its id), alert.raised, alert.escalated, alert.acknowledged, "
                + "alert.changed, alert.reopened, alert.resolved (the alert), play.step, draft.changed, task.changed, note.added (the play, "
                + "draft, task or note), and reset, after which the client loads again what it shows. Ids are sequence numbers; Last-Event-ID resumes "
                + "after one.")
            .Takes(
                new QueryParameter("account", "Only this account's changes: at most a frame in 50 ms."),
                new QueryParameter("owner", "Only changes of this CSM's accounts. Without an account at most four frames a second."),
                new QueryParameter("lastEventId", "Resume after this id, where the header cannot be set."))
            .Produces<string>(200, "text/event-stream").Produces<ProblemJson>(400, ProblemWriter.ContentType);

    private static async Task StreamAsync(
        HttpContext http, [FromServices] IHealthGrains host, [FromServices] IHostApplicationLifetime lifetime,
        [FromKeyedServices(HealthGrainsApi.ClockKey)] TimeProvider time)
    {
        var query = new QueryReader(http);
        var filter = new WatchFilter(query.Account("account"), query.Text("owner"));
        var after = After(http.Request, query);
        query.Check();

        var response = http.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no"; // proxies hold frames back otherwise
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        // A stream has no end of its own, and a stopping server would wait for it.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            using var stream = new ChangeStream(host, filter, response.BodyWriter, time);
            await stream.RunAsync(after, over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The client has gone, or we are going.
        }
        catch (HostUnavailableException) when (response.HasStarted)
        {
            // The client connects again, and is then told.
        }
    }

    private static long? After(HttpRequest request, QueryReader query)
    {
        // The header is the newer of the two: a browser sets it when it connects again with the same address.
        var text = request.Headers[LastEventId].ToString() is { Length: > 0 } header ? header : query.Text("lastEventId");
        if (text is null) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)) return sequence;
        query.Fault("lastEventId", $"'{(text.Length > 40 ? text[..40] : text)}' is not a sequence number");
        return null;
    }
}
