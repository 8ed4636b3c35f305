using HealthGrains.Accounts;
using HealthGrains.Assistant;
using HealthGrains.Benchmarks.Risk;
using HealthGrains.Delivery;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Policy;
using HealthGrains.Signals;
using HealthGrains.Situations;
using HealthGrains.Tenants;

namespace HealthGrains.Simulation.Tests.Health;

/// <summary>
/// A simulated company under the default practice, whose signals pass a door that may be shut: every hour accounts take what came, the
/// tenant is counted, then accounts decide and have their desks look; as hosts do it.
/// </summary>
internal sealed class TenantLife
{
    private const long Hour = 3_600_000;

    private readonly Company _company;
    private readonly CompanySimulator _simulator;
    private readonly Dictionary<string, (AccountState State, DeskState Desk)> _accounts;
    private readonly HandlebarsWriter _writer = new();
    private readonly Practice _practice;
    private readonly HealthPolicy _policy;
    private readonly Outbox _outbox = new();
    private readonly AccountPulse _pulse = new();

    public TenantLife(CompanySettings settings, HealthPolicy? policy = null)
    {
        _policy = policy ?? HealthPolicies.Default;
        _company = Company.Create(settings);
        _simulator = _company.Simulate();
        _accounts = _company.Accounts.ToDictionary(
            account => account.Id, account => (new AccountState(account.Profile), new DeskState()));
        _practice = DefaultPractice.Book(_writer).Practice;
        foreach (var source in Enum.GetValues<SignalSource>()) Facts.Merge(source, Start);
    }

    public long Start => _company.Settings.Start.ToUnixTimeMilliseconds();

    public TenantFacts Facts { get; private set; } = new();

    /// <summary>Churn risks and triggers' alerts as they were raised: when, of whom, by which rule.</summary>
    public List<(long At, string Account, string Rule)> Raised { get; } = [];

    /// <summary>What the tenant as a whole was told.</summary>
    public List<Dispatch> Told { get; } = [];

    /// <summary>What decides who may pass: of an account, its source, its time; all by default.</summary>
    public Func<string, SignalSource, long, bool> Passes { get; set; } = (_, _, _) => true;

    public AccountState State(string account) => _accounts[account].State;

    /// <summary>Until when it has lived.</summary>
    public long Now { get; private set; }

    public IEnumerable<string> Accounts => _accounts.Keys;

    public TenantPulse Pulse => Facts.Pulse;

    public AccountView View(string account, long now) => AccountTurns.View(State(account), null!, At(now));

    /// <summary>Lives so many days, an hour or, where nothing is to be seen, a day at a time.</summary>
    public void Live(int days, bool hourly)
    {
        foreach (var day in _simulator.Advance(days))
        {
            var start = day.Start.ToUnixTimeMilliseconds();
            var events = day.Events.Where(one => one.IsSignal && Passes(one.Account, one.Kind.Source(), one.At)).ToArray();
            var step = hourly ? Hour : Days.Millis;
            for (var end = start + step; end <= start + Days.Millis; end += step)
                Step(end, events.Where(one => one.At >= end - step && one.At < end).ToLookup(one => one.Account));
        }
    }

    private void Step(long now, ILookup<string, SimulatedEvent> came)
    {
        Now = now;
        foreach (var mine in came) AccountTurns.Take(State(mine.Key), [.. mine.Select(one => SimulatedSignals.Of(one))], At(now));
        Count(now);
        var midnight = now % Days.Millis == 0;
        foreach (var (id, (state, desk)) in _accounts)
        {
            var turn = At(now);
            if (midnight) AccountTurns.Wake(state, turn);
            else if (came.Contains(id)) AccountTurns.Decide(state, turn);
            Note(now, id, _outbox.Alerts);
            _outbox.Clear();
            if (!midnight && now % (6 * Hour) != 0) continue;
            var left = new DeskOutbox();
            DeskTurns.Look(desk, new DeskTurn(now, Situations.Situation.Of(state, turn), _practice, _writer, left));
            Note(now, id, left.Alerts);
        }
    }

    private void Note(long now, string account, List<AlertEffect> alerts)
    {
        foreach (var alert in alerts)
            if (alert.Change == AlertChange.Raised) Raised.Add((now, account, alert.Alert.Rule));
    }

    private void Count(long now)
    {
        var count = new TenantCount(now);
        foreach (var (state, _) in _accounts.Values)
        {
            _pulse.Take(state, Facts, now);
            count.Add(_pulse);
        }
        var turn = TenantTurns.Close(count, Facts, _policy, _practice);
        Facts = Facts.With(turn.Pulse);
        Told.AddRange(turn.Dispatches);
    }

    private Turn At(long now) => new(now, HealthModels.Prior, _policy, Facts, _outbox);
}
