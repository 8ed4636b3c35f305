using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;

namespace HealthGrains.Delivery.Tests;

/// <summary>Tokens that end: asked for, kept, and asked for again. The server is token endpoint and API in one.</summary>
public sealed class OAuthTests
{
    private const string Endpoint = "/services/oauth2/token";

    private readonly TestClock _clock = new();
    private readonly Lock _gate = new();
    private readonly HashSet<string> _valid = [];
    private int _given;

    [Fact]
    public async Task Salesforce_is_asked_for_a_token_once_and_it_is_kept()
    {
        await using var server = await StartAsync();
        var receiver = Salesforce(server);
        for (var i = 0; i < 3; i++) await DeliveredAsync(receiver);
        var asked = Assert.Single(server.Came, came => came.Path == Endpoint);
        Assert.Equal("POST", asked.Method);
        Assert.StartsWith("application/x-www-form-urlencoded", asked.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal(("client_credentials", "our app", "s&cret=word"), (Form(asked, "grant_type"), Form(asked, "client_id"), Form(asked, "client_secret")));
        Assert.Null(Form(asked, "refresh_token"));
        Assert.All(server.Came.Where(came => came.Path != Endpoint), came => Assert.Equal("Bearer token-word-1", came.Headers["Authorization"]));
    }

    [Fact]
    public async Task A_token_that_has_ended_is_replaced_within_the_attempt()
    {
        await using var server = await StartAsync();
        var receiver = Salesforce(server);
        await DeliveredAsync(receiver);
        EndAll();
        await DeliveredAsync(receiver);
        Assert.Equal(
            ["POST token", "PATCH token-word-1", "PATCH token-word-1", "POST token", "PATCH token-word-2"],
            server.Came.Select(came => came.Path == Endpoint ? "POST token" : $"{came.Method} {came.Headers["Authorization"][7..]}"));
    }

    [Fact]
    public async Task A_fresh_token_that_is_refused_is_not_asked_for_over_and_over()
    {
        await using var server = await StartAsync();
        var receiver = Salesforce(server);
        await DeliveredAsync(receiver);
        EndAll();
        // From here on no token is let in.
        server.Answer = came => came.Path == Endpoint ? (200, Token("worthless-token")) : Ended;
        var away = Assert.IsType<DeliveryOutcome.Away>(await receiver.SendAsync(Entry(), default));
        Assert.Contains("INVALID_SESSION_ID", away.Error, StringComparison.Ordinal);
        Assert.EndsWith("it does not let us in: correct ClientId and ClientSecret", away.Error, StringComparison.Ordinal);
        Assert.Equal(2, Asked(server));
        // The next attempt asks once, and not more.
        await receiver.SendAsync(Entry(), default);
        Assert.Equal(3, Asked(server));
    }

    [Fact]
    public async Task Many_that_need_a_token_at_once_wait_for_the_same_one()
    {
        await using var server = await StartAsync();
        var receiver = Salesforce(server);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => DeliveredAsync(receiver)));
        Assert.Equal(1, Asked(server));
        EndAll();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => DeliveredAsync(receiver)));
        Assert.Equal(2, Asked(server));
    }

    [Fact]
    public async Task One_that_gives_up_waiting_does_not_take_the_token_from_the_others()
    {
        var arrived = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        var door = new HttpDoor(new Uri("https://us.example/token"), _clock, new Handler(async _ =>
        {
            arrived.TrySetResult();
            await answer.Task;
            return Json(HttpStatusCode.OK, Token("the-one-token"));
        }));
        var access = new OAuthAccess(door, new OAuthSecrets(() => "app", () => "word", null), new Secrets(), _clock);
        using var impatient = new CancellationTokenSource();
        var first = access.GetAsync(impatient.Token).AsTask();
        var second = access.GetAsync(default).AsTask();
        await arrived.Task;
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult();
        Assert.Equal("the-one-token", (await second).Token);
    }

    [Fact]
    public async Task A_token_endpoint_that_does_not_answer_is_not_waited_for_for_ever()
    {
        var arrived = new TaskCompletionSource();
        var door = new HttpDoor(new Uri("https://us.example/token"), _clock, new Handler(async stop =>
        {
            arrived.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            return new HttpResponseMessage();
        }));
        var access = new OAuthAccess(door, new OAuthSecrets(() => "app", () => "word", null), new Secrets(), _clock);
        var asked = access.GetAsync(default).AsTask();
        await arrived.Task;
        _clock.Advance(TimeSpan.FromSeconds(26));
        Assert.Equal("us.example did not give a token within 25 s", (await asked).Failure!.Error);
    }

    [Fact]
    public async Task HubSpot_is_asked_with_the_refresh_token_before_the_one_at_hand_ends()
    {
        await using var server = await StartAsync("/oauth/v1/token", expiresIn: 1800);
        var receiver = Settings.Receiver(_clock, [("Kind", "hubspot"), .. Common(server), ("RefreshToken", "refresh-word")]);
        await DeliveredAsync(receiver, "hubspot");
        _clock.Advance(TimeSpan.FromMinutes(28));
        await DeliveredAsync(receiver, "hubspot");
        Assert.Equal(1, Asked(server, "/oauth/v1/token"));
        _clock.Advance(TimeSpan.FromMinutes(1.5));
        await DeliveredAsync(receiver, "hubspot");
        Assert.Equal(2, Asked(server, "/oauth/v1/token"));
        var asked = server.Came[^2];
        Assert.Equal(("refresh_token", "refresh-word"), (Form(asked, "grant_type"), Form(asked, "refresh_token")));
        Assert.Equal("Bearer token-word-2", server.Came[^1].Headers["Authorization"]);
    }

    [Fact]
    public async Task A_refresh_token_that_is_replaced_is_told_while_it_can_be_mended()
    {
        await using var server = await StartAsync();
        server.Answer = came => (200, """{"access_token":"token-word-1","refresh_token":"next-refresh-word"}""");
        var receiver = Settings.Receiver(_clock, [("Kind", "salesforce"), .. Common(server), ("RefreshToken", "refresh-word")]);
        var away = Assert.IsType<DeliveryOutcome.Away>(await receiver.SendAsync(Entry(), default));
        Assert.Contains("turn refresh token rotation off for the app", away.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("next-refresh-word", away.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://eu7.my.us.example", "https://eu7.my.us.example")]
    [InlineData("https://eu7.my.us.example/some/where?x=1", "https://eu7.my.us.example")]
    [InlineData("http://eu7.my.us.example", "https://us.my.us.example")]
    [InlineData("https://jo:pw@eu7.my.us.example", "https://us.my.us.example")]
    [InlineData("eu7.my.us.example", "https://us.my.us.example")]
    [InlineData("", "https://us.my.us.example")]
    [InlineData(null, "https://us.my.us.example")]
    public async Task The_API_is_where_the_token_endpoint_says_if_that_is_encrypted(string? told, string goesTo)
    {
        var came = new List<HttpRequestMessage>();
        var settings = new ReceiverSettings { Kind = "salesforce", AccountFields = { ["score"] = "health_score" } };
        var endpoint = new HttpDoor(new Uri("https://login.us.example/token"), _clock, new Handler(_ => Task.FromResult(
            Json(HttpStatusCode.OK, new JsonObject { ["access_token"] = "token-word-1", ["instance_url"] = told }.ToJsonString()))));
        var api = new HttpDoor(new Uri("https://us.my.us.example"), _clock, new Handler(
            _ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent)), came));
        var access = new OAuthAccess(endpoint, new OAuthSecrets(() => "app", () => "word", null), new Secrets(), _clock);
        await DeliveredAsync(new CrmReceiver(new Salesforce(new CrmDoor(api, access), settings), null));
        Assert.Equal(goesTo + "/services/data/v62.0/sobjects/Account/9001", Assert.Single(came).RequestUri!.AbsoluteUri);
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_client","error_description":"invalid client credentials"}""", null,
        "gave no token (400 invalid_client: invalid client credentials): correct ClientId and ClientSecret")]
    [InlineData(400, """{"error":"invalid_client_id","error_description":"client identifier invalid"}""", null, ": correct ClientId")]
    [InlineData(400, """{"error":"invalid_grant","error_description":"no client credentials user enabled"}""", null,
        ": give the app the user that it runs as")]
    [InlineData(400, """{"error":"invalid_grant","error_description":"request not supported on this domain"}""", null,
        ": Url or TokenUrl must be your own My Domain address")]
    [InlineData(400, """{"error":"invalid_grant","error_description":"expired access/refresh token"}""", "refresh-word",
        "sign in anew, and put the new one into RefreshToken")]
    [InlineData(400, """{"status":"BAD_REFRESH_TOKEN","message":"missing or invalid refresh token"}""", "refresh-word",
        "(400 BAD_REFRESH_TOKEN: missing or invalid refresh token): the refresh token has ended")]
    [InlineData(400, """{"error":"unsupported_grant_type"}""", null, ": allow the app the client credentials flow")]
    [InlineData(401, """{"error":"inactive_user","error_description":"user is inactive"}""", null, ": activate the user that the app runs as")]
    [InlineData(404, "nothing here", null, "gave no token (404): correct ClientId and ClientSecret, or TokenUrl")]
    [InlineData(503, "busy", null, "answered 503 ServiceUnavailable: busy")]
    [InlineData(501, "no", null, "answered 501 NotImplemented: no")]
    [InlineData(302, "", null, "a redirect")]
    [InlineData(200, "<html>sign in</html>", null, "answered without a token: correct TokenUrl")]
    [InlineData(400, """{"error":"odd","error_description":"s&cret=word was wrong"}""", null, ": correct ClientId and ClientSecret, or TokenUrl")]
    public async Task What_the_token_endpoint_refuses_is_told_with_what_to_do_and_nothing_is_lost(
        int status, string body, string? refreshToken, string sentence)
    {
        await using var server = await StartAsync();
        server.Answer = _ => (status, body);
        var configuration = Settings.Of([.. new (string, string?)[] { ("Kind", "salesforce"), ("RefreshToken", refreshToken) }.Concat(Common(server))
            .Select(one => ($"Receivers:it:{one.Item1}", one.Item2))]);
        await using var receivers = Settings.Receivers(_clock, configuration);
        var away = Assert.IsType<DeliveryOutcome.Away>(await receivers.Of("it").SendAsync(Entry(), default));
        Assert.Contains(sentence, away.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("cret=word", receivers.Secrets.Clean(away.Error), StringComparison.Ordinal);
        Assert.Single(server.Came);
    }

    [Fact]
    public async Task After_it_was_mended_in_the_configuration_the_next_attempt_gets_a_token()
    {
        await using var server = await StartAsync();
        var takes = server.Answer;
        server.Answer = came => came.Path == Endpoint && Form(came, "client_secret") != "right-word" ? (400, """{"error":"invalid_client"}""") : takes(came);
        var configuration = Settings.Of([.. new (string, string?)[] { ("Kind", "salesforce") }.Concat(Common(server))
            .Select(one => ($"Receivers:it:{one.Item1}", one.Item2))]);
        await using var receivers = Settings.Receivers(_clock, configuration);
        Assert.IsType<DeliveryOutcome.Away>(await receivers.Of("it").SendAsync(Entry(), default));
        configuration[$"{DeliverySettings.Section}:Receivers:it:ClientSecret"] = "right-word";
        await DeliveredAsync(receivers.Of("it"));
    }

    [Fact]
    public async Task No_sentence_holds_a_token_and_tokens_that_are_gone_are_forgotten()
    {
        await using var server = await StartAsync();
        var configuration = Settings.Of([.. new (string, string?)[] { ("Kind", "salesforce") }.Concat(Common(server))
            .Select(one => ($"Receivers:it:{one.Item1}", one.Item2))]);
        await using var receivers = Settings.Receivers(_clock, configuration);
        for (var i = 0; i < 3; i++)
        {
            await DeliveredAsync(receivers.Of("it"));
            EndAll();
        }
        Assert.Equal("token-word-1 *** ***", receivers.Secrets.Clean("token-word-1 token-word-2 token-word-3"));
    }

    private static readonly (int, string) Ended = (401, """[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]""");

    // Gives tokens, and lets in those that it gave and that have not been ended.
    private async Task<WebServer> StartAsync(string endpoint = Endpoint, int? expiresIn = null)
    {
        var server = await WebServer.StartAsync();
        server.Answer = came =>
        {
            lock (_gate)
            {
                if (came.Path != endpoint)
                    return _valid.Contains(came.Headers["Authorization"]["Bearer ".Length..]) ? (200, """{"id":"001A"}""") : Ended;
                var token = $"token-word-{++_given}";
                _valid.Add(token);
                return (200, Token(token, expiresIn));
            }
        };
        return server;
    }

    private void EndAll()
    {
        lock (_gate) _valid.Clear();
    }

    private static string Token(string token, int? expiresIn = null)
    {
        var answer = new JsonObject { ["access_token"] = token, ["token_type"] = "Bearer", ["issued_at"] = "1795003200000" };
        if (expiresIn is not null) answer["expires_in"] = expiresIn;
        return answer.ToJsonString();
    }

    private static int Asked(WebServer server, string endpoint = Endpoint) => server.Came.Count(came => came.Path == endpoint);

    private static string? Form(Came came, string name) => HttpUtility.ParseQueryString(came.Text)[name];

    private IReceiver Salesforce(WebServer server) => Settings.Receiver(_clock, [("Kind", "salesforce"), .. Common(server)]);

    private static (string, string?)[] Common(WebServer server) =>
    [
        ("Url", server.Url), ("ClientId", "our app"), ("ClientSecret", "s&cret=word"), ("AccountFields:score", "health_score"),
    ];

    private Dispatch Entry(string source = "salesforce") =>
        Made.Crm("acme:7", _clock.Now, CrmKind.Account, new JsonObject { ["score"] = 41.5 }, source: source);

    private async Task DeliveredAsync(IReceiver receiver, string source = "salesforce") =>
        Assert.IsType<DeliveryOutcome.Delivered>(await receiver.SendAsync(Entry(source), default));

    private static HttpResponseMessage Json(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private sealed class Handler(
        Func<CancellationToken, Task<HttpResponseMessage>> answer, List<HttpRequestMessage>? came = null) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            came?.Add(request);
            return answer(cancellationToken);
        }
    }
}
