namespace HealthGrains.Grains.Tenants;

/// <summary>What decides for all accounts of a tenant: the one writer of it. Its key is the tenant. Every node has a copy.</summary>
[Alias("healthgrains.tenant")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>What decides now, and from now on the observer is told of every change; to be called again every minute.</summary>
    [Alias("watch")]
    Task<TenantTerms> WatchAsync(ITenantObserver observer);

    /// <summary>
    /// Merges when sources were first heard of, by source, Unix milliseconds. Completes when every node that can be reached knows.
    /// </summary>
    [Alias("learn")]
    Task<TenantTerms> LearnAsync(long[] firstAt);

    /// <summary>Activates a model. Completes when every node that can be reached knows.</summary>
    [Alias("activate")]
    Task<TenantTerms> ActivateAsync(string model);

    /// <summary>
    /// Changes files of the practice (a <see cref="HealthGrains.Hosting.PracticeEdit"/> as JSON). Completes when what was taken is stored
    /// and every node that can be reached knows.
    /// </summary>
    [Alias("changePractice")]
    Task<PracticeReply> ChangePracticeAsync(byte[] edit, string actor);

    /// <summary>
    /// Counts all accounts if that is due. Completes when every node that can be reached knows what was counted, and what is to be told
    /// is stored.
    /// </summary>
    [Alias("count")]
    Task CountAsync();
}

/// <summary>A node that keeps a copy.</summary>
[Alias("healthgrains.tenantObserver")]
public interface ITenantObserver : IGrainObserver
{
    /// <summary>Something else decides now.</summary>
    [Alias("ruled")]
    Task RuledAsync(TenantTerms terms);
}

/// <summary>What decides for all accounts of a tenant.</summary>
[GenerateSerializer, Immutable, Alias("healthgrains.tenantTerms")]
public sealed record TenantTerms(
    [property: Id(0)] long Version, [property: Id(1)] ulong KeyLow, [property: Id(2)] ulong KeyHigh,
    [property: Id(3)] long[] FirstAt, [property: Id(4)] string Model, [property: Id(5)] long Practice = 0,
    [property: Id(6)] byte[]? Pulse = null);

/// <summary>What came of a change of the practice.</summary>
/// <param name="Number">The last change that decides now.</param>
/// <param name="Problems">What is wrong with the files (JSON).</param>
/// <param name="Refused">The files that were not taken.</param>
[GenerateSerializer, Immutable, Alias("healthgrains.practiceReply")]
public sealed record PracticeReply([property: Id(0)] long Number, [property: Id(1)] byte[] Problems, [property: Id(2)] string[] Refused);

/// <summary>The same, as it is stored.</summary>
[GenerateSerializer, Alias("healthgrains.tenantRecord")]
public sealed class TenantRecord
{
    /// <summary>Grows with every change.</summary>
    [Id(0)]
    public long Version { get; set; }
    /// <summary>Lower half of the tenant's secret; with the upper one 0 before the first start.</summary>
    [Id(1)]
    public ulong KeyLow { get; set; }
    /// <summary>Upper half.</summary>
    [Id(2)]
    public ulong KeyHigh { get; set; }
    /// <summary>When each source was first heard of, Unix milliseconds.</summary>
    [Id(3)]
    public long[] FirstAt { get; set; } = [];
    /// <summary>The active model; empty for the first of the options.</summary>
    [Id(4)]
    public string Model { get; set; } = "";
    /// <summary>The number of the last change of the practice that nodes were told of.</summary>
    [Id(5)]
    public long Practice { get; set; }
    /// <summary>What was last counted over all accounts (a <see cref="HealthGrains.Tenants.TenantPulse"/> as JSON); null before.</summary>
    [Id(6)]
    public byte[]? Pulse { get; set; }
    /// <summary>What counts left to be told and may not be stored yet (<see cref="TenantNews"/> as JSON).</summary>
    [Id(7)]
    public byte[]? News { get; set; }
}
