using HealthGrains.Delivery;
using HealthGrains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HealthGrains.Embedded;

/// <summary>Adds the embedded host to an application.</summary>
public static class EmbeddedHostExtensions
{
    /// <summary>
    /// Adds the embedded host as the application's <see cref="IHealthGrains"/>; it starts and stops with the application. Throws
    /// <see cref="ArgumentException"/> for options that cannot be.
    /// </summary>
    public static IServiceCollection AddEmbeddedHost(this IServiceCollection services, Action<EmbeddedOptions> configure)
    {
        var options = new EmbeddedOptions();
        configure(options);
        options.Validate();
        services.AddSingleton(options);
        services.AddSingleton<EmbeddedHost>();
        services.AddSingleton<IDeliveryStore>(provider => provider.GetRequiredService<EmbeddedHost>().Deliveries);
        services.AddSingleton<IHealthGrains>(provider => provider.GetRequiredService<EmbeddedHost>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<EmbeddedHost>());
        return services;
    }
}
