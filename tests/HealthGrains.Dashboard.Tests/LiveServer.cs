using HealthGrains.Api;
using HealthGrains.Demo;
using HealthGrains.Embedded;
using HealthGrains.Hosting;
using HealthGrains.Simulation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Dashboard.Tests;

/// <summary>The embedded host with its API and its dashboard, on a port of this machine.</summary>
internal sealed class LiveServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _directory;

    private LiveServer(WebApplication app, string directory) => (_app, _directory) = (app, directory);

    public string Address => _app.Urls.First().TrimEnd('/');

    public EmbeddedHost Host => _app.Services.GetRequiredService<EmbeddedHost>();

    /// <summary>A host that knows nobody.</summary>
    public static Task<LiveServer> StartEmptyAsync() => StartAsync(_ => { });

    /// <summary>A made-up company after months of life; its clock stands still then.</summary>
    public static async Task<LiveServer> StartCompanyAsync(int accounts, int days)
    {
        var company = Company.Create(new CompanySettings { Seed = 11, Accounts = accounts, Days = days });
        var clock = new SimulatedClock(company.Settings.Start, TimeProvider.System);
        var server = await StartAsync(options => (options.Clock, options.ClockKind) = (clock, ClockKind.Simulated));
        using var feed = new CompanyFeed(company, server.Host, server.Host.SettleAsync, clock, DateTimeOffset.MinValue);
        await feed.IntroduceAsync(CancellationToken.None);
        await feed.CatchUpAsync(company.Settings.Start.AddDays(days), _ => { }, CancellationToken.None);
        await server.Host.SettleAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        // A page that is still open watches the stream.
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2), TimeProvider.System);
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<LiveServer> StartAsync(Action<EmbeddedOptions> configure)
    {
        var directory = Directory.CreateTempSubdirectory("healthgrains-dashboard-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddEmbeddedHost(options =>
        {
            options.DataDirectory = directory;
            configure(options);
        });
        builder.Services.AddHealthGrainsApi();
        var app = builder.Build();
        app.MapHealthGrainsApi();
        await app.StartAsync();
        return new LiveServer(app, directory);
    }
}
