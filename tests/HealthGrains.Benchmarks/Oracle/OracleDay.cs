using HealthGrains.Signals;
using HealthGrains.Simulation;

namespace HealthGrains.Benchmarks.Oracle;

/// <summary>A user's day as the oracle sees it: who, what is expected of them on a full weekday, what they did.</summary>
/// <param name="Index">Their number in the account.</param>
/// <param name="Mean">Sessions expected of them at a pace of one.</param>
/// <param name="Sessions">Sessions that they had.</param>
/// <param name="Tail">By how many favourites are left: the log-likelihood ratio of what they used; null without a session.</param>
internal readonly record struct OracleUser(int Index, double Mean, int Sessions, Func<double, double>? Tail);

/// <summary>A day of an account: its weather, what happened, and what the account is like.</summary>
internal sealed class OracleDay
{
    public required Weather Weather { get; init; }
    public required double KnownPace { get; init; }
    public List<OracleUser> Users { get; } = [];
    public int Sessions { get; set; }
    public int Uses { get; set; }
    public int Workflows { get; set; }
    public int Tickets { get; set; }
    public int Upset { get; set; }
    public int Calm { get; set; }
    public int People { get; set; }
    public int Contacts { get; set; }
    public int Mails { get; set; }
    public int Meetings { get; set; }
    public bool ChampionLeft { get; set; }
    public bool ChampionCame { get; set; }
    public bool CancelAsked { get; set; }
    public List<(bool Failed, int Attempt)> Payments { get; } = [];
}

/// <summary>Lives an account as the simulator does, and keeps what the oracle is told.</summary>
internal sealed class OracleLife(CompanyAccount account)
{
    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<SimulatedEvent> _page = [];
    private readonly Diary _diary = new(account);
    private readonly Climate _climate = new(account);
    private Workforce? _workforce;
    private Stocktaking? _stocktaking;
    private Helpdesk? _helpdesk;
    private Billing? _billing;
    private Stakeholders? _stakeholders;
    private Contract? _contract;
    private int _contacts = account.Profile.Contacts.Count;

    public int People => _numbers.Count;

    /// <summary>The day; null when the account is not there.</summary>
    public OracleDay? Live(int day)
    {
        if (day < account.StartDay || day >= account.Churn.EndDay) return null;
        _page.Clear();
        if (_workforce is null)
        {
            _workforce = new Workforce(account, _diary, Math.Max(0, account.StartDay));
            _stocktaking = new Stocktaking(account, _diary, _workforce);
            _helpdesk = new Helpdesk(account, _diary, _workforce);
            _billing = new Billing(account, _diary, _workforce);
            _stakeholders = new Stakeholders(account, _diary);
            _contract = new Contract(account, _diary);
        }
        _diary.Open(day, _page);
        var weather = _climate.On(day);
        _workforce.Live(day, weather);
        _stocktaking!.Live(day, weather);
        _helpdesk!.Live(day, weather);
        _billing!.Live(day, weather);
        _stakeholders!.Live(day, weather);
        _contract!.Live(day, weather);
        var date = account.Settings.Date(day);
        var weekend = date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
        var told = new OracleDay
        {
            Weather = weather, People = _workforce.Count, Contacts = _contacts,
            KnownPace = (weekend ? account.Traits.Weekend : 1) * (!weekend && !weather.Workday || Climate.IsHoliday(date) ? 0.25 : 1),
        };
        Read(told);
        foreach (var person in _workforce.People) told.Users.Add(Of(person, day));
        return told;
    }

    private OracleUser Of(Person person, int day)
    {
        if (!_numbers.TryGetValue(person.Id, out var number)) _numbers[person.Id] = number = _numbers.Count;
        var mine = _page.Where(one => one.Subject == person.Id).ToArray();
        var ranks = mine.Where(one => one.Kind == SignalKind.FeatureUsed)
            .Select(one => IndexOf(person.Favourites, one.Name!)).ToArray();
        var all = person.Used(day, 1);
        return new OracleUser(number, Workforce.SessionsPerDay * account.Traits.Busyness * person.Activity,
            mine.Count(one => one.Kind == SignalKind.SessionEnded), ranks.Length == 0 ? null : breadth =>
            {
                var used = person.Used(day, breadth);
                if (used == all) return 0;
                var sum = 0.0;
                foreach (var rank in ranks) sum += rank >= used ? -20 : 0.5 * Math.Log((double)all / used);
                return sum;
            });
    }

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var k = 0; k < names.Count; k++)
            if (names[k] == name) return k;
        return -1;
    }

    private void Read(OracleDay told)
    {
        foreach (var one in _page)
        {
            switch (one.Kind)
            {
                case SignalKind.SessionEnded: told.Sessions++; break;
                case SignalKind.FeatureUsed: told.Uses++; break;
                case SignalKind.WorkflowCompleted: told.Workflows++; break;
                case SignalKind.TicketOpened:
                    told.Tickets++;
                    if (one.Name is "bug" or "performance" or "integration" or "outage") told.Upset++;
                    else if (one.Name is not "billing") told.Calm++;
                    break;
                case SignalKind.EmailOpened: told.Mails++; break;
                case SignalKind.MeetingHeld: told.Meetings++; break;
                case SignalKind.ContactLeft:
                    _contacts--;
                    told.ChampionLeft |= one.Name == "champion";
                    break;
                case SignalKind.ContactJoined:
                    _contacts = Math.Min(account.Profile.Contacts.Count, _contacts + 1);
                    told.ChampionCame |= one.Name == "champion";
                    break;
                case SignalKind.CancelRequested: told.CancelAsked = true; break;
                case SignalKind.PaymentFailed: told.Payments.Add((true, one.Attempt)); break;
                case SignalKind.InvoicePaid: told.Payments.Add((false, one.Attempt)); break;
                default: break;
            }
        }
    }
}
