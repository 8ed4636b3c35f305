using HealthGrains.Grains.Postgres;
using HealthGrains.HostContract;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace HealthGrains.Grains.Tests.Postgres;

/// <summary>The cluster keeps its promises on PostgreSQL too, each silo with a store and a pool of connections of its own.</summary>
public abstract class PostgresContractTests(int silos) : ClusterContractTests(silos)
{
    private readonly List<NpgsqlDataSource> _pools = [];

    protected override Action<IServiceCollection> Store()
    {
        var first = PostgresServer.Instance.NewDatabase();
        _pools.Add(first);
        return services =>
        {
            var pool = PostgresSource.Create(first.ConnectionString + ";Password=" + PostgresServer.Password);
            lock (_pools) _pools.Add(pool);
            services.AddPostgresStore(pool);
        };
    }

    protected override async Task StopAsync()
    {
        await base.StopAsync();
        foreach (var pool in _pools) await pool.DisposeAsync();
    }
}

[NeedsPostgres]
[Collection("postgres")]
public sealed class OneSiloOnPostgresTests() : PostgresContractTests(1);

[NeedsPostgres]
[Collection("postgres")]
public sealed class TwoSilosOnPostgresTests() : PostgresContractTests(2);
