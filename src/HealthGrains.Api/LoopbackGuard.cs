using System.Net;
using Microsoft.Extensions.Configuration;

namespace HealthGrains.Api;

/// <summary>Without credentials the loopback address is the only lock on the door. This checks that it is shut.</summary>
public static class LoopbackGuard
{
    /// <summary>The setting by which an operator says that the network itself is the lock.</summary>
    public const string TrustedNetworkKey = "HealthGrains:Api:TrustedNetwork";

    /// <summary>
    /// As <see cref="Check(IEnumerable{string})"/>, unless <see cref="TrustedNetworkKey"/> is true: then others may reach the addresses,
    /// and what that means is returned, to be told at every start. Null when there is nothing to tell.
    /// </summary>
    /// <param name="urls">Addresses to listen on.</param>
    /// <param name="configuration">Where the setting is.</param>
    public static string? Check(IReadOnlyCollection<string> urls, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (!bool.TryParse(configuration[TrustedNetworkKey], out var trusted) || !trusted)
        {
            Check(urls);
            return null;
        }
        return urls.All(IsLoopback) ? null
            : $"no credentials are configured and {TrustedNetworkKey} is true: whoever can reach {string.Join(", ", urls)} reads and writes "
                + "customer data; nothing but the network keeps anybody out";
    }

    /// <summary>Throws unless every address is a loopback address or a Unix socket.</summary>
    /// <param name="urls">Addresses to listen on, as ASP.NET Core spells them: <c>http://127.0.0.1:5080</c>, <c>http://*:80</c>.</param>
    /// <exception cref="InvalidOperationException">An address can be reached from another machine; the message says which.</exception>
    public static void Check(IEnumerable<string> urls)
    {
        ArgumentNullException.ThrowIfNull(urls);
        foreach (var url in urls)
        {
            if (IsLoopback(url)) continue;
            throw new InvalidOperationException(
                $"no credentials are configured, so {url} would let anybody on the network read and write customer data; "
                + "only 127.0.0.1, localhost and [::1] may be listened on. Where the network itself is the lock (a container's, a pod's behind a "
                + $"network policy), say so: {TrustedNetworkKey.Replace(":", "__", StringComparison.Ordinal)}=true");
        }
    }

    /// <summary>Whether an address to listen on can be reached from this machine only.</summary>
    /// <param name="url">The address; several may be separated by semicolons.</param>
    public static bool IsLoopback(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var parts = url.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts.Length > 0 && Array.TrueForAll(parts, IsOne);
    }

    private static bool IsOne(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal);
        if (start < 0) return false;
        var rest = url[(start + 3)..];
        if (rest.StartsWith("unix:", StringComparison.OrdinalIgnoreCase)) return true;
        var host = rest.Split('/')[0];
        if (host.StartsWith('['))
        {
            var end = host.IndexOf(']', StringComparison.Ordinal);
            if (end < 0) return false;
            host = host[1..end];
        }
        else
        {
            host = host.Split(':')[0];
        }
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }
}
