using HealthGrains.Alerts;
using HealthGrains.Hosting;

namespace HealthGrains.Api.Tests;

public sealed class AlertsTests
{
    private static async Task<TestApi> WithAlertAsync()
    {
        var api = await TestApi.StartAsync();
        api.Host.Alerts["al-1"] = Samples.Alert("al-1", "acme");
        return api;
    }

    [Fact]
    public async Task Alerts_are_listed_by_state_owner_and_account()
    {
        await using var api = await WithAlertAsync();
        var page = await (await api.GetAsync("/v1/alerts?state=open&severity=red&owner=kim&account=acme&limit=10")).JsonAsync();
        var alert = page.GetProperty("items")[0];
        Assert.Equal(("al-1", "acme", "open", "red"), (alert.Str("id"), alert.Str("account"), alert.Str("state"), alert.Str("severity")));
        Assert.Equal(new AlertQuery(AlertState.Open, "kim", "acme", 10, Severity: Health.Band.Red), api.Host.LastAlertQuery);
    }

    [Theory]
    [InlineData("state=loud", "state", "'loud' is not one of open, acknowledged, snoozed, resolved, closed")]
    [InlineData("severity=green", "severity", "'green' is not one of red, yellow")]
    [InlineData("account=a%20b", "account", "an account id is")]
    [InlineData("limit=-1", "limit", "from 1 to 500")]
    [InlineData("band=red", "band", "the known ones are state, severity, owner, account, limit, cursor")]
    public async Task A_bad_query_is_refused(string query, string field, string detail)
    {
        await using var api = await WithAlertAsync();
        Assert.Contains(detail, (await (await api.GetAsync("/v1/alerts?" + query)).ProblemAsync(400, "invalid-query", field)).Detail());
    }

    [Fact]
    public async Task An_alert_is_acknowledged_and_resolved_by_name()
    {
        await using var api = await WithAlertAsync();
        var taken = await (await api.PostAsync("/v1/alerts/al-1/acknowledge", null, ("X-HealthGrains-Actor", "kim"))).JsonAsync();
        Assert.Equal(("acknowledged", "kim"), (taken.Str("state"), taken.Str("acknowledgedBy")));
        var over = await (await api.PostAsync("/v1/alerts/al-1/resolve", """{"reason":"called them"}""")).JsonAsync();
        Assert.Equal(("resolved", "local", "called them"), (over.Str("state"), over.Str("resolvedBy"), over.Str("resolution")));
        await (await api.PostAsync("/v1/alerts/al-1/acknowledge")).ProblemAsync(409, "invalid-transition");
        await (await api.PostAsync("/v1/alerts/al-1/resolve")).ProblemAsync(409, "invalid-transition");
    }

    [Fact]
    public async Task Resolving_needs_no_reason_but_a_reason_is_text()
    {
        await using var api = await WithAlertAsync();
        await (await api.PostAsync("/v1/alerts/al-1/resolve", """{"reason":["x"]}""")).ProblemAsync(400, "invalid-body", "reason");
        await (await api.PostAsync("/v1/alerts/al-1/resolve", "{")).ProblemAsync(400, "unreadable-body");
        Assert.Equal("resolved", (await (await api.PostAsync("/v1/alerts/al-1/resolve")).JsonAsync()).Str("state"));
    }

    [Fact]
    public async Task An_unknown_alert_is_not_found()
    {
        await using var api = await WithAlertAsync();
        await (await api.PostAsync("/v1/alerts/nope/acknowledge")).ProblemAsync(404, "not-found");
        await (await api.PostAsync("/v1/alerts/nope/resolve", "{}")).ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task An_actor_is_a_short_plain_name()
    {
        await using var api = await WithAlertAsync();
        var response = await api.PostAsync("/v1/alerts/al-1/acknowledge", null, ("X-HealthGrains-Actor", new string('x', 129)));
        await response.ProblemAsync(400, "invalid-header");
    }

    [Fact]
    public async Task The_team_is_shown_with_its_budget_and_times()
    {
        await using var api = await TestApi.StartAsync();
        var team = await (await api.GetAsync("/v1/team")).JsonAsync();
        Assert.Equal(3, team.GetProperty("budget").GetProperty("most").GetInt32());
        var dana = Assert.Single(team.GetProperty("owners").EnumerateArray());
        Assert.Equal(("dana", 2, 2.75), (dana.Str("owner"), dana.GetProperty("pushed").GetInt32(), dana.GetProperty("pushedAWeek").GetDouble()));
        Assert.Equal(1.5, dana.GetProperty("toAcknowledge").GetProperty("medianHours").GetDouble());
        Assert.Equal(400, (int)(await api.GetAsync("/v1/team?owner=dana")).StatusCode);
    }

    [Fact]
    public async Task Models_are_listed_shown_and_activated()
    {
        await using var api = await TestApi.StartAsync();
        var list = await (await api.GetAsync("/v1/models")).JsonAsync();
        var first = list.GetProperty("items")[0];
        Assert.Equal(("prior-1", true), (first.Str("version"), first.GetProperty("active").GetBoolean()));
        Assert.Equal("prior-1", (await (await api.GetAsync("/v1/models/prior-1")).JsonAsync()).Str("version"));
        var active = await (await api.PostAsync("/v1/models/fitted-2/activate", null, ("X-HealthGrains-Actor", "kim"))).JsonAsync();
        Assert.True(active.GetProperty("active").GetBoolean());
        Assert.Equal(("fitted-2", "kim"), (api.Host.ActiveModel, api.Host.LastActor));
        await (await api.GetAsync("/v1/models/x")).ProblemAsync(404, "not-found");
        await (await api.PostAsync("/v1/models/x/activate")).ProblemAsync(404, "not-found");
    }
}
