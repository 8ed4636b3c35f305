using HealthGrains.Accounts;
using HealthGrains.Benchmarks.Risk;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Policy;
using HealthGrains.Signals;

namespace HealthGrains.Simulation.Tests.Health;

/// <summary>
/// The 80 % interval is honest: with sources hidden at random from a tenant, it covers the score that all five would have given.
/// The seed is none that the spreads were measured on.
/// </summary>
public sealed class IntervalTests
{
    private const int Accounts = 220, LastDay = 230, Repeats = 4;
    private static readonly int[] AskedOn = [90, 125, 160, 195, LastDay];
    private static readonly SignalSource[] Sources = Enum.GetValues<SignalSource>();

    [Fact]
    public void With_sources_hidden_at_random_it_covers_the_full_score_four_times_in_five()
    {
        var company = Company.Create(new CompanySettings { Seed = 77, Accounts = Accounts, Days = LastDay + 1, AnnualChurn = 0.3 });
        var start = company.Settings.Start.ToUnixTimeMilliseconds();
        var rng = new Random(77);
        var all = new Watched(HealthModels.Prior, start, 0);
        var full = company.Accounts.ToDictionary(account => account.Id, account => new AccountState(account.Profile));
        var hidden = company.Accounts.ToDictionary(account => account.Id, account => Enumerable.Range(0, Repeats)
            .Select(_ => (Watched: Some(rng, start), State: new AccountState(account.Profile))).ToArray());
        var counts = new (int Asked, int Covered)[Sources.Length];
        foreach (var day in company.Simulate().Advance(LastDay + 1))
        {
            var now = start + (day.Day + 1) * Days.Millis;
            foreach (var mine in day.Events.Where(happened => happened.IsSignal).GroupBy(happened => happened.Account))
            {
                Signal[] signals = [.. mine.Select(happened => SimulatedSignals.Of(happened))];
                AccountTurns.Take(full[mine.Key], signals, all.At(now));
                foreach (var (watched, state) in hidden[mine.Key])
                    AccountTurns.Take(state, [.. signals.Where(watched.Hears)], watched.At(now));
            }
            if (!AskedOn.Contains(day.Day)) continue;
            foreach (var (id, state) in full)
            {
                var told = AccountTurns.Summarize(state, all.At(now));
                if (told.Status == AccountStatus.Churned || told.Coverage < 0.3) continue;
                foreach (var (watched, blind) in hidden[id])
                {
                    var guess = AccountTurns.Summarize(blind, watched.At(now));
                    Assert.InRange(guess.Score, guess.Low, guess.High);
                    ref var count = ref counts[watched.HiddenSources];
                    count.Asked++;
                    if (told.Score >= guess.Low - 1e-9 && told.Score <= guess.High + 1e-9) count.Covered++;
                }
            }
        }
        var shares = string.Join(", ", counts.Select((count, k) => $"{k} hidden: {count.Covered} of {count.Asked}"));
        Assert.True(counts.Sum(count => count.Asked) > 3000, shares);
        var pooled = counts.Sum(count => count.Covered) / (double)counts.Sum(count => count.Asked);
        Assert.True(pooled is >= 0.77 and <= 0.83, $"{pooled:P1}; {shares}");
        // One number of sources or another: the same formula, no worse by much.
        Assert.All(counts.Skip(1), count => Assert.InRange(count.Covered / (double)count.Asked, 0.70, 0.90));
    }

    /// <summary>Each source is hidden with probability one half; not all, and at least one.</summary>
    private static Watched Some(Random rng, long start)
    {
        int mask;
        do mask = rng.Next(1 << Sources.Length);
        while (mask == 0 || mask == (1 << Sources.Length) - 1);
        return new Watched(HealthModels.Prior, start, mask);
    }

    /// <summary>A tenant that never heard of the sources in the mask.</summary>
    private sealed class Watched
    {
        private readonly HealthModel _model;
        private readonly int _mask;
        private readonly TenantFacts _tenant = new();

        public Watched(HealthModel model, long start, int mask)
        {
            (_model, _mask) = (model, mask);
            foreach (var source in Sources)
                if ((mask >> (int)source & 1) == 0) _tenant.Merge(source, start);
        }

        public int HiddenSources => System.Numerics.BitOperations.PopCount((uint)_mask);

        public bool Hears(Signal signal) => (_mask >> (int)signal.Source & 1) == 0;

        public Turn At(long now) => new(now, _model, HealthPolicies.Default, _tenant, new Outbox());
    }
}
