using HealthGrains.Hosting;
using HealthGrains.Intake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace HealthGrains.Api.Resources;

/// <summary>/v1/hooks: signed webhooks of other systems, as those send them.</summary>
internal static class HooksResource
{
    private const string Signature = "Stripe-Signature";

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/v1/hooks/stripe", StripeAsync).Says("Signals", "stripeHook", "Stripe's webhook, unchanged",
                $"The signature is checked against the setting {ApiSettings.StripeKey}; without it the hook does not exist.")
            .TakesAmongOthers(SignalDoor.Wait).Reads<object>().AnswersReceipt(400, 401, 404, 413, 415, 429);

    private static async Task<IResult> StripeAsync(
        HttpContext http, [FromServices] IHealthGrains host, [FromServices] SignalDoor door, [FromServices] ApiSettings settings,
        [FromKeyedServices(HealthGrainsApi.ClockKey)] TimeProvider time)
    {
        if (settings.StripeSecret is not { } secret)
            throw new Refusal(ProblemKind.HookNotConfigured,
                $"set {ApiSettings.StripeKey} to the endpoint's signing secret, whsec_... (as a variable of the environment: "
                + ApiSettings.StripeKey.Replace(":", "__", StringComparison.Ordinal) + ")");
        var untilApplied = SignalDoor.Waits(http);
        MediaType.RequireJson(http.Request);
        using var body = await Body.ReadAsync(http, Body.SignalsLimit);
        // Wall time even where the host's is simulated: Stripe lives in this world.
        var tolerance = StripeSignature.DefaultTolerance;
        if (!StripeSignature.Verify(http.Request.Headers[Signature], body.Memory.Span, secret, time.GetUtcNow(), tolerance))
            throw Refusal.Of(ProblemKind.BadSignature, Signature,
                $"missing, not of this body and the configured secret, or more than {tolerance.TotalMinutes:0} minutes from now");
        return await door.TakeAsync(host, WireFormat.Stripe, body.Memory, BodyShape.Json, untilApplied, http.RequestAborted);
    }
}
