using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace HealthGrains.Api.Http;

/// <summary>A body that a route reads, for its description. Routes read bodies themselves and more leniently than this says.</summary>
internal sealed record BodyShapes(Type Type, IReadOnlyList<string> ContentTypes, bool Required);

/// <summary>What a route says about itself.</summary>
internal static class Describe
{
    public static RouteHandlerBuilder Says(this RouteHandlerBuilder route, string tag, string name, string summary, string? more = null)
    {
        route.WithTags(tag).WithName(name).WithSummary(summary);
        return more is null ? route : route.WithDescription(more);
    }

    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, params QueryParameter[] parameters) =>
        route.WithMetadata(new QueryParameters(parameters));

    /// <summary>The same, on a route that other systems call: what else they say is passed over.</summary>
    public static RouteHandlerBuilder TakesAmongOthers(this RouteHandlerBuilder route, params QueryParameter[] parameters) =>
        route.WithMetadata(new QueryParameters(parameters) { AllowsOthers = true });

    public static RouteHandlerBuilder Reads<T>(this RouteHandlerBuilder route, bool required = true, params string[] contentTypes) =>
        route.WithMetadata(new BodyShapes(typeof(T), contentTypes.Length == 0 ? ["application/json"] : contentTypes, required));

    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder route, params int[] problems)
    {
        route.Produces<T>(StatusCodes.Status200OK, "application/json");
        foreach (var status in problems.Append(500).Append(503)) route.Produces<ProblemJson>(status, ProblemWriter.ContentType);
        return route;
    }

    /// <summary>A door for signals: a receipt, with 202 when accounts that were waited for had not taken all of it in time.</summary>
    public static RouteHandlerBuilder AnswersReceipt(this RouteHandlerBuilder route, params int[] problems) =>
        route.Answers<ReceiptJson>(problems).Produces<ReceiptJson>(StatusCodes.Status202Accepted, "application/json");

    /// <summary>A write whose answer is kept under the caller's Idempotency-Key.</summary>
    public static RouteHandlerBuilder Writes(this RouteHandlerBuilder route) =>
        route.AddEndpointFilter<IdempotencyFilter>().WithMetadata(new IdempotentWrite(), QueryParameters.None);
}

/// <summary>Marks a write that honours the Idempotency-Key.</summary>
internal sealed record IdempotentWrite;
