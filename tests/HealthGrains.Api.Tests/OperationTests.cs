using HealthGrains.Hosting;

namespace HealthGrains.Api.Tests;

public sealed class OperationTests
{
    [Fact]
    public async Task Live_says_only_that_the_process_answers()
    {
        await using var api = await TestApi.StartAsync();
        api.Host.Status = api.Host.Status with { Ready = false, Reason = "replaying the journal" };
        Assert.Equal("live", (await (await api.GetAsync("/health/live")).JsonAsync()).Str("status"));
    }

    [Fact]
    public async Task Ready_says_why_not()
    {
        await using var api = await TestApi.StartAsync();
        Assert.Equal(3, (await (await api.GetAsync("/health/ready")).JsonAsync()).Int("accounts"));
        api.Host.Status = api.Host.Status with { Ready = false, Reason = "replaying the journal" };
        Assert.Contains("replaying", (await (await api.GetAsync("/health/ready")).ProblemAsync(503, "not-ready")).Detail());
        await (await api.GetAsync("/health/startup")).ProblemAsync(503, "not-ready");
    }

    [Fact]
    public async Task Metrics_are_Prometheus_text_with_its_names()
    {
        await using var api = await TestApi.StartAsync();
        var figures = new Dictionary<string, double> { ["healthgrains.journal.commit-p99"] = 1.5, ["healthgrains.odd"] = double.NaN };
        api.Host.Status = api.Host.Status with { Figures = figures };
        var response = await api.GetAsync("/metrics");
        Assert.StartsWith("text/plain; version=0.0.4", response.Content.Headers.ContentType?.ToString());
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("# TYPE healthgrains_journal_commit_p99 gauge\nhealthgrains_journal_commit_p99 1.5\n", text);
        Assert.Contains("# TYPE healthgrains_signals_total counter\nhealthgrains_signals_total 42\n", text);
        Assert.Contains("healthgrains_odd NaN\n", text);
        const string name = "[a-zA-Z_:][a-zA-Z0-9_:]*";
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Assert.Matches($"^(# TYPE {name} (gauge|counter)|{name} [-+0-9.eEInfNa]+)$", line);
    }

    [Fact]
    public async Task The_clock_says_what_drives_it()
    {
        await using var api = await TestApi.StartAsync();
        api.Host.ClockKind = ClockKind.Simulated;
        var clock = await (await api.GetAsync("/v1/clock")).JsonAsync();
        Assert.Equal(("2026-11-21T10:00:00Z", "simulated"), (clock.Str("now"), clock.Str("kind")));
    }

    [Fact]
    public async Task The_first_page_shows_a_line_that_works_on_an_empty_system()
    {
        await using var api = await TestApi.StartAsync();
        var text = await (await api.GetAsync("/")).Content.ReadAsStringAsync();
        var line = text.Split('\n').First(l => l.Contains("/v1/signals -d '"));
        var body = line[(line.IndexOf('\'') + 1)..line.LastIndexOf('\'')];
        var form = TestApi.Content(body, "application/x-www-form-urlencoded");
        var receipt = await (await api.SendAsync(HttpMethod.Post, "/v1/signals", form)).JsonAsync();
        Assert.Equal(1, receipt.Int("accepted"));
        await (await api.GetAsync("/v1/accounts/acme")).JsonAsync();

        var page = await api.GetAsync("/", ("Accept", "text/html,*/*"));
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("default-src 'none'", Assert.Single(page.Headers.GetValues("Content-Security-Policy")));
    }

    [Fact]
    public async Task The_description_lists_every_route_with_its_parameters()
    {
        await using var api = await TestApi.StartAsync();
        var document = await (await api.GetAsync("/openapi/v1.json")).JsonAsync();
        var paths = document.GetProperty("paths");
        foreach (var route in (string[])
            [
                "post /v1/signals", "post /v1/track", "post /v1/identify", "post /v1/group", "post /v1/page", "post /v1/screen",
                "post /v1/batch", "post /v1/hooks/stripe", "get /v1/accounts", "get /v1/accounts/{id}", "put /v1/accounts/{id}",
                "delete /v1/accounts/{id}",
                "get /v1/accounts/{id}/ledger", "get /v1/accounts/{id}/history", "post /v1/accounts/{id}/what-if", "get /v1/portfolio",
                "get /v1/accounts/{id}/timeline", "get /v1/accounts/{id}/signals", "get /v1/portfolio/facets", "get /v1/team",
                "get /v1/clock", "get /v1/alerts", "post /v1/alerts/{id}/acknowledge", "post /v1/alerts/{id}/resolve", "get /v1/models",
                "get /v1/models/{version}", "post /v1/models/{version}/activate", "get /v1/held", "post /v1/identities", "get /v1/stream",
                "get /health/live", "get /health/ready", "get /health/startup", "get /metrics",
            ])
        {
            var operation = paths.GetProperty(route.Split(' ')[1]).GetProperty(route.Split(' ')[0]);
            Assert.NotEqual("", operation.Str("summary"));
            Assert.True(operation.GetProperty("responses").EnumerateObject().Any(), route);
        }
        var parameters = paths.GetProperty("/v1/accounts").GetProperty("get").GetProperty("parameters");
        var bands = parameters.EnumerateArray().Single(p => p.Str("name") == "band").GetProperty("schema").GetProperty("enum");
        Assert.Equal(["red", "yellow", "green"], bands.EnumerateArray().Select(v => v.GetString()));
        var put = paths.GetProperty("/v1/accounts/{id}").GetProperty("put");
        Assert.True(put.GetProperty("requestBody").GetProperty("content").TryGetProperty("application/json", out _));
        Assert.Contains(put.GetProperty("parameters").EnumerateArray(), p => p.Str("name") == "Idempotency-Key");
        var refusal = put.GetProperty("responses").GetProperty("400").GetProperty("content");
        Assert.True(refusal.TryGetProperty("application/problem+json", out _));
        var health = document.GetProperty("components").GetProperty("schemas").GetProperty("Health");
        Assert.Equal("number", health.GetProperty("properties").GetProperty("score").Str("type"));
    }
}
