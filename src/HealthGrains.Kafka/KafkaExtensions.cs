using HealthGrains.Intake;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Kafka;

/// <summary>Adds the log to an application.</summary>
public static class KafkaExtensions
{
    /// <summary>
    /// Binds the settings of the log, for <see cref="AddKafkaWriter"/> and <see cref="AddKafkaIntake"/>. Throws
    /// <see cref="KafkaSetupException"/> for settings that cannot be.
    /// </summary>
    public static IServiceCollection AddKafka(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(Bind(configuration));
        services.AddSingleton<KafkaFigures>();
        return services;
    }

    /// <summary>Adds <see cref="KafkaLog"/>, to append with, and <see cref="KafkaReach"/>, which knows whether that can be.</summary>
    public static IServiceCollection AddKafkaWriter(this IServiceCollection services)
    {
        services.AddSingleton<KafkaLog>();
        services.AddSingleton<KafkaReach>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<KafkaReach>());
        return services;
    }

    /// <summary>
    /// Adds <see cref="KafkaIntake"/>, which reads while the application runs, the log of <see cref="AddKafka"/>. The
    /// application has an <see cref="ISignalSink"/>; this is called after whatever the sink needs was added, so that reading stops first.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="context">What intake must know, from the application's services.</param>
    public static IServiceCollection AddKafkaIntake(this IServiceCollection services, Func<IServiceProvider, IntakeContext> context)
    {
        services.AddSingleton(provider => new KafkaIntake(
            provider.GetRequiredService<KafkaOptions>(), provider.GetRequiredService<ISignalSink>(), () => context(provider),
            provider.GetRequiredService<ILogger<KafkaIntake>>(), provider.GetRequiredService<KafkaFigures>(),
            provider.GetService<TimeProvider>()));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<KafkaIntake>());
        return services;
    }

    /// <summary>The settings of a configuration. Throws <see cref="KafkaSetupException"/> for what cannot be.</summary>
    public static KafkaOptions Bind(IConfiguration configuration)
    {
        var options = new KafkaOptions();
        try
        {
            configuration.GetSection(KafkaOptions.Section).Bind(options);
        }
        catch (InvalidOperationException failure)
        {
            throw new KafkaSetupException($"{KafkaOptions.Section} cannot be read: {failure.InnerException?.Message ?? failure.Message}", failure);
        }

        options.Validate();
        return options;
    }
}
