using HealthGrains.Grains.Actors;
using HealthGrains.Grains.Hosting;
using HealthGrains.Grains.Storage;
using HealthGrains.Grains.Tenants;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace HealthGrains.Grains.Postgres;

/// <summary>PostgreSQL for a silo.</summary>
public static class PostgresExtensions
{
    private const string Invariant = "Npgsql";

    /// <summary>
    /// The three stores (<see cref="IAccountStore"/>, <see cref="IBookStore"/>, <see cref="IDirectoryStore"/>) on a database that
    /// <see cref="DatabaseSetup"/> has set up.
    /// </summary>
    public static IServiceCollection AddPostgresStore(this IServiceCollection services, NpgsqlDataSource database)
    {
        services.AddSingleton(provider => new StoreWatch(provider.GetRequiredService<ILogger<StoreWatch>>(), TimeProvider.System));
        services.AddSingleton<INodeCheck>(provider => provider.GetRequiredService<StoreWatch>());
        return services.AddHealthGrainsStore(provider =>
        {
            var tenant = provider.GetRequiredService<TenantWatch>();
            return new GuardedStore(new PostgresStore(database, () => tenant.Keys), provider.GetRequiredService<StoreWatch>());
        });
    }

    /// <summary>Membership, reminders and the storage of everything but accounts in the same database.</summary>
    public static ISiloBuilder UsePostgres(this ISiloBuilder silo, NpgsqlDataSource database)
    {
        silo.UseAdoNetClustering(options => (options.Invariant, options.DataSource) = (Invariant, database));
        return silo.UsePostgresTables(database);
    }

    /// <summary>The same without membership.</summary>
    internal static ISiloBuilder UsePostgresTables(this ISiloBuilder silo, NpgsqlDataSource database)
    {
        silo.UseAdoNetReminderService(options => (options.Invariant, options.DataSource) = (Invariant, database));
        foreach (var name in (string[])[TenantGrain.Storage, "PubSubStore"])
            silo.AddAdoNetGrainStorage(name, options => (options.Invariant, options.DataSource) = (Invariant, database));
        silo.AddAdoNetGrainStorage(ActorStorage.Name, options =>
        {
            (options.Invariant, options.DataSource, options.GrainStorageSerializer) = (Invariant, database, new ActorJson());
            // A row that is emptied would still have the id of an account that was erased.
            options.DeleteStateOnClear = true;
        });
        return silo;
    }

    /// <summary>The way to the cluster, for a node without a silo.</summary>
    public static IClientBuilder UsePostgres(this IClientBuilder client, NpgsqlDataSource database) =>
        client.UseAdoNetClustering(options => (options.Invariant, options.DataSource) = (Invariant, database));
}
