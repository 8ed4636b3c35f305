using System.Globalization;
using System.Text;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using Microsoft.Playwright;

using static Microsoft.Playwright.Assertions;

namespace HealthGrains.Dashboard.Tests;

/// <summary>A connection that is dead for all accounts, and links to where signals can be seen.</summary>
[NeedsBrowser]
public sealed class SourcesTests
{
    private const string Silent = """
        {"asOf":"2026-11-21T12:00:00Z","accounts":300,"pace":[],"items":[
          {"source":"usage","state":"silent","accounts":280,"silent":270,"silentShare":0.96,"heard":0,"weekday":260,"lastAt":"2026-11-18T09:59:00Z",
           "alert":{"id":"tenant:usage:1","since":"2026-11-18T09:59:00Z","raisedAt":"2026-11-19T22:00:00Z","endedAt":null,
             "reason":"Usage data has stopped for all accounts.","suggestedApproach":"Check the connector.","lostDays":3},"past":[]},
          {"source":"ticket","state":"flowing","accounts":90,"silent":3,"silentShare":0.03,"heard":40,"weekday":50,
           "lastAt":"2026-11-21T11:00:00Z","alert":null,"past":[]}]}
        """;

    [Fact]
    public async Task A_source_that_is_silent_for_all_accounts_stands_on_top_of_the_portfolio()
    {
        await using var server = await WithAcmeAsync();
        await using var open = await OpenPage.AtAsync(server, "/no-such-page");
        await open.Page.RouteAsync("**/v1/sources", route => route.FulfillAsync(new() { ContentType = "application/json", Body = Silent }));
        await open.Page.GotoAsync("/");
        var banner = open.Page.GetByRole(AriaRole.Alert);
        await Expect(banner).ToHaveCountAsync(1);
        await Expect(banner).ToContainTextAsync("Usage data has stopped for all accounts.");
        await Expect(banner).ToContainTextAsync("Check the connector.");
    }

    [Fact]
    public async Task While_all_are_heard_nothing_stands_there_and_an_account_tells_of_its_sources_in_words()
    {
        await using var server = await WithAcmeAsync();
        await using var open = await OpenPage.AtAsync(server, "/");
        await Expect(open.Page.Locator("table.accounts tr[data-index]")).ToHaveCountAsync(1);
        await Expect(open.Page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await open.Page.GotoAsync("/accounts/acme");
        await Expect(open.Page.Locator("tr[data-source='usage']")).ToContainTextAsync("heard");
        await Expect(open.Page.Locator("tr[data-source='crm']")).ToContainTextAsync("never heard of");
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task An_answer_is_opened_in_its_own_system_which_learns_nothing_of_this_page()
    {
        await using var server = await WithAcmeAsync();
        await using var open = await OpenPage.AtAsync(server, "/accounts/acme");
        var link = open.Page.Locator(".marks li a", new() { HasText = "NPS answer: 3 of 10" });
        await Expect(link).ToHaveAttributeAsync("href", "https://surveys.example.com/answers/1");
        await Expect(link).ToHaveAttributeAsync("rel", "noopener noreferrer");
        Assert.Empty(open.Complaints);
    }

    private static async Task<LiveServer> WithAcmeAsync()
    {
        var server = await LiveServer.StartEmptyAsync();
        var now = server.Host.Clock.GetUtcNow();
        var lines = new StringBuilder();
        for (var k = 0; k < 60; k++)
            lines.Append(CultureInfo.InvariantCulture, $$"""{"id":"u{{k}}","account":"acme","source":"usage","kind":"login","at":"{{now.AddHours(-6 * k - 1):yyyy-MM-ddTHH:mm:ssZ}}","subject":"u{{k % 5}}"}""").Append('\n');
        lines.Append(CultureInfo.InvariantCulture, $$"""{"id":"n1","account":"acme","source":"engagement","kind":"npsAnswered","at":"{{now.AddDays(-2):yyyy-MM-ddTHH:mm:ssZ}}","value":3,"url":"https://surveys.example.com/answers/1"}""").Append('\n');
        var batch = new IntakeBatch { UntilApplied = true };
        var body = Encoding.UTF8.GetBytes(lines.ToString());
        IntakeReader.Read(WireFormat.Native, body, IntakeContext.Of(server.Host), batch, BodyShape.Lines);
        Assert.Equal(61, (await server.Host.TakeAsync(batch, CancellationToken.None)).Accepted);
        await server.Host.SettleAsync();
        return server;
    }
}
