using HealthGrains.Grains.Storage;
using Orleans.Storage;

namespace HealthGrains.Grains.Actors;

/// <summary>Where actors are kept: a provider of Orleans' own, for their writes are few.</summary>
public static class ActorStorage
{
    /// <summary>The name of the storage provider, for <c>[PersistentState("play", ActorStorage.Name)]</c>.</summary>
    public const string Name = "actors";

    /// <summary>Keeps actors in memory, in the form in which a database has them. For tests and for a silo that keeps nothing.</summary>
    public static ISiloBuilder AddMemoryActors(this ISiloBuilder silo) =>
        silo.AddMemoryGrainStorage(Name, options => options.GrainStorageSerializer = new ActorJson());
}

/// <summary>
/// An actor as JSON. Orleans' own form names .NET types, so that a class that was moved or renamed could no longer be read.
/// </summary>
public sealed class ActorJson : IGrainStorageSerializer
{
    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input) => new(StoredJson.WriteBytes(input));

    /// <inheritdoc/>
    public T Deserialize<T>(BinaryData input) => StoredJson.Read<T>(input.ToMemory().Span, $"a stored {typeof(T).Name}");
}
