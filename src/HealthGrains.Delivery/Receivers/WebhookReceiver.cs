using System.Globalization;
using System.Net.Http.Headers;

namespace HealthGrains.Delivery;

/// <summary>Posts what happened to an address, signed: see <see cref="WebhookSignature"/>.</summary>
internal sealed class WebhookReceiver(HttpDoor door, Func<string> secret, int? concurrency) : IReceiver
{
    /// <inheritdoc/>
    public string Name => $"webhook {door.Machine}";

    /// <inheritdoc/>
    public int Concurrency => concurrency ?? 4;

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> SendAsync(Dispatch dispatch, CancellationToken cancellationToken)
    {
        var secrets = secret();
        if (!WebhookSignature.TryKeys(secrets, out _))
            return new DeliveryOutcome.Away($"Secret is no longer one to sign with: {WebhookSignature.HowToMake}");
        var body = Wire.Envelope(dispatch);
        var id = Wire.HeaderId(dispatch.Id);
        var timestamp = door.Now.ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, door.Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation(WebhookSignature.IdHeader, id);
        request.Headers.TryAddWithoutValidation(WebhookSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(WebhookSignature.SignatureHeader, WebhookSignature.Sign(id, timestamp, body, secrets));
        var answer = await door.SendAsync(request, cancellationToken);
        return answer.Outcome(Name, "Url or Secret");
    }
}
