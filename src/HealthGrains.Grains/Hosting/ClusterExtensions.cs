using HealthGrains.Delivery;
using HealthGrains.Grains.Actors;
using HealthGrains.Grains.Storage;
using HealthGrains.Grains.Tenants;
using HealthGrains.Grains.Time;
using HealthGrains.Grains.Watching;
using HealthGrains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace HealthGrains.Grains.Hosting;

/// <summary>Puts the host together.</summary>
public static class ClusterExtensions
{
    /// <summary>
    /// What every silo needs beside clustering, reminders, storage named <c>tenants</c>, <c>PubSubStore</c> and <c>actors</c>, and the
    /// three stores
    /// (<see cref="IAccountStore"/>, <see cref="IBookStore"/>, <see cref="IDirectoryStore"/>).
    /// </summary>
    public static ISiloBuilder AddHealthGrains(this ISiloBuilder silo, ClusterOptions options)
    {
        options.Validate();
        silo.AddMemoryStreams(ChangePublisher.Provider, streams => streams.ConfigurePullingAgent(
            pulling => pulling.Configure(agent => agent.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(20))));
        silo.Services.Configure<ExceptionSerializationOptions>(PassOn);
        silo.Services.AddSingleton(options);
        silo.Services.AddSingleton<ClusterFigures>();
        silo.Services.AddSingleton<TenantWatch>();
        silo.Services.AddSingleton<Watchers>();
        silo.Services.AddSingleton<ChangePublisher>();
        silo.Services.AddSingleton<ActorShell>();
        silo.Services.AddKeyedSingleton<IGrainStorage, AccountStorage>(AccountStorage.Name);
        silo.Services.AddHostedService(services => services.GetRequiredService<TenantWatch>());
        silo.Services.AddHostedService(services => services.GetRequiredService<Watchers>());
        silo.Services.AddHostedService(services => services.GetRequiredService<ChangePublisher>());
        return silo;
    }

    /// <summary>What a node without a silo needs beside clustering and the three stores.</summary>
    public static IClientBuilder AddHealthGrains(this IClientBuilder client, ClusterOptions options)
    {
        options.Validate();
        client.AddMemoryStreams(ChangePublisher.Provider);
        client.Services.Configure<ExceptionSerializationOptions>(PassOn);
        client.Services.AddSingleton(options);
        client.Services.AddSingleton<ClusterFigures>();
        client.Services.AddSingleton<TenantWatch>();
        client.Services.AddHostedService(services => services.GetRequiredService<TenantWatch>());
        return client;
    }

    /// <summary>The port, on a node that answers questions. After <c>AddHealthGrains</c>, for it starts once the silo has.</summary>
    public static IServiceCollection AddHealthGrainsPort(this IServiceCollection services)
    {
        services.AddSingleton<DirectoryCache>();
        services.AddSingleton<Sweeping>();
        services.AddSingleton<ChangeListener>();
        services.AddSingleton<ClusterHost>();
        services.AddSingleton<IHealthGrains>(provider => provider.GetRequiredService<ClusterHost>());
        services.AddHostedService(provider => provider.GetRequiredService<DirectoryCache>());
        services.AddHostedService(provider => provider.GetRequiredService<ClusterHost>());
        return services;
    }

    /// <summary>Intake from a log, on a node that has the port.</summary>
    public static IServiceCollection AddHealthGrainsLog(this IServiceCollection services)
    {
        services.AddSingleton(provider => new LogIntake(
            provider.GetRequiredService<ClusterHost>(), provider.GetRequiredService<ClusterOptions>(),
            provider.GetRequiredService<ClusterFigures>(), provider.GetRequiredService<ILogger<LogIntake>>()));
        services.AddHostedService(provider => provider.GetRequiredService<LogIntake>());
        return services;
    }

    // What went wrong elsewhere is told as it was, and not that it cannot be told.
    private static void PassOn(ExceptionSerializationOptions exceptions)
    {
        exceptions.SupportedNamespacePrefixes.Add("HealthGrains");
        exceptions.SupportedNamespacePrefixes.Add("Npgsql");
    }

    /// <summary>One store for everything.</summary>
    public static IServiceCollection AddHealthGrainsStore<TStore>(this IServiceCollection services, Func<IServiceProvider, TStore> make)
        where TStore : class, IAccountStore, IBookStore, IDirectoryStore, ILogPlaceStore, IDeskStore, IOwnerStore
    {
        services.AddSingleton(make);
        services.AddSingleton<IAccountStore>(provider => provider.GetRequiredService<TStore>());
        services.AddSingleton<IBookStore>(provider => provider.GetRequiredService<TStore>());
        services.AddSingleton<IDirectoryStore>(provider => provider.GetRequiredService<TStore>());
        services.AddSingleton<ILogPlaceStore>(provider => provider.GetRequiredService<TStore>());
        services.AddSingleton<IDeskStore>(provider => provider.GetRequiredService<TStore>());
        services.AddSingleton<IOwnerStore>(provider => provider.GetRequiredService<TStore>());
        services.AddSingleton<IDeliveryStore>(provider => provider.GetRequiredService<TStore>().Deliveries);
        return services;
    }
}
