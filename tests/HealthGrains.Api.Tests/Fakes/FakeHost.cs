using System.Collections.Concurrent;
using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Tenants;

namespace HealthGrains.Api.Tests.Fakes;

/// <summary>A host of a few lines: it keeps what it is given, counts signals, and fails when a test says so.</summary>
internal sealed partial class FakeHost : IHealthGrains, IIdentities, INames
{
    public static readonly DateTimeOffset Start = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly HashSet<ulong> _seen = [];
    private readonly Dictionary<uint, string> _names = [];
    private long _signals;

    public ManualTime Time { get; } = new(Start);
    public TimeProvider Clock => Time;
    public ClockKind ClockKind { get; set; } = ClockKind.Wall;
    public TenantKeys Keys => TenantKeys.Repeatable;
    public IIdentities Identities => this;
    public INames Names => this;

    public ConcurrentDictionary<string, AccountView> Accounts { get; } = new();
    public ConcurrentDictionary<string, AlertView> Alerts { get; } = new();
    public ConcurrentDictionary<(string, string), string> Links { get; } = new();
    public List<HeldEvent> Held { get; } = [];
    public ConcurrentQueue<FakeFeed> Feeds { get; } = new();
    public TaskCompletionSource<FakeFeed> Watched { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    public bool NextFeedMissed { get; set; }
    public HostStatus Status { get; set; } = new(true, null, 3, 42, new Dictionary<string, double>());

    /// <summary>Thrown by the next call.</summary>
    public Exception? Fault { get; set; }

    /// <summary>How many more takes find the host full.</summary>
    public int SaturatedTakes { get; set; }

    public string? LastActor { get; private set; }
    public AccountQuery? LastAccountQuery { get; private set; }
    public AlertQuery? LastAlertQuery { get; private set; }
    public AuditQuery? LastAuditQuery { get; private set; }
    public (DateTimeOffset Since, DateTimeOffset Until)? LastLedger { get; private set; }
    public DateTimeOffset? LastAt { get; private set; }
    public bool LastWaited { get; private set; }
    /// <summary>How many signals of the next takes are not applied in time, for a sender who waits.</summary>
    public int Pending { get; set; }
    public List<IncomingSignal> LastBatch { get; private set; } = [];
    public string ActiveModel { get; private set; } = "prior-1";
    public int Puts { get; private set; }

    public ValueTask<IntakeReceipt> TakeAsync(IntakeBatch batch, CancellationToken cancellationToken)
    {
        Throw();
        if (SaturatedTakes-- > 0) throw new IntakeSaturatedException(TimeSpan.FromSeconds(1));
        lock (_lock)
        {
            LastBatch = [.. batch.Signals];
            LastWaited = batch.UntilApplied;
            foreach (var name in batch.Names) _names[name.Id] = name.Text;
            foreach (var link in batch.Links) Links[(link.Source, link.ExternalId)] = link.Target;
            Held.AddRange(batch.Held);
            int accepted = 0, late = 0, duplicates = 0;
            foreach (ref readonly var signal in batch.Signals)
            {
                if (!_seen.Add(signal.Signal.Id))
                {
                    duplicates++;
                    continue;
                }
                accepted++;
                if (signal.Signal.At < Time.GetUtcNow().AddDays(-42).ToUnixTimeMilliseconds()) late++;
                Touch(AccountProfile.Unknown(signal.Account), replace: false);
            }
            _signals += accepted;
            return new(new IntakeReceipt(accepted, late, duplicates, batch.Held.Count, batch.Rejected, [.. batch.Errors])
            {
                Pending = batch.UntilApplied ? Pending : 0,
            });
        }
    }

    public ValueTask<bool> PutProfileAsync(AccountProfile profile, string actor, CancellationToken cancellationToken)
    {
        Throw();
        LastActor = actor;
        Puts++;
        return new(Touch(profile, replace: true));
    }

    public ValueTask<AccountView?> GetAccountAsync(string id, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        Throw();
        LastAt = at;
        return new(Accounts.GetValueOrDefault(id));
    }

    public ValueTask<Page<AccountSummary>> ListAccountsAsync(AccountQuery query, CancellationToken cancellationToken)
    {
        Throw();
        LastAccountQuery = query;
        if (query.Cursor is not (null or "page-2")) throw new InvalidQueryException("cursor", "not a cursor of this list");
        if (query.Sort is "shoeSize") throw new InvalidQueryException("sort", "'shoeSize' is not one of arrAtRisk, arr, score, name");
        AccountSummary[] all = [.. Accounts.Values.OrderBy(view => view.Profile.Id, StringComparer.Ordinal).Select(Samples.Summary)];
        return new(new Page<AccountSummary>(all, query.Cursor is null ? "page-2" : null, all.Length, Time.GetUtcNow()));
    }

    public ValueTask<Ledger?> GetLedgerAsync(string id, DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken)
    {
        Throw();
        LastLedger = (since, until);
        return new(Accounts.ContainsKey(id)
            ? new Ledger(new(since, 71), new(until, 64), [new(LedgerCause.Signal, "openTickets", 10, 3, -7, new DateOnly(2026, 11, 20), 2)])
            : null);
    }

    public int? LastDays { get; private set; }

    public ValueTask<IReadOnlyList<HistoryPoint>?> GetHistoryAsync(string id, int? asked, CancellationToken cancellationToken)
    {
        Throw();
        LastDays = asked;
        var days = asked ?? 90;
        return new(Accounts.ContainsKey(id)
            ? [.. Enumerable.Range(0, days).Select(i => new HistoryPoint(new DateOnly(2026, 11, 21).AddDays(i + 1 - days), 62, 55, 69, 0.8,
                i == days - 1, new Dictionary<string, double> { ["product"] = 60 }, "prior-1"))]
            : (IReadOnlyList<HistoryPoint>?)null);
    }

    public WhatIfScenario? LastScenario { get; private set; }

    public ValueTask<AccountView?> WhatIfAsync(string id, WhatIfQuestion question, CancellationToken cancellationToken)
    {
        Throw();
        if (question.Model == "no-such") throw new InvalidQueryException("model", "there is no model 'no-such'");
        LastBatch = [.. question.Signals.Signals];
        LastAt = question.At;
        LastScenario = question.Scenario;
        if (!Accounts.TryGetValue(id, out var view)) return new((AccountView?)null);
        return new(view with { Health = view.Health with { Score = view.Health.Score - question.Signals.Count } });
    }

    public ValueTask<SourcesView> GetSourcesAsync(CancellationToken cancellationToken)
    {
        Throw();
        return new(SourcesView.Of(Pulse));
    }

    public List<EvidenceView> Evidence { get; } = [];

    public ValueTask<IReadOnlyList<EvidenceView>> FindEvidenceAsync(
        IReadOnlyCollection<string> accounts, DateTimeOffset since, CancellationToken cancellationToken) =>
        new([.. Evidence.Where(one => accounts.Contains(one.Account) && one.At >= since)]);

    public TenantPulse Pulse { get; set; } = TenantPulse.Unknown;

    public ValueTask<PortfolioFacets> GetFacetsAsync(CancellationToken cancellationToken)
    {
        Throw();
        return new(new PortfolioFacets(Time.GetUtcNow(), 3, [new("dana", 2), new("kim", 1)], [], [new("smb", 3)]));
    }

    public ValueTask<IReadOnlyList<TimelineItem>?> GetTimelineAsync(string id, int? days, CancellationToken cancellationToken)
    {
        Throw();
        LastDays = days;
        return new(Accounts.ContainsKey(id)
            ? [new TimelineItem(Start, "milestoneReached", "Milestone reached: golive", TimelineTone.Good)] : null);
    }

    public SignalsQuery? LastSignalsQuery { get; private set; }

    public ValueTask<SignalsFound?> FindSignalsAsync(string id, SignalsQuery query, CancellationToken cancellationToken)
    {
        Throw();
        LastSignalsQuery = query;
        return new(Accounts.ContainsKey(id)
            ? new SignalsFound([new SignalView(Start, "usage", "login", "00ff", null, null, null)], 1, false, "cut", Time.GetUtcNow())
            : null);
    }

    public ValueTask<EraseReceipt?> EraseAsync(string id, string actor, CancellationToken cancellationToken)
    {
        Throw();
        LastActor = actor;
        return new(Accounts.TryRemove(id, out _) ? new EraseReceipt(id, Time.GetUtcNow(), 3, 12) : null);
    }

    public ValueTask<PortfolioView> GetPortfolioAsync(string? owner, CancellationToken cancellationToken)
    {
        Throw();
        return new(new PortfolioView(Time.GetUtcNow(), owner, Accounts.Count,
            [new(Band.Red, 1, new Dictionary<string, decimal> { ["USD"] = 100 }, new Dictionary<string, decimal> { ["USD"] = 60 })],
            [new("USD", 100, 60, 50, 70)], 0, [.. Accounts.Values.Select(Samples.Summary)], []));
    }

    public ValueTask<Page<AlertView>> ListAlertsAsync(AlertQuery query, CancellationToken cancellationToken)
    {
        Throw();
        LastAlertQuery = query;
        AlertView[] all = [.. Alerts.Values.Where(alert => query.State is null || alert.State == query.State)];
        return new(new Page<AlertView>(all, null, all.Length, Time.GetUtcNow()));
    }

    public AlertAct? LastAct { get; private set; }

    public ValueTask<AlertView?> ActOnAlertAsync(AlertAct act, CancellationToken cancellationToken)
    {
        LastAct = act;
        AlertActs.Check(act, Time.GetUtcNow().ToUnixTimeMilliseconds());
        return Move(act.Alert, act.Actor, alert => act.Deed switch
        {
            AlertDeed.Acknowledge => alert with
            {
                State = AlertState.Acknowledged, AcknowledgedAt = Time.GetUtcNow(), AcknowledgedBy = act.Actor,
            },
            AlertDeed.Snooze => alert with
            {
                State = AlertState.Snoozed, SnoozedUntil = DateTimeOffset.FromUnixTimeMilliseconds(act.Until!.Value),
            },
            AlertDeed.Assign => alert with { AssignedTo = act.To },
            _ => alert with
            {
                State = AlertState.Resolved, ResolvedAt = Time.GetUtcNow(), ResolvedBy = act.Actor, Resolution = act.Reason,
            },
        });
    }

    public ValueTask<IReadOnlyList<VersionView>> ListModelsAsync(CancellationToken cancellationToken)
    {
        Throw();
        return new([.. new[] { "prior-1", "fitted-2" }.Select(v => new VersionView(v, "a model", v == ActiveModel, Start, LastActor))]);
    }

    public ValueTask<HealthModel?> GetModelAsync(string version, CancellationToken cancellationToken)
    {
        Throw();
        return new(version == Samples.Model.Version ? Samples.Model : null);
    }

    public ValueTask<bool> ActivateModelAsync(string version, string actor, CancellationToken cancellationToken)
    {
        Throw();
        LastActor = actor;
        if (version is not ("prior-1" or "fitted-2")) return new(false);
        ActiveModel = version;
        return new(true);
    }

    public ValueTask<Page<HeldView>> ListHeldAsync(int limit, string? cursor, CancellationToken cancellationToken)
    {
        Throw();
        HeldView[] all = [.. Held.GroupBy(h => (h.Source, h.ExternalId))
            .Select(g => new HeldView(g.Key.Source, g.Key.ExternalId, g.Count(), Start))];
        return new(new Page<HeldView>([.. all.Take(limit)], null, all.Length, Time.GetUtcNow()));
    }

    public ValueTask<IReadOnlyList<HeldEvent>> LinkAsync(
        string source, string externalId, string account, string actor, CancellationToken cancellationToken)
    {
        Throw();
        LastActor = actor;
        Links[(source, externalId)] = account;
        lock (_lock)
        {
            HeldEvent[] released = [.. Held.Where(h => h.Source == source && h.ExternalId == externalId)];
            Held.RemoveAll(h => h.Source == source && h.ExternalId == externalId);
            return new(released);
        }
    }

    public ValueTask<Page<AuditView>> ListAuditAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        Throw();
        LastAuditQuery = query;
        AuditView[] all = [new(Start, "kim", "alert.resolved", "acme", "al-1"), new(Start, "kim", "model.activated", "prior-1", null)];
        return new(new Page<AuditView>(all, "next", all.Length, Time.GetUtcNow()));
    }

    public ValueTask<IChangeFeed> WatchAsync(WatchFilter filter, long? after, CancellationToken cancellationToken)
    {
        Throw();
        var feed = new FakeFeed(filter, after, NextFeedMissed);
        NextFeedMissed = false;
        Feeds.Enqueue(feed);
        if (!feed.Missed) Watched.TrySetResult(feed);
        return new(feed);
    }

    public string? Find(string source, ReadOnlySpan<char> externalId) => Links.GetValueOrDefault((source, externalId.ToString()));

    public bool AccountExists(ReadOnlySpan<char> id) => Accounts.ContainsKey(id.ToString());

    public bool Contains(uint id)
    {
        lock (_lock) return _names.ContainsKey(id);
    }

    public string Text(uint id)
    {
        lock (_lock) return _names.GetValueOrDefault(id) ?? id.ToString("x8", null);
    }

    private ValueTask<AlertView?> Move(string id, string actor, Func<AlertView, AlertView> edge)
    {
        Throw();
        LastActor = actor;
        if (!Alerts.TryGetValue(id, out var alert)) return new((AlertView?)null);
        if (alert.State is AlertState.Resolved or AlertState.Closed) throw new InvalidTransitionException($"the alert is {alert.State}");
        return new(Alerts[id] = edge(alert));
    }

    private bool Touch(AccountProfile profile, bool replace)
    {
        var created = false;
        Accounts.AddOrUpdate(profile.Id,
            _ =>
            {
                created = true;
                return Samples.View(profile, 1, Time.GetUtcNow());
            },
            (_, view) => Samples.View(replace ? profile : view.Profile, view.Version + 1, Time.GetUtcNow()));
        return created;
    }

    private void Throw()
    {
        if (Fault is not { } fault) return;
        Fault = null;
        throw fault;
    }
}
