using System.Net;
using HealthGrains.Grains;
using HealthGrains.Grains.Hosting;
using HealthGrains.Grains.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Hosting;

namespace HealthGrains.ClusterBench;

/// <summary>A silo in this process, where its memory can be looked at and a naive grain can be put beside the product's.</summary>
internal static class OwnSilo
{
    private const int SiloPort = 21_111;
    private const int GatewayPort = 31_111;

    public static async Task<IHost> StartAsync(
        NpgsqlDataSource database, CancellationToken cancellationToken, ClusterOptions? options = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleans(silo =>
        {
            silo.Configure<Orleans.Configuration.ClusterOptions>(cluster =>
                (cluster.ClusterId, cluster.ServiceId) = (PostgresServer.TestIdentity.ClusterId, PostgresServer.TestIdentity.ServiceId));
            silo.ConfigureEndpoints(IPAddress.Loopback, SiloPort, GatewayPort);
            silo.UsePostgres(database);
            silo.AddHealthGrains(options ?? new ClusterOptions());
        });
        builder.Services.AddPostgresStore(database);
        builder.Services.AddHealthGrainsPort();
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return host;
    }
}
