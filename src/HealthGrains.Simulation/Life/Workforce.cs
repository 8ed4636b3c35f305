using HealthGrains.Signals;

namespace HealthGrains.Simulation;

/// <summary>The people of an account who work in the product: they come and go, log in, use features, complete workflows.</summary>
internal sealed class Workforce
{
    /// <summary>Sessions that an average person has on a full weekday.</summary>
    public const double SessionsPerDay = 0.66;

    private readonly CompanyAccount _account;
    private readonly Diary _diary;
    private readonly Rng _rng;
    private readonly List<Person> _people = [];
    private readonly string[] _features;
    private int _hired;

    /// <summary>The people who are there when the account is first looked at.</summary>
    public Workforce(CompanyAccount account, Diary diary, int firstDay)
    {
        (_account, _diary) = (account, diary);
        _rng = new Rng(account.Settings.Seed, account.Index, Draw.People, -1);
        _features = Person.Tastes(Catalogue.Features, _rng)[..account.Traits.Features];
        Seats = account.Profile.Seats!.Value;
        var rollout = Math.Min(1, 0.2 + 0.8 * (firstDay - account.StartDay) / 60.0);
        var longest = Math.Clamp(firstDay - account.StartDay, 1, 720);
        for (var left = Places(rollout); left > 0; left--) Join(firstDay - _rng.Below(longest));
    }

    /// <summary>Seats paid for.</summary>
    public int Seats { get; set; }

    /// <summary>Who has a seat.</summary>
    public IReadOnlyList<Person> People => _people;

    /// <summary>How many people have a seat.</summary>
    public int Count => _people.Count;

    /// <summary>How many were seen in the seven days up to a day.</summary>
    public int SeenInWeekTo(int day) => _people.Count(person => person.LastSeen > day - 7);

    /// <summary>Somebody who has a seat; null when nobody has.</summary>
    public Person? Anybody(Rng rng) => _people.Count == 0 ? null : _people[rng.Below(_people.Count)];

    /// <summary>Lives a day.</summary>
    public void Live(int day, in Weather weather)
    {
        ComeAndGo(day, weather);
        var rng = _rng.Restart(_account.Settings.Seed, _account.Index, Draw.Usage, day);
        var holdingOut = Math.Sqrt(weather.Decline.Usage);
        var pace = SessionsPerDay * _account.Traits.Busyness * weather.Pace * holdingOut;
        foreach (var person in _people)
        {
            // Half of a decline is people who stop, half is the others doing less.
            if (person.Stubbornness > holdingOut) continue;
            var sessions = rng.Poisson(person.Activity * pace * rng.Gamma(3));
            for (; sessions > 0; sessions--) Work(person, rng, day, weather);
        }
    }

    private void Work(Person person, Rng rng, int day, in Weather weather)
    {
        var start = _diary.WorkTime(rng);
        if (_account.SegmentId is not null) Introduce(person, rng, start, person.Feature(rng, day, weather.Decline.Breadth));
        person.LastSeen = day;
        var minutes = Math.Clamp(rng.LogNormal(person.SessionMinutes, 0.6), 1, 240);
        var length = (long)(minutes * 60_000);
        // Work that runs past midnight is told at midnight: a day's page holds the day.
        length = Math.Min(length, _diary.DayStart + Diary.DayLength - 1 - start);

        if (rng.Chance(0.93)) _diary.Add(start, SignalKind.Login, person.Id);
        var features = 1 + rng.Poisson(1.3 * weather.Decline.Breadth);
        for (; features > 0; features--)
        {
            var times = 1;
            while (times < 40 && rng.Chance(0.5)) times++;
            var at = start + (long)(length * rng.Unit());
            _diary.Add(at, SignalKind.FeatureUsed, person.Id, person.Feature(rng, day, weather.Decline.Breadth), times);
        }
        var workflows = rng.Poisson(0.22 * _account.Traits.Workflows * weather.Rollout * weather.Decline.Value);
        for (; workflows > 0; workflows--)
        {
            var u = rng.Unit();
            var workflow = Catalogue.Workflows[(int)(Catalogue.Workflows.Length * u * u)];
            _diary.Add(start + (long)(length * rng.Between(0.3, 1)), SignalKind.WorkflowCompleted, person.Id, workflow);
        }
        _diary.Add(start + length, SignalKind.SessionEnded, person.Id, value: Math.Round(minutes * 10) / 10);
    }

    /// <summary>Segment's library identifies a user when it first sees them, and tells now and then of the page they came by.</summary>
    private void Introduce(Person person, Rng rng, long start, string page)
    {
        if (person.LastSeen == int.MinValue)
        {
            _diary.AddCall(start, WireFormat.SegmentIdentify, person.Id);
            _diary.AddCall(start, WireFormat.SegmentGroup, person.Id);
        }
        if (rng.Chance(0.15)) _diary.AddCall(start, WireFormat.SegmentPage, person.Id, page);
    }

    private void ComeAndGo(int day, in Weather weather)
    {
        var rng = _rng.Restart(_account.Settings.Seed, _account.Index, Draw.People, day);
        var leaving = rng.Poisson(_people.Count * 0.15 / 365);
        for (; leaving > 0 && _people.Count > 1; leaving--) _people.RemoveAt(rng.Below(_people.Count));
        // Nobody new is brought to a product that is on its way out.
        if (weather.Decline.Usage < 0.95) return;
        var joining = rng.Poisson(Math.Max(0, Places(weather.Rollout) - _people.Count) * 0.1);
        for (; joining > 0; joining--) Join(day);
    }

    private void Join(int firstDay) =>
        _people.Add(new Person($"u-{_account.Index:0000}-{++_hired}", firstDay, _account.Traits, _features, _rng));

    private int Places(double rollout) => Math.Max(1, (int)Math.Round(_account.Traits.Utilisation * Seats * rollout));
}
