using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;

namespace HealthGrains.HostContract;

/// <content>What people write down, put off and hand over.</content>
public abstract partial class HostContractTests
{
    [Fact]
    public async Task A_note_is_kept_with_who_and_when_stands_in_the_timeline_and_goes_with_the_account()
    {
        await Host.PutProfileAsync(Customer(), "test", None);
        var due = Clock.GetUtcNow().AddDays(3);
        using var feed = await Host.WatchAsync(new WatchFilter(Owner: "dana"), null, CancellationToken.None);
        var said = await DoneAsync(new AddNote("bo", NoteKind.Call, "They merge two teams.", due.ToUnixTimeMilliseconds(), "Ask who leads", null));
        await MoveAsync(TimeSpan.FromSeconds(2));
        var second = await DoneAsync(new AddNote("dana", NoteKind.Note, "A second \u2603", null, null, null));

        var note = (await Host.Desks.GetNoteAsync(said, None))!;
        Assert.Equal(note, (await Next(feed, "note.added")).Data);
        Assert.Equal(("bo", NoteKind.Call, "They merge two teams.", "dana"), (note.By, note.Kind, note.Text, note.Owner));
        var notes = await Host.Desks.ListNotesAsync(new WorkQuery(Account: "acme", Limit: 1), None);
        Assert.Equal((second, 2), (notes.Items.Single().Id, notes.Total));
        var older = await Host.Desks.ListNotesAsync(new WorkQuery(Account: "acme", Limit: 1, Cursor: notes.Next), None);
        Assert.Equal((said, null), (older.Items.Single().Id, older.Next));
        var task = (await Host.Desks.GetTaskAsync(note.FollowUp!, None))!;
        Assert.Equal(("Ask who leads", "dana", due, note.Id, note.Text), (task.Title, task.Owner, task.DueAt, task.Note, task.Brief));

        var timeline = (await Host.GetTimelineAsync("acme", 7, None))!;
        Assert.Equal(["Note by dana", "Call noted by bo"], timeline.Where(item => item.Kind == "note.added").Select(item => item.Title));
        Assert.Equal(("They merge two teams.", note.At), (timeline[^1].Detail, timeline[^1].At));
        var audit = (await Host.ListAuditAsync(new AuditQuery(Account: "acme", Actor: "bo"), None)).Items.Single();
        Assert.Equal(("note.added", $"{note.Id}, followed up by {task.Id}"), (audit.Action, audit.Detail));

        Assert.NotNull(await Host.EraseAsync("acme", "test", None));
        Assert.Null(await Host.Desks.GetNoteAsync(said, None));
        Assert.Equal(0, (await Host.Desks.ListNotesAsync(new WorkQuery(), None)).Total);
    }

    [Fact]
    public async Task A_task_is_put_off_with_a_reason_and_says_so_where_it_is_listed_and_in_the_timeline()
    {
        await Host.PutProfileAsync(Customer(), "test", None);
        var id = await DoneAsync(new AddTask("dana", "Call", null, Clock.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds()));
        Assert.True(DeskIds.TryReadTask(id, out _, out var number));
        var until = Clock.GetUtcNow().AddDays(9);
        await DoneAsync(new PostponeTask("bo", number, until.ToUnixTimeMilliseconds(), "They are away"));
        var listed = (await Host.Desks.ListTasksAsync(new WorkQuery(Owner: "dana"), None)).Items.Single();
        Assert.Equal(until, listed.DueAt);
        var put = listed.Postponed.Single();
        Assert.Equal(("bo", "They are away", until), (put.By, put.Reason, put.To));
        var refused = await Host.Desks.DoAsync("acme", new PostponeTask("bo", number, until.AddDays(90).ToUnixTimeMilliseconds(), "x"), None);
        Assert.Equal(DeskRefusal.Invalid, refused!.Refusal);

        await DoneAsync(new EndTask("dana", number, false, null, null, []));
        var item = (await Host.GetTimelineAsync("acme", 7, None))!.Single(item => item.Kind == "task.postponed");
        Assert.Equal(($"Task put off to {until:yyyy-MM-dd} by bo: Call", "They are away", put.At), (item.Title, item.Detail, item.At));
        Assert.Contains((await Host.ListAuditAsync(new AuditQuery(Account: "acme"), None)).Items, entry => entry.Action == "task.postponed");
    }

    [Fact]
    public async Task A_book_changes_hands_as_it_was_planned_and_nothing_is_left_behind()
    {
        await DetractorAsync();
        var alert = await RaisedAsync();
        await Host.ActOnAlertAsync(new AlertAct(alert.Id, "test", AlertDeed.Assign, To: "dana"), None);
        await Host.PutProfileAsync(Profile("beta") with { Owner = "dana", Arr = 5 }, "test", None);
        await Host.PutProfileAsync(Profile("gamma") with { Owner = "kim" }, "test", None);
        await Host.Desks.DoAsync("beta", new AddTask("dana", "Call", null, null), None);
        await Host.Desks.DoAsync("beta", new AddTask("dana", "Not hers", "olaf", null), None);
        await UntilAsync(async () => await PlanAsync("dana") is { Accounts: 2, Alerts: 1, Plays: 1, Tasks: 2 });
        var plan = (await Host.PlanHandOverAsync(null, "dana", None))!;
        Assert.Equal(["acme", "beta"], plan.Items.Select(row => row.Account));
        Assert.Equal((1, 1, 1), (plan.Items[0].Alerts, plan.Items[0].Plays, plan.Items[1].Tasks));

        var order = new HandOverOrder("test", "eve", null, "dana", WithAccounts: true);
        var done = (await Host.HandOverAsync(order, None))!.Value;
        Assert.True(done is { Accounts: 2, Refused: null });

        await UntilAsync(async () => await PlanAsync("dana") is { Accounts: 0, Alerts: 0 });
        await UntilAsync(async () => await PlanAsync("eve") is { Accounts: 2, Alerts: 1, Plays: 1, Tasks: 2 });
        var beta = (await Account("beta")).Profile;
        Assert.True(beta is { Owner: "eve", Arr: 5 });
        Assert.Equal("olaf", (await Host.Desks.ListTasksAsync(new WorkQuery(Owner: "olaf"), None)).Items.Single().Owner);
        Assert.Equal(0, (await Host.Desks.ListTasksAsync(new WorkQuery(Owner: "dana"), None)).Total);
        Assert.True((await Host.HandOverAsync(order, None))!.Value is { Accounts: 0, Refused: null });
        Assert.Null(await Host.HandOverAsync(order with { Account = "nobody", From = null }, None));
        Assert.Null(await Host.PlanHandOverAsync("nobody", null, None));
    }

    [Fact]
    public async Task Who_stands_in_gets_the_work_and_the_account_keeps_its_owner()
    {
        await PractiseAsync([new PracticeFile("teams/all.json", """{ "manager": "maria", "members": ["dana", "eve"] }""")]);
        await Host.PutProfileAsync(Customer(), "test", None);
        await DoneAsync(new AddTask("dana", "Call", null, null));
        var order = new HandOverOrder("dana", "eve", "acme", null, WithAccounts: false);
        var (accounts, refused) = (await Host.HandOverAsync(order, None))!.Value;
        Assert.Equal((0, DeskRefusal.Forbidden), (accounts, refused!.Refusal));
        Assert.True((await Host.HandOverAsync(order with { Actor = "maria" }, None))!.Value is { Accounts: 1, Refused: null });
        Assert.Equal("eve", (await Host.Desks.ListTasksAsync(new WorkQuery(Account: "acme"), None)).Items.Single().Owner);
        Assert.Equal("dana", (await Account("acme")).Profile.Owner);
    }

    private async Task<HandOverPlan> PlanAsync(string from) => (await Host.PlanHandOverAsync(null, from, None))!;

    private async Task<string> DoneAsync(DeskCommand command)
    {
        var reply = (await Host.Desks.DoAsync("acme", command, None))!;
        Assert.True(reply.Refusal == DeskRefusal.None, reply.Reason);
        return reply.Subject!;
    }
}
