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
    private readonly string _directory;
    private readonly Action<EmbeddedOptions> _configure;
    private WebApplication _app;

    private LiveServer(WebApplication app, string directory, Action<EmbeddedOptions> configure) =>
        (_app, _directory, _configure) = (app, directory, configure);

    public string Address => _app.Urls.First().TrimEnd('/');

    public EmbeddedHost Host => _app.Services.GetRequiredService<EmbeddedHost>();

    /// <summary>A host that knows nobody.</summary>
    public static Task<LiveServer> StartEmptyAsync() => StartAsync(_ => { });

    /// <summary>A made-up company after months of life; its clock stands still then.</summary>
    public static async Task<LiveServer> StartCompanyAsync(int accounts, int days, Action<EmbeddedOptions>? practice = null)
    {
        var company = Company.Create(new CompanySettings { Seed = 11, Accounts = accounts, Days = days });
        var clock = new SimulatedClock(company.Settings.Start, TimeProvider.System);
        var server = await StartAsync(options =>
        {
            (options.Clock, options.ClockKind) = (clock, ClockKind.Simulated);
            practice?.Invoke(options);
        });
        using var feed = new CompanyFeed(company, server.Host, server.Host.SettleAsync, clock, DateTimeOffset.MinValue);
        await feed.IntroduceAsync(CancellationToken.None);
        await feed.CatchUpAsync(company.Settings.Start.AddDays(days), _ => { }, CancellationToken.None);
        await server.Host.SettleAsync();
        return server;
    }

    /// <summary>Ends it; its data and its address stay for <see cref="StartAgainAsync"/>.</summary>
    public async Task<string> StopAsync()
    {
        var address = Address;
        // A page that is still open watches the stream.
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2), TimeProvider.System);
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
        return address;
    }

    /// <summary>Starts it again where it was.</summary>
    public async Task StartAgainAsync(string address) => _app = await StartAsync(_directory, address, _configure);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<LiveServer> StartAsync(Action<EmbeddedOptions> configure)
    {
        var directory = Directory.CreateTempSubdirectory("healthgrains-dashboard-").FullName;
        return new LiveServer(await StartAsync(directory, "http://127.0.0.1:0", configure), directory, configure);
    }

    private static async Task<WebApplication> StartAsync(string directory, string address, Action<EmbeddedOptions> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(address);
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
        return app;
    }
}
