using System.Globalization;
using HealthGrains.Hosting;

namespace HealthGrains.Demo;

/// <summary>Where to look, and three things to try, with an account that is worth a look now.</summary>
public static class Welcome
{
    /// <summary>Says it.</summary>
    /// <param name="say">Where each line goes.</param>
    /// <param name="host">The host.</param>
    /// <param name="address">Where its API listens.</param>
    /// <param name="daysPerMinute">How fast its clock runs.</param>
    /// <param name="hasDashboard">Whether a browser finds the dashboard there.</param>
    /// <param name="ending">What a stop means for what was made up.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task SayAsync(
        Action<string> say, IHealthGrains host, string address, double daysPerMinute, bool hasDashboard, string ending,
        CancellationToken cancellationToken)
    {
        var book = await host.GetPortfolioAsync(null, cancellationToken);
        var example = await FindExampleAsync(host, cancellationToken);
        var bands = string.Join(", ", book.Bands.Select(band => $"{band.Accounts} {band.Band.ToString().ToLowerInvariant()}"));
        var now = host.Clock.GetUtcNow();
        say("");
        say($"HealthGrains is live on {address}");
        var speed = daysPerMinute == 1 ? "a day a minute" : Text($"{daysPerMinute:0.###} days a minute");
        say(Text($"  {book.Accounts} accounts ({bands}); it is {now:yyyy-MM-dd HH:mm} UTC there, at {speed}"));
        say("");
        if (hasDashboard)
        {
            say($"The dashboard, in a browser: {address}/");
            say("");
        }
        say("Three things to try, in another terminal:");
        say("  where the money is at risk");
        say($"    curl -s '{address}/v1/accounts?sort=-arrAtRisk&limit=5'");
        if (example is null)
        {
            say("  the whole book");
            say($"    curl -s '{address}/v1/portfolio'");
        }
        else
        {
            say(Text($"  why {example.Name} went from {example.Score - example.Change7Days:0} to {example.Score:0} in 7 days, as a sum"));
            say($"    curl -s '{address}/v1/accounts/{example.Id}/ledger?since=7d'");
        }
        say("  everything, as it happens");
        say($"    curl -sN '{address}/v1/stream'");
        say("");
        say($"Alerts are told below as they are raised. {ending}");
    }

    /// <summary>Tells alerts as they are raised, until cancelled.</summary>
    public static async Task TellAlertsAsync(Action<string> say, IHealthGrains host, CancellationToken cancellationToken)
    {
        using var feed = await host.WatchAsync(new WatchFilter(), null, cancellationToken);
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var change in await feed.ReadAsync(cancellationToken))
            {
                if (change.Data is not AlertView alert || change.Type is not ("alert.raised" or "alert.escalated")) continue;
                say(Text(
                    $"{host.Clock.GetUtcNow():yyyy-MM-dd HH:mm}  {alert.Severity.ToString().ToLowerInvariant(),-6} {alert.Account}: {alert.Reason}"));
            }
        }
    }

    /// <summary>The account with an open alert and the most money at risk; else the one that fell most.</summary>
    private static async Task<AccountSummary?> FindExampleAsync(IHealthGrains host, CancellationToken cancellationToken)
    {
        var risky = await host.ListAccountsAsync(new AccountQuery { Sort = "-arrAtRisk", Limit = 100 }, cancellationToken);
        if (risky.Items.FirstOrDefault(account => account.OpenAlerts > 0 && account.Change7Days <= -1) is { } alerted) return alerted;
        var fallen = await host.ListAccountsAsync(new AccountQuery { Sort = "change7Days", Limit = 1 }, cancellationToken);
        return fallen.Items.Concat(risky.Items).FirstOrDefault();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
