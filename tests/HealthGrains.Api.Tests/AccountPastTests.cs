using System.Text.Json;
using HealthGrains.Hosting;

namespace HealthGrains.Api.Tests;

public sealed class AccountPastTests
{
    [Fact]
    public async Task A_ledger_begins_a_week_ago_unless_asked_otherwise()
    {
        await using var api = await TestApi.StartAsync();
        await api.PutAsync("/v1/accounts/acme", "{}");
        var ledger = await (await api.GetAsync("/v1/accounts/acme/ledger")).JsonAsync();
        Assert.Equal((FakeHost.Start.AddDays(-7), FakeHost.Start), api.Host.LastLedger);
        Assert.Equal(71, ledger.GetProperty("from").Int("score"));
        var item = ledger.GetProperty("items")[0];
        Assert.Equal(("signal", "openTickets", -7, "2026-11-20"),
            (item.Str("cause"), item.Str("measure"), item.Int("delta"), item.Str("day")));

        await api.GetAsync("/v1/accounts/acme/ledger?since=24h");
        Assert.Equal((FakeHost.Start.AddDays(-1), FakeHost.Start), api.Host.LastLedger);
        await api.GetAsync("/v1/accounts/acme/ledger?until=2026-11-01");
        Assert.Equal(new DateTimeOffset(2026, 10, 25, 0, 0, 0, TimeSpan.Zero), api.Host.LastLedger!.Value.Since);
    }

    [Theory]
    [InlineData("since=soon", "since")]
    [InlineData("until=later", "until")]
    [InlineData("since=1d&until=2d", "since")]
    [InlineData("from=1d", "from")]
    public async Task A_ledger_of_no_span_is_refused(string query, string field)
    {
        await using var api = await TestApi.StartAsync();
        await (await api.GetAsync("/v1/accounts/acme/ledger?" + query)).ProblemAsync(400, "invalid-query", field);
    }

    [Fact]
    public async Task A_history_is_a_list_of_days()
    {
        await using var api = await TestApi.StartAsync();
        await api.PutAsync("/v1/accounts/acme", "{}");
        Assert.Equal(90, (await (await api.GetAsync("/v1/accounts/acme/history")).JsonAsync()).Int("total"));
        var history = await (await api.GetAsync("/v1/accounts/acme/history?days=800")).JsonAsync();
        var last = history.GetProperty("items")[799];
        Assert.True(last.GetProperty("provisional").GetBoolean());
        Assert.Equal(("2026-11-21", 60), (last.Str("day"), last.GetProperty("categories").Int("product")));
    }

    [Fact]
    public async Task A_history_of_as_many_days_as_there_are_is_left_to_the_host()
    {
        await using var api = await TestApi.StartAsync();
        await api.PutAsync("/v1/accounts/acme", "{}");
        await api.GetAsync("/v1/accounts/acme/history");
        Assert.Null(api.Host.LastDays);
        await api.GetAsync("/v1/accounts/acme/history?days=90");
        Assert.Equal(90, api.Host.LastDays);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("801")]
    [InlineData("-5")]
    [InlineData("3.5")]
    public async Task A_history_of_no_days_or_too_many_is_refused(string days)
    {
        await using var api = await TestApi.StartAsync();
        await (await api.GetAsync("/v1/accounts/acme/history?days=" + days)).ProblemAsync(400, "invalid-query", "days");
    }

    [Fact]
    public async Task A_timeline_is_a_list_of_what_happened()
    {
        await using var api = await TestApi.StartAsync();
        await api.PutAsync("/v1/accounts/acme", "{}");
        var page = await (await api.GetAsync("/v1/accounts/acme/timeline?days=30")).JsonAsync();
        Assert.Equal((1, 30), (page.Int("total"), api.Host.LastDays));
        var item = page.GetProperty("items")[0];
        Assert.Equal(("milestoneReached", "good", "Milestone reached: golive"), (item.Str("kind"), item.Str("tone"), item.Str("title")));
        await (await api.GetAsync("/v1/accounts/nobody/timeline")).ProblemAsync(404, "not-found");
        await (await api.GetAsync("/v1/accounts/acme/timeline?days=801")).ProblemAsync(400, "invalid-query", "days");
    }

    [Fact]
    public async Task Signals_are_searched_for_a_week_back_unless_asked_otherwise()
    {
        await using var api = await TestApi.StartAsync();
        await api.PutAsync("/v1/accounts/acme", "{}");
        var found = await (await api.GetAsync("/v1/accounts/acme/signals")).JsonAsync();
        Assert.Equal((1, "cut"), (found.Int("total"), found.Str("reason")));
        Assert.False(found.GetProperty("complete").GetBoolean());
        var now = FakeHost.Start.AddMilliseconds(1);
        Assert.Equal(new SignalsQuery(now.AddDays(-7), now), api.Host.LastSignalsQuery);
        await api.GetAsync("/v1/accounts/acme/signals?since=2026-11-19&until=2026-11-20&source=ticket&limit=7");
        var day = new DateTimeOffset(2026, 11, 19, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(new SignalsQuery(day, day.AddDays(1), Signals.SignalSource.Ticket, 7), api.Host.LastSignalsQuery);
        await (await api.GetAsync("/v1/accounts/nobody/signals")).ProblemAsync(404, "not-found");
    }

    [Theory]
    [InlineData("since=1d&until=2d", "since")]
    [InlineData("source=sky", "source")]
    [InlineData("limit=501", "limit")]
    public async Task A_search_for_signals_that_is_none_is_refused(string query, string field)
    {
        await using var api = await TestApi.StartAsync();
        await (await api.GetAsync("/v1/accounts/acme/signals?" + query)).ProblemAsync(400, "invalid-query", field);
    }

    [Fact]
    public async Task What_if_takes_what_people_would_do()
    {
        await using var api = await TestApi.StartAsync();
        await api.PutAsync("/v1/accounts/acme", "{}");
        await api.PostAsync("/v1/accounts/acme/what-if", """{"closeTickets":true,"payInvoices":true,"logins":20}""");
        Assert.Equal(new WhatIfScenario(true, true, 20), api.Host.LastScenario);
        await api.PostAsync("/v1/accounts/acme/what-if", "{}");
        Assert.Equal(new WhatIfScenario(), api.Host.LastScenario);
        await (await api.PostAsync("/v1/accounts/acme/what-if", """{"logins":-1}""")).ProblemAsync(400, "invalid-body", "logins");
    }

    [Fact]
    public async Task What_if_fills_in_the_account_and_ids_and_keeps_nothing()
    {
        await using var api = await TestApi.StartAsync();
        await api.PutAsync("/v1/accounts/acme", "{}");
        var view = await (await api.PostAsync("/v1/accounts/acme/what-if",
            """
            {"signals":[{"source":"billing","kind":"paymentFailed"},
                        {"id":null,"account":"acme","source":"usage","kind":"login","at":"2026-12-24T00:00:00Z"}],
             "at":"2026-12-25","model":"prior-1"}
            """)).JsonAsync();
        Assert.Equal(60.44, view.GetProperty("health").GetProperty("score").GetDouble(), 9);
        Assert.Equal(new DateTimeOffset(2026, 12, 25, 0, 0, 0, TimeSpan.Zero), api.Host.LastAt);
        Assert.Equal(2, api.Host.LastBatch.Select(signal => signal.Signal.Id).Distinct().Count());
        Assert.All(api.Host.LastBatch, signal => Assert.Equal("acme", signal.Account));
    }

    [Theory]
    [InlineData("""{"signals":[{"source":"usage","kind":"dance"}]}""", "invalid-body", "signals.kind", 0)]
    [InlineData("""{"signals":[{"source":"usage","kind":"login"},{"account":"other","source":"usage","kind":"login"}]}""",
        "invalid-body", "signals.account", 1)]
    [InlineData("""{"signals":[7]}""", "invalid-body", "signals", 0)]
    [InlineData("""{"signals":{}}""", "invalid-body", "signals", null)]
    [InlineData("""{"signals":[],"at":"noon"}""", "invalid-body", "at", null)]
    [InlineData("""{"signals":[],"model":"no-such"}""", "invalid-query", "model", null)]
    public async Task What_if_refuses_what_it_cannot_imagine(string body, string slug, string field, int? index)
    {
        await using var api = await TestApi.StartAsync();
        await api.PutAsync("/v1/accounts/acme", "{}");
        var problem = await (await api.PostAsync("/v1/accounts/acme/what-if", body)).ProblemAsync(400, slug, field);
        var error = problem.GetProperty("errors")[0];
        Assert.Equal(index, error.TryGetProperty("index", out var at) ? at.GetInt32() : null);
        Assert.Equal(JsonValueKind.String, error.GetProperty("reason").ValueKind);
    }

    [Fact]
    public async Task What_if_names_every_problem_at_its_own_place()
    {
        await using var api = await TestApi.StartAsync();
        await api.PutAsync("/v1/accounts/acme", "{}");
        var problem = await (await api.PostAsync("/v1/accounts/acme/what-if",
            """
            {"at":"noon","signals":[7,{"source":"usage","kind":"login"},{"source":"usage","kind":"dance"},{"account":"other"},"x",
                                    {"source":"usage","kind":"login","subject":"\ud800"},{"source":"sky","kind":"login"}]}
            """)).ProblemAsync(400, "invalid-body", "at");
        Assert.Equal(
            [("at", -1), ("signals", 0), ("signals.kind", 2), ("signals.account", 3), ("signals", 4), ("signals", 5), ("signals.source", 6)],
            problem.GetProperty("errors").EnumerateArray()
                .Select(error => (error.Str("field"), error.TryGetProperty("index", out var index) ? index.GetInt32() : -1)).Distinct());
    }
}
