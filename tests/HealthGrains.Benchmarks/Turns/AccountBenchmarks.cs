using System.Buffers;
using BenchmarkDotNet.Attributes;
using HealthGrains.Accounts;
using HealthGrains.Health;
using HealthGrains.Policy;
using HealthGrains.Signals;
using HealthGrains.Simulation;

namespace HealthGrains.Benchmarks.Turns;

/// <summary>One account of the simulated company at day 120: what a turn, an evaluation, a checkpoint and a reader's copy cost.</summary>
[MemoryDiagnoser]
public class AccountBenchmarks
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 16);
    private readonly double[] _points = new double[HealthEvaluator.MaxMeasures];
    private AccountState _state = null!;
    private Signal[] _signals = [];
    private byte[] _bytes = [];
    private Turn _turn;

    /// <summary>Lives 120 days of one account.</summary>
    [GlobalSetup]
    public void Live()
    {
        var company = Company.Create(new CompanySettings { Seed = 1, Accounts = 1, Days = 120 });
        var tenant = new TenantFacts();
        foreach (var source in Enum.GetValues<SignalSource>()) tenant.Merge(source, company.Settings.Start.ToUnixTimeMilliseconds());
        _state = new AccountState(company.Profiles[0]);
        foreach (var day in company.Simulate().Advance(120))
        {
            var end = day.Start.ToUnixTimeMilliseconds() + Days.Millis;
            _turn = new Turn(end, HealthModels.Prior, HealthPolicies.Default, tenant, new Outbox());
            _signals = [.. day.Events.Where(happened => happened.IsSignal).Select(happened => Risk.SimulatedSignals.Of(happened))];
            AccountTurns.Take(_state, _signals, _turn);
            AccountTurns.Decide(_state, _turn);
        }
        _state.Write(_buffer);
        _bytes = _buffer.WrittenSpan.ToArray();
    }

    /// <summary>A day's signals again (happenings that are there already stay one).</summary>
    [Benchmark]
    public int TakeDay() => AccountTurns.Take(_state, _signals, _turn);

    /// <summary>Score, parts and interval.</summary>
    [Benchmark(Baseline = true)]
    public double Score() => HealthEvaluator.Evaluate(_state, _turn, _turn.Now, _turn.Now, _points).Value;

    /// <summary>The decision of a turn in which nothing happens: score and trend against the policy.</summary>
    [Benchmark]
    public bool Decide() => AccountTurns.Decide(_state, _turn);

    /// <summary>The row in lists.</summary>
    [Benchmark]
    public object Summarize() => AccountTurns.Summarize(_state, _turn);

    /// <summary>The ledger of a week.</summary>
    [Benchmark]
    public object Explain() => AccountTurns.Explain(_state, _turn.Now - 7 * Days.Millis, _turn.Now, _turn);

    /// <summary>A reader's copy.</summary>
    [Benchmark]
    public object Clone() => _state.Clone();

    /// <summary>A checkpoint's bytes.</summary>
    [Benchmark]
    public int Write()
    {
        _buffer.ResetWrittenCount();
        _state.Write(_buffer);
        return _buffer.WrittenCount;
    }

    /// <summary>Back from them.</summary>
    [Benchmark]
    public object Read() => AccountState.Read(_bytes, _state.Profile);
}
