namespace HealthGrains.Grains.Hosting;

/// <summary>Something beside the port that must be well before a node is ready.</summary>
public interface INodeCheck
{
    /// <summary>Why it is not; null when it is.</summary>
    string? NotReady { get; }

    /// <summary>What is not well though the node answers; null when all is. Told beside that it is ready.</summary>
    string? Degraded => null;
}
