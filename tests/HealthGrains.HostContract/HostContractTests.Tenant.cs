using System.Text;
using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Delivery;
using HealthGrains.Hosting;
using HealthGrains.Plays.Files;

namespace HealthGrains.HostContract;

/// <content>A connection that breaks for all accounts.</content>
public abstract partial class HostContractTests
{
    private const int Customers = 12;

    private static readonly PracticeFile[] QuietPractice =
    [
        new("triggers/quiet.json", """
            { "id": "quiet", "version": 1, "title": "Gone quiet", "clearDays": 1, "when": { "fact": "silentDays", "atLeast": 4 },
              "alert": { "severity": "yellow", "approach": "Call." } }
            """),
    ];

    [Fact]
    public async Task A_source_that_is_silent_for_all_accounts_is_told_once_and_none_of_them_is_thought_quiet()
    {
        await PractiseAsync(QuietPractice);
        // Four weeks of weekdays before Saturday noon, on which everybody works, and then a Monday and a Tuesday.
        await WorkedAsync(from: -26, to: 0);
        Assert.Equal(SourceState.Flowing, (await UsageAsync()).State);
        await WorkedAsync(from: 2, to: 3);
        await WorkedAsync(from: 3, to: 4);
        var heard = await UsageAsync();
        Assert.Equal((SourceState.Flowing, Customers, 0), (heard.State, heard.Accounts, heard.Silent));
        var scores = await ScoresAsync();

        // Wednesday and on: nothing comes.
        await DayByDayAsync(7);
        var silent = await UsageAsync();
        Assert.Equal((SourceState.Silent, Customers), (silent.State, silent.Silent));
        Assert.Equal("tenant:usage:1", silent.Alert!.Id);
        Assert.Contains("usage", Assert.Single(Host.Status.Degraded), StringComparison.OrdinalIgnoreCase);
        Assert.Empty((await Host.ListAlertsAsync(new AlertQuery(), None)).Items);
        var view = await Account("customer-3");
        Assert.Equal(AccountSourceState.SilentForAll, view.Sources.Single(source => source.Source == "usage").State);
        foreach (var (account, score) in await ScoresAsync()) Assert.InRange(score, scores[account] - 3, scores[account] + 3);

        // Everybody is back; a host that reads a log stores accounts a moment later, and counts what is stored.
        await WorkedAsync(from: 11, to: 12);
        for (var hour = 0; hour < 4 && (await UsageAsync()).State == SourceState.Silent; hour++) await PassAsync(TimeSpan.FromHours(1));
        var back = await UsageAsync();
        Assert.Equal(SourceState.Flowing, back.State);
        Assert.NotNull(Assert.Single(back.Past).EndedAt);
        Assert.Empty(Host.Status.Degraded);
        await DayByDayAsync(1);
        var told = await DispatchedAsync(ReceiverKeys.Chat);
        Assert.Equal(["tenant:usage:1:back", "tenant:usage:1:silent"], told.Select(one => one.Dispatch.Id).Order());
        Assert.Empty((await Host.ListAlertsAsync(new AlertQuery(), None)).Items);
        var audit = await Host.ListAuditAsync(new AuditQuery(Actor: "tenant"), None);
        Assert.Equal(["source.back", "source.silent"], audit.Items.Select(entry => entry.Action));
    }

    [Fact]
    public async Task A_customer_who_is_silent_alone_is_told_as_before()
    {
        await PractiseAsync(QuietPractice);
        await WorkedAsync(from: -26, to: 0);
        for (var day = 2; day < 7; day++)
        {
            await WorkedAsync(from: day, to: day + 1, but: "customer-3");
            await DayByDayAsync(1);
        }
        Assert.Equal((SourceState.Flowing, 1), ((await UsageAsync()).State, (await UsageAsync()).Silent));
        Assert.Equal("customer-3", (await RaisedAsync()).Account);
        Assert.Equal(AccountSourceState.Quiet, (await Account("customer-3")).Sources.Single(source => source.Source == "usage").State);
        Assert.Empty(await DispatchedAsync(ReceiverKeys.Chat));
    }

    private async Task<SourceView> UsageAsync() => (await Host.GetSourcesAsync(None)).Items.Single(source => source.Source == "usage");

    private async Task<Dictionary<string, double>> ScoresAsync()
    {
        var scores = new Dictionary<string, double>();
        for (var one = 0; one < Customers; one++) scores[$"customer-{one}"] = (await Account($"customer-{one}")).Health.Score;
        return scores;
    }

    /// <summary>On weekdays five users of every customer log in, at ten; the clock follows them.</summary>
    private async Task WorkedAsync(int from, int to, string? but = null)
    {
        var body = new StringBuilder();
        var last = Clock.GetUtcNow();
        for (var day = from; day < to; day++)
        {
            var at = ContractClock.Noon.AddDays(day).AddHours(-2);
            if (at.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) continue;
            for (var one = 0; one < Customers; one++)
                for (var user = 0; user < 5 && $"customer-{one}" != but; user++)
                    body.Append(Line($"{day}-{one}-{user}", $"customer-{one}", "usage", "login", at, $"u{user}"));
            last = at > last ? at : last;
        }
        if (last > Clock.GetUtcNow()) await MoveAsync(last - Clock.GetUtcNow());
        if (body.Length > 0) await Send(body.ToString());
        await PassAsync(TimeSpan.FromHours(1));
    }

    private async Task DayByDayAsync(int days)
    {
        for (var quarter = 0; quarter < 4 * days; quarter++) await PassAsync(TimeSpan.FromHours(6));
    }

    /// <summary>Moves the clock on, and waits until the accounts have been counted since: hosts do it at least once an hour.</summary>
    private async Task PassAsync(TimeSpan by)
    {
        await MoveAsync(by);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var wall = new PeriodicTimer(BetweenLooks);
        while ((await Host.GetSourcesAsync(patience.Token)).AsOf is not { } counted || counted <= Clock.GetUtcNow().AddHours(-1))
            await wall.WaitForNextTickAsync(patience.Token);
    }
}
