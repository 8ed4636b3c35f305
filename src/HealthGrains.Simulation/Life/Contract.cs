using HealthGrains.Signals;

namespace HealthGrains.Simulation;

/// <summary>The course of an account's contract: milestones of onboarding, renewals, the wish to cancel, and the end.</summary>
internal sealed class Contract
{
    private readonly CompanyAccount _account;
    private readonly Diary _diary;
    private readonly Rng _rng;
    private readonly Dictionary<int, string> _milestones = [];

    /// <summary>An account's contract when it is first looked at.</summary>
    public Contract(CompanyAccount account, Diary diary)
    {
        (_account, _diary) = (account, diary);
        _rng = new Rng(account.Settings.Seed, account.Index, Draw.Crm, -1);
        var last = -1;
        foreach (var (name, day, spread) in Catalogue.Milestones)
        {
            // One milestone a day, in their order.
            last = Math.Max(last + 1, day + _rng.Below(spread + 1));
            _milestones[account.StartDay + last] = name;
        }
    }

    /// <summary>Lives a day.</summary>
    public void Live(int day, in Weather weather)
    {
        var rng = _rng.Restart(_account.Settings.Seed, _account.Index, Draw.Crm, day);
        var fate = _account.Churn;
        if (day == _account.StartDay) _diary.Add(_diary.WorkTime(rng), SignalKind.DealClosed, value: (double)_account.Profile.Arr!.Value);
        if (_milestones.TryGetValue(day, out var milestone)) _diary.Add(_diary.WorkTime(rng), SignalKind.MilestoneReached, name: milestone);
        // Once live, a further goal is reached about every four months.
        else if (weather.Workday && weather.Rollout >= 1 && day < fate.OnsetDay && rng.Chance(3.0 / 261))
        {
            _diary.Add(_diary.WorkTime(rng), SignalKind.MilestoneReached, name: "goalReached");
        }
        if (day == fate.CancelDay) _diary.Add(_diary.WorkTime(rng), SignalKind.CancelRequested);
        if (_account.Profile.TermMonths > 1 && DateOnly.FromDateTime(_account.RenewalAfter(day).DateTime) == _account.Settings.Date(day))
        {
            _diary.Add(_diary.WorkTime(rng), SignalKind.Renewed, value: (double)_account.Profile.Arr!.Value);
        }
    }

    /// <summary>The last day: the subscription ends, and it is told that the account is gone.</summary>
    public void End(int day)
    {
        var rng = _rng.Restart(_account.Settings.Seed, _account.Index, Draw.Crm, day);
        var at = _diary.WorkTime(rng);
        _diary.Add(at, SignalKind.SubscriptionCancelled);
        _diary.Add(at + 1_800_000, SignalKind.Churned, name: _account.Churn.Reason);
    }
}
