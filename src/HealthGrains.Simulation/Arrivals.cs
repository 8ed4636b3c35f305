namespace HealthGrains.Simulation;

/// <summary>
/// The dirt of real streams: some events arrive twice, some out of order, some days late. What is dirty depends on the event alone.
/// </summary>
internal sealed class Arrivals(CompanySettings settings)
{
    private const double Minute = 60_000;

    private readonly Rng _rng = new(settings.Seed, 0, Draw.Dirt);
    private List<(long At, SimulatedEvent Event)> _coming = [];

    /// <summary>What arrives on a day, in order of arrival, given what happens on it in order of time.</summary>
    public IReadOnlyList<SimulatedEvent> On(long start, IReadOnlyList<SimulatedEvent> events)
    {
        foreach (var happened in events)
        {
            // An event's number stands where other draws have the day.
            var rng = _rng.Restart(settings.Seed, happened.Of.Index, Draw.Dirt, (int)happened.Number);
            var delay = 0.0;
            if (rng.Chance(settings.Dirt))
            {
                var u = rng.Unit();
                if (u < 1.0 / 3) _coming.Add((happened.At + (long)(rng.Between(0, 20 * 60) * Minute), happened));
                else if (u < 5.0 / 6) delay = rng.Between(1, 6 * 60);
                else delay = rng.Between(24 * 60, 5 * 24 * 60);
            }
            _coming.Add((happened.At + (long)(delay * Minute), happened));
        }
        var end = start + Diary.DayLength;
        var today = _coming.Where(coming => coming.At < end).OrderBy(coming => coming.At).Select(coming => coming.Event).ToArray();
        _coming = [.. _coming.Where(coming => coming.At >= end)];
        return today;
    }
}
