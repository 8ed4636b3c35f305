using System.Text.Json;

namespace HealthGrains.Api.Tests;

public sealed class AccountsTests
{
    private const string Profile = """
        {"name":"Acme Ltd","tier":"enterprise","segment":"retail","plan":"pro","arr":"120000.50","currency":"eur","seats":40.0,
         "startedAt":"2024-01-15","renewalDate":"2027-03-31T00:00:00+02:00","termMonths":12,"owner":"kim","ownerEmail":"kim@example.com",
         "parent":"holding","externalIds":{"stripe":"cus_9","zendesk":4711},"goals":["grow"],"promises":"SSO by May","valueBlocks":[],
         "contacts":[{"id":"c1","name":"René","email":"r@example.com","role":"Champion","consent":true,"timeZone":"Europe/Paris"}],
         "shoeSize":43}
        """;

    [Fact]
    public async Task A_new_account_is_created_and_the_next_time_replaced()
    {
        await using var api = await TestApi.StartAsync();
        var created = await api.PutAsync("/v1/accounts/acme", Profile);
        Assert.Equal("/v1/accounts/acme", created.Headers.Location?.OriginalString);
        await created.JsonAsync(201);
        var replaced = await (await api.PutAsync("/v1/accounts/acme", "{}")).JsonAsync(200);
        Assert.Equal("acme", replaced.Str("name"));
        Assert.Equal(JsonValueKind.Null, replaced.GetProperty("arr").ValueKind);
        Assert.Equal("local", api.Host.LastActor);
    }

    [Fact]
    public async Task Dates_times_and_numbers_are_read_as_people_write_them()
    {
        await using var api = await TestApi.StartAsync();
        var account = await (await api.PutAsync("/v1/accounts/acme", Profile)).JsonAsync(201);
        Assert.Equal("2024-01-15T00:00:00Z", account.Str("startedAt"));
        Assert.Equal("2027-03-30T22:00:00Z", account.Str("renewalDate"));
        Assert.Equal(120000.50m, account.GetProperty("arr").GetDecimal());
        Assert.Equal("EUR", account.Str("currency"));
        Assert.Equal(40, account.Int("seats"));
        Assert.Equal("4711", account.GetProperty("externalIds").Str("zendesk"));
        Assert.Equal("SSO by May", account.GetProperty("promises")[0].GetString());
        Assert.Equal("champion", account.GetProperty("contacts")[0].Str("role"));
        Assert.Equal("René", account.GetProperty("contacts")[0].Str("name"));
    }

    [Theory]
    [InlineData("""{"tier":"gold"}""", "tier", "'gold' is not one of enterprise, standard, smb")]
    [InlineData("""{"tier":7}""", "tier", "'7' is not one of enterprise, standard, smb")]
    [InlineData("""{"arr":"lots"}""", "arr", "'lots' is not a number")]
    [InlineData("""{"arr":-1}""", "arr", "'-1' is not a number from 0")]
    [InlineData("""{"arr":1e400}""", "arr", "is not a number")]
    [InlineData("""{"seats":1.5}""", "seats", "'1.5' is not a whole number")]
    [InlineData("""{"renewalDate":"31/12/2027"}""", "renewalDate", "'31/12/2027' is not an RFC 3339 time")]
    [InlineData("""{"renewalDate":"2027-02-30"}""", "renewalDate", "is not an RFC 3339 time")]
    [InlineData("""{"startedAt":"0001-01-01"}""", "startedAt", "years 1900 and 2200")]
    [InlineData("""{"currency":"euros"}""", "currency", "ISO 4217")]
    [InlineData("""{"termMonths":0}""", "termMonths", "from 1 to 1200")]
    [InlineData("""{"name":{}}""", "name", "an object is not a string")]
    [InlineData("""{"parent":"a b"}""", "parent", "an account id is")]
    [InlineData("""{"id":"other"}""", "id", "'other' is not the 'acme' of the path")]
    [InlineData("""{"contacts":[{"name":"Kim"}]}""", "contacts[0].id", "required")]
    [InlineData("""{"contacts":[{"id":"a","consent":"maybe"}]}""", "contacts[0].consent", "not true or false")]
    [InlineData("""{"contacts":"Kim"}""", "contacts", "not an array")]
    [InlineData("""{"externalIds":[]}""", "externalIds", "not an object")]
    [InlineData("""{"externalIds":{"stripe":{}}}""", "externalIds.stripe", "not a string")]
    public async Task A_bad_field_is_named_with_what_would_be_right(string body, string field, string reason)
    {
        await using var api = await TestApi.StartAsync();
        var problem = await (await api.PutAsync("/v1/accounts/acme", body)).ProblemAsync(400, "invalid-body", field);
        Assert.Contains(reason, problem.Detail());
        Assert.Equal(0, api.Host.Puts);
    }

    [Fact]
    public async Task All_bad_fields_are_told_at_once()
    {
        await using var api = await TestApi.StartAsync();
        var response = await api.PutAsync("/v1/accounts/acme", """{"tier":"gold","arr":"x","seats":-1}""");
        var problem = await response.ProblemAsync(400, "invalid-body");
        Assert.Equal(["tier", "arr", "seats"], problem.GetProperty("errors").EnumerateArray().Select(e => e.Str("field")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"name\":}")]
    [InlineData("nonsense")]
    public async Task A_body_that_is_no_object_is_refused(string body)
    {
        await using var api = await TestApi.StartAsync();
        await (await api.PutAsync("/v1/accounts/acme", body)).ProblemAsync(400, "unreadable-body");
    }

    [Fact]
    public async Task A_profile_is_small_and_json()
    {
        await using var api = await TestApi.StartAsync();
        await (await api.PutAsync("/v1/accounts/acme", $"{{\"x\":\"{new string('x', 1 << 20)}\"}}")).ProblemAsync(413, "too-large");
        var table = await api.SendAsync(HttpMethod.Put, "/v1/accounts/acme", TestApi.Content("name,tier", "text/csv"));
        await table.ProblemAsync(415, "unsupported-media-type");
        var form = await api.SendAsync(HttpMethod.Put, "/v1/accounts/acme", TestApi.Content("{}", "application/x-www-form-urlencoded"));
        await form.JsonAsync(201); // what curl calls it
    }

    [Theory]
    [InlineData("a%20b")]
    [InlineData("%2e%2e%2fetc")]
    [InlineData("caf%C3%A9")]
    public async Task An_id_that_breaks_the_rule_is_refused_with_the_rule(string id)
    {
        await using var api = await TestApi.StartAsync();
        foreach (var url in (string[])[$"/v1/accounts/{id}", $"/v1/accounts/{id}/ledger", $"/v1/accounts/{id}/history"])
            Assert.Contains("1 to 128 characters", (await (await api.GetAsync(url)).ProblemAsync(400, "invalid-query", "id")).Detail());
        await (await api.PutAsync($"/v1/accounts/{id}", "{}")).ProblemAsync(400, "invalid-query", "id");
    }

    [Fact]
    public async Task The_live_view_has_every_field_of_the_contract()
    {
        await using var api = await TestApi.StartAsync();
        await api.PutAsync("/v1/accounts/acme", Profile);
        var account = await (await api.GetAsync("/v1/accounts/acme")).JsonAsync();
        const string contract = "id name tier segment arr currency owner renewalDate daysToRenewal status";
        const string rest = "health decline risk alerts plays renewal lastSignals plan seats startedAt ownerEmail parent";
        const string lists = "externalIds goals promises valueBlocks contacts";
        foreach (var name in $"{contract} {rest} {lists}".Split(' ')) Assert.True(account.TryGetProperty(name, out _), name);
        var health = account.GetProperty("health");
        Assert.Equal("score low high band coverage asOf model categories drivers caps", NamesOf(health));
        Assert.Equal("key score weight points coverage", NamesOf(health.GetProperty("categories")[0]));
        Assert.Equal("measure category points since note", NamesOf(health.GetProperty("drivers")[0]));
        Assert.Equal("slopePerDay acceleration z state", NamesOf(account.GetProperty("decline")));
        Assert.Equal("churnProbability horizonDays arrAtRisk low high arrAtRiskLow arrAtRiskHigh", NamesOf(account.GetProperty("risk")));
        Assert.Equal(("enterprise", "active", "yellow", "accelerating"),
            (account.Str("tier"), account.Str("status"), health.Str("band"), account.GetProperty("decline").Str("state")));
        Assert.Equal(62.44, health.GetProperty("score").GetDouble());
        Assert.Equal("2026-11-21T10:00:00Z", health.Str("asOf"));
        Assert.Equal(JsonValueKind.Null, account.GetProperty("decline").GetProperty("z").ValueKind); // not a number: no data
        Assert.Equal(account.Int("daysToRenewal"), account.GetProperty("renewal").Int("daysLeft"));
        Assert.Equal("acme", account.GetProperty("alerts")[0].Str("account"));
    }

    [Fact]
    public async Task An_account_without_a_renewal_date_has_no_renewal()
    {
        await using var api = await TestApi.StartAsync();
        var account = await (await api.PutAsync("/v1/accounts/acme", "{}")).JsonAsync(201);
        Assert.Equal(JsonValueKind.Null, account.GetProperty("renewal").ValueKind);
        Assert.Equal(JsonValueKind.Null, account.GetProperty("daysToRenewal").ValueKind);
    }

    [Fact]
    public async Task The_ETag_stays_while_nothing_shows_and_changes_with_the_version()
    {
        await using var api = await TestApi.StartAsync();
        await api.PutAsync("/v1/accounts/acme", "{}");
        var first = await api.GetAsync("/v1/accounts/acme");
        var tag = first.Headers.ETag!;
        Assert.True(tag.IsWeak);
        var view = api.Host.Accounts["acme"];
        api.Host.Accounts["acme"] = view with { Health = view.Health with { Score = 62.43, AsOf = FakeHost.Start.AddHours(1) } };

        var same = await api.GetAsync("/v1/accounts/acme", ("If-None-Match", $"\"other\", {tag}"));
        Assert.Equal(304, (int)same.StatusCode);
        Assert.Equal(tag, same.Headers.ETag);
        Assert.Empty(await same.Content.ReadAsByteArrayAsync());

        api.Host.Accounts["acme"] = view with { Health = view.Health with { Score = 62.6 } };
        await (await api.GetAsync("/v1/accounts/acme", ("If-None-Match", tag.ToString()))).JsonAsync();
        api.Host.Accounts["acme"] = view with { Version = 99 };
        await (await api.GetAsync("/v1/accounts/acme", ("If-None-Match", tag.ToString()))).JsonAsync();
    }

    [Theory]
    [InlineData("2026-11-01T08:00:00Z", "2026-11-01T08:00:00Z")]
    [InlineData("2026-11-01T10:00:00%2B02:00", "2026-11-01T08:00:00Z")]
    [InlineData("2026-11-01T10:00:00+02:00", "2026-11-01T08:00:00Z")] // the plus was not escaped and arrives as a blank
    [InlineData("2026-11-01", "2026-11-01T00:00:00Z")]
    [InlineData("2026-11-01t08:00:00.123456789z", "2026-11-01T08:00:00.1234567Z")]
    [InlineData("7d", "2026-11-14T10:00:00Z")]
    [InlineData("90m", "2026-11-21T08:30:00Z")]
    public async Task A_moment_is_a_time_a_date_or_a_span_back(string at, string expected)
    {
        await using var api = await TestApi.StartAsync();
        await api.PutAsync("/v1/accounts/acme", "{}");
        await (await api.GetAsync("/v1/accounts/acme?at=" + at)).JsonAsync();
        Assert.Equal(DateTimeOffset.Parse(expected, null), api.Host.LastAt);
    }

    [Fact]
    public async Task A_moment_that_is_none_is_refused()
    {
        await using var api = await TestApi.StartAsync();
        foreach (var at in (string[])["yesterday", "2026-13-01", "2026-11-01T08:00:00", "99999999d", "7y", "d"])
            await (await api.GetAsync("/v1/accounts/acme?at=" + at)).ProblemAsync(400, "invalid-query", "at");
    }

    [Fact]
    public async Task An_unknown_account_is_not_found_anywhere()
    {
        await using var api = await TestApi.StartAsync();
        foreach (var url in (string[])["/v1/accounts/x", "/v1/accounts/x/ledger", "/v1/accounts/x/history"])
            Assert.Contains("'x'", (await (await api.GetAsync(url)).ProblemAsync(404, "not-found")).Detail());
        await (await api.SendAsync(HttpMethod.Delete, "/v1/accounts/x", null)).ProblemAsync(404, "not-found");
        await (await api.PostAsync("/v1/accounts/x/what-if", """{"signals":[]}""")).ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Erasing_answers_a_receipt()
    {
        await using var api = await TestApi.StartAsync();
        await api.PutAsync("/v1/accounts/acme", "{}");
        var response = await api.SendAsync(HttpMethod.Delete, "/v1/accounts/acme", null, ("X-HealthGrains-Actor", "kim"));
        var receipt = await response.JsonAsync();
        Assert.Equal(("acme", 12), (receipt.Str("account"), receipt.Int("journaledSignals")));
        Assert.Equal("kim", api.Host.LastActor);
        await (await api.GetAsync("/v1/accounts/acme")).ProblemAsync(404, "not-found");
    }

    private static string NamesOf(JsonElement json) => string.Join(' ', json.EnumerateObject().Select(p => p.Name));
}
