using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Core.Tests.Portfolio;
using HealthGrains.Delivery;
using HealthGrains.Grains.Desks;
using HealthGrains.Grains.Postgres;
using HealthGrains.Grains.Storage;
using HealthGrains.HostContract;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;

namespace HealthGrains.Grains.Tests.Postgres;

/// <summary>What every store promises about what desks leave; and, as every host's, about what is to leave the house.</summary>
public abstract class DeskStoreTests<TStore> : DeliveryStoreContract where TStore : IAccountStore, IBookStore, IDeskStore
{
    private static readonly CancellationToken None = CancellationToken.None;

    private long _version;

    protected TStore Stored { get; init; } = default!;

    protected override IDeliveryStore Store => Stored.Deliveries;

    protected override async Task WriteAsync(params Dispatch[] dispatches)
    {
        foreach (var dispatch in dispatches)
        {
            await Stored.WriteAsync([Made.Write(dispatch.Account)], None);
            Assert.Equal(DeskWritten.Now, await Stored.WriteDeskAsync(dispatch.Account, Message(++_version, dispatches: [dispatch]), None));
        }
    }

    [Fact]
    public async Task What_a_turn_left_is_stored_whole_and_the_account_knows_of_its_desk()
    {
        await Stored.WriteAsync([Made.Write("acme")], None);
        Assert.False((await Stored.ReadAsync("acme", None))!.Desk.Exists);
        var left = Message(3, [Made.Play("acme", 1)], [Made.Draft("acme", 2)], [Made.Task("acme", 3)], [Made.Chat("acme:4", "acme")]) with
        {
            OpenAlerts = 1,
            Alerts = [new AlertEffect(AlertChange.Raised, Made.Alert("acme", 1, "a detractor") with { RuleVersion = 1 })],
            Audit = [new AuditView(Book.Now, "playbook", "trigger.fired", "acme", "detractor 1")],
        };
        Assert.Equal(DeskWritten.Now, await Stored.WriteDeskAsync("acme", left, None));
        Assert.Equal(new DeskHead(3, 1), (await Stored.ReadAsync("acme", None))!.Desk);
        Assert.Equal("a detractor", Assert.Single((await Stored.AlertsAsync(new AlertQuery(), 0, None)).Items).Reason);
        Assert.Equal("detractor 1", Assert.Single((await Stored.AuditAsync(new AuditQuery(), null, 0, None)).Items).Detail);
        Assert.Equal("acme:4", Assert.Single((await Store.ListAsync(new DeliveryQuery(), None)).Items).Dispatch.Id);
        Assert.Equal("Follow-up", (await Stored.WorkAsync<PlayView>(WorkKind.Play, "acme:play:1", None))!.Title);
        Assert.Equal("Hello", (await Stored.WorkAsync<DraftView>(WorkKind.Draft, "acme:draft:2", None))!.Subject);
        Assert.Equal("Call", (await Stored.WorkAsync<TaskView>(WorkKind.Task, "acme:task:3", None))!.Title);
        Assert.Null(await Stored.WorkAsync<TaskView>(WorkKind.Task, "acme:play:1", None));
    }

    [Fact]
    public async Task A_message_that_comes_again_or_too_late_changes_nothing()
    {
        await Stored.WriteAsync([Made.Write("acme")], None);
        var audit = new AuditView(Book.Now, "playbook", "trigger.fired", "acme", null);
        var first = Message(1, [Made.Play("acme", 1)], dispatches: [Made.Chat("acme:2", "acme")]) with { Audit = [audit] };
        var second = Message(2, [Made.Play("acme", 1) with { State = PlayState.Ended, Exit = "recovered" }]);
        Assert.Equal(DeskWritten.Now, await Stored.WriteDeskAsync("acme", first, None));
        Assert.Equal(DeskWritten.Now, await Stored.WriteDeskAsync("acme", second, None));
        Assert.Equal(DeskWritten.Before, await Stored.WriteDeskAsync("acme", first, None));
        Assert.Equal(DeskWritten.Before, await Stored.WriteDeskAsync("acme", second, None));
        Assert.Equal("recovered", (await Stored.WorkAsync<PlayView>(WorkKind.Play, "acme:play:1", None))!.Exit);
        Assert.Equal(1, (await Stored.AuditAsync(new AuditQuery(), null, 0, None)).Total);
        Assert.Equal(1, (await Store.ListAsync(new DeliveryQuery(), None)).Total);
    }

    [Fact]
    public async Task Nothing_is_stored_of_the_desk_of_an_account_that_is_not_there_and_all_of_it_goes_with_an_erasure()
    {
        var left = Message(1, [Made.Play("acme", 1)], [Made.Draft("acme", 2)], [Made.Task("acme", 3)], [Made.Chat("acme:4", "acme")]);
        Assert.Equal(DeskWritten.NoAccount, await Stored.WriteDeskAsync("acme", left, None));
        await Stored.WriteAsync([Made.Write("acme"), Made.Write("other")], None);
        await Stored.WriteDeskAsync("acme", left, None);
        await Stored.WriteDeskAsync("other", Message(1, [Made.Play("other", 1)], dispatches: [Made.Chat("other:4", "other")]), None);
        await Stored.EraseAsync("acme", "erased-1", new AuditView(Book.Now, "dana", "account.erased", "erased-1", null), None);
        Assert.Equal(DeskWritten.NoAccount, await Stored.WriteDeskAsync("acme", left with { Version = 2 }, None));
        Assert.Equal("other", Assert.Single((await Stored.WorkAsync<PlayView>(WorkKind.Play, new WorkQuery(), 0, None)).Items).Account);
        Assert.Equal(0, (await Stored.WorkAsync<DraftView>(WorkKind.Draft, new WorkQuery(), 0, None)).Total);
        Assert.Equal(0, (await Stored.WorkAsync<TaskView>(WorkKind.Task, new WorkQuery(), 0, None)).Total);
        Assert.Equal("other:4", Assert.Single((await Store.ListAsync(new DeliveryQuery(), None)).Items).Dispatch.Id);
        // One of the same name that comes anew begins anew.
        await Stored.WriteAsync([Made.Write("acme")], None);
        Assert.False((await Stored.ReadAsync("acme", None))!.Desk.Exists);
        Assert.Equal(DeskWritten.Now, await Stored.WriteDeskAsync("acme", left, None));
    }

    [Fact]
    public async Task What_ended_and_was_settled_long_ago_is_dropped_a_few_at_a_time_and_nothing_else()
    {
        var (old, young) = (Book.Now.AddDays(-2), Book.Now.AddHours(-1));
        await Stored.WriteAsync([Made.Write("a")], None);
        PlayView[] plays =
        [
            .. Enumerable.Range(1, 5).Select(i => Made.Play("a", i) with { State = PlayState.Ended, Exit = "completed", EndedAt = old }),
            Made.Play("a", 6) with { State = PlayState.Ended, Exit = "completed", EndedAt = young },
            Made.Play("a", 7) with { StartedAt = old.AddDays(-900) },
        ];
        DraftView[] drafts =
        [
            Made.Draft("a", 11) with { State = DraftState.Sent, DecidedAt = old.AddDays(-9), SentAt = old },
            Made.Draft("a", 12) with { State = DraftState.Sent, DecidedAt = old, SentAt = young },
            Made.Draft("a", 13) with { State = DraftState.Expired, DecidedAt = old },
            Made.Draft("a", 14) with { State = DraftState.Approved, DecidedAt = old },
        ];
        TaskView[] tasks = [Made.Task("a", 21) with { State = TaskState.Done, EndedAt = old }, Made.Task("a", 22) with { DueAt = old.AddDays(-900) }];
        await Stored.WriteDeskAsync("a", Message(++_version, plays, drafts, tasks), None);
        var (at, hour) = (Book.NowMs, 3_600_000L);
        foreach (var number in Enumerable.Range(31, 5))
        {
            var dispatch = Made.Chat($"a:{number}", "a") with { At = at - 60 * hour, NotBefore = at - 60 * hour };
            await Stored.WriteDeskAsync("a", Message(++_version, dispatches: [dispatch]), None);
        }
        await Store.CancelAsync("a:31", "old", at - 48 * hour, None);
        await Store.CancelAsync("a:32", "young", at - hour, None);
        await Store.ExpireAsync(ReceiverKeys.Chat, at, at - 48 * hour, "too late", None);
        await Store.RetryAsync("a:34", "dana", at - 2 * hour, None);
        await Store.RetryAsync("a:35", "dana", at - hour, None);
        await Store.CancelAsync("a:35", "young too", at - hour / 2, None);

        var dropped = 0;
        for (var round = 0; await Stored.PruneSettledAsync(at - 24 * hour, at - 24 * hour, 3, None) is > 0 and var count; round++)
        {
            dropped += count;
            Assert.True(round < 9, "it never ends");
        }
        // Five plays, two drafts, a task; and of the deliveries the two that were settled long ago.
        Assert.Equal(10, dropped);
        Assert.Equal(["a:35", "a:34", "a:32"], (await Store.ListAsync(new DeliveryQuery(), None)).Items.Select(row => row.Dispatch.Id));
        Assert.Equal([6, 7, 12, 14, 22], await ThereAsync([1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 14, 21, 22]));
        // The desk is as far as it was: what it said before is not taken again.
        Assert.Equal(DeskWritten.Before, await Stored.WriteDeskAsync("a", Message(1, plays), None));
    }

    private async Task<List<int>> ThereAsync(int[] numbers)
    {
        var there = new List<int>();
        foreach (var number in numbers)
        {
            object? found = number < 10 ? await Stored.WorkAsync<PlayView>(WorkKind.Play, DeskIds.Play("a", number), None)
                : number < 20 ? await Stored.WorkAsync<DraftView>(WorkKind.Draft, DeskIds.Draft("a", number), None)
                : await Stored.WorkAsync<TaskView>(WorkKind.Task, DeskIds.Task("a", number), None);
            if (found is not null) there.Add(number);
        }
        return there;
    }

    [Fact]
    public async Task Lists_have_plays_latest_first_and_tasks_first_due_first_page_by_page()
    {
        await Stored.WriteAsync([Made.Write("a"), Made.Write("b")], None);
        PlayView[] plays = [.. Enumerable.Range(1, 7).Select(i => Made.Play("a", i) with { StartedAt = Book.Now.AddHours(i / 2) })];
        TaskView[] tasks = [.. Enumerable.Range(11, 5).Select(i => Made.Task("b", i) with { DueAt = Book.Now.AddHours(-i / 2), Owner = "bo" })];
        await Stored.WriteDeskAsync("a", Message(1, plays), None);
        await Stored.WriteDeskAsync("b", Message(1, tasks: [.. tasks, Made.Task("b", 20) with { State = TaskState.Done }]), None);
        Assert.Equal(
            plays.OrderByDescending(play => play.StartedAt).ThenByDescending(play => play.Id, StringComparer.Ordinal)
                .Select(play => play.Id),
            await AllAsync<PlayView>(WorkKind.Play, new WorkQuery(Limit: 3), 7, play => play.Id));
        Assert.Equal(
            tasks.OrderBy(task => task.DueAt).ThenBy(task => task.Id, StringComparer.Ordinal).Select(task => task.Id),
            await AllAsync<TaskView>(WorkKind.Task, new WorkQuery(Limit: 2), 5, task => task.Id));
        Assert.Equal("b:task:20", Assert.Single((await Stored.WorkAsync<TaskView>(WorkKind.Task, new WorkQuery(State: "done"), 0, None)).Items).Id);
        Assert.Equal(0, (await Stored.WorkAsync<PlayView>(WorkKind.Play, new WorkQuery(Account: "b"), 0, None)).Total);
        Assert.Equal(5, (await Stored.WorkAsync<TaskView>(WorkKind.Task, new WorkQuery(Owner: "bo"), 0, None)).Total);
        await Assert.ThrowsAsync<InvalidQueryException>(() => Stored.WorkAsync<TaskView>(WorkKind.Task, new WorkQuery(Cursor: "made up"), 0, None));
    }

    [Fact]
    public async Task Reviews_are_counted_by_how_drafts_were_decided()
    {
        await Stored.WriteAsync([Made.Write("a")], None);
        var draft = Made.Draft("a", 1) with { DecidedAt = Book.Now, DecidedBy = "dana", State = DraftState.Sent };
        DraftView[] drafts =
        [
            Made.Draft("a", 90), draft, draft with { Id = "a:draft:2", ReadAt = Book.Now, Edited = true },
            draft with { Id = "a:draft:3", DecidedBy = DeskTurns.ByItself }, draft with { Id = "a:draft:4", State = DraftState.Rejected },
            draft with { Id = "a:draft:5", State = DraftState.Expired, DecidedBy = null }, draft with { Id = "a:draft:6", Kind = StepKind.Approval },
            draft with { Id = "a:draft:7", DecidedAt = Book.Now.AddDays(-2) }, draft with { Id = "a:draft:8", Owner = "bo" },
        ];
        await Stored.WriteDeskAsync("a", Message(1, drafts: drafts), None);
        var since = Book.Now.AddDays(-1);
        Assert.Equal(new ReviewFigures(since, 3, 2, 2, 1, 1, 1), await Stored.ReviewsAsync(null, since, None));
        Assert.Equal(new ReviewFigures(since, 1, 1, 1, 0, 0, 0), await Stored.ReviewsAsync("bo", since, None));
    }

    [Fact]
    public async Task Changes_of_the_practice_are_numbered_once_and_kept_in_order()
    {
        var edit = new PracticeEdit([new PracticeFile("teams/a.json", "{}\u0001é")], ["teams/b.json"]);
        var audit = new AuditView(Book.Now, "dana", "practice.file.put", "teams/a.json", null);
        Assert.True(await Stored.AddPracticeAsync(new StoredEdit(1, edit), [audit], None));
        Assert.False(await Stored.AddPracticeAsync(new StoredEdit(1, edit), [audit], None));
        Assert.True(await Stored.AddPracticeAsync(new StoredEdit(2, edit), [], None));
        Assert.Equal(1, (await Stored.AuditAsync(new AuditQuery(), null, 0, None)).Total);
        Assert.Equal([1L, 2], (await Stored.PracticeAsync(0, None)).Select(one => one.Number));
        var last = Assert.Single(await Stored.PracticeAsync(1, None)).Edit;
        Assert.Equal((edit.With[0], "teams/b.json"), (last.With[0], last.Without[0]));
    }

    private async Task<List<string>> AllAsync<T>(WorkKind kind, WorkQuery query, int total, Func<T, string> id)
    {
        var all = new List<string>();
        do
        {
            var page = await Stored.WorkAsync<T>(kind, query, 0, None);
            Assert.Equal(total, page.Total);
            all.AddRange(page.Items.Select(id));
            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);
        return all;
    }

    private static DeskMessage Message(
        long version, PlayView[]? plays = null, DraftView[]? drafts = null, TaskView[]? tasks = null,
        Dispatch[]? dispatches = null) => new()
    {
        Version = version, OpenAlerts = 0, Plays = plays ?? [], Drafts = drafts ?? [], Tasks = tasks ?? [], Dispatches = dispatches ?? [],
    };
}

public sealed class MemoryDeskStoreTests : DeskStoreTests<MemoryStore>
{
    public MemoryDeskStoreTests() => Stored = new MemoryStore();
}

[NeedsPostgres]
[Collection("postgres")]
public sealed class PostgresDeskStoreTests : DeskStoreTests<PostgresStore>
{
    public PostgresDeskStoreTests() => Stored = new PostgresStore(PostgresServer.Instance.NewDatabase(), () => TenantKeys.Repeatable);
}
