using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Intake;
using HealthGrains.Plays;

namespace HealthGrains.Embedded;

/// <content>What the port offers, each a few lines: ask, copy, evaluate here.</content>
public sealed partial class EmbeddedHost
{
    /// <inheritdoc/>
    /// <remarks>
    /// Cancelling after the call has no effect: the batch is the host's until it has been taken, and an answer that is not awaited
    /// does not make it untaken.
    /// </remarks>
    public async ValueTask<IntakeReceipt> TakeAsync(IntakeBatch batch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var request = new IntakeRequest(batch);
        Up().Journal.Enqueue(request);
        var receipt = await request.Task.ConfigureAwait(false);
        await ReleaseAsync(request.Released).ConfigureAwait(false);
        return receipt;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> PutProfileAsync(AccountProfile profile, string actor, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!AccountId.IsValid(profile.Id)) throw new InvalidQueryException("id", AccountId.Rule);
        var put = new PutProfile(profile, actor);
        var isNew = await Up().Journal.Enqueue(put).ConfigureAwait(false);
        await ReleaseAsync(put.Released).ConfigureAwait(false);
        return isNew;
    }

    /// <inheritdoc/>
    public async ValueTask<AccountView?> GetAccountAsync(string id, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        var engine = Up();
        var now = engine.Memory.Clock.Now();
        var moment = at is null ? now : AccountQuestions.Past("at", at.Value, now);
        if (!engine.Memory.Accounts.TryFind(id, out var number)) return null;
        var copied = await engine.Turns.Ask(turns => turns.Copy(number, withDesk: at is null))
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        if (copied is not ({ } state, var desk)) return null;
        var turn = engine.Turns.Ruling.Turn(now, new Outbox());
        return at is null
            ? AccountTurns.View(state, engine.Memory.Names, turn).WithDesk(desk)
            : AccountTurns.ViewAt(state, moment, engine.Memory.Names, turn);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<EvidenceView>> FindEvidenceAsync(
        IReadOnlyCollection<string> accounts, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var engine = Up();
        var known = new List<(int, string)>();
        foreach (var id in accounts.Distinct(StringComparer.Ordinal))
            if (engine.Memory.Accounts.TryFind(id, out var number)) known.Add((number, id));
        return known.Count == 0 ? [] : await engine.Archive.Evidence(known, since, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<SourcesView> GetSourcesAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(SourcesView.Of(Up().Turns.Ruling.Facts.Pulse));

    /// <inheritdoc/>
    public ValueTask<Page<AccountSummary>> ListAccountsAsync(AccountQuery query, CancellationToken cancellationToken)
    {
        var engine = Up();
        return ValueTask.FromResult(engine.Turns.Book.Index.List(query, engine.Memory.Clock.Now()));
    }

    /// <inheritdoc/>
    public async ValueTask<Ledger?> GetLedgerAsync(
        string id, DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var engine = Up();
        var now = engine.Memory.Clock.Now();
        var from = AccountQuestions.Past("since", since, now);
        var to = AccountQuestions.Past("until", until, now);
        if (from > to) throw new InvalidQueryException("since", "it must not be after until");
        return await Copy(engine, id, cancellationToken).ConfigureAwait(false) is { } state
            ? AccountTurns.Explain(state, from, to, engine.Turns.Ruling.Turn(now, new Outbox()))
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<HistoryPoint>?> GetHistoryAsync(string id, int? days, CancellationToken cancellationToken)
    {
        var engine = Up();
        var span = AccountQuestions.HistoryDays(days, _options.CloseDays);
        if (!engine.Memory.Accounts.TryFind(id, out var number)) return null;
        if (await Copy(engine, id, cancellationToken).ConfigureAwait(false) is not { } state) return null;
        var today = AccountTurns.Today(state, engine.Turns.Ruling.Turn(engine.Memory.Clock.Now(), new Outbox()));
        var points = await engine.Archive
            .Closes(number, today.Day.AddDays(1 - span), today.Day.AddDays(-1), cancellationToken).ConfigureAwait(false);
        points.Add(today);
        return points;
    }

    /// <inheritdoc/>
    public async ValueTask<AccountView?> WhatIfAsync(string id, WhatIfQuestion question, CancellationToken cancellationToken)
    {
        var engine = Up();
        var now = engine.Memory.Clock.Now();
        var moment = AccountQuestions.Moment(question.At, now);
        var ruling = engine.Turns.Ruling;
        var other = question.Model is not { } model
            ? ruling.Model
            : Model(model) ?? throw new InvalidQueryException("model", $"there is no model '{model}'");
        return await Copy(engine, id, cancellationToken).ConfigureAwait(false) is { } state
            ? AccountQuestions.WhatIf(state, question, other, moment, now, ruling, engine.Memory.Names) : null;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Goes through the whole journal for the account's signals, in slices between commits: seconds to minutes when the journal is
    /// large. When it completes, nothing of the account is left in any file of the data directory; backups are the operator's.
    /// </remarks>
    public async ValueTask<EraseReceipt?> EraseAsync(string id, string actor, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await Up().Journal.Enqueue(new Erase(id, actor)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<PortfolioView> GetPortfolioAsync(string? owner, CancellationToken cancellationToken)
    {
        var engine = Up();
        return ValueTask.FromResult(engine.Turns.Book.Index.Totals(owner, engine.Memory.Clock.Now()));
    }

    /// <inheritdoc/>
    public ValueTask<PortfolioFacets> GetFacetsAsync(CancellationToken cancellationToken)
    {
        var engine = Up();
        return ValueTask.FromResult(engine.Turns.Book.Index.Facets(engine.Memory.Clock.Now()));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TimelineItem>?> GetTimelineAsync(string id, int? days, CancellationToken cancellationToken)
    {
        var engine = Up();
        var now = engine.Memory.Clock.Now();
        var since = now - AccountQuestions.HistoryDays(days, _options.CloseDays) * Days.Millis;
        if (await Copy(engine, id, cancellationToken).ConfigureAwait(false) is not { } state) return null;
        var turn = engine.Turns.Ruling.Turn(now, new Outbox());
        var alerts = await Timeline.AlertsAsync(this, id, cancellationToken).ConfigureAwait(false);
        var people = await Timeline.OfPeopleAsync(this, id, Days.Time(since), cancellationToken).ConfigureAwait(false);
        return Timeline.Merge(
            AccountTurns.Timeline(state, since, engine.Memory.Names, turn), Timeline.OfAlerts(alerts, Days.Time(since)), people);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The journal lies in the order of arrival and knows no accounts: all of what arrived in the span is read, on a connection that only
    /// reads, up to <see cref="EmbeddedOptions.SearchedSignals"/>.
    /// </remarks>
    public async ValueTask<SignalsFound?> FindSignalsAsync(string id, SignalsQuery query, CancellationToken cancellationToken)
    {
        var engine = Up();
        AccountQuestions.Check(query);
        if (!engine.Memory.Accounts.TryFind(id, out var number)) return null;
        var search = new JournalSearch(number, query, _options, engine.Memory.Names);
        return await engine.Archive.Signals(search, Days.Time(engine.Memory.Clock.Now()), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<Page<AlertView>> ListAlertsAsync(AlertQuery query, CancellationToken cancellationToken)
    {
        var engine = Up();
        if (query.Limit is < 1 or > 500) throw new InvalidQueryException("limit", "it must be between 1 and 500");
        var asOf = DateTimeOffset.FromUnixTimeMilliseconds(engine.Memory.Clock.Now());
        int? account = null;
        if (query.Account is not null)
        {
            if (!engine.Memory.Accounts.TryFind(query.Account, out var number)) return new Page<AlertView>([], null, 0, asOf);
            account = number;
        }

        return await engine.Archive.Alerts(query, account, asOf, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<AlertView?> ActOnAlertAsync(AlertAct act, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var engine = Up();
        AlertActs.Check(act, engine.Memory.Clock.Now());
        if (await engine.Archive.Alert(act.Alert, cancellationToken).ConfigureAwait(false) is not { } alert) return null;
        if (alert.State is AlertState.Resolved or AlertState.Closed) throw new InvalidTransitionException($"alert {alert.Id} is over");
        if (alert.RuleVersion is null)
        {
            var acted = await engine.Journal.Enqueue(new ActOnAlert(alert.Account, AlertAction.Of(act))).ConfigureAwait(false);
            return acted is null ? null : acted with { PushedAt = alert.PushedAt };
        }

        var reply = await DoAsync(alert.Account, AlertActs.ForDesk(act), cancellationToken).ConfigureAwait(false);
        if (reply is null) return null;
        if (reply.Refusal != DeskRefusal.None) throw new InvalidTransitionException($"alert {alert.Id}: {reply.Reason}");
        return await engine.Archive.Alert(act.Alert, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<VersionView>> ListModelsAsync(CancellationToken cancellationToken)
    {
        var engine = Up();
        var active = engine.Turns.Ruling.Model.Version;
        var activations = await engine.Archive.Activations(cancellationToken).ConfigureAwait(false);
        return [.. _options.Models.Select(model => activations.TryGetValue(model.Version, out var last)
            ? new VersionView(model.Version, model.Title, model.Version == active, last.At, last.Actor)
            : new VersionView(model.Version, model.Title, model.Version == active, null, null))];
    }

    /// <inheritdoc/>
    public ValueTask<HealthModel?> GetModelAsync(string version, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Model(version));

    /// <inheritdoc/>
    public async ValueTask<bool> ActivateModelAsync(string version, string actor, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var engine = Up();
        return Model(version) is not null && await engine.Journal.Enqueue(new ActivateModel(version, actor)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<Page<HeldView>> ListHeldAsync(int limit, string? cursor, CancellationToken cancellationToken)
    {
        var engine = Up();
        if (limit is < 1 or > 500) throw new InvalidQueryException("limit", "it must be between 1 and 500");
        var asOf = DateTimeOffset.FromUnixTimeMilliseconds(engine.Memory.Clock.Now());
        return await engine.Archive.Held(limit, cursor, asOf, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The events are kept for a day after the link, and asking again returns them again: a caller that failed before it had taken
    /// them loses nothing, and the ids of signals that were taken see to it that none counts twice.
    /// </remarks>
    public async ValueTask<IReadOnlyList<HeldEvent>> LinkAsync(
        string source, string externalId, string account, string actor, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await Up().Journal.Enqueue(new Link(source, externalId, account, actor)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<Page<AuditView>> ListAuditAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        var engine = Up();
        if (query.Limit is < 1 or > 500) throw new InvalidQueryException("limit", "it must be between 1 and 500");
        var asOf = DateTimeOffset.FromUnixTimeMilliseconds(engine.Memory.Clock.Now());
        var erased = query.Account is null ? null : ErasedAccount.Pseudonym(engine.Memory.Keys, query.Account);
        return await engine.Archive.Audit(query, erased, asOf, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<IChangeFeed> WatchAsync(WatchFilter filter, long? after, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Up().Hub.Open(filter, after));

    /// <summary>
    /// Takes events whose identity has become known. Reading them is a caller's work, not the journal thread's; they wait in the
    /// file until the commit that holds their signals, so that a crash in between loses none (see <see cref="StartAsync"/>).
    /// </summary>
    private async ValueTask ReleaseAsync(List<HeldEvent> released)
    {
        try
        {
            while (released.Count > 0)
            {
                var batch = new IntakeBatch();
                IntakeReader.ReadHeld(released, IntakeContext.Of(this), batch);
                var request = new IntakeRequest(batch) { Settles = released };
                Up().Journal.Enqueue(request);
                await request.Task.ConfigureAwait(false);
                released = request.Released;
            }
        }
        catch (HostUnavailableException)
        {
            // What the caller asked for is done; these are taken at the next start.
        }
    }

    private static async ValueTask<AccountState?> Copy(Engine engine, string id, CancellationToken cancellationToken)
    {
        if (!engine.Memory.Accounts.TryFind(id, out var number)) return null;
        return await engine.Turns.Ask(turns => turns.Book.Find(number)?.State.Clone()).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private HealthModel? Model(string version) => _options.Models.FirstOrDefault(model => model.Version == version);
}
