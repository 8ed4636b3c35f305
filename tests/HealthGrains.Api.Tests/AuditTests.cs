using HealthGrains.Hosting;

namespace HealthGrains.Api.Tests;

public sealed class AuditTests
{
    [Fact]
    public async Task The_audit_is_listed_by_account_actor_and_time()
    {
        await using var api = await TestApi.StartAsync();
        var page = await (await api.GetAsync("/v1/audit?account=acme&actor=kim&since=7d&limit=10&cursor=x")).JsonAsync();
        Assert.Equal(("next", 2), (page.Str("next"), page.Int("total")));
        var entry = page.GetProperty("items")[0];
        Assert.Equal(
            ("2026-11-21T10:00:00Z", "kim", "alert.resolved", "acme", "al-1"),
            (entry.Str("at"), entry.Str("actor"), entry.Str("action"), entry.Str("subject"), entry.Str("detail")));
        Assert.Null(page.GetProperty("items")[1].Str("detail"));
        Assert.Equal(new AuditQuery("acme", "kim", FakeHost.Start.AddDays(-7), 10, "x"), api.Host.LastAuditQuery);
    }

    [Theory]
    [InlineData("since=yesterday", "since")]
    [InlineData("account=a%20b", "account")]
    [InlineData("limit=501", "limit")]
    [InlineData("who=kim", "who")]
    public async Task A_bad_query_is_refused(string query, string field)
    {
        await using var api = await TestApi.StartAsync();
        await (await api.GetAsync("/v1/audit?" + query)).ProblemAsync(400, "invalid-query", field);
    }
}
