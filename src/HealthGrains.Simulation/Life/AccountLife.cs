namespace HealthGrains.Simulation;

/// <summary>The life of one account, to be lived day after day from its first day in the window.</summary>
internal sealed class AccountLife
{
    private readonly CompanyAccount _account;
    private readonly Diary _diary;
    private readonly Climate _climate;
    private readonly Workforce _workforce;
    private readonly Stocktaking _stocktaking;
    private readonly Helpdesk _helpdesk;
    private readonly Billing _billing;
    private readonly Stakeholders _stakeholders;
    private readonly Contract _contract;

    /// <summary>The account as it is found on day 0, or on its first day if that is later.</summary>
    public AccountLife(CompanyAccount account)
    {
        _account = account;
        _diary = new Diary(account);
        _climate = new Climate(account);
        _workforce = new Workforce(account, _diary, Math.Max(0, account.StartDay));
        _stocktaking = new Stocktaking(account, _diary, _workforce);
        _helpdesk = new Helpdesk(account, _diary, _workforce);
        _billing = new Billing(account, _diary, _workforce);
        _stakeholders = new Stakeholders(account, _diary);
        _contract = new Contract(account, _diary);
    }

    /// <summary>Lives a day and adds what happens to the page, in no particular order. Days are lived in order, from 0.</summary>
    public void Live(int day, List<SimulatedEvent> page)
    {
        if (day < _account.StartDay || day > _account.Churn.EndDay) return;
        if (day == _account.Churn.EndDay)
        {
            _diary.OpenLast(day, page);
            _contract.End(day);
            return;
        }
        _diary.Open(day, page);
        var weather = _climate.On(day);
        _workforce.Live(day, weather);
        _stocktaking.Live(day, weather);
        _helpdesk.Live(day, weather);
        _billing.Live(day, weather);
        _stakeholders.Live(day, weather);
        _contract.Live(day, weather);
    }
}
