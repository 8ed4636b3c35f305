using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using HealthGrains.Actors;
using HealthGrains.Grains.Actors;
using Orleans.Runtime;

namespace HealthGrains.Grains.Tests.Actors;

/// <summary>A timer with several steps: the smallest actor with durable time.</summary>
public sealed class KitchenTimer
{
    public List<long> Due { get; set; } = [];

    public int Taken { get; set; }

    public string Dish { get; set; } = "";

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Rest { get; set; }
}

/// <summary>What it says.</summary>
public sealed record Ring(string Dish, int Step);

public sealed class KitchenTimerTurns : IActorTurns<KitchenTimer, Ring>
{
    private KitchenTimerTurns()
    {
    }

    public static int Format => 2;

    public static long NextWake(KitchenTimer state) =>
        state.Taken < state.Due.Count ? state.Due[state.Taken] : IActorTurns<KitchenTimer, Ring>.Never;

    public static void Wake(KitchenTimer state, in ActorTurn<Ring> turn) =>
        turn.Outbox.Send(state.Taken % 2 == 0 ? "cook" : "guest", new Ring(state.Dish, ++state.Taken));

    public static void Upgrade(KitchenTimer state, int from) => state.Dish = $"{state.Dish}, from format {from}";

    public static void Set(KitchenTimer state, string dish, long[] offsets, ActorTurn<Ring> turn)
    {
        state.Dish = dish;
        state.Due.AddRange(offsets.Select(offset => turn.Now + offset));
        state.Due.Sort();
    }
}

[Alias("tests.kitchenTimer")]
public interface IKitchenTimerGrain : IGrainWithStringKey
{
    [Alias("set")]
    Task SetAsync(string dish, long[] offsets);

    [Alias("hear")]
    Task<bool> HearAsync(string sender, long number, long[] offsets);

    [Alias("taken")]
    Task<int> TakenAsync();
}

internal sealed class KitchenTimerGrain(
    [PersistentState("kitchenTimer", ActorStorage.Name)] IPersistentState<ActorRecord<KitchenTimer, Ring>> stored, ActorShell shell,
    Kitchen kitchen)
    : ActorGrain<KitchenTimerTurns, KitchenTimer, Ring>(stored, shell), IKitchenTimerGrain
{
    public Task SetAsync(string dish, long[] offsets) => TakeAsync((state, turn) =>
    {
        KitchenTimerTurns.Set(state, dish, offsets, turn);
        return true;
    });

    public Task<bool> HearAsync(string sender, long number, long[] offsets) =>
        HearAsync(sender, number, (state, turn) => KitchenTimerTurns.Set(state, sender, offsets, turn));

    public Task<int> TakenAsync() => Task.FromResult(State.Taken);

    protected override Task DeliverAsync(ActorMessage<Ring> message, CancellationToken cancellationToken) =>
        kitchen.HearAsync(
            new Heard(this.GetPrimaryKeyString(), message.Number, message.To, message.Body, RuntimeIdentity), cancellationToken);
}

/// <summary>A ring as it was heard.</summary>
internal sealed record Heard(string Timer, long Number, string To, Ring Ring, string Silo);

/// <summary>Where rings are heard: outlives all silos.</summary>
internal sealed class Kitchen
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<Heard> _heard = Channel.CreateUnbounded<Heard>();

    /// <summary>What happens before a ring is heard.</summary>
    public Func<Heard, CancellationToken, Task> Way { get; set; } = (_, _) => Task.CompletedTask;

    public async Task HearAsync(Heard heard, CancellationToken cancellationToken)
    {
        await Way(heard, cancellationToken);
        _heard.Writer.TryWrite(heard);
    }

    public async Task<Heard> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _heard.Reader.ReadAsync(patience.Token);
    }

    public async Task<List<Heard>> NextAsync(int count)
    {
        var all = new List<Heard>();
        while (all.Count < count) all.Add(await NextAsync());
        return all;
    }

    /// <summary>What was heard and not asked for yet.</summary>
    public List<Heard> Left()
    {
        var all = new List<Heard>();
        while (_heard.Reader.TryRead(out var heard)) all.Add(heard);
        return all;
    }
}
