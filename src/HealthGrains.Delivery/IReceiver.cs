namespace HealthGrains.Delivery;

/// <summary>Somebody outside that dispatches go to. Called from several threads at once, each with a dispatch of another line.</summary>
public interface IReceiver
{
    /// <summary>Who it is, for people: the kind and the machine, never an address with a secret in it.</summary>
    string Name { get; }

    /// <summary>How many dispatches it takes at once.</summary>
    int Concurrency { get; }

    /// <summary>
    /// Sends, and says what came of it. A repeat carries the same id, so that the other side can drop it. What throws is tried again as
    /// <see cref="DeliveryOutcome.Later"/>; a cancellation because time was up as <see cref="DeliveryOutcome.Away"/>.
    /// </summary>
    Task<DeliveryOutcome> SendAsync(Dispatch dispatch, CancellationToken cancellationToken);
}

/// <summary>What came of sending. A closed set.</summary>
public abstract record DeliveryOutcome
{
    private DeliveryOutcome()
    {
    }

    /// <summary>The other side has it.</summary>
    /// <param name="Receipt">What it called it, or answered; null for nothing.</param>
    public sealed record Delivered(string? Receipt) : DeliveryOutcome;

    /// <summary>The other side does not want this one, and would not later: it is dead at once.</summary>
    /// <param name="Error">Why, as a sentence that says what to do.</param>
    public sealed record Refused(string Error) : DeliveryOutcome;

    /// <summary>This one could not be taken now; others may.</summary>
    /// <param name="Error">Why.</param>
    /// <param name="RetryAfter">How long it asks to wait.</param>
    public sealed record Later(string Error, TimeSpan? RetryAfter = null) : DeliveryOutcome;

    /// <summary>
    /// The other side takes nothing now: it is away, asks for less, or its settings are wrong, which a person must mend. All that is for it
    /// waits, and nothing of it is lost.
    /// </summary>
    /// <param name="Error">Why.</param>
    /// <param name="RetryAfter">How long it asks to be left alone.</param>
    public sealed record Away(string Error, TimeSpan? RetryAfter = null) : DeliveryOutcome;
}
