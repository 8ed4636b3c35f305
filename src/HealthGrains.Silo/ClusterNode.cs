using HealthGrains.Api;
using HealthGrains.Assistant;
using HealthGrains.Delivery;
using HealthGrains.Grains;
using HealthGrains.Grains.Hosting;
using HealthGrains.Grains.Postgres;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using HealthGrains.Kafka;
using HealthGrains.Silo.Watching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;

namespace HealthGrains.Silo;

/// <summary>A node of a cluster: silo, API and intake in any combination, on PostgreSQL.</summary>
internal static class ClusterNode
{
    public static async Task<int> RunAsync(TextWriter error, string[] args, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var settings = SiloSettings.From(builder.Configuration);
        var dashboard = DashboardSettings.From(builder.Configuration);
        var watched = Telemetry.Add(builder.Services, builder.Configuration, Telemetry.InstanceOf(settings.IsSilo ? settings.SiloPort : 0));
        var urls = builder.Configuration["urls"] ?? LocalSilo.DefaultUrl;
        Guard(urls, builder.Configuration, error);
        await using var database = await OpenAsync(settings, cancellationToken);
        // Before the silo joins the others: nothing is half done then.
        if (settings.HasIntake) await CheckLogAsync(builder.Configuration, cancellationToken);
        var address = settings.IsSilo ? await settings.AddressAsync(cancellationToken) : null;
        Build(builder, settings, database, urls);
        if (address is not null) builder.Host.UseOrleans(silo =>
        {
            Silo(silo, settings, database, address);
            if (watched.Traces) silo.AddActivityPropagation();
            Dashboard.Add(silo, dashboard);
        });
        else builder.Host.UseOrleansClient(client =>
        {
            Client(client, settings, database);
            if (watched.Traces) client.AddActivityPropagation();
            Dashboard.Add(client, dashboard);
        });
        builder.Services.AddHealthGrainsPort();
        builder.Services.AddHealthGrainsApi();
        builder.Services.AddHostedService<Claim>();
        AddDesks(builder, settings);
        AddWatch(builder.Services, settings, database);
        // Last, so that it stops first: what was read is stored before the silo leaves.
        if (settings.HasIntake || settings.HasApi) AddLog(builder, settings);
        await using var app = builder.Build();
        app.Services.GetRequiredService<NodeFigures>();
        if (settings.HasApi) Dashboard.Map(app, dashboard);
        if (settings.HasApi) app.MapHealthGrainsApi();
        else app.MapHealthGrainsHealth();
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException taken) when (taken.Message.StartsWith("Failed to bind", StringComparison.Ordinal))
        {
            throw new Refusal($"{urls} is in use by another program; stop it, or choose another port with --urls");
        }
        catch (Exception wrong) when (wrong is DatabaseSetupException or KafkaSetupException or DeliverySetupException)
        {
            throw new Refusal(wrong.Message);
        }
        error.WriteLine($"{settings.Roles} of cluster {settings.ClusterId} on {app.Urls.First().TrimEnd('/')}; Ctrl-C or SIGTERM stops it");
        await app.WaitForShutdownAsync(cancellationToken);
        error.WriteLine("stopped; everything that was taken is stored");
        return CommandLine.Done;
    }

    /// <summary>A database that this build can work on. Throws <see cref="Refusal"/> that says what is wrong and what to do.</summary>
    public static async Task<NpgsqlDataSource> OpenAsync(SiloSettings settings, CancellationToken cancellationToken)
    {
        NpgsqlDataSource? database = null;
        try
        {
            database = PostgresSource.Create(settings.Database);
            var setup = new DatabaseSetup(database, TimeProvider.System) { MostClockOffset = settings.ClockOffset };
            await setup.CheckAsync(settings.Identity, cancellationToken);
            return database;
        }
        catch (DatabaseSetupException wrong)
        {
            if (database is not null) await database.DisposeAsync();
            throw new Refusal(wrong.Message);
        }
    }

    private static async Task CheckLogAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        if (!HasLog(configuration)) return;
        try
        {
            await KafkaCheck.RunAsync(KafkaExtensions.Bind(configuration), cancellationToken);
        }
        catch (KafkaSetupException wrong)
        {
            throw new Refusal(wrong.Message);
        }
    }

    private static bool HasLog(IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration[$"{KafkaOptions.Section}:{nameof(KafkaOptions.BootstrapServers)}"]);

    /// <summary>
    /// Where a log is named, what comes over HTTP is written to it and what it holds is read, each where a node does that. Without one,
    /// signals come over HTTP alone and go to the accounts at once.
    /// </summary>
    private static void AddLog(WebApplicationBuilder builder, SiloSettings settings)
    {
        if (!HasLog(builder.Configuration)) return;
        try
        {
            builder.Services.AddKafka(builder.Configuration);
        }
        catch (KafkaSetupException wrong)
        {
            throw new Refusal(wrong.Message, CommandLine.Usage);
        }
        if (settings.HasApi)
        {
            builder.Services.AddKafkaWriter();
            builder.Services.AddSingleton<ISignalLog, SignalLog>();
            builder.Services.AddSingleton<INodeCheck, WriterCheck>();
        }
        if (!settings.HasIntake) return;
        builder.Services.AddHealthGrainsLog();
        builder.Services.AddSingleton<ISignalSink, LogSink>();
        builder.Services.AddSingleton<INodeCheck, LogCheck>();
        builder.Services.AddKafkaIntake(services => IntakeContext.Of(services.GetRequiredService<IHealthGrains>()));
    }

    /// <summary>
    /// Who delivers what leaves the house: every silo, each what no other has taken. And whose folder the practice is kept as.
    /// </summary>
    private static void AddDesks(WebApplicationBuilder builder, SiloSettings settings)
    {
        if (settings.Practice.Length > 0)
        {
            if (!Directory.Exists(settings.Practice))
            {
                throw new Refusal(
                    $"HealthGrains:Practice is {settings.Practice}, which is no folder; name one, or leave it out", CommandLine.Usage);
            }
            builder.Services.AddPracticeWatch(settings.Practice, isOptional: false);
        }
        if (!settings.IsSilo) return;
        try
        {
            builder.Services.AddHealthGrainsDelivery(builder.Configuration);
        }
        catch (DeliverySetupException wrong)
        {
            throw new Refusal(wrong.Message, CommandLine.Usage);
        }
    }

    private static void AddWatch(IServiceCollection services, SiloSettings settings, NpgsqlDataSource database)
    {
        services.AddSingleton<NodeFigures>();
        services.AddSingleton(provider => new ClockWatch(
            new DatabaseClock(database, TimeProvider.System).CompareAsync, provider.GetRequiredService<NodeFigures>(), settings.ClockOffset,
            TimeProvider.System, provider.GetRequiredService<ILogger<ClockWatch>>()));
        services.AddSingleton<INodeCheck>(provider => provider.GetRequiredService<ClockWatch>());
        services.AddHostedService(provider => provider.GetRequiredService<ClockWatch>());
    }

    private static void Guard(string urls, IConfiguration configuration, TextWriter error)
    {
        try
        {
            if (LoopbackGuard.Check([urls], configuration) is { } warning) error.WriteLine($"warning: {warning}");
        }
        catch (InvalidOperationException refused)
        {
            throw new Refusal(refused.Message, CommandLine.Usage);
        }
    }

    private static void Build(WebApplicationBuilder builder, SiloSettings settings, NpgsqlDataSource database, string urls)
    {
        builder.WebHost.UseUrls(urls.Split(';'));
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff "));
        CalmLog.Add(builder.Logging);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        // At every start it recommends another garbage collector, and its watchdog counts from when the machine was started.
        builder.Logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        // Of whatever Orleans tries again, each attempt with its stack trace; what comes of it in the end is told by who asked.
        builder.Logging.AddFilter("Polly", LogLevel.None);
        // Of a failed write Orleans says of each account what is said once for all of them.
        builder.Logging.AddFilter("HealthGrains.Grains.Storage.AccountStorage", LogLevel.None);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // Kestrel tells of a taken port by throwing; the stack trace in the log would only bury the sentence.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.ShutdownTimeout);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(database);
        builder.Services.AddPostgresStore(database);
    }

    private static void Silo(ISiloBuilder silo, SiloSettings settings, NpgsqlDataSource database, System.Net.IPAddress address)
    {
        silo.Configure<Orleans.Configuration.ClusterOptions>(cluster => Name(cluster, settings));
        silo.ConfigureEndpoints(address, settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: false);
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = settings.ProbeTimeout;
            // Two silos must agree that a third is dead, of those that are known to be alive. Where most die at once, the ones that are
            // left count alone only when the others have been silent three times; the default is three times half a minute.
            membership.IAmAliveTablePublishTimeout = settings.ProbeTimeout * 2;
            // It asks the others to probe a silo for it, and leaves out a dead one only once it has read how long that has been silent.
            membership.TableRefreshTimeout = settings.ProbeTimeout * 2;
        });
        silo.UsePostgres(database);
        silo.AddHealthGrains(Options(settings));
    }

    private static void Client(IClientBuilder client, SiloSettings settings, NpgsqlDataSource database)
    {
        client.Configure<Orleans.Configuration.ClusterOptions>(cluster => Name(cluster, settings));
        client.UsePostgres(database);
        client.AddHealthGrains(Options(settings));
    }

    private static void Name(Orleans.Configuration.ClusterOptions cluster, SiloSettings settings) =>
        (cluster.ClusterId, cluster.ServiceId) = (settings.ClusterId, settings.ServiceId);

    private static Grains.ClusterOptions Options(SiloSettings settings)
    {
        var writer = new HandlebarsWriter();
        return new Grains.ClusterOptions
        {
            Tenant = settings.Tenant, SaveDelay = settings.SaveDelay, AppliedWithin = settings.AppliedWithin,
            ErasureDays = settings.ErasureDays, Retention = settings.Retention,
            Writer = writer, Practice = DefaultPractice.Book(writer),
        };
    }

    /// <summary>Notes in the database whose it is, once the tenant's keys are known.</summary>
    private sealed class Claim(NpgsqlDataSource database, SiloSettings settings, IHealthGrains host) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) =>
            new DatabaseSetup(database, TimeProvider.System).ClaimAsync(settings.Identity with { Keys = host.Keys }, cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
