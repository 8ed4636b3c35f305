namespace HealthGrains.Embedded;

/// <summary>Wakes the one thread that waits for it. A ring that comes while nobody waits is kept.</summary>
internal sealed class Bell
{
    private readonly object _gate = new();
    private bool _rung;

    public void Ring()
    {
        lock (_gate)
        {
            _rung = true;
            Monitor.Pulse(_gate);
        }
    }

    public void Wait(int milliseconds)
    {
        lock (_gate)
        {
            if (!_rung) Monitor.Wait(_gate, milliseconds);
            _rung = false;
        }
    }
}
