using HealthGrains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HealthGrains.Assistant;

/// <summary>Adds the watch over the practice's folder to an application.</summary>
public static class PracticeExtensions
{
    /// <summary>
    /// Keeps the host's practice as a folder has it, from its start on. Called after the host was added, so that it is looked at first when
    /// the host has started.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="isOptional">Whether it need not be there; one that comes later is found then.</param>
    public static IServiceCollection AddPracticeWatch(this IServiceCollection services, string folder, bool isOptional)
    {
        services.AddSingleton(new PracticeWatchOptions(folder, isOptional, TimeSpan.FromSeconds(1),
            DefaultPractice.Files.ToDictionary(file => file.Path, file => file.Content, StringComparer.Ordinal)));
        services.AddSingleton<IHostedService>(provider => new PracticeWatch(
            provider.GetRequiredService<IHealthGrains>(), provider.GetRequiredService<PracticeWatchOptions>(), TimeProvider.System,
            provider.GetRequiredService<ILogger<PracticeWatch>>()));
        return services;
    }
}
