using HealthGrains.Alerts;
using HealthGrains.Grains.Desks;
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

    /// <summary>The same for the account's desk, which may store what it makes of it: only once the account is stored itself.</summary>
    [Alias("copyStored")]
    Task<AccountCopy?> CopyStoredAsync();

    /// <summary>The account's desk has changed.</summary>
    [Alias("deskChanged")]
    Task DeskChangedAsync(DeskHead head);

    /// <summary>Creates or replaces the profile (JSON). True when the account is new. Completes when it is stored.</summary>
    [Alias("putProfile")]
    Task<bool> PutProfileAsync(byte[] profile, string actor);

    /// <summary>
    /// A profile that lies in the log, from whoever wrote it there or from whoever reads it: taken once, and never after a later one of
    /// its partition. Completes when it is stored.
    /// </summary>
    [Alias("putLoggedProfile")]
    Task<ProfileReply> PutLoggedProfileAsync(byte[] profile, string actor, LogPlace place);

    /// <summary>
    /// Waits for an entry of the log that was written as awaited, for so long at most: what came of it, once the account has taken it.
    /// </summary>
    [Alias("await")]
    Task<AwaitedReply> AwaitAsync(LogPlace place, TimeSpan atMost);

    /// <summary>Deals with an alert of churn risk. The alert (JSON); null when the account has no such alert that is not over.</summary>
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

    /// <summary>Those of the places, rising, whose writers wait to hear what came of them.</summary>
    [Id(5)]
    public long[] Awaited { get; init; } = [];

    /// <summary>
    /// Where the part ends that begins at an index: an awaited entry is a part of its own, and what lies between two is one.
    /// </summary>
    public int PartEnd(int from, out bool isAwaited)
    {
        isAwaited = false;
        if (Awaited.Length == 0) return Signals.Length;
        isAwaited = IsAwaited(from);
        var to = from + 1;
        while (to < Signals.Length && (isAwaited ? Offsets[to] == Offsets[from] : !IsAwaited(to))) to++;
        return to;
    }

    /// <summary>
    /// Where the entry of the log ends that begins at an index, before the end of a part; without a log it is the whole part.
    /// </summary>
    public int EntryEnd(int from, int end)
    {
        if (Topic == 0) return end;
        var to = from + 1;
        while (to < end && Offsets[to] == Offsets[from]) to++;
        return to;
    }

    private bool IsAwaited(int index) => Array.BinarySearch(Awaited, Offsets[index]) >= 0;

    /// <summary>When the oldest of them was received, wall time in Unix milliseconds; 0 when not known.</summary>
    [Id(6)]
    public long ReceivedAt { get; init; }
}

/// <summary>A place in the log: topic as <see cref="NameId"/> numbers it, partition, offset.</summary>
[GenerateSerializer, Immutable, Alias("healthgrains.logPlace")]
public readonly record struct LogPlace([property: Id(0)] uint Topic, [property: Id(1)] int Partition, [property: Id(2)] long Offset)
{
    /// <summary>The place of signals.</summary>
    public static LogPlace Of(string topic, int partition, long offset) => new(NameId.Of(topic), partition, offset);

    /// <summary>
    /// The place of a profile, which an account remembers apart from those of signals: it may be taken before signals that lie before it.
    /// </summary>
    public static LogPlace OfProfile(string topic, int partition, long offset) => new(NameId.Of(topic + "/profiles"), partition, offset);
}

/// <summary>What became of a run.</summary>
/// <param name="Accepted">Signals taken.</param>
/// <param name="Late">Those of them that are older than the calendar.</param>
/// <param name="Duplicates">Signals whose id was seen before.</param>
/// <param name="IsGap">Nothing was taken: see <see cref="SignalRun.After"/>.</param>
/// <param name="IsGone">Nothing was taken: the account has been erased since these entries were taken, and has not come anew.</param>
[GenerateSerializer, Immutable, Alias("healthgrains.takeReply")]
public readonly record struct TakeReply(
    [property: Id(0)] int Accepted, [property: Id(1)] int Late, [property: Id(2)] int Duplicates, [property: Id(3)] bool IsGap,
    [property: Id(4)] bool IsGone = false);

/// <summary>What is known of an entry of the log that somebody waits for.</summary>
public enum AwaitedState
{
    /// <summary>The account has not taken it yet.</summary>
    Waiting,
    /// <summary>The account has taken it, and knows no more what it counted.</summary>
    Taken,
    /// <summary>The account has taken it and says what it counted.</summary>
    Counted,
}

/// <summary>What came of an entry of the log.</summary>
/// <param name="State">What is known.</param>
/// <param name="Counts">What it counted, when that is known.</param>
[GenerateSerializer, Immutable, Alias("healthgrains.awaitedReply")]
public readonly record struct AwaitedReply([property: Id(0)] AwaitedState State, [property: Id(1)] TakeReply Counts);

/// <summary>What became of a profile in the log.</summary>
/// <param name="IsNew">Whether it made the account.</param>
/// <param name="IsOverruled">
/// Whether the account has a later one already, or was erased since it took this one, so that nothing was done.
/// </param>
[GenerateSerializer, Immutable, Alias("healthgrains.profileReply")]
public readonly record struct ProfileReply([property: Id(0)] bool IsNew, [property: Id(1)] bool IsOverruled);

/// <summary>An account as it is at a moment.</summary>
[GenerateSerializer, Immutable, Alias("healthgrains.accountCopy")]
public sealed record AccountCopy(
    [property: Id(0)] byte[] State, [property: Id(1)] byte[] Profile, [property: Id(2)] string Model, [property: Id(3)] long Now,
    [property: Id(4)] bool HasDesk = false);

/// <summary>What somebody did with an alert.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Actor">Who.</param>
/// <param name="Resolve">Whether it is resolved: all that builds before deeds knew, beside that it is acknowledged.</param>
/// <param name="Reason">Why it is resolved.</param>
/// <param name="Deed">The number of the <see cref="AlertDeed"/>, which never changes.</param>
/// <param name="Until">Until when it is put off, Unix milliseconds.</param>
/// <param name="To">To whom it is given.</param>
[GenerateSerializer, Immutable, Alias("healthgrains.alertAction")]
public sealed record AlertAction(
    [property: Id(0)] string Alert, [property: Id(1)] string Actor, [property: Id(2)] bool Resolve, [property: Id(3)] string? Reason,
    [property: Id(4)] int Deed = 0, [property: Id(5)] long? Until = null, [property: Id(6)] string? To = null)
{
    /// <summary>An act as it is sent.</summary>
    public static AlertAction Of(AlertAct act) =>
        new(act.Alert, act.Actor, act.Deed == AlertDeed.Resolve, act.Reason, (int)act.Deed, act.Until, act.To);

    /// <summary>The act.</summary>
    public AlertAct ToAct() => new(Alert, Actor, Resolve ? AlertDeed.Resolve : (AlertDeed)Deed, Until, To, Reason);
}

/// <summary>What an erasure removed.</summary>
[GenerateSerializer, Immutable, Alias("healthgrains.eraseReply")]
public sealed record EraseReply([property: Id(0)] DateTimeOffset ErasedAt, [property: Id(1)] int Closes);
