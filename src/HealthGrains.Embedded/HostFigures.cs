namespace HealthGrains.Embedded;

/// <summary>Counters. Each has one thread that counts; readers may see one a moment late.</summary>
internal sealed class HostFigures
{
    public long Commits;
    public long Checkpoints;
    public long Duplicates;
    public long Saturated;
    public long Late;
    public long Decisions;
    public long Wakes;
    public long Evaluations;
    public long Questions;
}
