namespace HealthGrains.Embedded;

/// <summary>Something that a reader wants from the turn thread, answered between two slices of its work.</summary>
internal abstract class Question
{
    public abstract void Answer(TurnThread turns);

    public abstract void Fail(Exception reason);
}

/// <summary>A question with an answer.</summary>
internal sealed class Question<T>(Func<TurnThread, T> ask) : Question
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _done.Task;

    public override void Answer(TurnThread turns)
    {
        try
        {
            _done.TrySetResult(ask(turns));
        }
        catch (Exception fault)
        {
            // A question that fails is the asker's trouble, not the thread's.
            _done.TrySetException(fault);
        }
    }

    public override void Fail(Exception reason) => _done.TrySetException(reason);
}
