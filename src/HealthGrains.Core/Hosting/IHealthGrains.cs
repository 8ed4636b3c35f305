using System.Security.Cryptography;
using System.Text;
using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Health;

namespace HealthGrains.Hosting;

/// <summary>
/// The port: all that a host offers, and all that the API, the command line and the contract tests know of one. Every member
/// may be called from many threads. A host that is stopping throws <see cref="HostUnavailableException"/>.
/// </summary>
public interface IHealthGrains
{
    /// <summary>The host's one clock.</summary>
    TimeProvider Clock { get; }

    /// <summary>Whether that clock is the wall's or simulated.</summary>
    ClockKind ClockKind { get; }

    /// <summary>The tenant's secret, for intake.</summary>
    TenantKeys Keys { get; }

    /// <summary>Known identities, for intake.</summary>
    IIdentities Identities { get; }

    /// <summary>Known names, for intake and for views.</summary>
    INames Names { get; }

    /// <summary>
    /// Takes what intake read. Completes once every signal of it is durable; and once the accounts have taken it, so that a question
    /// asked afterwards sees it, on every host when <see cref="IntakeBatch.UntilApplied"/> asks for that, and anyway on a host without
    /// a log of its own to take it from. Before the accounts have, the receipt counts repeats within the batch alone as duplicates.
    /// Should they not in time, it says how many are <see cref="IntakeReceipt.Pending"/>.
    /// Events that waited for an identity which the batch teaches are taken as well, and are not in the receipt. Throws
    /// <see cref="IntakeSaturatedException"/> when the host is full: no signal of the batch was taken.
    /// </summary>
    ValueTask<IntakeReceipt> TakeAsync(IntakeBatch batch, CancellationToken cancellationToken);

    /// <summary>
    /// Creates or replaces a profile. True when the account is new. Events that waited for one of its external ids are taken.
    /// </summary>
    ValueTask<bool> PutProfileAsync(AccountProfile profile, string actor, CancellationToken cancellationToken);

    /// <summary>The account now, or at a moment within its calendar; null when there is none of that id.</summary>
    ValueTask<AccountView?> GetAccountAsync(string id, DateTimeOffset? at, CancellationToken cancellationToken);

    /// <summary>A page of accounts. Throws <see cref="InvalidQueryException"/> for a bad sort field or cursor.</summary>
    ValueTask<Page<AccountSummary>> ListAccountsAsync(AccountQuery query, CancellationToken cancellationToken);

    /// <summary>What changed between two moments and why; null without such an account.</summary>
    ValueTask<Ledger?> GetLedgerAsync(string id, DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>
    /// One point a UTC day, oldest first, today provisional; null without such an account. Without a number of days 90, or as many as
    /// are kept; throws <see cref="InvalidQueryException"/> for more than are.
    /// </summary>
    ValueTask<IReadOnlyList<HistoryPoint>?> GetHistoryAsync(string id, int? days, CancellationToken cancellationToken);

    /// <summary>The account as it would be; null without such an account. Changes nothing.</summary>
    ValueTask<AccountView?> WhatIfAsync(string id, WhatIfQuestion question, CancellationToken cancellationToken);

    /// <summary>Erases an account and all that is kept of it; null without such an account.</summary>
    ValueTask<EraseReceipt?> EraseAsync(string id, string actor, CancellationToken cancellationToken);

    /// <summary>Totals of the whole book or of one owner's.</summary>
    ValueTask<PortfolioView> GetPortfolioAsync(string? owner, CancellationToken cancellationToken);

    /// <summary>
    /// How the sources do over all accounts, as they were last counted: at least once an hour. Tells a source that is silent for all,
    /// whose connection is thought dead, from customers who are silent.
    /// </summary>
    ValueTask<SourcesView> GetSourcesAsync(CancellationToken cancellationToken);

    /// <summary>Signals of these accounts since a moment that can be seen in their own system, newest first, at most 1,000.</summary>
    ValueTask<IReadOnlyList<EvidenceView>> FindEvidenceAsync(
        IReadOnlyCollection<string> accounts, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Alerts, newest first.</summary>
    ValueTask<Page<AlertView>> ListAlertsAsync(AlertQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Acknowledges, snoozes, assigns or resolves an alert; null without such an alert. Throws <see cref="InvalidTransitionException"/>
    /// when it is over, <see cref="InvalidQueryException"/> when the deed lacks its time or its person, or the time is past.
    /// </summary>
    ValueTask<AlertView?> ActOnAlertAsync(AlertAct act, CancellationToken cancellationToken);

    /// <summary>The models, the active one marked.</summary>
    ValueTask<IReadOnlyList<VersionView>> ListModelsAsync(CancellationToken cancellationToken);

    /// <summary>A model's data; null without such a version.</summary>
    ValueTask<HealthModel?> GetModelAsync(string version, CancellationToken cancellationToken);

    /// <summary>Activates a model; false without such a version.</summary>
    ValueTask<bool> ActivateModelAsync(string version, string actor, CancellationToken cancellationToken);

    /// <summary>Events that wait for an identity, by external id.</summary>
    ValueTask<Page<HeldView>> ListHeldAsync(int limit, string? cursor, CancellationToken cancellationToken);

    /// <summary>Links an external id to an account and returns the held events that waited for it, for intake to read again.</summary>
    ValueTask<IReadOnlyList<HeldEvent>> LinkAsync(string source, string externalId, string account, string actor,
        CancellationToken cancellationToken);

    /// <summary>Who did what, newest first. Throws <see cref="InvalidQueryException"/> for a bad limit or cursor.</summary>
    ValueTask<Page<AuditView>> ListAuditAsync(AuditQuery query, CancellationToken cancellationToken);

    /// <summary>Opens a feed of changes. What happens once it is open is in it.</summary>
    /// <param name="filter">Which changes.</param>
    /// <param name="after">Resume after this sequence number; null for only what comes.</param>
    /// <param name="cancellationToken">Gives up opening it.</param>
    ValueTask<IChangeFeed> WatchAsync(WatchFilter filter, long? after, CancellationToken cancellationToken);

    /// <summary>What people do for accounts: plays, drafts, tasks, the practice, deliveries.</summary>
    IDesks Desks { get; }

    /// <summary>Whether the host is up and takes signals.</summary>
    HostStatus Status { get; }

    /// <summary>What the accounts can be told apart by, with how many there are of each.</summary>
    ValueTask<PortfolioFacets> GetFacetsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// What happened to an account in so many days and is worth a mark on its history, newest first; null without such an account. Days
    /// as in <see cref="GetHistoryAsync"/>.
    /// </summary>
    ValueTask<IReadOnlyList<TimelineItem>?> GetTimelineAsync(string id, int? days, CancellationToken cancellationToken);

    /// <summary>
    /// An account's signals as the host's log has them; null without such an account. A host that cannot find them by account says so.
    /// </summary>
    ValueTask<SignalsFound?> FindSignalsAsync(string id, SignalsQuery query, CancellationToken cancellationToken);
}

/// <summary>What drives the host's clock.</summary>
public enum ClockKind
{
    /// <summary>Wall time.</summary>
    Wall,
    /// <summary>Simulated time.</summary>
    Simulated,
}

/// <summary>Which alerts.</summary>
/// <param name="State">Only of this state; null for all that are not over.</param>
/// <param name="Owner">Only this owner's.</param>
/// <param name="Account">Only this account's.</param>
/// <param name="Limit">Rows a page, 1..500.</param>
/// <param name="Cursor">The cursor of the page before.</param>
/// <param name="Severity">Only of this severity, yellow or red.</param>
public sealed record AlertQuery(AlertState? State = null, string? Owner = null, string? Account = null, int Limit = 50,
    string? Cursor = null, Band? Severity = null);

/// <summary>Which entries of the audit.</summary>
/// <param name="Account">Only about this account; one that was erased can be asked for by the id it had.</param>
/// <param name="Actor">Only by this person.</param>
/// <param name="Since">Only from this moment on.</param>
/// <param name="Limit">Rows a page, 1..500.</param>
/// <param name="Cursor">The cursor of the page before.</param>
public sealed record AuditQuery(string? Account = null, string? Actor = null, DateTimeOffset? Since = null, int Limit = 50,
    string? Cursor = null);

/// <summary>Something that somebody did.</summary>
/// <param name="At">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Action">What: account.created, account.updated, account.erased, alert.acknowledged, alert.resolved, identity.linked,
/// model.activated.</param>
/// <param name="Subject">To what: an account's id (after an erasure a pseudonym), or a model's version.</param>
/// <param name="Detail">The alert or the external id; null where the subject says all.</param>
public sealed record AuditView(DateTimeOffset At, string Actor, string Action, string Subject, string? Detail);

/// <summary>A version of a model or a policy.</summary>
/// <param name="Version">Its name.</param>
/// <param name="Title">What it is.</param>
/// <param name="Active">Whether it decides now.</param>
/// <param name="ActivatedAt">When it was last activated.</param>
/// <param name="ActivatedBy">By whom.</param>
public sealed record VersionView(string Version, string Title, bool Active, DateTimeOffset? ActivatedAt, string? ActivatedBy);

/// <summary>Events of one external id that wait for its account.</summary>
/// <param name="Source">The external system.</param>
/// <param name="ExternalId">The id there.</param>
/// <param name="Count">How many wait.</param>
/// <param name="FirstAt">When the first came.</param>
public sealed record HeldView(string Source, string ExternalId, int Count, DateTimeOffset FirstAt);

/// <summary>What an erasure removed.</summary>
/// <param name="Account">The account's id.</param>
/// <param name="ErasedAt">When.</param>
/// <param name="Closes">Daily closes removed.</param>
/// <param name="JournaledSignals">Signals removed from the journal.</param>
public sealed record EraseReceipt(string Account, DateTimeOffset ErasedAt, int Closes, int JournaledSignals);

/// <summary>How the host does.</summary>
/// <param name="Ready">Whether it takes signals and answers.</param>
/// <param name="Reason">Why not.</param>
/// <param name="Accounts">Known accounts.</param>
/// <param name="Signals">Signals accepted since the data was created.</param>
/// <param name="Figures">Counters for /metrics, by OpenTelemetry name.</param>
public sealed record HostStatus(bool Ready, string? Reason, int Accounts, long Signals, IReadOnlyDictionary<string, double> Figures)
{
    /// <summary>What is not well though it is ready, such as a database that is away while memory still answers; a sentence each.</summary>
    public IReadOnlyList<string> Degraded { get; init; } = [];
}

/// <summary>Which changes to watch.</summary>
/// <param name="Account">Only this account's.</param>
/// <param name="Owner">Only this owner's.</param>
public sealed record WatchFilter(string? Account = null, string? Owner = null);

/// <summary>Something changed.</summary>
/// <param name="Sequence">Grows by one a change over the whole host; the Last-Event-ID of server-sent events.</param>
/// <param name="Type">One of <see cref="ChangeType"/>, or an alert's: alert.raised, alert.resolved ...</param>
/// <param name="Account">The account.</param>
/// <param name="Data">
/// An <see cref="AccountSummary"/>, <see cref="AlertView"/>, <see cref="Plays.PlayView"/>, <see cref="Plays.DraftView"/>,
/// <see cref="Plays.TaskView"/>, <see cref="Plays.NoteView"/>, <see cref="ErasedAccount"/> or, of no account, <see cref="SourceView"/>.
/// </param>
public sealed record ChangeEvent(long Sequence, string Type, string Account, object Data);

/// <summary>An account that is no more.</summary>
/// <param name="Id">The id it had.</param>
/// <param name="Owner">The CSM it had.</param>
public sealed record ErasedAccount(string Id, string? Owner)
{
    /// <summary>What the audit calls an erased account: whoever knows the id finds its entries, and nobody else learns the id.</summary>
    public static string Pseudonym(TenantKeys keys, string id)
    {
        Span<byte> key = stackalloc byte[16];
        BitConverter.TryWriteBytes(key, keys.Low);
        BitConverter.TryWriteBytes(key[8..], keys.High);
        return "erased-" + Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(id)).AsSpan(0, 8));
    }
}

/// <summary>A watcher's view of the changes. Dispose it to stop.</summary>
public interface IChangeFeed : IDisposable
{
    /// <summary>
    /// Waits for at least one change and returns all that are pending, oldest first; of several <c>account.changed</c> of one
    /// account only the latest.
    /// </summary>
    ValueTask<IReadOnlyList<ChangeEvent>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Whether changes between the asked-for sequence number and the first one returned are gone: the watcher must reload.
    /// </summary>
    bool Missed { get; }
}

/// <summary>The host is full: try again later; nothing was taken.</summary>
public sealed class IntakeSaturatedException(TimeSpan retryAfter)
    : Exception($"intake is saturated; try again in {retryAfter.TotalSeconds:0.#} s")
{
    /// <summary>When it may be worth trying again.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}

/// <summary>The host is stopping or has stopped because it could not store.</summary>
public sealed class HostUnavailableException(string reason, Exception? inner = null) : Exception(reason, inner);

/// <summary>A question that cannot be answered as asked.</summary>
public sealed class InvalidQueryException(string field, string reason) : Exception($"{field}: {reason}")
{
    /// <summary>The parameter at fault.</summary>
    public string Field { get; } = field;
    /// <summary>What is wrong with it.</summary>
    public string Reason { get; } = reason;
}

/// <summary>A state machine was asked for an edge that it does not have.</summary>
public sealed class InvalidTransitionException(string reason) : Exception(reason);
