using System.Text.Json.Nodes;

namespace HealthGrains.Delivery;

/// <summary>
/// An incoming webhook as Slack has it, and Mattermost, Rocket.Chat and Discord (with /slack) take it: <c>{"text": ...}</c>. These do not
/// drop a repeat; one comes only when an answer was lost on its way.
/// </summary>
internal sealed class ChatReceiver(HttpDoor door, int? concurrency) : IReceiver
{
    /// <inheritdoc/>
    public string Name => $"chat {door.Machine}";

    // Slack takes one a second, so nothing is won with more.
    /// <inheritdoc/>
    public int Concurrency => concurrency ?? 1;

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> SendAsync(Dispatch dispatch, CancellationToken cancellationToken)
    {
        if (dispatch.Body is not ChatBody chat)
            return new DeliveryOutcome.Refused($"a chat takes a text, and this is {Wire.Kind(dispatch.Body)}; send it to another receiver");
        var request = new HttpRequestMessage(HttpMethod.Post, door.Address)
        {
            Content = HttpDoor.Json(new JsonObject { ["text"] = Text(chat) }),
        };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", dispatch.Id);
        var answer = await door.SendAsync(request, cancellationToken);
        return answer.Outcome(Name, "Url");
    }

    // Slack's three characters; a link is <address|words>.
    private static string Text(ChatBody chat)
    {
        var text = chat.Text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);
        var isLink = Uri.TryCreate(chat.Link, UriKind.Absolute, out var link) && link.Scheme is "https" or "http";
        return isLink ? $"{text}\n<{link!.AbsoluteUri.Replace("|", "%7C", StringComparison.Ordinal)}|Open>" : text;
    }
}
