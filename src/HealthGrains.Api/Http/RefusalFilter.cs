using Microsoft.AspNetCore.Http;

namespace HealthGrains.Api;

/// <summary>
/// Checks the query's names and turns refusals into problems, right around the endpoint: closer than any error page that a
/// host may have installed.
/// </summary>
internal sealed class RefusalFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            if (http.Request.QueryString.HasValue) new QueryReader(http).Check();
            return await next(context);
        }
        catch (Exception e) when (!http.Response.HasStarted && Refusal.From(e) is not null)
        {
            return new RefusalResult(Refusal.From(e)!);
        }
    }

    private sealed class RefusalResult(Refusal refusal) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => ProblemWriter.WriteAsync(httpContext, refusal);
    }
}
