namespace HealthGrains.Actors;

/// <summary>
/// What an actor with durable time is, beside the inputs that are its own: how it is woken, and when. Pure functions of state and
/// <see cref="ActorTurn{TMessage}"/>; a host stores state and messages in one write and delivers the messages afterwards.
/// </summary>
/// <typeparam name="TState">The state, as it is stored (JSON). A new one is an actor that nobody has spoken to.</typeparam>
/// <typeparam name="TMessage">What the actor says to others.</typeparam>
public interface IActorTurns<TState, TMessage>
{
    /// <summary>No wake-up is needed.</summary>
    const long Never = long.MaxValue;

    /// <summary>The version of the stored state that these turns read and write; <see cref="Upgrade"/> brings an older one up.</summary>
    static virtual int Format => 1;

    /// <summary>When the actor next needs <see cref="Wake"/>, Unix milliseconds; <see cref="Never"/> for not at all.</summary>
    static abstract long NextWake(TState state);

    /// <summary>
    /// A wake-up fell due, perhaps long ago. Takes the one step that is due first; the host wakes the actor again while more are, so
    /// that steps come in order. The moment that <see cref="NextWake"/> names must move on.
    /// </summary>
    static abstract void Wake(TState state, in ActorTurn<TMessage> turn);

    /// <summary>Brings a stored state of an older format to this one.</summary>
    static virtual void Upgrade(TState state, int from)
    {
    }
}

/// <summary>All that goes into an actor's turn beside state and input, and all that comes out.</summary>
/// <param name="Now">The host's clock, Unix milliseconds.</param>
/// <param name="Outbox">Where messages go.</param>
/// <param name="Given">What the host found out for the turn beforehand; null where the actor needs nothing of the kind.</param>
public readonly record struct ActorTurn<TMessage>(long Now, ActorOutbox<TMessage> Outbox, object? Given = null);

/// <summary>Something an actor says. It is delivered at least once, with the same number every time.</summary>
/// <param name="Number">Counts an actor's messages from 1. With the actor's name it is the message's id.</param>
/// <param name="To">Whom it is for. Messages to one receiver arrive in order; receivers do not wait for each other.</param>
/// <param name="Body">What it says.</param>
public sealed record ActorMessage<TMessage>(long Number, string To, TMessage Body);

/// <summary>Messages that are not known to be delivered, oldest first. Stored with the state.</summary>
public sealed class ActorOutbox<TMessage>
{
    /// <summary>The number of the last message ever said.</summary>
    public long Last { get; set; }

    /// <summary>What is not delivered yet.</summary>
    public List<ActorMessage<TMessage>> Messages { get; set; } = [];

    /// <summary>Says something.</summary>
    public void Send(string to, TMessage body) => Messages.Add(new ActorMessage<TMessage>(++Last, to, body));
}
