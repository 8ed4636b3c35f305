using HealthGrains.Api;
using HealthGrains.Assistant;
using HealthGrains.Delivery;
using HealthGrains.Demo;
using HealthGrains.Grains;
using HealthGrains.Grains.Actors;
using HealthGrains.Grains.Hosting;
using HealthGrains.Grains.Storage;
using HealthGrains.Grains.Time;
using HealthGrains.Hosting;
using HealthGrains.Silo.Watching;
using HealthGrains.Simulation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;

namespace HealthGrains.Silo;

/// <summary>What company a demo makes up.</summary>
internal sealed record DemoCompany(ulong Seed, int Accounts, int Days, double DaysPerMinute, bool HasTeam);

/// <summary>One silo with no server at all: localhost clustering, everything in memory, intake over HTTP.</summary>
internal static class LocalSilo
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    private const double MinutesPerDay = 1440;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    public static async Task<int> RunAsync(TextWriter error, string urls, DemoCompany? demo, CancellationToken cancellationToken)
    {
        try
        {
            LoopbackGuard.Check([urls]);
        }
        catch (InvalidOperationException refused)
        {
            throw new Refusal(refused.Message, CommandLine.Usage);
        }
        var company = demo is null ? null
            : Company.Create(new CompanySettings { Seed = demo.Seed, Accounts = demo.Accounts, Days = demo.Days });
        var clock = company is null ? null : new SimulatedClock(company.Settings.Start, TimeProvider.System);
        await using var app = Build(urls, clock);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException taken) when (taken.Message.StartsWith("Failed to bind", StringComparison.Ordinal))
        {
            throw new Refusal($"{urls} is in use by another program; stop it, or choose another port with --urls http://127.0.0.1:5081");
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, app.Lifetime.ApplicationStopping);
        error.WriteLine("One silo on this machine; everything is in its memory: nothing is kept when it stops.");
        try
        {
            if (company is not null && demo is not null) await LiveAsync(error, app, company, clock!, demo, stop.Token);
            else
            {
                error.WriteLine($"It serves {Address(app)}; Ctrl-C stops it. Where to begin: curl {Address(app)}/");
                await Task.Delay(Timeout.Infinite, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        await app.StopAsync(deadline.Token);
        error.WriteLine("stopped; nothing was kept");
        return CommandLine.Done;
    }

    private static WebApplication Build(string urls, SimulatedClock? clock)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(urls.Split(';'));
        var dashboard = DashboardSettings.From(builder.Configuration);
        var watched = Telemetry.Add(builder.Services, builder.Configuration, Telemetry.InstanceOf(0));
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // Notes about this machine, which is nobody's cluster, and about a clock that a made-up company lives by.
        builder.Logging.AddFilter("Orleans", LogLevel.Error);
        builder.Logging.AddFilter("Polly", LogLevel.None);
        // Kestrel tells of a taken port by throwing; the stack trace in the log would only bury the sentence.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Host.UseOrleans(silo =>
        {
            var (siloPort, gatewayPort) = (Ports.Free(), Ports.Free());
            silo.UseLocalhostClustering(siloPort, gatewayPort);
            silo.AddMemoryGrainStorage("tenants");
            silo.AddMemoryGrainStorage("PubSubStore");
            silo.AddMemoryActors();
            silo.UseInMemoryReminderService();
            if (watched.Traces) silo.AddActivityPropagation();
            Dashboard.Add(silo, dashboard);
            silo.Services.AddHealthGrainsStore(_ => new MemoryStore());
            silo.AddHealthGrains(Options(clock));
        });
        builder.Services.AddHealthGrainsPort();
        builder.Services.AddHealthGrainsApi();
        // Nothing leaves a silo that is only tried.
        builder.Services.AddHealthGrainsDelivery(builder.Configuration, localOnly: true);
        builder.Services.AddSingleton<NodeFigures>();
        var app = builder.Build();
        app.Services.GetRequiredService<NodeFigures>();
        Dashboard.Map(app, dashboard);
        app.MapHealthGrainsApi();
        return app;
    }

    private static ClusterOptions Options(SimulatedClock? clock)
    {
        var writer = new HandlebarsWriter();
        var options = new ClusterOptions { Writer = writer, Practice = DefaultPractice.Book(writer) };
        if (clock is not null)
            (options.Clock, options.ClockKind, options.SweepEvery) = (clock, ClockKind.Simulated, TimeSpan.FromMilliseconds(500));
        return options;
    }

    private static async Task LiveAsync(
        TextWriter error, WebApplication app, Company company, SimulatedClock clock, DemoCompany demo, CancellationToken cancellationToken)
    {
        var host = app.Services.GetRequiredService<IHealthGrains>();
        var sweep = app.Services.GetRequiredService<Sweeping>();
        using var feed = new CompanyFeed(company, host, sweep.SettleAsync, clock, DateTimeOffset.MinValue, demo.HasTeam);
        await feed.IntroduceAsync(cancellationToken);
        var start = company.Settings.Start;
        var end = start.AddDays(demo.Days);
        var told = 0;
        await feed.CatchUpAsync(end, now =>
        {
            var tenth = (int)((now - start) / (end - start) * 10);
            if (tenth <= told) return;
            told = tenth;
            error.WriteLine(FormattableString.Invariant(
                $"living through the past: {tenth * 10} % ({now:yyyy-MM-dd}, {feed.Delivered:N0} signals)"));
        }, cancellationToken);
        await Welcome.SayAsync(
            error.WriteLine, host, Address(app), demo.DaysPerMinute, HealthGrainsApi.HasDashboard, "Ctrl-C stops; nothing is kept.",
            cancellationToken);
        clock.Run(demo.DaysPerMinute * MinutesPerDay);
        var telling = Welcome.TellAlertsAsync(error.WriteLine, host, cancellationToken);
        using var beat = new PeriodicTimer(Beat, TimeProvider.System);
        while (await beat.WaitForNextTickAsync(cancellationToken))
        {
            if (telling.IsFaulted) await telling;
            await feed.DeliverAsync(clock.GetUtcNow(), cancellationToken);
        }
    }

    private static string Address(WebApplication app) => app.Urls.First().TrimEnd('/');
}
