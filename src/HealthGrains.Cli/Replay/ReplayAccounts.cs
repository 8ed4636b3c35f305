using HealthGrains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Policy;
using HealthGrains.Health;
using HealthGrains.Signals;

namespace HealthGrains.Cli.Replay;

/// <summary>
/// The accounts of a replay and their one clock, which the events drive. Signals gather until the clock enters another hour; then
/// every account takes its own, those whose day is over close it, and those that something rare happened to decide. The work for
/// an account is so bounded by its days and its rare events, however many clicks it has.
/// </summary>
internal sealed class ReplayAccounts(ReplayTables tables, HealthModel model, HealthPolicy policy)
{
    private const long HourMs = 3_600_000;
    private const int MaxGathered = 65_536;

    private readonly Dictionary<string, ReplayAccount> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AccountProfile> _profiles = new(StringComparer.Ordinal);
    private readonly PriorityQueue<ReplayAccount, long> _due = new();
    private readonly TenantFacts _facts = new();
    private readonly Outbox _outbox = new();
    private readonly List<ReplayAccount> _touched = [];
    private readonly List<(ReplayAccount Account, Signal Signal)> _gathered = [];
    private readonly Signal[] _sorted = new Signal[MaxGathered];
    private ReplayAccount? _last;
    private long _hour = long.MinValue;

    /// <summary>The clock: the latest event so far, Unix milliseconds; <see cref="long.MinValue"/> before the first.</summary>
    public long Now { get; private set; } = long.MinValue;

    /// <summary>The earliest event.</summary>
    public long First { get; private set; } = long.MaxValue;

    public long Late { get; private set; }

    public long Alerts { get; private set; }

    public Dictionary<string, long> AlertsByRule { get; } = new(StringComparer.Ordinal);

    public IEnumerable<ReplayAccount> All => _accounts.Values;

    public int Count => _accounts.Count;

    /// <summary>Gives an account its profile, now or when its first signal comes.</summary>
    public void SetProfile(AccountProfile profile)
    {
        _profiles[profile.Id] = profile;
        tables.Add(profile);
    }

    /// <summary>Takes a signal; the clock moves when it lies ahead.</summary>
    public void Take(string accountId, in Signal signal)
    {
        if (signal.At > Now)
        {
            if (signal.At / HourMs != _hour) EnterHour(signal.At);
            Now = signal.At;
        }
        if (signal.At < First) First = signal.At;
        var account = Find(accountId);
        if (account.Gathered++ == 0) _touched.Add(account);
        if (IsRare(signal.Kind)) account.MustDecide = true;
        _gathered.Add((account, signal));
        if (_gathered.Count == MaxGathered) Apply();
    }

    /// <summary>Takes what is gathered, wakes whoever is due, and lets every account decide at the end.</summary>
    public void Finish()
    {
        Apply();
        if (Now == long.MinValue) return;
        WakeDue();
        foreach (var account in _accounts.Values) AccountTurns.Decide(account.State, Turn());
        CountAlerts();
    }

    public AccountSummary Summarize(ReplayAccount account) => AccountTurns.Summarize(account.State, Turn());

    private void EnterHour(long at)
    {
        Apply();
        // The clock may have stood for days; each day closes at its own end and not when the next event comes.
        while (_due.TryPeek(out _, out var due) && due <= at)
        {
            Now = Math.Max(Now, due);
            WakeDue();
        }
        _hour = at / HourMs;
    }

    private void Apply()
    {
        if (_gathered.Count == 0) return;
        foreach (var (_, signal) in _gathered) _facts.Merge(signal.Source, signal.At);
        var offset = 0;
        foreach (var account in _touched)
        {
            account.Offset = offset;
            offset += account.Gathered;
            account.Gathered = 0;
        }
        foreach (ref readonly var item in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_gathered))
            _sorted[item.Account.Offset + item.Account.Gathered++] = item.Signal;
        var turn = Turn();
        foreach (var account in _touched)
        {
            Late += AccountTurns.Take(account.State, _sorted.AsSpan(account.Offset, account.Gathered), turn);
            account.Gathered = 0;
            if (account.MustDecide)
            {
                account.MustDecide = false;
                AccountTurns.Decide(account.State, turn);
            }
            // Again for one that churned, was woken no more, and has come back.
            if (account.IsDue) continue;
            var next = AccountTurns.NextWake(account.State, turn);
            if (next == long.MaxValue) continue;
            account.IsDue = true;
            _due.Enqueue(account, next);
        }
        _touched.Clear();
        _gathered.Clear();
        CountAlerts();
    }

    private void WakeDue()
    {
        var turn = Turn();
        while (_due.TryPeek(out var account, out var due) && due <= Now)
        {
            AccountTurns.Wake(account.State, turn);
            var next = AccountTurns.NextWake(account.State, turn);
            account.IsDue = next != long.MaxValue;
            // A wake that asks for itself again at once would never end.
            if (account.IsDue) _due.DequeueEnqueue(account, Math.Max(next, Now + 1));
            else _due.Dequeue();
        }
        CountAlerts();
    }

    private void CountAlerts()
    {
        foreach (var effect in _outbox.Alerts)
        {
            if (effect.Change != AlertChange.Raised) continue;
            Alerts++;
            AlertsByRule[effect.Alert.Rule] = AlertsByRule.GetValueOrDefault(effect.Alert.Rule) + 1;
        }
        _outbox.Clear();
    }

    private ReplayAccount Find(string id)
    {
        // Files come from many accounts in turn, but the parser hands out one string an account.
        if (ReferenceEquals(_last?.Id, id)) return _last!;
        if (!_accounts.TryGetValue(id, out var account))
        {
            account = new ReplayAccount(id, new AccountState(_profiles.GetValueOrDefault(id) ?? AccountProfile.Unknown(id)));
            _accounts.Add(id, account);
            tables.AddAccount(id);
        }
        return _last = account;
    }

    private Turn Turn() => new(Now, model, policy, _facts, _outbox);

    /// <summary>Whether a kind of signal is worth a decision of its own: usage is judged once a day, a failed payment at once.</summary>
    private static bool IsRare(SignalKind kind) => kind.Source() switch
    {
        SignalSource.Usage => false,
        SignalSource.Engagement => kind is SignalKind.NpsAnswered or SignalKind.ReviewPosted,
        _ => true,
    };
}

/// <summary>An account in a replay.</summary>
internal sealed class ReplayAccount(string id, AccountState state)
{
    public string Id { get; } = id;
    public AccountState State { get; } = state;
    public bool IsDue;
    public bool MustDecide;
    public int Gathered;
    public int Offset;
}
