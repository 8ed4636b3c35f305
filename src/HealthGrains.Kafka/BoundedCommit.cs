using Confluent.Kafka;

namespace HealthGrains.Kafka;

/// <summary>
/// Commits, and waits only so long. librdkafka's own call waits for a coordinator that is away, a minute and more, and cannot be
/// broken off; who stops meanwhile would hang on it.
/// </summary>
internal sealed class BoundedCommit(Action<List<TopicPartitionOffset>> commit)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private Task _pending = Task.CompletedTask;

    /// <summary>
    /// Commits. Throws <see cref="KafkaException"/> when it was refused, or took too long; then it may still be done, and until it has
    /// ended one way or the other no other is begun. One call at a time.
    /// </summary>
    public void Run(List<TopicPartitionOffset> offsets, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        // What an earlier one came to was told when it took too long.
        if (!Ends(_pending, deadline.Token)) throw TooLong();
        _pending = Task.Factory.StartNew(
            () => commit(offsets), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (!Ends(_pending, deadline.Token)) throw TooLong();
        _pending.GetAwaiter().GetResult();
    }

    private static bool Ends(Task task, CancellationToken cancellationToken)
    {
        try
        {
            return Task.WaitAny([task], Timeout.Infinite, cancellationToken) == 0;
        }
        catch (OperationCanceledException)
        {
            return task.IsCompleted;
        }
    }

    private static KafkaException TooLong() => new(new Error(ErrorCode.Local_TimedOut, "the group's coordinator does not answer"));
}
