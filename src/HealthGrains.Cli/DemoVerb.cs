using System.CommandLine;
using System.Globalization;
using HealthGrains.Api;
using HealthGrains.Cli.Demo;
using HealthGrains.Cli.Output;
using HealthGrains.Demo;
using HealthGrains.Hosting;
using HealthGrains.Simulation;

namespace HealthGrains.Cli;

/// <summary>
/// <c>healthgrains demo</c>: a made-up company, its history through the real intake and host, then live and quicker than life.
/// </summary>
internal static class DemoVerb
{
    private const double MinutesPerDay = 1440;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(2);

    public static Command Build(Terminal terminal)
    {
        var company = new CompanyOptions();
        var speed = new Option<double>("--speed")
        {
            Description = "Simulated days a minute once it is live; 0.000694 is real time, 0 stands still",
            DefaultValueFactory = _ => 1,
        };
        speed.Validators.Add(result =>
        {
            if (result.Tokens is [var token]
                && double.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) && value is not (>= 0 and <= 100))
                result.AddError($"--speed is {token.Value}; it must be between 0 and 100 days a minute");
        });
        var urls = ServeVerb.UrlsOption();
        var data = new Option<string>("--data")
        {
            Description = "Where the data is kept; a second start goes on from there",
            DefaultValueFactory = _ => "healthgrains-data/demo",
        };
        var noTeam = new Option<bool>("--no-team")
        {
            Description = "Nobody works there: every alert, task and draft waits for you",
        };
        var fresh = new Option<bool>("--fresh") { Description = "Throw the demo's data away and start over" };

        var command = new Command("demo", "Makes up a company, replays its history, and goes on live on a simulated clock.");
        company.AddTo(command);
        command.Add(speed);
        command.Add(urls);
        command.Add(data);
        command.Add(noTeam);
        command.Add(fresh);
        CommandLine.TeachByExample(command, [
            "healthgrains demo",
            "healthgrains demo --accounts 1000 --days 180 --seed 7 --data ./larger",
            "healthgrains demo --fresh --speed 10",
        ]);
        command.SetAction((parsed, cancellationToken) =>
        {
            var explicitly = parsed.GetResult(company.Seed) is { Implicit: false }
                || parsed.GetResult(company.Accounts) is { Implicit: false }
                || parsed.GetResult(company.Days) is { Implicit: false };
            var directory = parsed.GetRequiredValue(data);
            var state = DemoState.Open(directory, company.Read(parsed), explicitly, parsed.GetValue(fresh));
            return RunAsync(
                terminal, directory, state, parsed.GetRequiredValue(urls), parsed.GetValue(speed), !parsed.GetValue(noTeam),
                cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal, string directory, DemoState state, string urls, double daysPerMinute, bool hasTeam,
        CancellationToken cancellationToken)
    {
        var company = Company.Create(new CompanySettings { Seed = state.Seed, Accounts = state.Accounts, Days = state.Days });
        var start = company.Settings.Start;
        var clock = new SimulatedClock(state.DeliveredUntil > start ? state.DeliveredUntil : start, TimeProvider.System);
        await using var server = await Server.StartAsync(terminal, urls, options =>
        {
            options.DataDirectory = directory;
            options.Clock = clock;
            options.ClockKind = ClockKind.Simulated;
        }, cancellationToken, quiet: true, sendsNothing: true);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, server.Stopping);
        using var feed = new CompanyFeed(company, server.Host, server.Host.SettleAsync, clock, state.DeliveredUntil, hasTeam);
        try
        {
            if (state.DeliveredUntil <= start) await feed.IntroduceAsync(stop.Token);
            else terminal.Say(FormattableString.Invariant($"going on from {state.DeliveredUntil:yyyy-MM-dd HH:mm} UTC, as {directory} left it"));
            await ReplayHistoryAsync(terminal, company, feed, stop.Token);
            await Welcome.SayAsync(
                terminal.Say, server.Host, server.Address, daysPerMinute, HealthGrainsApi.HasDashboard,
                "Ctrl-C stops; the same command goes on from there.", stop.Token);
            clock.Run(daysPerMinute * MinutesPerDay);
            await GoOnLiveAsync(terminal, directory, state, feed, server.Host, clock, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop, or the host did by itself; either way what was delivered is stored.
        }
        catch (HostUnavailableException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new Refusal(error.Message);
        }
        clock.Run(0);
        (state with { DeliveredUntil = feed.DeliveredUntil }).Write(directory);
        await server.StopAsync();
        terminal.Say(FormattableString.Invariant($"stopped at {feed.DeliveredUntil:yyyy-MM-dd HH:mm} UTC; the same command goes on from there"));
        return CommandLine.Done;
    }

    private static async Task ReplayHistoryAsync(Terminal terminal, Company company, CompanyFeed feed, CancellationToken cancellationToken)
    {
        var start = company.Settings.Start;
        var end = start.AddDays(company.Settings.Days);
        if (feed.DeliveredUntil >= end) return;
        await ProgressBar.RunAsync(terminal, "living through the past", tell => feed.CatchUpAsync(
            end,
            now => tell((now - start) / (end - start), FormattableString.Invariant($"{now:yyyy-MM-dd}, {feed.Delivered:N0} signals")),
            cancellationToken));
    }

    private static async Task GoOnLiveAsync(
        Terminal terminal, string directory, DemoState state, CompanyFeed feed, IHealthGrains host, SimulatedClock clock,
        CancellationToken cancellationToken)
    {
        var telling = Welcome.TellAlertsAsync(terminal.Say, host, cancellationToken);
        using var beat = new PeriodicTimer(Beat, TimeProvider.System);
        var saved = TimeProvider.System.GetTimestamp();
        while (await beat.WaitForNextTickAsync(cancellationToken))
        {
            if (telling.IsFaulted) await telling;
            await feed.DeliverAsync(clock.GetUtcNow(), cancellationToken);
            if (TimeProvider.System.GetElapsedTime(saved) < SaveEvery) continue;
            saved = TimeProvider.System.GetTimestamp();
            (state with { DeliveredUntil = feed.DeliveredUntil }).Write(directory);
        }
    }
}
