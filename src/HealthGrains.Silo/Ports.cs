using System.Net;
using System.Net.Sockets;

namespace HealthGrains.Silo;

/// <summary>Ports that nobody listens on, for a silo that nobody else joins.</summary>
internal static class Ports
{
    public static int Free()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
