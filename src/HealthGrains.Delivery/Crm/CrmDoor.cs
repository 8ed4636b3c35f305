using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace HealthGrains.Delivery;

/// <summary>The way to a CRM's API: requests carry a token, and one whose token has ended is sent once more with another.</summary>
internal sealed class CrmDoor(HttpDoor door, ICrmAccess access)
{
    public string Machine => door.Machine;

    public string Credentials => access.Credentials;

    public async Task<HttpAnswer> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        var first = await access.GetAsync(cancellationToken);
        var answer = await SendAsync(first, method, path, body, cancellationToken);
        if (answer.Status != HttpStatusCode.Unauthorized) return answer;
        access.Refused(first);
        // A token that was never let in has not ended: another will not be better, and is asked for at the next attempt.
        if (!first.WasTaken) return answer;
        var second = await access.GetAsync(cancellationToken);
        answer = await SendAsync(second, method, path, body, cancellationToken);
        if (answer.Status == HttpStatusCode.Unauthorized) access.Refused(second);
        return answer;
    }

    private async Task<HttpAnswer> SendAsync(
        CrmAccess with, HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        if (with.Failure is { } failure) return new HttpAnswer(Machine, null, failure.Error, failure.RetryAfter) { NoAccess = failure };
        var request = new HttpRequestMessage(method, with.Api is { } api ? new Uri(api, path) : door.Below(path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", with.Token);
        if (body is not null) request.Content = HttpDoor.Json(body);
        var answer = await door.SendAsync(request, cancellationToken);
        if (answer.Status is not (null or HttpStatusCode.Unauthorized)) with.WasTaken = true;
        return answer;
    }
}
