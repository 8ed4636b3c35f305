namespace HealthGrains.Grains.Storage;

/// <summary>
/// The store does not answer, in a sentence that is passed on between silos as it is: Orleans wraps other exceptions of a storage
/// provider in one whose message holds a stack trace.
/// </summary>
[GenerateSerializer]
[Alias("healthgrains.storeUnavailable")]
public sealed class StoreUnavailableException(string message) : OrleansException(message);
