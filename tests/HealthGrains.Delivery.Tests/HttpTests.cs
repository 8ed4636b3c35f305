using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace HealthGrains.Delivery.Tests;

/// <summary>Webhooks and chats over real connections.</summary>
public sealed class HttpTests
{
    private readonly TestClock _clock = new();

    [Fact]
    public async Task A_webhook_is_signed_and_a_changed_one_does_not_pass()
    {
        await using var server = await WebServer.StartAsync();
        var outcome = await Webhook(server).SendAsync(Made.Notice("acme.com:7", _clock.Now - 60_000), default);
        Assert.IsType<DeliveryOutcome.Delivered>(outcome);
        var came = Assert.Single(server.Came);
        Assert.Equal("acme%2Ecom:7", came.Headers["webhook-id"]);
        Assert.Equal((_clock.Now / 1000).ToString(CultureInfo.InvariantCulture), came.Headers["webhook-timestamp"]);
        Assert.True(Passes(came));
        Assert.False(Passes(came with { Body = [.. came.Body, (byte)' '] }));
        Assert.False(Passes(came with { Body = Encoding.UTF8.GetBytes(came.Text.Replace("acme", "acne", StringComparison.Ordinal)) }));
        Assert.False(Passes(Changed(came, "webhook-id", "acme%2Ecom:8")));
        Assert.False(Passes(Changed(came, "webhook-timestamp", (_clock.Now / 1000 + 1).ToString(CultureInfo.InvariantCulture))));
        Assert.False(Passes(came, secret: "whsec_" + Convert.ToBase64String(new byte[32])));
        Assert.True(Passes(came, later: TimeSpan.FromMinutes(5)));
        Assert.False(Passes(came, later: TimeSpan.FromMinutes(6)));
        Assert.False(Passes(Changed(came, "webhook-signature", "v1,bm90IGl0")));
        Assert.False(Passes(Changed(came, "webhook-signature", "")));
    }

    [Fact]
    public async Task A_webhook_says_what_happened_to_whom_and_when()
    {
        await using var server = await WebServer.StartAsync();
        await Webhook(server).SendAsync(Made.Notice("acme:7", _clock.Now, new JsonObject { ["step"] = 2, ["name"] = "Zoë" }), default);
        var body = JsonNode.Parse(Assert.Single(server.Came).Body)!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            { "id": "acme:7", "type": "play.step.completed", "timestamp": "2026-11-18T12:00:00Z", "account": "acme",
              "data": { "step": 2, "name": "Zoë" } }
            """), body), body.ToJsonString());
        Assert.StartsWith("application/json", server.Came[0].Headers["Content-Type"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_signature_is_the_one_of_the_specification()
    {
        // The sample of the libraries of Standard Webhooks.
        const string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        const string body = """{"test": 2432232314}""";
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            WebhookSignature.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Encoding.UTF8.GetBytes(body), secret));
    }

    [Fact]
    public async Task While_a_secret_is_replaced_both_sign()
    {
        await using var server = await WebServer.StartAsync();
        var next = "whsec_" + Convert.ToBase64String(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());
        var receiver = Settings.Receiver(_clock, ("Kind", "webhook"), ("Url", server.Url), ("Secret", $"{Settings.Secret} {next}"));
        await receiver.SendAsync(Made.Notice("acme:7", _clock.Now), default);
        Assert.True(Passes(server.Came[0]));
        Assert.True(Passes(server.Came[0], secret: next));
        Assert.Equal(2, server.Came[0].Headers["webhook-signature"].Split(' ').Length);
    }

    [Fact]
    public async Task A_secret_that_was_changed_in_the_configuration_signs_from_then_on()
    {
        await using var server = await WebServer.StartAsync();
        var configuration = Settings.Of(("Receivers:it:Kind", "webhook"), ("Receivers:it:Url", server.Url), ("Receivers:it:Secret", Settings.Secret));
        await using var receivers = Settings.Receivers(_clock, configuration);
        var next = "whsec_" + Convert.ToBase64String(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());
        configuration[$"{DeliverySettings.Section}:Receivers:it:Secret"] = next;
        await receivers.Of("it").SendAsync(Made.Notice("acme:7", _clock.Now), default);
        Assert.False(Passes(server.Came[0]));
        Assert.True(Passes(server.Came[0], secret: next));
    }

    [Theory]
    [InlineData(200, typeof(DeliveryOutcome.Delivered))]
    [InlineData(202, typeof(DeliveryOutcome.Delivered))]
    [InlineData(204, typeof(DeliveryOutcome.Delivered))]
    [InlineData(302, typeof(DeliveryOutcome.Away))]
    [InlineData(400, typeof(DeliveryOutcome.Refused))]
    [InlineData(401, typeof(DeliveryOutcome.Away))]
    [InlineData(403, typeof(DeliveryOutcome.Away))]
    [InlineData(404, typeof(DeliveryOutcome.Refused))]
    [InlineData(409, typeof(DeliveryOutcome.Later))]
    [InlineData(410, typeof(DeliveryOutcome.Refused))]
    [InlineData(413, typeof(DeliveryOutcome.Refused))]
    [InlineData(422, typeof(DeliveryOutcome.Refused))]
    [InlineData(429, typeof(DeliveryOutcome.Away))]
    [InlineData(500, typeof(DeliveryOutcome.Later))]
    [InlineData(502, typeof(DeliveryOutcome.Away))]
    [InlineData(503, typeof(DeliveryOutcome.Away))]
    public async Task Each_answer_means_what_it_should(int status, Type outcome)
    {
        await using var server = await WebServer.StartAsync();
        server.Answer = _ => (status, status == 204 ? "" : "because of this");
        server.Headers["Location"] = "/elsewhere";
        var came = await Webhook(server).SendAsync(Made.Notice("acme:7", _clock.Now), default);
        Assert.IsType(outcome, came);
        Assert.Single(server.Came);
        if (Error(came) is { } error) Assert.Contains(status.ToString(CultureInfo.InvariantCulture), error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_receiver_asks_to_wait_is_read_in_seconds_and_as_a_time()
    {
        await using var server = await WebServer.StartAsync();
        server.Answer = _ => (429, "slow down");
        server.Headers["Retry-After"] = "120";
        Assert.Equal(TimeSpan.FromMinutes(2), Assert.IsType<DeliveryOutcome.Away>(await Send()).RetryAfter);
        server.Headers["Retry-After"] = _clock.GetUtcNow().AddMinutes(3).ToString("R", CultureInfo.InvariantCulture);
        Assert.Equal(TimeSpan.FromMinutes(3), Assert.IsType<DeliveryOutcome.Away>(await Send()).RetryAfter);

        Task<DeliveryOutcome> Send() => Webhook(server).SendAsync(Made.Notice("acme:7", _clock.Now), default);
    }

    [Fact]
    public async Task Nobody_there_is_away_and_says_where_nobody_was()
    {
        var server = await WebServer.StartAsync();
        var (receiver, port) = (Webhook(server), new Uri(server.Url).Port);
        await server.DisposeAsync();
        var away = Assert.IsType<DeliveryOutcome.Away>(await receiver.SendAsync(Made.Notice("acme:7", _clock.Now), default));
        Assert.StartsWith($"127.0.0.1:{port} cannot be reached:", away.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chat_gets_a_text_with_its_link_and_nothing_in_it_is_taken_for_markup()
    {
        await using var server = await WebServer.StartAsync();
        var receiver = Settings.Receiver(_clock, ("Kind", "chat"), ("Url", $"{server.Url}/services/T0/B0/XXsecretXX"));
        var dispatch = Made.Chat("acme", 7, _clock.Now) with { Body = new ChatBody("Acme <!channel> & more", "https://us.example/a?b=1|2") };
        var done = Assert.IsType<DeliveryOutcome.Delivered>(await receiver.SendAsync(dispatch, default));
        Assert.DoesNotContain("secret", done.Receipt, StringComparison.Ordinal);
        Assert.Equal("Acme &lt;!channel&gt; &amp; more\n<https://us.example/a?b=1%7C2|Open>", JsonNode.Parse(server.Came[0].Body)!["text"]!.GetValue<string>());
        Assert.Equal("/services/T0/B0/XXsecretXX", server.Came[0].Path);
        await receiver.SendAsync(dispatch with { Body = new ChatBody("x", "javascript:alert(1)") }, default);
        Assert.Equal("x", JsonNode.Parse(server.Came[1].Body)!["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_letter_is_nothing_for_a_chat()
    {
        await using var server = await WebServer.StartAsync();
        var receiver = Settings.Receiver(_clock, ("Kind", "chat"), ("Url", server.Url));
        var refused = Assert.IsType<DeliveryOutcome.Refused>(await receiver.SendAsync(Made.Mail("acme:7", _clock.Now), default));
        Assert.Equal("a chat takes a text, and this is a letter; send it to another receiver", refused.Error);
        Assert.Empty(server.Came);
    }

    private IReceiver Webhook(WebServer server) =>
        Settings.Receiver(_clock, ("Kind", "webhook"), ("Url", server.Url + "/in"), ("Secret", Settings.Secret));

    private bool Passes(Came came, string secret = Settings.Secret, TimeSpan later = default) => WebhookSignature.Verify(
        came.Headers["webhook-id"], came.Headers["webhook-timestamp"], came.Body, came.Headers["webhook-signature"], secret,
        _clock.GetUtcNow() + later, TimeSpan.FromMinutes(5));

    private static Came Changed(Came came, string header, string value) =>
        came with { Headers = new Dictionary<string, string>(came.Headers, StringComparer.OrdinalIgnoreCase) { [header] = value } };

    private static string? Error(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Refused refused => refused.Error,
        DeliveryOutcome.Later later => later.Error,
        DeliveryOutcome.Away away => away.Error,
        _ => null,
    };
}
