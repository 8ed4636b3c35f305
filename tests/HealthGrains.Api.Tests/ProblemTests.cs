using HealthGrains.Hosting;
using Microsoft.Extensions.Configuration;

namespace HealthGrains.Api.Tests;

public sealed class ProblemTests
{
    [Theory]
    [InlineData("/v2/accounts")]
    [InlineData("/v1")]
    [InlineData("/v1/accounts/acme/shoes")]
    [InlineData("/v1/hooks/unheard-of")]
    [InlineData("/openapi/v9.json")]
    public async Task An_unknown_route_is_a_problem_that_says_where_to_look(string url)
    {
        await using var api = await TestApi.StartAsync();
        Assert.Contains("/openapi/v1.json", (await (await api.GetAsync(url)).ProblemAsync(404, "unknown-route")).Detail());
    }

    [Fact]
    public async Task A_wrong_method_is_a_problem_that_names_the_right_ones()
    {
        await using var api = await TestApi.StartAsync();
        var response = await api.SendAsync(HttpMethod.Delete, "/v1/signals", null);
        Assert.Contains("POST", (await response.ProblemAsync(405, "method-not-allowed")).Detail());
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task A_fault_of_ours_shows_no_inside(string environment)
    {
        await using var api = await TestApi.StartAloneAsync(environment);
        api.Host.Fault = new InvalidOperationException("secret detail");
        var response = await api.GetAsync("/v1/portfolio");
        var text = await response.Content.ReadAsStringAsync();
        await response.ProblemAsync(500, "internal");
        Assert.DoesNotContain("secret", text);
        Assert.DoesNotContain("   at ", text);
    }

    [Fact]
    public async Task Every_answer_carries_the_security_headers()
    {
        await using var api = await TestApi.StartAsync();
        foreach (var url in (string[])["/", "/v1/clock", "/nope", "/v1/accounts?x=1"])
        {
            var response = await api.GetAsync(url);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
            Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
            Assert.False(response.Headers.Contains("Server"));
        }
    }

    [Theory]
    [InlineData("http://evil.example/v1/clock", null, 403)]
    [InlineData("http://192.168.1.7/v1/clock", null, 403)]
    [InlineData("http://localhost/v1/clock", null, 200)]
    [InlineData("http://127.0.0.1:5080/v1/clock", null, 200)]
    [InlineData("http://[::1]:5080/v1/clock", null, 200)]
    [InlineData("http://localhost/v1/clock", "https://evil.example", 200)] // reading is for the browser to forbid
    public async Task Without_credentials_only_this_machine_is_served(string url, string? origin, int status)
    {
        await using var api = await TestApi.StartAsync();
        var response = origin is null ? await api.GetAsync(url) : await api.GetAsync(url, ("Origin", origin));
        Assert.Equal(status, (int)response.StatusCode);
        if (status == 403) await response.ProblemAsync(403, "foreign-host");
    }

    [Fact]
    public async Task Without_credentials_a_foreign_page_cannot_write()
    {
        await using var api = await TestApi.StartAsync();
        await (await api.PutAsync("/v1/accounts/acme", "{}", ("Origin", "https://evil.example"))).ProblemAsync(403, "foreign-host");
        await (await api.PutAsync("/v1/accounts/acme", "{}", ("Origin", "null"))).ProblemAsync(403, "foreign-host");
        await (await api.PutAsync("/v1/accounts/acme", "{}", ("Origin", "http://localhost:5173"))).JsonAsync(201);
    }

    [Fact]
    public async Task The_rule_of_this_machine_can_be_lifted_by_a_setting()
    {
        await using var api = await TestApi.StartAloneAsync(settings: ("HealthGrains:Api:LocalOnly", "false"));
        await (await api.GetAsync("http://health.example/v1/clock")).JsonAsync();
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080", true)]
    [InlineData("http://localhost:5080", true)]
    [InlineData("https://[::1]:5081", true)]
    [InlineData("http://127.0.0.2", true)]
    [InlineData("http://unix:/run/healthgrains.sock", true)]
    [InlineData("http://127.0.0.1:5080;http://[::1]:5080", true)]
    [InlineData("http://127.0.0.1:5080;http://0.0.0.0:5080", false)]
    [InlineData("http://0.0.0.0:5080", false)]
    [InlineData("http://*:80", false)]
    [InlineData("http://+:80", false)]
    [InlineData("http://[::]:80", false)]
    [InlineData("http://10.0.0.4", false)]
    [InlineData("http://localhost.evil.example", false)]
    [InlineData("127.0.0.1:80", false)]
    [InlineData("", false)]
    public void Without_credentials_only_loopback_addresses_may_be_listened_on(string url, bool allowed)
    {
        Assert.Equal(allowed, LoopbackGuard.IsLoopback(url));
        if (allowed)
        {
            LoopbackGuard.Check([url]);
            return;
        }
        var refused = Assert.Throws<InvalidOperationException>(() => LoopbackGuard.Check([url]));
        Assert.Contains("no credentials are configured", refused.Message);
    }

    [Theory]
    [InlineData("http://+:8080", "true", true)]
    [InlineData("http://127.0.0.1:8080", "true", false)]
    [InlineData("http://127.0.0.1:8080", null, false)]
    public void A_network_that_is_said_to_be_trusted_may_be_listened_on_with_a_warning(string url, string? trusted, bool warns)
    {
        var warning = LoopbackGuard.Check([url], Trusting(trusted));
        Assert.Equal(warns, warning?.Contains(url, StringComparison.Ordinal) ?? false);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("false")]
    [InlineData("yes")]
    public void A_network_that_is_not_said_to_be_trusted_is_refused_and_told_how_to_say_so(string? trusted)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => LoopbackGuard.Check(["http://+:8080"], Trusting(trusted)));
        Assert.Contains("HealthGrains__Api__TrustedNetwork=true", refused.Message);
    }

    private static IConfiguration Trusting(string? value) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { [LoopbackGuard.TrustedNetworkKey] = value }).Build();
}
