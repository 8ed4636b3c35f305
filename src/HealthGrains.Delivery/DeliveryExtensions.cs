using HealthGrains.Hosting;
using HealthGrains.Plays;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Delivery;

/// <summary>Adds the delivery to an application.</summary>
public static class DeliveryExtensions
{
    /// <summary>
    /// Adds <see cref="DeliveryPump"/>, which sends while the application runs. The application has an <see cref="IDeliveryStore"/>; this
    /// is called after what the store needs was added, so that sending stops first. Throws <see cref="DeliverySetupException"/> for
    /// settings that cannot be.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">Has the settings, in <see cref="DeliverySettings.Section"/>.</param>
    /// <param name="localOnly">Whether nothing is sent whatever the settings say, as in a demo: everything goes into <see
    /// cref="LocalSink"/>.</param>
    public static IServiceCollection AddHealthGrainsDelivery(
        this IServiceCollection services, IConfiguration configuration, bool localOnly = false)
    {
        var settings = DeliverySettings.Bind(configuration);
        if (localOnly)
        {
            settings.Receivers.Clear();
            // There a clock may run through weeks in seconds: a mail that waited for a morning is not late for that.
            if (configuration[$"{DeliverySettings.Section}:{nameof(settings.GiveUpAfter)}"] is null)
                settings.GiveUpAfter = TimeSpan.FromDays(Retention.LeastDeliveryDays);
        }
        services.AddSingleton(settings);
        services.AddSingleton<DeliveryFigures>();
        services.TryAddSingleton<DeliveryBell>();
        services.AddSingleton(provider => new LocalSink(settings.Folder, provider.GetRequiredService<ILogger<LocalSink>>()));
        services.AddSingleton(provider => DeliveryReceivers.From(
            settings, configuration, provider.GetRequiredService<LocalSink>(), TimeProvider.System));
        services.AddSingleton(provider =>
        {
            var host = provider.GetService<IHealthGrains>();
            return new DeliveryPump(
                provider.GetRequiredService<IDeliveryStore>(), provider.GetRequiredService<DeliveryReceivers>(), settings,
                provider.GetRequiredService<DeliveryBell>(), provider.GetRequiredService<DeliveryFigures>(),
                host?.Clock ?? provider.GetService<TimeProvider>() ?? TimeProvider.System, TimeProvider.System,
                provider.GetRequiredService<ILogger<DeliveryPump>>());
        });
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<DeliveryPump>());
        return services;
    }
}
