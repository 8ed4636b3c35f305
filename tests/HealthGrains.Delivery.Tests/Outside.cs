namespace HealthGrains.Delivery.Tests;

/// <summary>A receiver that drops a repeated id, as a good one does, and does what a test tells it to.</summary>
public sealed class Outside : IReceiver
{
    private readonly Lock _gate = new();
    private readonly List<Dispatch> _sent = [];
    private readonly List<Dispatch> _seen = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private int _now;

    public string Name => "outside";

    public int Concurrency { get; init; } = 4;

    /// <summary>What it answers; by default that it has it.</summary>
    public Func<Dispatch, CancellationToken, Task<DeliveryOutcome>> Answer { get; set; } =
        (_, _) => Task.FromResult<DeliveryOutcome>(new DeliveryOutcome.Delivered(null));

    /// <summary>How many it had in its hands at once.</summary>
    public int Most { get; private set; }

    /// <summary>All that came, repeats too.</summary>
    public IReadOnlyList<Dispatch> Sent
    {
        get
        {
            lock (_gate) return [.. _sent];
        }
    }

    /// <summary>What it took, each id once, in order.</summary>
    public IReadOnlyList<string> Seen
    {
        get
        {
            lock (_gate) return [.. _seen.Select(dispatch => dispatch.Id)];
        }
    }

    public async Task<DeliveryOutcome> SendAsync(Dispatch dispatch, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _sent.Add(dispatch);
            Most = Math.Max(Most, ++_now);
        }
        try
        {
            var outcome = await Answer(dispatch, cancellationToken);
            if (outcome is DeliveryOutcome.Delivered) Take(dispatch);
            return outcome;
        }
        finally
        {
            lock (_gate) _now--;
        }
    }

    /// <summary>It has it, whatever it answers.</summary>
    public void Take(Dispatch dispatch)
    {
        lock (_gate)
            if (_ids.Add(dispatch.Id)) _seen.Add(dispatch);
    }
}
