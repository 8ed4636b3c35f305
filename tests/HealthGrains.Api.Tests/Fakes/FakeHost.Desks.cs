using HealthGrains.Delivery;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;

namespace HealthGrains.Api.Tests.Fakes;

/// <content>Desks: what was asked is remembered, and what is answered is given by the test.</content>
internal sealed partial class FakeHost : IDesks
{
    private PracticeBook _practice = PracticeBook.Empty(NoTemplateCheck.Instance);

    public IDesks Desks => this;

    public MemoryDeliveryStore DeliveryStore { get; } = new();

    public IDeliveryStore Deliveries => DeliveryStore;

    public (string Account, DeskCommand Command)? LastCommand { get; private set; }

    public List<(string Account, DeskCommand Command)> Commands { get; } = [];

    public WorkQuery? LastWorkQuery { get; private set; }

    public Func<string, DeskCommand, DeskReply?> Reply { get; set; } = (_, _) => DeskReply.Done("acme:play:1");

    public Dictionary<string, PlayView> Plays { get; } = [];

    public Dictionary<string, DraftView> Drafts { get; } = [];

    public Dictionary<string, TaskView> Tasks { get; } = [];

    public Dictionary<string, NoteView> Notes { get; } = [];

    public ValueTask<DeskView?> GetDeskAsync(string account, CancellationToken cancellationToken)
    {
        Throw();
        return new(Accounts.ContainsKey(account)
            ? new DeskView(account, [.. Plays.Values], [.. Drafts.Values], [.. Tasks.Values], [], null, [], 1) : null);
    }

    public ValueTask<DeskReply?> DoAsync(string account, DeskCommand command, CancellationToken cancellationToken)
    {
        Throw();
        LastCommand = (account, command);
        Commands.Add((account, command));
        return new(Reply(account, command));
    }

    public ValueTask<Page<PlayView>> ListPlaysAsync(WorkQuery query, CancellationToken cancellationToken) => Page(Plays.Values, query);

    public ValueTask<Page<DraftView>> ListDraftsAsync(WorkQuery query, CancellationToken cancellationToken) => Page(Drafts.Values, query);

    public ValueTask<Page<TaskView>> ListTasksAsync(WorkQuery query, CancellationToken cancellationToken) => Page(Tasks.Values, query);

    public ValueTask<PlayView?> GetPlayAsync(string id, CancellationToken cancellationToken) => new(Plays.GetValueOrDefault(id));

    public ValueTask<DraftView?> GetDraftAsync(string id, CancellationToken cancellationToken) => new(Drafts.GetValueOrDefault(id));

    public ValueTask<TaskView?> GetTaskAsync(string id, CancellationToken cancellationToken) => new(Tasks.GetValueOrDefault(id));

    public ValueTask<Page<NoteView>> ListNotesAsync(WorkQuery query, CancellationToken cancellationToken) => Page(Notes.Values, query);

    public ValueTask<NoteView?> GetNoteAsync(string id, CancellationToken cancellationToken) => new(Notes.GetValueOrDefault(id));

    public ValueTask<ReviewFigures> GetReviewFiguresAsync(string? owner, DateTimeOffset since, CancellationToken cancellationToken) =>
        new(new ReviewFigures(since, 4, 1, 2, 1, 0, 3));

    public ValueTask<TeamView> GetTeamAsync(CancellationToken cancellationToken)
    {
        var dana = new OwnerFigures("dana", "maria", 2, 1, 2.75, 0.5, 6, 4, new TimesView(9, 1.5, 20), new TimesView(0, null, null));
        return new(new TeamView(Clock.GetUtcNow(), new BudgetView("alertBudget", 1, "Three a week", 3, 7), dana with { Owner = null }, [dana]));
    }

    public ValueTask<PracticeBook> GetPracticeAsync(CancellationToken cancellationToken) => new(_practice);

    public ValueTask<PracticeChange> ChangePracticeAsync(PracticeEdit edit, string actor, CancellationToken cancellationToken)
    {
        LastActor = actor;
        var change = _practice.Change(edit.With, edit.Without);
        _practice = change.Book;
        return new(change);
    }

    private ValueTask<Page<T>> Page<T>(IReadOnlyCollection<T> all, WorkQuery query)
    {
        Throw();
        LastWorkQuery = query;
        return new(new Page<T>([.. all], null, all.Count, Time.GetUtcNow()));
    }
}
