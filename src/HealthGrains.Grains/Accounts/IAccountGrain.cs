using HealthGrains.Signals;

namespace HealthGrains.Grains.Accounts;

/// <summary>A customer account. Its key is the account's id.</summary>
[Alias("healthgrains.account")]
public interface IAccountGrain : IGrainWithStringKey
{
    /// <summary>
    /// Signals arrived. Those whose id or place in the log was seen are dropped. Completes when they are applied or, when asked to
    /// wait, when they are stored; a call that failed may be repeated.
    /// </summary>
    [Alias("take")]
    Task<TakeReply> TakeAsync(SignalRun run, bool stored);

    /// <summary>The account as it is now, for whoever answers a question about it; null when there is none.</summary>
    [Alias("copy")]
    Task<AccountCopy?> CopyAsync();

    /// <summary>Creates or replaces the profile (JSON). True when the account is new. Completes when it is stored.</summary>
    [Alias("putProfile")]
    Task<bool> PutProfileAsync(byte[] profile, string actor);

    /// <summary>Acknowledges or resolves an alert. The alert (JSON); null when the account has no such alert that is not over.</summary>
    [Alias("actOnAlert")]
    Task<byte[]?> ActOnAlertAsync(AlertAction action);

    /// <summary>A wake-up fell due: closes the days that are over, then decides. Completes when that is stored.</summary>
    [Alias("wake")]
    Task WakeAsync();

    /// <summary>
    /// Stores what is not stored yet. False when entries of the log up to these places are not here: whoever read them reads them
    /// again.
    /// </summary>
    [Alias("save")]
    Task<bool> SaveAsync(LogPlace[] places);

    /// <summary>Erases the account; null when there is none.</summary>
    [Alias("erase")]
    Task<EraseReply?> EraseAsync(string pseudonym, string actor);
}

/// <summary>Signals of one account, in order.</summary>
[GenerateSerializer, Immutable, Alias("healthgrains.signalRun")]
public sealed record SignalRun
{
    /// <summary>The signals. Nobody changes them once they are sent.</summary>
    [Id(0)]
    public required Signal[] Signals { get; init; }

    /// <summary>The log's topic, as <see cref="NameId"/> numbers it; 0 when they come from no log.</summary>
    [Id(1)]
    public uint Topic { get; init; }

    /// <summary>The partition.</summary>
    [Id(2)]
    public int Partition { get; init; }

    /// <summary>The place of each in the log; empty when they come from no log.</summary>
    [Id(3)]
    public long[] Offsets { get; init; } = [];

    /// <summary>
    /// The place of the last entry that the same reader gave the account and does not know to be stored; -1 for none. An account
    /// that does not have it takes nothing: a silo died with what lies between, and taking more would hide the gap.
    /// </summary>
    [Id(4)]
    public long After { get; init; } = -1;

    /// <summary>When the oldest of them was received, wall time in Unix milliseconds; 0 when not known.</summary>
    [Id(5)]
    public long ReceivedAt { get; init; }
}

/// <summary>A place in the log: topic as <see cref="NameId"/> numbers it, partition, offset.</summary>
[GenerateSerializer, Immutable, Alias("healthgrains.logPlace")]
public readonly record struct LogPlace([property: Id(0)] uint Topic, [property: Id(1)] int Partition, [property: Id(2)] long Offset);

/// <summary>What became of a run.</summary>
/// <param name="Accepted">Signals taken.</param>
/// <param name="Late">Those of them that are older than the calendar.</param>
/// <param name="Duplicates">Signals whose id was seen before.</param>
/// <param name="IsGap">Nothing was taken: see <see cref="SignalRun.After"/>.</param>
[GenerateSerializer, Immutable, Alias("healthgrains.takeReply")]
public readonly record struct TakeReply(
    [property: Id(0)] int Accepted, [property: Id(1)] int Late, [property: Id(2)] int Duplicates, [property: Id(3)] bool IsGap);

/// <summary>An account as it is at a moment.</summary>
[GenerateSerializer, Immutable, Alias("healthgrains.accountCopy")]
public sealed record AccountCopy(
    [property: Id(0)] byte[] State, [property: Id(1)] byte[] Profile, [property: Id(2)] string Model, [property: Id(3)] long Now);

/// <summary>What somebody did with an alert.</summary>
[GenerateSerializer, Immutable, Alias("healthgrains.alertAction")]
public sealed record AlertAction(
    [property: Id(0)] string Alert, [property: Id(1)] string Actor, [property: Id(2)] bool Resolve, [property: Id(3)] string? Reason);

/// <summary>What an erasure removed.</summary>
[GenerateSerializer, Immutable, Alias("healthgrains.eraseReply")]
public sealed record EraseReply([property: Id(0)] DateTimeOffset ErasedAt, [property: Id(1)] int Closes);
