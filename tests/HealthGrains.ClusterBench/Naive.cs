using System.Buffers;
using HealthGrains.Accounts;
using HealthGrains.Cli.Bench;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Policy;
using HealthGrains.Signals;
using Microsoft.Extensions.DependencyInjection;

namespace HealthGrains.ClusterBench;

/// <summary>
/// The naive way: one grain call and one write of the stock storage a signal, with nothing else to do: no log is read. Some callers at
/// once, or one after the other, as a consumer does that commits what it has taken.
/// </summary>
internal sealed class Naive(BenchScale scale, Action<string> say, TimeProvider wall)
{
    public async Task<double> RunAsync(int atOnce, CancellationToken cancellationToken)
    {
        say(FormattableString.Invariant($"the naive way: a call and a write a signal, {atOnce} at once ..."));
        await using var database = PostgresServer.Instance.NewDatabase();
        using var silo = await OwnSilo.StartAsync(database, cancellationToken);
        var grains = silo.Services.GetRequiredService<IGrainFactory>();
        var (next, done) = (0, 0L);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var callers = Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                var account = (int)(Book.Mix((ulong)Interlocked.Increment(ref next)) % (ulong)scale.Accounts);
                await grains.GetGrain<INaiveAccount>(Book.Id(account)).TakeAsync(wall.GetUtcNow());
                Interlocked.Increment(ref done);
            }
        }, cancellationToken)).ToArray();
        await Task.Delay(TimeSpan.FromSeconds(5), wall, cancellationToken);
        var (start, before) = (wall.GetTimestamp(), Interlocked.Read(ref done));
        await Task.Delay(TimeSpan.FromSeconds(scale.Seconds), wall, cancellationToken);
        var rate = (Interlocked.Read(ref done) - before) / wall.GetElapsedTime(start).TotalSeconds;
        await over.CancelAsync();
        await Task.WhenAll(callers);
        await silo.StopAsync(cancellationToken);
        return rate;
    }
}

[Alias("bench.naive")]
internal interface INaiveAccount : IGrainWithStringKey
{
    [Alias("take")]
    Task<double> TakeAsync(DateTimeOffset at);
}

[GenerateSerializer, Alias("bench.naiveState")]
internal sealed record NaiveState
{
    [Id(0)]
    public byte[] State { get; set; } = [];
}

/// <summary>The same turn and the same score, stored each time.</summary>
internal sealed class NaiveAccount([PersistentState("naive", "tenants")] IPersistentState<NaiveState> stored) : Grain, INaiveAccount
{
    private AccountState? _state;

    public async Task<double> TakeAsync(DateTimeOffset at)
    {
        var profile = AccountProfile.Unknown(this.GetPrimaryKeyString());
        _state ??= stored.State.State.Length == 0 ? new AccountState(profile) : AccountState.Read(stored.State.State, profile);
        var now = at.ToUnixTimeMilliseconds();
        var turn = new Ruling(HealthModels.Presets[0], HealthPolicies.Presets[0], new TenantFacts()).Turn(now, new Outbox());
        AccountTurns.Take(_state, [new Signal { Kind = SignalKind.Login, At = now, Id = (ulong)at.Ticks }], turn);
        var bytes = new ArrayBufferWriter<byte>(4096);
        _state.Write(bytes);
        stored.State.State = bytes.WrittenSpan.ToArray();
        await stored.WriteStateAsync();
        return AccountTurns.Assess(_state, turn).Score;
    }
}
