using System.Globalization;
using System.Net.Http.Headers;

namespace HealthGrains.Delivery;

/// <summary>
/// Tokens of a token endpoint: with the client's id and secret alone (client credentials), or with a refresh token. One is kept until
/// it ends or is refused; whoever needs another meanwhile waits for the same one. What the endpoint refuses holds up all that is for this
/// CRM, and loses nothing: a person mends the setting.
/// </summary>
/// <remarks>
/// Source: RFC 6749, sections 4.4, 5 and 6. help.salesforce.com: OAuth 2.0 Client Credentials Flow for Server-to-Server Integration; OAuth
/// 2.0 Refresh Token Flow for Renewed Sessions; OAuth 2.0 Authorization Errors. developers.hubspot.com: OAuth, refresh an access token.
/// </remarks>
internal sealed class OAuthAccess(HttpDoor endpoint, OAuthSecrets client, Secrets secrets, TimeProvider timers) : ICrmAccess
{
    // A token that ends while a request is on its way is of no use.
    private const long Before = 60_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private readonly Lock _gate = new();
    private CrmAccess? _current;
    private string? _former;
    private Task<CrmAccess>? _asking;

    /// <inheritdoc/>
    public string Credentials => client.HasRefreshToken ? "ClientId, ClientSecret and RefreshToken" : "ClientId and ClientSecret";

    /// <inheritdoc/>
    public async ValueTask<CrmAccess> GetAsync(CancellationToken cancellationToken)
    {
        Task<CrmAccess> asking;
        lock (_gate)
        {
            if (_current is { } current && !(current.Until <= endpoint.Now.ToUnixTimeMilliseconds() + Before)) return current;
            asking = _asking ??= Task.Run(AskAsync, CancellationToken.None);
        }
        return await asking.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Refused(CrmAccess access)
    {
        lock (_gate)
        {
            // Another may have fetched a new one meanwhile.
            if (ReferenceEquals(_current, access)) Replace(null);
        }
    }

    private async Task<CrmAccess> AskAsync()
    {
        CrmAccess asked;
        try
        {
            using var time = new CancellationTokenSource(Patience, timers);
            asked = Read(await endpoint.SendAsync(Request(), time.Token));
        }
        catch (OperationCanceledException)
        {
            asked = None($"{endpoint.Machine} did not give a token within {Patience.TotalSeconds:0} s");
        }
        catch (Exception fault)
        {
            asked = None($"{endpoint.Machine} gave no token: {fault.GetType().Name}: {fault.Message}");
        }
        lock (_gate)
        {
            _asking = null;
            if (asked.Failure is null) Replace(asked);
            return asked;
        }
    }

    // What is on its way with the token before may still tell of it; those before that are gone.
    private void Replace(CrmAccess? with)
    {
        if (_current is { } current)
        {
            if (_former is not null && _former != current.Token) secrets.Forget(_former);
            _former = current.Token;
        }
        _current = with;
    }

    private HttpRequestMessage Request()
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = client.HasRefreshToken ? "refresh_token" : "client_credentials",
            ["client_id"] = client.Id(), ["client_secret"] = client.Secret(),
        };
        if (client.HasRefreshToken) form["refresh_token"] = client.RefreshToken!();
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Address) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return request;
    }

    private CrmAccess Read(HttpAnswer answer)
    {
        if (!answer.IsDone) return new CrmAccess { Failure = OAuthError.Of(answer, client.HasRefreshToken, Credentials) };
        if (answer.Field("access_token") is not { Length: > 0 } token || token.Any(char.IsControl))
            return None($"{endpoint.Machine} answered without a token: correct TokenUrl");
        secrets.Know(token);
        if (client.HasRefreshToken && answer.Field("refresh_token") is { Length: > 0 } next && next != client.RefreshToken!())
        {
            secrets.Know(next);
            return None($"{endpoint.Machine} replaced the refresh token, and settings cannot be written here: "
                + "turn refresh token rotation off for the app, sign in anew and put that token into RefreshToken");
        }
        return new CrmAccess
        {
            Token = token, Api = Api(answer.Field("instance_url")),
            Until = double.TryParse(answer.Field("expires_in"), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
                    && seconds is > 0 and < 1e9
                ? endpoint.Now.ToUnixTimeMilliseconds() + Math.Max((long)(seconds * 1000), 2 * Before)
                : null,
        };
    }

    // Only an encrypted one: the token goes there.
    private static Uri? Api(string? told) =>
        Uri.TryCreate(told, UriKind.Absolute, out var address) && address.Scheme == "https" && address.UserInfo.Length == 0
            ? new Uri(address.GetLeftPart(UriPartial.Authority))
            : null;

    private static CrmAccess None(string error) => new() { Failure = new DeliveryOutcome.Away(error) };
}

/// <summary>What is sent to a token endpoint, read anew each time.</summary>
/// <param name="Id">The client's id.</param>
/// <param name="Secret">Its secret.</param>
/// <param name="RefreshToken">The refresh token; null for client credentials.</param>
internal sealed record OAuthSecrets(Func<string> Id, Func<string> Secret, Func<string>? RefreshToken)
{
    public bool HasRefreshToken => RefreshToken is not null;
}
