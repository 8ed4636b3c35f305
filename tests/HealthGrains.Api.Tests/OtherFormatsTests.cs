using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HealthGrains.Api.Tests;

public sealed class OtherFormatsTests
{
    private const string Track = """
        {"messageId":"m-1","userId":"u-1","event":"Report Viewed","properties":{},"context":{"groupId":"acme"},
         "timestamp":"2026-11-21T09:00:00Z"}
        """;

    private const string Paid = """
        {"id":"evt_1","object":"event","type":"invoice.paid","created":1795000000,"api_version":"2024-06-20",
         "data":{"object":{"id":"in_1","object":"invoice","customer":"cus_9","amount_paid":4900,"currency":"usd"}}}
        """;

    private const string Secret = "whsec_test";

    private static readonly (string, string) StripeSetting = ("HealthGrains:Hooks:Stripe:Secret", Secret);

    [Fact]
    public async Task A_track_call_needs_no_type_where_the_address_names_it()
    {
        await using var api = await TestApi.StartAsync();
        await api.PutAsync("/v1/accounts/acme", "{}");
        var receipt = await (await api.PostAsync("/v1/track", Track, ("Authorization", "Basic d3JpdGVrZXk6"))).JsonAsync();
        Assert.Equal((1, 0), (receipt.Int("accepted"), receipt.Int("rejected")));
        await (await api.PostAsync("/v1/page", Track.Replace("m-1", "m-2"))).JsonAsync();
        await (await api.PostAsync("/v1/screen", Track.Replace("m-1", "m-3"))).JsonAsync();
    }

    [Theory]
    [InlineData("identify", """{"messageId":"m-1","userId":"u-1","traits":{"email":"a@example.com"},"timestamp":"2026-11-21T09:00:00Z"}""")]
    [InlineData("group", """{"messageId":"m-1","userId":"u-1","groupId":"acme","timestamp":"2026-11-21T09:00:00Z"}""")]
    public async Task A_call_without_a_signal_counts_as_accepted(string call, string body)
    {
        await using var api = await TestApi.StartAsync();
        var receipt = await (await api.PostAsync("/v1/" + call, body)).JsonAsync();
        Assert.Equal((1, 0), (receipt.Int("accepted"), receipt.Int("rejected")));
    }

    [Fact]
    public async Task A_batch_of_an_unknown_group_is_held_and_taken_once_the_link_exists()
    {
        await using var api = await TestApi.StartAsync();
        var call = Track.Replace("{\"messageId", "{\"type\":\"track\",\"messageId").Replace("acme", "grp-7");
        var calls = string.Join(',', Enumerable.Range(0, 3).Select(n => call.Replace("m-1", "m-" + n)));
        var receipt = await (await api.PostAsync("/v1/batch", $$"""{"batch":[{{calls}}]}""")).JsonAsync();
        Assert.Equal((0, 3), (receipt.Int("accepted"), receipt.Int("held")));

        var held = (await (await api.GetAsync("/v1/held")).JsonAsync()).GetProperty("items")[0];
        Assert.Equal(("segment", "grp-7", 3), (held.Str("source"), held.Str("externalId"), held.Int("count")));

        var link = """{"source":"segment","externalId":"grp-7","account":"acme"}""";
        var taken = await (await api.PostAsync("/v1/identities", link)).JsonAsync();
        Assert.Equal((3, 0), (taken.Int("accepted"), taken.Int("held")));
        Assert.All(api.Host.LastBatch, signal => Assert.Equal("acme", signal.Account));
        Assert.Equal(0, (await (await api.GetAsync("/v1/held")).JsonAsync()).Int("total"));
        Assert.Equal(0, (await (await api.PostAsync("/v1/identities", link)).JsonAsync()).Int("accepted"));
    }

    [Fact]
    public async Task Events_that_waited_are_not_lost_to_a_saturated_host()
    {
        await using var api = await TestApi.StartAloneAsync();
        await api.PostAsync("/v1/track", Track.Replace("acme", "grp-7"));
        api.Host.SaturatedTakes = 3;
        var link = api.PostAsync("/v1/identities", """{"source":"segment","externalId":"grp-7","account":"acme"}""");
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await api.Time.ArmedAsync(TimeSpan.FromSeconds(1));
            api.Time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(1, (await (await link).JsonAsync()).Int("accepted"));
    }

    [Fact]
    public async Task SDKs_and_webhooks_may_append_to_the_address_what_they_like()
    {
        await using var api = await TestApi.StartAsync();
        await (await api.PostAsync("/v1/track?writeKey=abc", Track)).JsonAsync();
    }

    [Theory]
    [InlineData("{}", "source")]
    [InlineData("""{"source":"","externalId":"x","account":"acme"}""", "source")]
    [InlineData("""{"source":"segment","account":"acme"}""", "externalId")]
    [InlineData("""{"source":"segment","externalId":"x"}""", "account")]
    [InlineData("""{"source":"segment","externalId":"x","account":"a b"}""", "account")]
    [InlineData("""{"source":"segment","externalId":[],"account":"acme"}""", "externalId")]
    public async Task A_link_needs_all_three(string body, string field)
    {
        await using var api = await TestApi.StartAsync();
        await (await api.PostAsync("/v1/identities", body)).ProblemAsync(400, "invalid-body", field);
        Assert.Empty(api.Host.Links);
    }

    [Fact]
    public async Task A_signed_Stripe_event_is_held_until_its_customer_is_known()
    {
        await using var api = await TestApi.StartAloneAsync(settings: StripeSetting);
        var signature = Sign(api.Time.GetUtcNow(), Paid);
        var receipt = await (await api.PostAsync("/v1/hooks/stripe", Paid, ("Stripe-Signature", signature))).JsonAsync();
        Assert.Equal(1, receipt.Int("held"));
        var link = """{"source":"stripe","externalId":"cus_9","account":"acme"}""";
        var taken = await (await api.PostAsync("/v1/identities", link)).JsonAsync();
        Assert.Equal(1, taken.Int("accepted"));
    }

    [Fact]
    public async Task A_Stripe_event_that_is_not_signed_now_by_the_secret_is_refused()
    {
        await using var api = await TestApi.StartAloneAsync(settings: StripeSetting);
        var now = api.Time.GetUtcNow();
        foreach (var signature in (string[])
            ["", "t=1", "v1=00", "nonsense", Sign(now, Paid + " "), Sign(now.AddMinutes(-6), Paid), Sign(now, Paid, "whsec_other")])
        {
            var response = await api.PostAsync("/v1/hooks/stripe", Paid, ("Stripe-Signature", signature));
            await response.ProblemAsync(401, "bad-signature", "Stripe-Signature");
        }
        Assert.Empty(api.Host.Held);
    }

    [Fact]
    public async Task A_hook_without_a_secret_names_the_setting()
    {
        await using var api = await TestApi.StartAsync();
        var problem = await (await api.PostAsync("/v1/hooks/stripe", Paid)).ProblemAsync(404, "hook-not-configured");
        Assert.Contains("HealthGrains__Hooks__Stripe__Secret", problem.Detail());
    }

    private static string Sign(DateTimeOffset now, string body, string secret = Secret)
    {
        var stamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{stamp}.{body}"));
        return $"t={stamp},v1={new string('0', 64)},v1={Convert.ToHexStringLower(mac)}";
    }
}
