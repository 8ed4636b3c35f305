using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Orleans.Dashboard;
using Orleans.Hosting;

namespace HealthGrains.Silo.Watching;

/// <summary>Orleans' dashboard under <c>/orleans</c>, behind HTTP basic authentication.</summary>
internal static class Dashboard
{
    public const string Path = "/orleans";

    private const string Scheme = "Basic";

    /// <summary>What every silo needs, so that the dashboard can ask it.</summary>
    public static void Add(ISiloBuilder silo, DashboardSettings settings)
    {
        if (settings.Enabled) silo.AddDashboard(Options);
    }

    /// <summary>What a node without a silo needs.</summary>
    public static void Add(IClientBuilder client, DashboardSettings settings)
    {
        if (settings.Enabled) client.AddDashboard(Options);
    }

    /// <summary>Maps it. The lock hangs on the routes and not on a path, so that no spelling of a path goes around it.</summary>
    public static void Map(WebApplication app, DashboardSettings settings)
    {
        if (!settings.Enabled) return;
        var secret = SHA256.HashData(Encoding.UTF8.GetBytes(settings.Password));
        app.Use((http, next) =>
        {
            if (http.GetEndpoint()?.Metadata.GetMetadata<Locked>() is null || Knows(http.Request, secret)) return next(http);
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.Headers.WWWAuthenticate = $"{Scheme} realm=\"Orleans dashboard\", charset=\"UTF-8\"";
            return Task.CompletedTask;
        });
        app.MapOrleansDashboard(Path).WithMetadata(new Locked()).ExcludeFromDescription();
    }

    private static void Options(DashboardOptions options)
    {
        // The log of a silo may name accounts, and reading it costs each silo memory.
        options.HideTrace = true;
        options.CounterUpdateIntervalMs = 5_000;
    }

    private static bool Knows(HttpRequest request, byte[] secret)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var given)
            || !Scheme.Equals(given.Scheme, StringComparison.OrdinalIgnoreCase) || given.Parameter is null) return false;
        var bytes = new byte[given.Parameter.Length];
        if (!Convert.TryFromBase64String(given.Parameter, bytes, out var length)) return false;
        var pair = bytes.AsSpan(0, length);
        var colon = pair.IndexOf((byte)':');
        // Of equal length and in constant time, whatever was sent.
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(pair[(colon + 1)..]), secret) && colon >= 0;
    }

    private sealed class Locked;
}
