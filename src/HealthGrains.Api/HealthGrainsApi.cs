using HealthGrains.Api.Dashboard;
using HealthGrains.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace HealthGrains.Api;

/// <summary>The HTTP API, for a host to map. The host registers its <see cref="IHealthGrains"/>; the rest is here.</summary>
public static class HealthGrainsApi
{
    /// <summary>
    /// Key of the <see cref="TimeProvider"/> that paces streams, heartbeats and kept answers: wall time even where the host's
    /// clock is simulated.
    /// </summary>
    public const string ClockKey = "HealthGrains.Api";

    /// <summary>Whether the dashboard is part of this build; it is not where there was no Node when it was made.</summary>
    public static bool HasDashboard => DashboardFiles.ArePresent;

    /// <summary>
    /// Adds what the API needs: settings, the API's description, and around every request security headers and problem details.
    /// Without credentials only requests that name this machine are served (setting <c>HealthGrains:Api:LocalOnly</c>).
    /// </summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddHealthGrainsApi(this IServiceCollection services)
    {
        services.TryAddKeyedSingleton(ClockKey, TimeProvider.System);
        services.TryAddSingleton(provider => ApiSettings.From(provider.GetRequiredService<IConfiguration>()));
        services.TryAddSingleton<SignalDoor>();
        services.TryAddSingleton(provider => new IdempotencyStore(provider.GetRequiredKeyedService<TimeProvider>(ClockKey)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, Pipeline>());
        services.ConfigureHttpJsonOptions(options => Wire.Apply(options.SerializerOptions));
        services.AddOpenApi("v1", Description.Configure);
        services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = Body.SignalsLimit;
        });
        return services;
    }

    /// <summary>Maps health and metrics alone, for a node that answers nothing else.</summary>
    /// <param name="endpoints">The host's endpoints.</param>
    public static IEndpointRouteBuilder MapHealthGrainsHealth(this IEndpointRouteBuilder endpoints)
    {
        HealthResource.Map(endpoints.MapGroup("").AddEndpointFilter<RouteGroupBuilder, RefusalFilter>());
        return endpoints;
    }

    /// <summary>Maps every route of the API, and a page at <c>/</c> that gives way to any other.</summary>
    /// <param name="endpoints">The host's endpoints.</param>
    public static IEndpointRouteBuilder MapHealthGrainsApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("").AddEndpointFilter<RouteGroupBuilder, RefusalFilter>();
        SignalsResource.Map(api);
        HooksResource.Map(api);
        AccountsResource.Map(api);
        AccountPastResource.Map(api);
        WhatIfResource.Map(api);
        PortfolioResource.Map(api);
        AlertsResource.Map(api);
        TeamResource.Map(api);
        PlaysResource.Map(api);
        HandOverResource.Map(api);
        DraftsResource.Map(api);
        TasksResource.Map(api);
        DeskResource.Map(api);
        NotesResource.Map(api);
        PracticeResource.Map(api);
        DeliveriesResource.Map(api);
        ModelsResource.Map(api);
        IdentitiesResource.Map(api);
        AuditResource.Map(api);
        StreamResource.Map(api);
        HealthResource.Map(api);
        DashboardResource.Map(api);
        IndexResource.Map(api);
        endpoints.MapOpenApi("/openapi/v1.json");
        return endpoints;
    }
}
