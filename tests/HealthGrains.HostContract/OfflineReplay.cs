using HealthGrains.Accounts;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Policy;
using HealthGrains.Signals;

namespace HealthGrains.HostContract;

/// <summary>The core alone, without a host: the measure of what every host answers.</summary>
public sealed class OfflineReplay
{
    private readonly Dictionary<string, AccountState> _states;
    private readonly TenantFacts _tenant = new();

    /// <summary>Of accounts that have taken nothing yet.</summary>
    public OfflineReplay(IEnumerable<AccountProfile> profiles) =>
        _states = profiles.ToDictionary(profile => profile.Id, profile => new AccountState(profile));

    /// <summary>Takes a request's signals, and decides.</summary>
    public void Take(IntakeBatch batch, DateTimeOffset now)
    {
        foreach (var one in batch.Signals) _tenant.Merge(one.Signal.Source, Math.Min(one.Signal.At, now.ToUnixTimeMilliseconds()));
        foreach (var mine in batch.Signals.ToArray().GroupBy(one => one.Account))
            AccountTurns.Take(_states[mine.Key], [.. mine.Select(one => one.Signal)], Turn(now));
        // A host decides after every request; so does the replay, for what is remembered of trends is settled day by day.
        foreach (var state in _states.Values) AccountTurns.Decide(state, Turn(now));
    }

    /// <summary>Everything about an account now.</summary>
    public AccountView View(string account, DateTimeOffset now) => AccountTurns.View(_states[account], new NoNames(), Turn(now));

    /// <summary>Everything about an account as it was at a moment, with what is known now.</summary>
    public AccountView ViewAt(string account, DateTimeOffset at, DateTimeOffset now) =>
        AccountTurns.ViewAt(_states[account], at.ToUnixTimeMilliseconds(), new NoNames(), Turn(now));

    private Turn Turn(DateTimeOffset now) =>
        new(now.ToUnixTimeMilliseconds(), HealthModels.Prior, HealthPolicies.Default, _tenant, new Outbox());

    private sealed class NoNames : INames
    {
        public bool Contains(uint id) => false;
        public string Text(uint id) => id.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
    }
}
