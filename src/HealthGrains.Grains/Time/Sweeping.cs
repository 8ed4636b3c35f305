using HealthGrains.Grains.Tenants;

namespace HealthGrains.Grains.Time;

/// <summary>The sweep as a whole.</summary>
public sealed class Sweeping(IGrainFactory grains, ClusterOptions options)
{
    /// <summary>Begins to sweep all shards. Harmless when they are swept already.</summary>
    public Task StartAsync() => Each(shard => shard.StartAsync());

    /// <summary>Completes when every account that is due has been woken: for simulated clocks and tests.</summary>
    public async Task SettleAsync()
    {
        await grains.GetGrain<ITenantGrain>(options.Tenant).CountAsync();
        await Each(shard => shard.SweepAsync());
    }

    private Task Each(Func<ISweepGrain, Task> ask) =>
        Task.WhenAll(Enumerable.Range(0, Shards.Count).Select(shard => ask(grains.GetGrain<ISweepGrain>(shard))));
}
