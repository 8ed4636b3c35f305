using System.Net;
using System.Net.Sockets;

namespace HealthGrains.Grains.Tests.Postgres;

/// <summary>
/// Ports for those who are told which to listen on. They lie below those that the system hands out by itself: one of these could be given
/// to somebody else before the process that was told of it has started, or while it is down to be started again.
/// </summary>
internal static class Ports
{
    private const int First = 12_000;
    private const int Count = 18_000;

    // Test projects run side by side: each begins elsewhere.
    private static int _next = Environment.ProcessId * 311;

    public static int Free()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
        throw new InvalidOperationException("no port is free");
    }
}
