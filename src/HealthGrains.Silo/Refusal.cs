namespace HealthGrains.Silo;

/// <summary>Something that was asked for cannot be done: told in a sentence, without a stack trace.</summary>
internal sealed class Refusal(string message, int exitCode = CommandLine.Failed) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
