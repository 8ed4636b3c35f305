namespace HealthGrains.Cli;

/// <summary>Waiting for an end without an exception for it.</summary>
internal static class Quietly
{
    public static async Task WaitAsync(CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(ended.SetResult);
        await ended.Task;
    }
}
