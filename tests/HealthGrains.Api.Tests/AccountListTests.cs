using HealthGrains.Accounts;
using HealthGrains.Decline;
using HealthGrains.Health;
using HealthGrains.Hosting;

namespace HealthGrains.Api.Tests;

public sealed class AccountListTests
{
    [Fact]
    public async Task Every_filter_reaches_the_host()
    {
        await using var api = await TestApi.StartAsync();
        await (await api.GetAsync(
            "/v1/accounts?sort=-score&owner=kim&band=RED&tier=smb&segment=retail&decline=accelerating&q=ac&includeChurned=true"
            + "&limit=500&cursor=page-2")).JsonAsync();
        Assert.Equal(new AccountQuery
        {
            Sort = "-score",
            Owner = "kim",
            Band = Band.Red,
            Tier = Tier.Smb,
            Segment = "retail",
            Decline = DeclineState.Accelerating,
            Search = "ac",
            IncludeChurned = true,
            Limit = 500,
            Cursor = "page-2",
        }, api.Host.LastAccountQuery);
    }

    [Fact]
    public async Task Without_a_query_the_ports_defaults_hold()
    {
        await using var api = await TestApi.StartAsync();
        await (await api.GetAsync("/v1/accounts?owner=&band=")).JsonAsync();
        Assert.Equal(new AccountQuery(), api.Host.LastAccountQuery);
    }

    [Fact]
    public async Task A_page_says_what_is_next_how_many_there_are_and_how_fresh_it_is()
    {
        await using var api = await TestApi.StartAsync();
        await api.PutAsync("/v1/accounts/acme", "{}");
        var page = await (await api.GetAsync("/v1/accounts")).JsonAsync();
        Assert.Equal(["items", "next", "total", "asOf"], page.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("acme", "page-2", 1), (page.GetProperty("items")[0].Str("id"), page.Str("next"), page.Int("total")));
    }

    [Theory]
    [InlineData("band=purple", "band", "band: 'purple' is not one of red, yellow, green")]
    [InlineData("tier=gold", "tier", "tier: 'gold' is not one of enterprise, standard, smb")]
    [InlineData("decline=down", "decline", "decline: 'down' is not one of steady, improving, declining, accelerating")]
    [InlineData("limit=0", "limit", "limit: '0' is not a whole number from 1 to 500")]
    [InlineData("limit=501", "limit", "limit: '501' is not a whole number from 1 to 500")]
    [InlineData("limit=many", "limit", "limit: 'many' is not a whole number from 1 to 500")]
    [InlineData("includeChurned=perhaps", "includeChurned", "includeChurned: 'perhaps' is not one of true, false")]
    [InlineData("bnad=red", "bnad", "the known ones are sort, owner, band")]
    [InlineData("band=red&band=green", "band", "given more than once")]
    [InlineData("sort=shoeSize", "sort", "'shoeSize' is not one of arrAtRisk")]
    [InlineData("cursor=made-up", "cursor", "not a cursor of this list")]
    public async Task A_bad_query_is_refused_with_what_would_be_right(string query, string field, string detail)
    {
        await using var api = await TestApi.StartAsync();
        Assert.Contains(detail, (await (await api.GetAsync("/v1/accounts?" + query)).ProblemAsync(400, "invalid-query", field)).Detail());
    }

    [Fact]
    public async Task A_list_that_says_the_same_again_is_not_sent_again()
    {
        await using var api = await TestApi.StartAsync();
        await api.PutAsync("/v1/accounts/acme", "{}");
        foreach (var url in (string[])
            ["/v1/accounts", "/v1/portfolio", "/v1/alerts", "/v1/models", "/v1/held", "/v1/accounts/acme/history",
             "/v1/accounts/acme/timeline", "/v1/portfolio/facets", "/v1/team"])
        {
            var tag = (await api.GetAsync(url)).Headers.ETag!;
            api.Host.Time.Advance(TimeSpan.FromSeconds(5)); // a new asOf, and nothing else
            Assert.Equal(304, (int)(await api.GetAsync(url, ("If-None-Match", tag.ToString()))).StatusCode);
        }
        var before = (await api.GetAsync("/v1/accounts")).Headers.ETag!;
        await api.PutAsync("/v1/accounts/zeta", "{}");
        await (await api.GetAsync("/v1/accounts", ("If-None-Match", before.ToString()))).JsonAsync();
    }

    [Fact]
    public async Task The_portfolio_is_one_owners_when_asked()
    {
        await using var api = await TestApi.StartAsync();
        var portfolio = await (await api.GetAsync("/v1/portfolio?owner=kim")).JsonAsync();
        Assert.Equal("kim", portfolio.Str("owner"));
        var red = portfolio.GetProperty("bands")[0];
        Assert.Equal(("red", 60), (red.Str("band"), red.GetProperty("arrAtRisk").Int("USD")));
        await (await api.GetAsync("/v1/portfolio?onwer=kim")).ProblemAsync(400, "invalid-query", "onwer");
    }
}
