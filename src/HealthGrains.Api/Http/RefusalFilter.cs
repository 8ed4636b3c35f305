using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Api.Http;

/// <summary>
/// Checks the query's names and turns refusals and faults into problems, right around the endpoint: closer than any error page
/// that a host may have installed.
/// </summary>
internal sealed class RefusalFilter(ILogger<RefusalFilter> log) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            // Routes that other systems call as they please (SDKs, webhooks, probes) are not checked here.
            if (http.Request.QueryString.HasValue && http.GetEndpoint()?.Metadata.GetMetadata<QueryParameters>() is { AllowsOthers: false })
                new QueryReader(http).Check();
            return await next(context);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return Results.Empty; // the caller has gone; nobody reads an answer
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            return new RefusalResult(Refusal.From(e) ?? Refusal.Fault(e, http.Request, log));
        }
    }

    private sealed class RefusalResult(Refusal refusal) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => ProblemWriter.WriteAsync(httpContext, refusal);
    }
}
