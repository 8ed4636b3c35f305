using HealthGrains.Signals;

namespace HealthGrains.Simulation;

/// <summary>What the product's back end reports by itself: seats in use and limits once a week, and integrations as they change.</summary>
internal sealed class Stocktaking
{
    private readonly CompanyAccount _account;
    private readonly Diary _diary;
    private readonly Workforce _workforce;
    private readonly Rng _rng;
    private readonly List<string> _connected = [];
    private readonly List<string> _open;
    private readonly double _apiCalls;
    private double _storage;
    private bool _reported;

    /// <summary>An account's integrations and limits when it is first looked at.</summary>
    public Stocktaking(CompanyAccount account, Diary diary, Workforce workforce)
    {
        (_account, _diary, _workforce) = (account, diary, workforce);
        _rng = new Rng(account.Settings.Seed, account.Index, Draw.Snapshot, -1);
        _open = [.. Catalogue.Integrations];
        var integrations = account.StartDay >= 0 ? 0 : Math.Min(_open.Count, _rng.Poisson(account.Traits.Integrations));
        for (; integrations > 0; integrations--) Move(_open, _connected, _rng);
        _apiCalls = _rng.Between(0.2, 0.8);
        _storage = account.StartDay >= 0 ? 0.02 : _rng.Between(0.15, 0.75);
    }

    /// <summary>Lives a day.</summary>
    public void Live(int day, in Weather weather)
    {
        var rng = _rng.Restart(_account.Settings.Seed, _account.Index, Draw.Snapshot, day);
        if (!_reported && _account.StartDay < 0)
        {
            // A connector's first look tells what was connected before.
            var at = _diary.DayStart + 5 * 3_600_000L;
            foreach (var integration in _connected) _diary.Add(at, SignalKind.IntegrationConnected, name: integration);
        }
        _reported = true;
        Integrate(day, weather, rng);
        _storage = Math.Min(1.1, _storage + 0.0006 * weather.Pace * weather.Decline.Usage);
        if (_account.Settings.Date(day).DayOfWeek == DayOfWeek.Monday) Report(day, weather, rng);
    }

    private void Report(int day, in Weather weather, Rng rng)
    {
        var at = _diary.DayStart + 6 * 3_600_000L + rng.Below(600_000);
        _diary.Add(at, SignalKind.SeatsInUse, value: _workforce.SeenInWeekTo(day - 1));
        var calls = _apiCalls * weather.Rollout * weather.Decline.Usage * rng.LogNormal(1, 0.12);
        _diary.Add(at + 1000, SignalKind.LimitUsed, name: "apiCalls", value: Math.Round(calls * 1000) / 1000);
        _diary.Add(at + 2000, SignalKind.LimitUsed, name: "storage", value: Math.Round(_storage * 1000) / 1000);
    }

    private void Integrate(int day, in Weather weather, Rng rng)
    {
        var young = day - _account.StartDay < 60;
        var leaving = weather.Decline.Usage < 0.6;
        var connect = weather.Workday && !leaving && rng.Chance((young ? 8 : 0.6) * _account.Traits.Integrations / 2 / 365);
        var remove = weather.Workday && rng.Chance(leaving ? 0.03 : 0.06 / 365);
        var at = _diary.WorkTime(rng);
        if (connect && _open.Count > 0) _diary.Add(at, SignalKind.IntegrationConnected, name: Move(_open, _connected, rng));
        if (remove && _connected.Count > 0) _diary.Add(at, SignalKind.IntegrationRemoved, name: Move(_connected, _open, rng));
    }

    private static string Move(List<string> from, List<string> to, Rng rng)
    {
        var place = rng.Below(from.Count);
        var integration = from[place];
        from.RemoveAt(place);
        to.Add(integration);
        return integration;
    }
}
