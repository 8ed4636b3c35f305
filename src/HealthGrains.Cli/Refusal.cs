namespace HealthGrains.Cli;

/// <summary>Something that cannot be done as asked: one clear sentence that says what to do.</summary>
internal sealed class Refusal(string message, int exitCode = CommandLine.Failed) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
