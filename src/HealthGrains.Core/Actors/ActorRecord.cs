using System.Text.Json;
using System.Text.Json.Serialization;

namespace HealthGrains.Actors;

/// <summary>What a host stores of an actor, in one write: the state, what it has still to say, and what it has heard.</summary>
public sealed class ActorRecord<TState, TMessage> where TState : class, new()
{
    // A day's steps of any play; what is more is taken a moment later.
    private const int MostWakes = 1_000;

    /// <summary>The version of the state. First, so that it is read before anything that a later version may have changed.</summary>
    [JsonPropertyOrder(-1)]
    public int Format { get; set; }

    /// <summary>The state.</summary>
    public TState State { get; set; } = new();

    /// <summary>What it has still to say.</summary>
    public ActorOutbox<TMessage> Outbox { get; set; } = new();

    /// <summary>The number of the last message heard of each sender.</summary>
    public Dictionary<string, long> Heard { get; set; } = new(StringComparer.Ordinal);

    /// <summary>What a later build stored here and this one does not know: kept, so that nothing is lost while both run.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Rest { get; set; }

    /// <summary>
    /// When the actor next needs its host: for a wake-up, or, while something is to be delivered, for another attempt.
    /// </summary>
    public long DueAt<TTurns>(long retryAt) where TTurns : IActorTurns<TState, TMessage>
    {
        var wake = TTurns.NextWake(State);
        return Outbox.Messages.Count == 0 ? wake : Math.Min(wake, retryAt);
    }

    /// <summary>An input arrived. What fell due before is taken first, and what is due at once afterwards.</summary>
    /// <param name="now">The host's clock, Unix milliseconds.</param>
    /// <param name="input">The input.</param>
    /// <param name="given">See <see cref="ActorTurn{TMessage}"/>.</param>
    public TResult Take<TTurns, TResult>(long now, Func<TState, ActorTurn<TMessage>, TResult> input, object? given = null)
        where TTurns : IActorTurns<TState, TMessage>
    {
        Wake<TTurns>(now, given);
        var result = input(State, new ActorTurn<TMessage>(now, Outbox, given));
        Wake<TTurns>(now, given);
        return result;
    }

    /// <summary>Takes all steps that are due, in order. False when none was.</summary>
    /// <param name="now">The host's clock, Unix milliseconds.</param>
    /// <param name="given">See <see cref="ActorTurn{TMessage}"/>.</param>
    public bool Wake<TTurns>(long now, object? given = null) where TTurns : IActorTurns<TState, TMessage>
    {
        var turn = new ActorTurn<TMessage>(now, Outbox, given);
        var wakes = 0;
        for (; wakes < MostWakes && TTurns.NextWake(State) <= now; wakes++) TTurns.Wake(State, turn);
        return wakes > 0;
    }

    /// <summary>Whether a message is new. Every sender counts its messages and sends them in order.</summary>
    public bool Hear(string sender, long number)
    {
        if (Heard.TryGetValue(sender, out var last) && number <= last) return false;
        Heard[sender] = number;
        return true;
    }

    /// <summary>Brings what was stored to the format of these turns.</summary>
    /// <exception cref="InvalidDataException">A later build stored it, in a format that this one does not know.</exception>
    public void Upgrade<TTurns>(string actor) where TTurns : IActorTurns<TState, TMessage>
    {
        if (Format > TTurns.Format)
        {
            throw new InvalidDataException(
                $"{actor} is stored in format {Format} and this build reads {TTurns.Format} at most; run the build that wrote it");
        }
        if (Format > 0 && Format < TTurns.Format) TTurns.Upgrade(State, Format);
        Format = TTurns.Format;
    }
}
