using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Grains.Accounts;
using HealthGrains.Grains.Storage;
using HealthGrains.Health;
using HealthGrains.Hosting;
using HealthGrains.Intake;

namespace HealthGrains.Grains.Hosting;

/// <content>What the port offers beside intake.</content>
internal sealed partial class ClusterHost
{
    /// <inheritdoc/>
    public async ValueTask<bool> PutProfileAsync(AccountProfile profile, string actor, CancellationToken cancellationToken)
    {
        Up();
        if (!AccountId.IsValid(profile.Id)) throw new InvalidQueryException("id", AccountId.Rule);
        var bytes = StoredJson.WriteBytes(profile);
        if (_log is { } log)
        {
            var place = await log.AppendProfileAsync(profile.Id, bytes, actor, cancellationToken);
            return await PutAppendedAsync(profile, bytes, actor, place);
        }
        var isNew = await _calls.CallAsync(profile.Id, grain => grain.PutProfileAsync(bytes, actor), cancellationToken);
        await LearnAsync(profile, isNew);
        return isNew;
    }

    /// <inheritdoc/>
    public async ValueTask<AccountView?> GetAccountAsync(string id, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        var moment = at is { } asked ? AccountQuestions.Past("at", asked, Now()) : (long?)null;
        if (await CopyWithDeskAsync(id, cancellationToken) is not var (state, ruling, now, hasDesk)) return null;
        var turn = ruling.Turn(now, new Outbox());
        if (moment is { } past) return AccountTurns.ViewAt(state, past, Names, turn);
        return AccountTurns.View(state, Names, turn).WithDesk(hasDesk ? await DeskAsync(id, state, ruling, now, cancellationToken) : null);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<EvidenceView>> FindEvidenceAsync(
        IReadOnlyCollection<string> accounts, DateTimeOffset since, CancellationToken cancellationToken)
    {
        Up();
        const int most = 1_000;
        if (accounts.Count == 0) return [];
        return [.. (await _directoryStore.EvidenceAsync(accounts, since.ToUnixTimeMilliseconds(), most, cancellationToken))
            .Select(EvidenceView.Of)];
    }

    /// <inheritdoc/>
    public ValueTask<SourcesView> GetSourcesAsync(CancellationToken cancellationToken)
    {
        Up();
        return ValueTask.FromResult(SourcesView.Of(_tenant.Ruling.Facts.Pulse));
    }

    /// <inheritdoc/>
    public async ValueTask<Page<AccountSummary>> ListAccountsAsync(AccountQuery query, CancellationToken cancellationToken)
    {
        Up();
        return await _book.ListAsync(query, Now(), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<Ledger?> GetLedgerAsync(
        string id, DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var from = AccountQuestions.Past("since", since, Now());
        var to = AccountQuestions.Past("until", until, Now());
        if (from > to) throw new InvalidQueryException("since", "it must not be after until");
        return await CopyAsync(id, cancellationToken) is var (state, ruling, now)
            ? AccountTurns.Explain(state, from, to, ruling.Turn(now, new Outbox())) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<HistoryPoint>?> GetHistoryAsync(string id, int? days, CancellationToken cancellationToken)
    {
        var span = AccountQuestions.HistoryDays(days, _options.CloseDays);
        if (await CopyAsync(id, cancellationToken) is not var (state, ruling, now)) return null;
        var today = AccountTurns.Today(state, ruling.Turn(now, new Outbox()));
        var points = await _book.ClosesAsync(id, today.Day.AddDays(1 - span), today.Day.AddDays(-1), cancellationToken);
        points.Add(today);
        return points;
    }

    /// <inheritdoc/>
    public async ValueTask<AccountView?> WhatIfAsync(string id, WhatIfQuestion question, CancellationToken cancellationToken)
    {
        var moment = AccountQuestions.Moment(question.At, Now());
        var asked = question.Model is not { } model ? null
            : Model(model) ?? throw new InvalidQueryException("model", $"there is no model '{model}'");
        if (await CopyAsync(id, cancellationToken) is not var (state, ruling, now)) return null;
        if (question.At is null) moment = now;
        return AccountQuestions.WhatIf(state, question, asked ?? ruling.Model, moment, now, ruling, Names);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// What a log still has of the account goes with the log's own retention. Until then, reading it again does not bring the account
    /// back as far as it had been taken.
    /// </remarks>
    public async ValueTask<EraseReceipt?> EraseAsync(string id, string actor, CancellationToken cancellationToken)
    {
        Up();
        var pseudonym = ErasedAccount.Pseudonym(Keys, id);
        if (!AccountId.IsValid(id)) return null;
        var reply = await _calls.CallAsync(id, grain => grain.EraseAsync(pseudonym, actor), cancellationToken);
        if (reply is null) return null;
        _directory.RemoveAccount(id);
        _hub.Forget(id);
        return new EraseReceipt(id, reply.ErasedAt, reply.Closes, 0);
    }

    /// <inheritdoc/>
    public async ValueTask<PortfolioView> GetPortfolioAsync(string? owner, CancellationToken cancellationToken)
    {
        Up();
        return await _book.TotalsAsync(owner, Now(), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<PortfolioFacets> GetFacetsAsync(CancellationToken cancellationToken)
    {
        Up();
        return await _book.FacetsAsync(Now(), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TimelineItem>?> GetTimelineAsync(string id, int? days, CancellationToken cancellationToken)
    {
        var span = AccountQuestions.HistoryDays(days, _options.CloseDays);
        if (await CopyAsync(id, cancellationToken) is not var (state, ruling, now)) return null;
        var since = now - span * Days.Millis;
        var alerts = await Timeline.AlertsAsync(this, id, cancellationToken);
        var people = await Timeline.OfPeopleAsync(this, id, Days.Time(since), cancellationToken);
        return Timeline.Merge(
            AccountTurns.Timeline(state, since, Names, ruling.Turn(now, new Outbox())), Timeline.OfAlerts(alerts, Days.Time(since)),
            people);
    }

    /// <inheritdoc/>
    /// <remarks>Nothing here finds signals by account: a topic is read by partition and place, and holds other accounts' too.</remarks>
    public async ValueTask<SignalsFound?> FindSignalsAsync(string id, SignalsQuery query, CancellationToken cancellationToken)
    {
        const string reason = "the cluster keeps no signals by account; read them where you store the log";
        AccountQuestions.Check(query);
        return await CopyAsync(id, cancellationToken) is var (_, _, now)
            ? new SignalsFound([], 0, Complete: false, reason, Days.Time(now)) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<Page<AlertView>> ListAlertsAsync(AlertQuery query, CancellationToken cancellationToken)
    {
        Up();
        if (query.Limit is < 1 or > 500) throw new InvalidQueryException("limit", "it must be between 1 and 500");
        return await _book.AlertsAsync(query, Now(), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<AlertView?> ActOnAlertAsync(AlertAct act, CancellationToken cancellationToken)
    {
        Up();
        AlertActs.Check(act, Now());
        if (await _book.AlertAsync(act.Alert, cancellationToken) is not { } alert) return null;
        if (alert.State is AlertState.Resolved or AlertState.Closed) throw Over(act);
        if (alert.RuleVersion is not null) return await ActAtDeskAsync(alert, act, cancellationToken);
        var action = AlertAction.Of(act);
        var answer = await _calls.CallAsync(alert.Account, grain => grain.ActOnAlertAsync(action), cancellationToken);
        return answer is null ? throw Over(act) : StoredJson.Read<AlertView>(answer, $"alert {act.Alert}") with
        {
            PushedAt = alert.PushedAt,
        };
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<VersionView>> ListModelsAsync(CancellationToken cancellationToken)
    {
        Up();
        var active = _tenant.Ruling.Model.Version;
        var activations = (await _directoryStore.ActivationsAsync(cancellationToken)).ToDictionary(one => one.Version);
        return [.. _options.Models.Select(model => activations.TryGetValue(model.Version, out var last)
            ? new VersionView(model.Version, model.Title, model.Version == active, last.At, last.Actor)
            : new VersionView(model.Version, model.Title, model.Version == active, null, null))];
    }

    /// <inheritdoc/>
    public ValueTask<HealthModel?> GetModelAsync(string version, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Model(version));

    /// <inheritdoc/>
    /// <remarks>Accounts are handed over as they are next asked or woken; the sweep wakes all of them, beginning at once.</remarks>
    public async ValueTask<bool> ActivateModelAsync(string version, string actor, CancellationToken cancellationToken)
    {
        Up();
        if (Model(version) is null) return false;
        var now = Clock.GetUtcNow();
        await _directoryStore.ActivatedAsync(new ModelActivation(version, now, actor), CancellationToken.None);
        await _directoryStore.AuditAsync(new AuditView(now, actor, "model.activated", version, null), CancellationToken.None);
        await _tenant.ActivateAsync(version);
        await _accounts.MakeDueAsync(now.ToUnixTimeMilliseconds(), CancellationToken.None);
        Log.ModelActivated(_logger, version, actor);
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask<Page<HeldView>> ListHeldAsync(int limit, string? cursor, CancellationToken cancellationToken)
    {
        Up();
        if (limit is < 1 or > 500) throw new InvalidQueryException("limit", "it must be between 1 and 500");
        return await _directoryStore.HeldAsync(limit, cursor, Now(), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>The events are kept for a day after the link, and asking again returns them again.</remarks>
    public async ValueTask<IReadOnlyList<HeldEvent>> LinkAsync(
        string source, string externalId, string account, string actor, CancellationToken cancellationToken)
    {
        if (await CopyAsync(account, cancellationToken) is null)
            throw new InvalidQueryException("account", $"there is no account '{account}'; create it first");
        await _directory.SetLinksAsync([new IdentityLink(source, externalId, account)], CancellationToken.None);
        await _directoryStore.AuditAsync(
            new AuditView(Clock.GetUtcNow(), actor, "identity.linked", account, $"{source}:{externalId}"), CancellationToken.None);
        return await _directoryStore.ReleaseAsync(source, externalId, Now(), CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask<Page<AuditView>> ListAuditAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        Up();
        if (query.Limit is < 1 or > 500) throw new InvalidQueryException("limit", "it must be between 1 and 500");
        var pseudonym = query.Account is null ? null : ErasedAccount.Pseudonym(Keys, query.Account);
        return await _book.AuditAsync(query, pseudonym, Now(), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IChangeFeed> WatchAsync(WatchFilter filter, long? after, CancellationToken cancellationToken)
    {
        Up();
        await _listener.WatchAsync().WaitAsync(cancellationToken);
        return _hub.Open(filter, after);
    }

    private static InvalidTransitionException Over(AlertAct act) => new($"alert {act.Alert} is over");
}
