using HealthGrains.Hosting;

namespace HealthGrains.Embedded;

/// <summary>A request on its way through the host, and what became of its signals.</summary>
internal sealed class IntakeRequest(IntakeBatch batch)
{
    // Continuations run on the pool: neither of the two threads does a caller's work.
    private readonly TaskCompletionSource<IntakeReceipt> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IntakeBatch Batch { get; } = batch;
    public int Accepted { get; set; }
    public int Late { get; set; }
    public int Duplicates { get; set; }
    public int Held { get; set; }

    public Task<IntakeReceipt> Task => _done.Task;

    public void Complete() => _done.TrySetResult(new IntakeReceipt(
        Accepted + Batch.TakenWithoutSignal, Late, Duplicates, Held, Batch.Rejected, Batch.Errors.Count == 0 ? [] : [.. Batch.Errors]));

    public void Fail(Exception reason) => _done.TrySetException(reason);
}
