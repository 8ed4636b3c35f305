using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Delivery;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;

namespace HealthGrains.Embedded;

/// <content>What people do for accounts.</content>
public sealed partial class EmbeddedHost : IDesks
{
    private IDeliveryStore? _deliveries;

    /// <inheritdoc/>
    public IDesks Desks => this;

    /// <inheritdoc/>
    public IDeliveryStore Deliveries => _deliveries ??= new SqliteDeliveries(
        work => Up().Journal.Enqueue(new WithDatabase(work)), () => Up().Memory.Clock.Now());

    /// <inheritdoc/>
    public async ValueTask<DeskView?> GetDeskAsync(string account, CancellationToken cancellationToken)
    {
        var engine = Up();
        if (!engine.Memory.Accounts.TryFind(account, out var number)) return null;
        return await engine.Turns.Ask(turns => turns.Desk(number)).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<DeskReply?> DoAsync(string account, DeskCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await Up().Journal.Enqueue(new DoAtDesk(account, command)).ConfigureAwait(false);
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
    public async ValueTask<PlayView?> GetPlayAsync(string id, CancellationToken cancellationToken) =>
        await Up().Archive.Work<PlayView>(WorkKind.Play, id, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<DraftView?> GetDraftAsync(string id, CancellationToken cancellationToken) =>
        await Up().Archive.Work<DraftView>(WorkKind.Draft, id, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<TaskView?> GetTaskAsync(string id, CancellationToken cancellationToken) =>
        await Up().Archive.Work<TaskView>(WorkKind.Task, id, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<NoteView?> GetNoteAsync(string id, CancellationToken cancellationToken) =>
        await Up().Archive.Work<NoteView>(WorkKind.Note, id, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<ReviewFigures> GetReviewFiguresAsync(string? owner, DateTimeOffset since, CancellationToken cancellationToken) =>
        await Up().Archive.Reviews(owner, since, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<TeamView> GetTeamAsync(CancellationToken cancellationToken)
    {
        var engine = Up();
        var now = engine.Memory.Clock.Now();
        var owners = engine.Turns.Book.Index.Facets(now).Owners.Select(owner => owner.Value).ToArray();
        var rows = await engine.Archive.Team(owners, now - TeamFigures.SpanDays * Days.Millis, cancellationToken).ConfigureAwait(false);
        return TeamFigures.Of(rows, engine.Turns.Practice.Practice, now);
    }

    /// <inheritdoc/>
    public ValueTask<PracticeBook> GetPracticeAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Up().Turns.Practice);

    /// <inheritdoc/>
    public async ValueTask<PracticeChange> ChangePracticeAsync(PracticeEdit edit, string actor, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await Up().Journal.Enqueue(new ChangePractice(edit, actor)).ConfigureAwait(false);
    }

    private async ValueTask<Page<T>> WorkAsync<T>(WorkKind kind, WorkQuery query, CancellationToken cancellationToken)
    {
        var engine = Up();
        if (query.Limit is < 1 or > 500) throw new InvalidQueryException("limit", "it must be between 1 and 500");
        var asOf = DateTimeOffset.FromUnixTimeMilliseconds(engine.Memory.Clock.Now());
        int? account = null;
        if (query.Account is not null)
        {
            if (!engine.Memory.Accounts.TryFind(query.Account, out var number)) return new Page<T>([], null, 0, asOf);
            account = number;
        }

        return await engine.Archive.Work<T>(kind, query, account, asOf, cancellationToken).ConfigureAwait(false);
    }
}
