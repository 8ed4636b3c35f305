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

    /// <summary>Held events that this request takes: they wait no longer once it is committed.</summary>
    public IReadOnlyList<HeldEvent> Settles { get; init; } = [];

    /// <summary>Held events whose identity this request has taught.</summary>
    public List<HeldEvent> Released { get; } = [];

    public Task<IntakeReceipt> Task => _done.Task;

    public void Complete()
    {
        // A receipt counts events: a second signal of an event counts with its first, accepted or repeated as that one was.
        var extraAccepted = Math.Min(Batch.ExtraSignals, Accepted);
        var extraDuplicates = Math.Min(Batch.ExtraSignals - extraAccepted, Duplicates);
        _done.TrySetResult(new IntakeReceipt(
            Accepted - extraAccepted + Batch.TakenWithoutSignal, Late, Duplicates - extraDuplicates, Held, Batch.Rejected,
            Batch.Errors.Count == 0 ? [] : [.. Batch.Errors]));
    }

    public void Fail(Exception reason) => _done.TrySetException(reason);
}
