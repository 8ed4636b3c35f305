using HealthGrains.Accounts;
using HealthGrains.Api.Tests.Fakes;
using HealthGrains.Hosting;
using HealthGrains.Signals;
using HealthGrains.Tenants;

namespace HealthGrains.Api.Tests;

/// <summary>Which source is silent for all accounts, and where signals can be seen in their own system.</summary>
public sealed class SourcesTests
{
    [Fact]
    public async Task Before_anything_was_counted_nothing_is_said()
    {
        await using var api = await TestApi.StartAsync();
        var sources = await (await api.GetAsync("/v1/sources")).JsonAsync();
        Assert.Equal(System.Text.Json.JsonValueKind.Null, sources.GetProperty("asOf").ValueKind);
        Assert.Equal(["usage", "ticket", "billing", "engagement", "crm"], sources.GetProperty("items").EnumerateArray().Select(one => one.Str("source")));
        Assert.All(sources.GetProperty("items").EnumerateArray(), one => Assert.Equal("unknown", one.Str("state")));
        await (await api.GetAsync("/v1/sources?owner=kim")).ProblemAsync(400, "invalid-query", "owner");
    }

    [Fact]
    public async Task A_source_that_is_silent_for_all_is_told_with_what_to_do_and_the_use_of_each_day()
    {
        await using var api = await TestApi.StartAsync();
        var now = FakeHost.Start.ToUnixTimeMilliseconds();
        var day = Days.Of(now);
        var outage = new SourceOutage
        {
            Number = 2, Since = now - 3 * Days.Millis, FoundAt = now - Days.Millis, Weekday = 250, Accounts = 280, Silent = 270,
            FirstDay = day - 2,
        };
        api.Host.Pulse = new TenantPulse(
            now, 300, [new SourcePulse(280, 270, 0, 250, now - 3 * Days.Millis, 2, outage, [])], day - 1, [500, 400, -1, 0]);
        var sources = await (await api.GetAsync("/v1/sources")).JsonAsync();
        var usage = sources.GetProperty("items")[0];
        Assert.Equal(("silent", 280, 270), (usage.Str("state"), usage.GetProperty("accounts").GetInt32(), usage.GetProperty("silent").GetInt32()));
        var alert = usage.GetProperty("alert");
        Assert.Equal(("tenant:usage:2", 3), (alert.Str("id"), alert.GetProperty("lostDays").GetInt32()));
        Assert.StartsWith("Usage data has stopped for all accounts", alert.Str("reason"), StringComparison.Ordinal);
        Assert.Equal([0.5, 0.4, 0], sources.GetProperty("pace").EnumerateArray().Select(one => one.GetProperty("share").GetDouble()));
    }

    [Fact]
    public async Task An_alert_is_listed_with_what_it_rests_on_in_its_own_system()
    {
        await using var api = await TestApi.StartAsync();
        var alert = Samples.Alert("al-1", "acme");
        api.Host.Alerts["al-1"] = alert;
        api.Host.Evidence.Add(EvidenceView.Of(new EvidenceLink(
            "acme", SignalKind.TicketOpened, alert.Since.ToUnixTimeMilliseconds(), "https://desk.example.com/17")));
        var evidence = (await (await api.GetAsync("/v1/alerts")).JsonAsync()).GetProperty("items")[0].GetProperty("evidence")[0];
        Assert.Equal(("ticket", "opened", "https://desk.example.com/17"), (evidence.Str("source"), evidence.Str("kind"), evidence.Str("url")));
    }

    [Fact]
    public async Task An_address_that_is_none_refuses_its_signal_by_name()
    {
        await using var api = await TestApi.StartAsync();
        var receipt = await (await api.PostAsync("/v1/signals", """
            [{"id":"1","account":"acme","source":"ticket","kind":"opened","subject":"t","url":"http://desk.example.com/1"},
             {"id":"2","account":"acme","source":"ticket","kind":"opened","subject":"t","priority":"blocker"},
             {"id":"3","account":"acme","source":"ticket","kind":"opened","subject":"t","priority":"urgent","url":"https://desk.example.com/1"}]
            """)).JsonAsync();
        Assert.Equal((1, 2), (receipt.GetProperty("accepted").GetInt32(), receipt.GetProperty("rejected").GetInt32()));
        Assert.Equal(["url", "priority"], receipt.GetProperty("errors").EnumerateArray().Select(error => error.Str("field")));
    }
}
