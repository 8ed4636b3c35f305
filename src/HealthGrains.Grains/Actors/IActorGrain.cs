namespace HealthGrains.Grains.Actors;

/// <summary>An actor with durable time.</summary>
[Alias("healthgrains.actor")]
public interface IActorGrain : IGrain
{
    /// <summary>Takes what is due, delivers what is to be said. Harmless when nothing is.</summary>
    [Alias("wake")]
    Task WakeAsync();
}
