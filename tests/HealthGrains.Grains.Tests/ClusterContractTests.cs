using HealthGrains.Grains.Storage;
using HealthGrains.HostContract;
using HealthGrains.Hosting;

namespace HealthGrains.Grains.Tests;

/// <summary>The cluster keeps what every host promises, whatever the number of silos.</summary>
public abstract class ClusterContractTests(int silos) : HostContractTests
{
    private TestCluster? _cluster;

    /// <inheritdoc/>
    protected override async Task<IHealthGrains> StartAsync(TimeProvider clock)
    {
        _cluster = await TestCluster.StartAsync(silos, clock, new MemoryStore());
        return _cluster.Host(0);
    }

    /// <inheritdoc/>
    protected override Task StopAsync() => _cluster?.DisposeAsync().AsTask() ?? Task.CompletedTask;
}

public sealed class OneSiloTests() : ClusterContractTests(1);

public sealed class TwoSilosTests() : ClusterContractTests(2);
