using System.Globalization;
using System.Security.Cryptography;
using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Delivery;
using HealthGrains.Grains.Desks;
using HealthGrains.Grains.Owners;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;

namespace HealthGrains.Grains.Hosting;

/// <content>What people do for accounts.</content>
internal sealed partial class ClusterHost
{
    // No two starts of a node count from the same.
    private readonly string _requests = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private long _request;

    /// <inheritdoc/>
    public IDesks Desks => this;

    /// <inheritdoc/>
    public IDeliveryStore Deliveries => _deskStore.Deliveries;

    /// <inheritdoc/>
    public async ValueTask<DeskView?> GetDeskAsync(string account, CancellationToken cancellationToken) =>
        await CopyAsync(account, cancellationToken) is var (state, ruling, now)
            ? await DeskAsync(account, state, ruling, now, cancellationToken) : null;

    /// <inheritdoc/>
    public async ValueTask<DeskReply?> DoAsync(string account, DeskCommand command, CancellationToken cancellationToken)
    {
        if (await CopyAsync(account, cancellationToken) is null) return null;
        // A call that is not answered is made again, and done once.
        var request = string.Create(CultureInfo.InvariantCulture, $"{_requests}:{Interlocked.Increment(ref _request)}");
        var asked = StoredJson.WriteBytes(command);
        var reply = await _calls.CallDeskAsync(account, desk => desk.DoAsync(request, asked), cancellationToken);
        return reply is null ? null : StoredJson.Read<DeskReply>(reply, "a desk's reply");
    }

    /// <inheritdoc/>
    public ValueTask<Page<PlayView>> ListPlaysAsync(WorkQuery query, CancellationToken cancellationToken) =>
        WorkAsync<PlayView>(WorkKind.Play, query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Page<DraftView>> ListDraftsAsync(WorkQuery query, CancellationToken cancellationToken) =>
        WorkAsync<DraftView>(WorkKind.Draft, query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Page<TaskView>> ListTasksAsync(WorkQuery query, CancellationToken cancellationToken) =>
        WorkAsync<TaskView>(WorkKind.Task, query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Page<NoteView>> ListNotesAsync(WorkQuery query, CancellationToken cancellationToken) =>
        WorkAsync<NoteView>(WorkKind.Note, query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<PlayView?> GetPlayAsync(string id, CancellationToken cancellationToken) =>
        WorkAsync<PlayView>(WorkKind.Play, id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DraftView?> GetDraftAsync(string id, CancellationToken cancellationToken) =>
        WorkAsync<DraftView>(WorkKind.Draft, id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<TaskView?> GetTaskAsync(string id, CancellationToken cancellationToken) =>
        WorkAsync<TaskView>(WorkKind.Task, id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<NoteView?> GetNoteAsync(string id, CancellationToken cancellationToken) =>
        WorkAsync<NoteView>(WorkKind.Note, id, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ReviewFigures> GetReviewFiguresAsync(
        string? owner, DateTimeOffset since, CancellationToken cancellationToken)
    {
        Up();
        return await _deskStore.ReviewsAsync(owner, since, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<TeamView> GetTeamAsync(CancellationToken cancellationToken)
    {
        Up();
        var now = Now();
        var owners = (await _book.FacetsAsync(now, cancellationToken)).Owners.Select(owner => owner.Value).ToArray();
        var rows = await _ownerStore.TeamAsync(owners, now - TeamFigures.SpanDays * Days.Millis, cancellationToken);
        return TeamFigures.Of(rows, _tenant.Practice.Practice, now);
    }

    /// <inheritdoc/>
    public ValueTask<PracticeBook> GetPracticeAsync(CancellationToken cancellationToken)
    {
        Up();
        return ValueTask.FromResult(_tenant.Practice);
    }

    /// <inheritdoc/>
    /// <remarks>Accounts are looked at anew as they are next asked or woken; the sweep wakes all of them, beginning at once.</remarks>
    public async ValueTask<PracticeChange> ChangePracticeAsync(PracticeEdit edit, string actor, CancellationToken cancellationToken)
    {
        Up();
        var before = _tenant.Practice;
        PracticeChange change;
        try
        {
            change = await _tenant.ChangePracticeAsync(edit, actor);
        }
        // It knows no token of ours: where it is cancelled, Orleans has given it up.
        catch (Exception fault) when (fault is OrleansException or TimeoutException or StoreUnavailableException
            or OperationCanceledException)
        {
            throw new HostUnavailableException(
                StoreWatch.IsAway(fault) ? fault.Message : $"the practice could not be changed, try again: {fault.Message}", fault);
        }
        if (ReferenceEquals(change.Book, before)) return change;
        await _accounts.MakeDueAsync(Now(), CancellationToken.None);
        _grains.Call((await _ownerStore.OwnersAsync(CancellationToken.None)).Select(OwnerKeys.Of));
        return change;
    }

    private async ValueTask<AlertView?> ActAtDeskAsync(AlertView alert, AlertAct act, CancellationToken cancellationToken)
    {
        if (await DoAsync(alert.Account, AlertActs.ForDesk(act), cancellationToken) is not { } reply) return null;
        if (reply.Refusal != DeskRefusal.None) throw new InvalidTransitionException($"alert {alert.Id}: {reply.Reason}");
        return await _book.AlertAsync(act.Alert, cancellationToken);
    }

    private async ValueTask<DeskView> DeskAsync(
        string account, AccountState state, Ruling ruling, long now, CancellationToken cancellationToken)
    {
        var bytes = await _calls.CallDeskAsync(account, desk => desk.CopyAsync(), cancellationToken);
        var desk = StoredJson.Read<DeskState>(bytes, $"the desk of {account}");
        var sight = new DeskSight(state, ruling, _tenant.Practice.Practice, _options.Writer);
        return DeskTurns.View(desk, sight.Turn(now, new DeskOutbox()));
    }

    private async ValueTask<Page<T>> WorkAsync<T>(WorkKind kind, WorkQuery query, CancellationToken cancellationToken)
    {
        Up();
        if (query.Limit is < 1 or > 500) throw new InvalidQueryException("limit", "it must be between 1 and 500");
        return await _deskStore.WorkAsync<T>(kind, query, Now(), cancellationToken);
    }

    private async ValueTask<T?> WorkAsync<T>(WorkKind kind, string id, CancellationToken cancellationToken) where T : class
    {
        Up();
        return await _deskStore.WorkAsync<T>(kind, id, cancellationToken);
    }
}
