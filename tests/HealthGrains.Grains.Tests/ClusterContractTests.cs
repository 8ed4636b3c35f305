using HealthGrains.Grains.Hosting;
using HealthGrains.Grains.Storage;
using HealthGrains.HostContract;
using HealthGrains.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace HealthGrains.Grains.Tests;

/// <summary>The cluster keeps what every host promises, whatever the number of silos.</summary>
public abstract class ClusterContractTests(int silos) : HostContractTests
{
    private TestCluster? _cluster;

    /// <inheritdoc/>
    protected override async Task<IHealthGrains> StartAsync(TimeProvider clock)
    {
        _cluster = await TestCluster.StartAsync(silos, clock, Store());
        return _cluster.Host(0);
    }

    /// <summary>Adds an empty store to a silo's services: the same one for all silos.</summary>
    protected virtual Action<IServiceCollection> Store()
    {
        var store = new MemoryStore();
        return services => services.AddHealthGrainsStore(_ => store);
    }

    /// <inheritdoc/>
    protected override Task StopAsync() => _cluster?.DisposeAsync().AsTask() ?? Task.CompletedTask;
}

public sealed class OneSiloTests() : ClusterContractTests(1);

public sealed class TwoSilosTests() : ClusterContractTests(2);
