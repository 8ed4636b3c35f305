using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HealthGrains.Delivery;

/// <summary>
/// The way to one HTTP address: sends requests and reads answers, follows no redirect, and names the machine alone in what it says.
/// </summary>
internal sealed class HttpDoor : IDisposable
{
    private const int MostBytes = 64 * 1024;

    private readonly HttpClient _client;
    private readonly TimeProvider _clock;

    public HttpDoor(Uri address, TimeProvider clock, HttpMessageHandler? handler = null)
    {
        Address = address;
        _clock = clock;
        // Without a propagator requests leave no trace: an address may be a secret, and traces are exported.
        _client = new HttpClient(handler ?? new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(10), PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        });
        // The lane has its own.
        _client.Timeout = Timeout.InfiniteTimeSpan;
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("HealthGrains", null));
    }

    public Uri Address { get; }

    public string Machine => Name(Address);

    public DateTimeOffset Now => _clock.GetUtcNow();

    public static StringContent Json(JsonNode body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    /// <summary>An address below this one: path and query as they are.</summary>
    public Uri Below(string pathAndQuery) => new(Address.GetLeftPart(UriPartial.Path).TrimEnd('/') + pathAndQuery);

    public async Task<HttpAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var machine = Name(request.RequestUri ?? Address);
        try
        {
            using (request)
            using (var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken))
                return new HttpAnswer(machine, response.StatusCode, await ReadAsync(response, cancellationToken), RetryAfter(response));
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return new HttpAnswer(machine, null, Why(fault), null);
        }
    }

    public void Dispose() => _client.Dispose();

    private static string Name(Uri address) => address.IsDefaultPort ? address.Host : $"{address.Host}:{address.Port}";

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new byte[MostBytes];
        var count = await stream.ReadAtLeastAsync(bytes, MostBytes, throwOnEndOfStream: false, cancellationToken);
        return Encoding.UTF8.GetString(bytes, 0, count);
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > _clock.GetUtcNow() => date - _clock.GetUtcNow(),
        _ => null,
    };

    // The innermost says what happened: "Connection refused".
    private static string Why(Exception fault)
    {
        while (fault.InnerException is { } inner) fault = inner;
        return fault.Message;
    }
}

/// <summary>What a machine answered.</summary>
/// <param name="Machine">Which.</param>
/// <param name="Status">The status; null when it did not answer.</param>
/// <param name="Text">The body; without an answer, why there is none.</param>
/// <param name="RetryAfter">How long it asks to be left alone.</param>
internal sealed record HttpAnswer(string Machine, HttpStatusCode? Status, string Text, TimeSpan? RetryAfter)
{
    private const int LongestQuote = 200;

    /// <summary>Why the request was not sent at all; null when it was.</summary>
    public DeliveryOutcome.Away? NoAccess { get; init; }

    public bool IsDone => (int?)Status is >= 200 and < 300;

    private string Quote
    {
        get
        {
            var text = Text.Trim();
            if (text.Length == 0) return "";
            return text.Length <= LongestQuote ? $": {text}" : $": {text[..LongestQuote]}...";
        }
    }

    private string Said => $"{Machine} answered {(int)Status!} {Status}{Quote}";

    /// <summary>A text property of a JSON answer; null without one.</summary>
    public string? Field(params ReadOnlySpan<string> names)
    {
        try
        {
            if (JsonNode.Parse(Text) is JsonObject answer)
                foreach (var name in names)
                    if (answer[name] is JsonValue value) return value.ToString();
        }
        catch (JsonException)
        {
            // Not JSON, or cut off: then it has no field.
        }
        return null;
    }

    /// <summary>What that means for the dispatch.</summary>
    /// <param name="receipt">What it is called there, if it was taken.</param>
    /// <param name="credentials">The setting to correct when it is not let in.</param>
    public DeliveryOutcome Outcome(string? receipt, string credentials) => (int?)Status switch
    {
        null when NoAccess is not null => NoAccess,
        null => new DeliveryOutcome.Away($"{Machine} cannot be reached: {Text}"),
        >= 200 and < 300 => new DeliveryOutcome.Delivered(receipt),
        300 => new DeliveryOutcome.Refused($"{Said}; it has several of that id, make it unique there"),
        > 300 and < 400 => new DeliveryOutcome.Away($"{Machine} answered {(int)Status!}, a redirect; put the address it leads to into Url"),
        401 or 403 or 407 => new DeliveryOutcome.Away($"{Said}; it does not let us in: correct {credentials}", RetryAfter),
        408 or 425 or 429 => new DeliveryOutcome.Away(Said, RetryAfter),
        409 or 423 or 500 => new DeliveryOutcome.Later(Said, RetryAfter),
        501 or 505 => new DeliveryOutcome.Refused(Said),
        >= 500 => new DeliveryOutcome.Away(Said, RetryAfter),
        _ => new DeliveryOutcome.Refused(Said),
    };
}
