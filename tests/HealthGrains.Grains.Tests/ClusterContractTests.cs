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
    protected override bool FindsSignals => false;

    /// <inheritdoc/>
    protected override async Task<IHealthGrains> StartAsync(TimeProvider clock)
    {
        _cluster = await TestCluster.StartAsync(silos, clock, Store(), log: Log());
        return _cluster.Host(0);
    }

    /// <summary>Adds an empty store to a silo's services: the same one for all silos.</summary>
    protected virtual Action<IServiceCollection> Store()
    {
        var store = new MemoryStore();
        return services => services.AddHealthGrainsStore(_ => store);
    }

    /// <summary>The log that signals go to first; null without one.</summary>
    internal virtual MemoryLog? Log() => null;

    /// <inheritdoc/>
    protected override Task StopAsync() => _cluster?.DisposeAsync().AsTask() ?? Task.CompletedTask;
}

public sealed class OneSiloTests() : ClusterContractTests(1);

public sealed class TwoSilosTests() : ClusterContractTests(2);

/// <summary>And also where signals go to a log first.</summary>
public sealed class TwoSilosWithALogTests() : ClusterContractTests(2)
{
    internal override MemoryLog? Log() => new();
}
