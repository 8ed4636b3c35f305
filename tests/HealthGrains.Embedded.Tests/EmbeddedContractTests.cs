using HealthGrains.HostContract;
using HealthGrains.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace HealthGrains.Embedded.Tests;

/// <summary>The embedded host keeps every host's promises.</summary>
public sealed class EmbeddedContractTests : HostContractTests
{
    private readonly string _directory = Directory.CreateTempSubdirectory("healthgrains-contract-").FullName;
    private EmbeddedHost? _host;

    protected override async Task<IHealthGrains> StartAsync(TimeProvider clock)
    {
        var options = new EmbeddedOptions
        {
            DataDirectory = _directory, Clock = clock, ClockKind = ClockKind.Simulated,
            // What is kept for so many days is dropped by checkpoints, and here years pass within seconds.
            CheckpointInterval = TimeSpan.FromMilliseconds(100),
        };
        _host = new EmbeddedHost(options, NullLogger<EmbeddedHost>.Instance);
        await _host.StartAsync(CancellationToken.None);
        return _host;
    }

    protected override async Task StopAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
