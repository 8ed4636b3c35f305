using System.Globalization;
using HealthGrains.Grains;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Orleans.Diagnostics;
using Orleans.Hosting;

namespace HealthGrains.Silo.Watching;

/// <summary>
/// Sends spans and metrics over OTLP while the node runs, and what is left when it stops. Without an endpoint nothing of it exists:
/// nobody listens, so nothing is measured or made.
/// </summary>
internal sealed class Telemetry(TelemetrySettings settings, IConfiguration configuration, string instance) : IHostedService, IDisposable
{
    private const string ServiceName = "healthgrains";

    private static readonly string[] Meters =
    [
        "HealthGrains.*", "Microsoft.Orleans", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime",
        "Npgsql",
    ];

    private static readonly string[] Sources = ["HealthGrains.*", ActivitySources.AllActivitySourceName, "Microsoft.AspNetCore", "Npgsql"];

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    /// <summary>Adds it where it is on. The first service of the host, so that it is there before and after all others.</summary>
    public static TelemetrySettings Add(IServiceCollection services, IConfiguration configuration, string instance)
    {
        var settings = TelemetrySettings.From(configuration);
        if (settings is { Traces: false, Metrics: false }) return settings;
        // Else ASP.NET Core leaves a request's span without method, path and status.
        if (settings.Traces) AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        services.AddHostedService(_ => new Telemetry(settings, configuration, instance));
        return settings;
    }

    /// <summary>What tells this node from the others of its cluster.</summary>
    public static string InstanceOf(int siloPort) => string.Create(
        CultureInfo.InvariantCulture, $"{Environment.MachineName.ToLowerInvariant()}:{(siloPort > 0 ? siloPort : Environment.ProcessId)}");

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Traces)
        {
            _traces = Sdk.CreateTracerProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(configuration))
                .ConfigureResource(Resource)
                .SetSampler(new RootSampler(TelemetrySettings.SamplerOf(configuration)))
                .AddSource(Sources)
                .AddProcessor(new RequestNames())
                .AddOtlpExporter()
                .Build();
        }
        if (settings.Metrics)
        {
            _metrics = Sdk.CreateMeterProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(configuration))
                .ConfigureResource(Resource)
                .AddMeter(Meters)
                .AddOtlpExporter()
                .Build();
        }
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Disposing sends what is left, for a few seconds at most.
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    // What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say comes last, and so it counts.
    private void Resource(ResourceBuilder resource) => resource
        .AddService(
            ServiceName, serviceVersion: typeof(ClusterFigures).Assembly.GetName().Version?.ToString(3), serviceInstanceId: instance)
        .AddEnvironmentVariableDetector();
}
