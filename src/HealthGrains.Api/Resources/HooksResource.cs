using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace HealthGrains.Api;

/// <summary>/v1/hooks: signed webhooks of other systems, as those send them.</summary>
internal static class HooksResource
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/v1/hooks/stripe", StripeAsync).Says("Signals", "stripeHook", "Stripe's webhook, unchanged",
                $"The signature is checked against the setting {ApiSettings.StripeKey}; without it the hook does not exist.")
            .Takes().Reads<object>().Answers<ReceiptJson>(400, 401, 404, 413, 415, 429);

    private static async Task<IResult> StripeAsync(
        HttpContext http, [FromServices] IHealthGrains host, [FromServices] SignalDoor door, [FromServices] ApiSettings settings,
        [FromKeyedServices(HealthGrainsApi.ClockKey)] TimeProvider time)
    {
        if (settings.StripeSecret is not { } secret)
            throw new Refusal(ProblemKind.HookNotConfigured,
                $"set {ApiSettings.StripeKey} (environment: {ApiSettings.StripeKey.Replace(":", "__", StringComparison.Ordinal)}) to the endpoint's signing secret, whsec_...");
        MediaType.RequireJson(http.Request);
        using var body = await Body.ReadAsync(http, Body.SignalsLimit);
        if (WhyNot(http.Request.Headers["Stripe-Signature"].ToString(), body.Memory.Span, secret, time.GetUtcNow()) is { } reason)
            throw Refusal.Of(ProblemKind.BadSignature, "Stripe-Signature", reason);
        return await door.TakeAsync(host, WireFormat.Stripe, body.Memory, BodyShape.Json, http.RequestAborted);
    }

    /// <summary>
    /// What is wrong with a signature; null when nothing is. HMAC-SHA256 over <c>timestamp.body</c>; several v1 are given while a
    /// secret is being rotated. The time is wall time even where the host's is simulated: Stripe lives in this world.
    /// </summary>
    public static string? WhyNot(string header, ReadOnlySpan<byte> body, string secret, DateTimeOffset now)
    {
        if (header.Length == 0) return "required";
        string? stamp = null;
        var signatures = new List<string>();
        foreach (var part in header.Split(',', 32, StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("t=", StringComparison.Ordinal)) stamp = part[2..];
            else if (part.StartsWith("v1=", StringComparison.Ordinal)) signatures.Add(part[3..]);
        }
        if (stamp is null || !long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || signatures.Count == 0)
            return "expected t=<unix seconds>,v1=<hexadecimal HMAC-SHA256>";

        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        mac.AppendData(Encoding.UTF8.GetBytes(stamp + "."));
        mac.AppendData(body);
        var expected = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(mac.GetHashAndReset()));
        var matches = false;
        foreach (var signature in signatures)
            matches |= CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature.ToLowerInvariant()), expected);
        if (!matches) return "does not match the body and the configured secret";
        return Math.Abs(now.ToUnixTimeSeconds() - (double)seconds) > Tolerance.TotalSeconds
            ? $"signed more than {Tolerance.TotalMinutes:0} minutes from now" : null;
    }
}
