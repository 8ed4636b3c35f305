namespace HealthGrains.Simulation;

/// <summary>A day of the company.</summary>
/// <param name="Day">Its number, from 0.</param>
/// <param name="Start">Its midnight, UTC.</param>
/// <param name="Events">What arrived on it: in order of time, or, where the settings ask for dirt, in order of arrival.</param>
public sealed record CompanyDay(int Day, DateTimeOffset Start, IReadOnlyList<SimulatedEvent> Events);

/// <summary>Lives a company's days one after another, without limit. Not for use by several threads at once.</summary>
public sealed class CompanySimulator
{
    private readonly Company _company;
    private readonly AccountLife[] _lives;
    private readonly Arrivals? _arrivals;
    private readonly List<SimulatedEvent> _page = [];

    internal CompanySimulator(Company company)
    {
        _company = company;
        _lives = [.. company.Accounts.Select(account => new AccountLife(account))];
        _arrivals = company.Settings.Dirt > 0 ? new Arrivals(company.Settings) : null;
    }

    /// <summary>The day that <see cref="Advance()"/> will live.</summary>
    public int NextDay { get; private set; }

    /// <summary>Lives the next day and tells it.</summary>
    public CompanyDay Advance()
    {
        var day = Live();
        var start = _company.Settings.StartMilliseconds + day * Diary.DayLength;
        IReadOnlyList<SimulatedEvent> events = InOrderOfTime(start);
        if (_arrivals is not null) events = _arrivals.On(start, events);
        return new CompanyDay(day, DateTimeOffset.FromUnixTimeMilliseconds(start), events);
    }

    /// <summary>Lives so many days and tells them, one at a time.</summary>
    public IEnumerable<CompanyDay> Advance(int days)
    {
        for (var i = 0; i < days; i++) yield return Advance();
    }

    /// <summary>Lives the days before this one without telling them. Throws when the day has been lived already.</summary>
    public void SkipTo(int day)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(day, NextDay);
        // Dirt carries events over from one day to the next, so that it has to see them all.
        while (NextDay < day)
        {
            if (_arrivals is null) Live();
            else Advance();
        }
    }

    private int Live()
    {
        _page.Clear();
        foreach (var life in _lives) life.Live(NextDay, _page);
        return NextDay++;
    }

    /// <summary>Sorts the page by time, and within a millisecond by account and by the order in which life made the events.</summary>
    private SimulatedEvent[] InOrderOfTime(long start)
    {
        var keys = new ulong[_page.Count];
        for (var i = 0; i < keys.Length; i++) keys[i] = ((ulong)(_page[i].At - start) << 32) | (uint)i;
        Array.Sort(keys);
        var events = new SimulatedEvent[keys.Length];
        for (var i = 0; i < keys.Length; i++) events[i] = _page[(int)(uint)keys[i]];
        return events;
    }
}
