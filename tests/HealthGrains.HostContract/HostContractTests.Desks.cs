using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Delivery;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;

namespace HealthGrains.HostContract;

/// <content>What people do for accounts.</content>
public abstract partial class HostContractTests
{
    private static readonly PracticeFile[] DetractorPractice =
    [
        new("triggers/detractor.json", """
            { "id": "detractor", "version": 1, "title": "A detractor answered", "per": "npsAgeDays",
              "when": { "all": [{ "fact": "nps", "atMost": 6 }, { "fact": "npsAgeDays", "atMost": 14 }] },
              "alert": { "severity": "red", "urgent": true, "approach": "Call today and listen." } }
            """),
        new("playbooks/followUp.json", """
            { "id": "followUp", "version": 1, "title": "Detractor follow-up", "goal": "Somebody listened.", "trigger": "detractor",
              "exits": { "recovered": false }, "outcomes": ["listened", "noAnswer"],
              "steps": [
                { "id": "call", "day": 0, "kind": "task", "title": "Call the champion" },
                { "id": "mail", "day": 1, "kind": "email", "title": "Write what was agreed", "to": "champion", "template": "agreed" },
                { "id": "ask", "day": 5, "kind": "task", "title": "Ask again" }] }
            """),
        new("templates/agreed.hbs", "---\nid: agreed\nversion: 1\nsubject: What we agreed\n---\nThank you for your time.\n"),
        new("guardrails/twoAWeek.json", """
            { "id": "twoAWeek", "version": 1, "title": "Two messages a week", "kind": "messagesPerContact", "most": 2, "days": 7 }
            """),
    ];

    [Fact]
    public async Task A_detractor_starts_a_play_whose_steps_fall_due_and_whose_draft_leaves_once_a_person_approved_it()
    {
        await DetractorAsync();
        var alert = await RaisedAsync();
        Assert.Equal(("detractor", "acme:detractor:1"), (alert.Rule, alert.Id));
        var play = await OneAsync(Host.Desks.ListPlaysAsync);
        Assert.Equal((PlayState.Running, StepState.Open, StepState.Waiting), (play.State, play.Steps[0].State, play.Steps[1].State));
        var task = await OneAsync(Host.Desks.ListTasksAsync);
        Assert.Equal((play.Id, "dana", "Call the champion"), (task.Play, task.Owner, task.Title));
        Assert.Empty((await Host.Desks.ListDraftsAsync(new WorkQuery(), None)).Items);

        var command = new EndTask("dana", 3, false, "listened", "They want a new export.", ["Send the roadmap"]);
        Assert.True(DeskIds.TryReadTask(task.Id, out _, out var number));
        Assert.Equal(DeskRefusal.None, (await Host.Desks.DoAsync("acme", command with { Task = number }, None))!.Refusal);
        await MoveAsync(TimeSpan.FromDays(1.1));
        var draft = await OneAsync(Host.Desks.ListDraftsAsync);
        Assert.Equal(("What we agreed", "kim@acme.example", "dana"), (draft.Subject, draft.Email, draft.Reviewer));
        Assert.True(DeskIds.TryReadDraft(draft.Id, out _, out var draftNumber));
        await Host.Desks.DoAsync("acme", new EditDraft("dana", draftNumber, null, "Thank you, Kim."), None);
        Assert.Equal(DeskRefusal.None, (await Host.Desks.DoAsync("acme", new DecideDraft("dana", draftNumber, true, null), None))!.Refusal);

        var sent = (await Host.Desks.GetDraftAsync(draft.Id, None))!;
        Assert.Equal((DraftState.Sent, true, "Thank you, Kim."), (sent.State, sent.Edited, sent.Text));
        var mail = (await DispatchedAsync(ReceiverKeys.Email)).Single();
        Assert.Equal(("kim@acme.example", "Thank you, Kim."), (((EmailBody)mail.Dispatch.Body).To, ((EmailBody)mail.Dispatch.Body).Text));
        var desk = (await Host.Desks.GetDeskAsync("acme", None))!;
        Assert.Equal("Send the roadmap", desk.Tasks.Single().Title);
        Assert.Equal("listened", desk.Plays.Single().Outcome);
        var figures = await Host.Desks.GetReviewFiguresAsync(null, Clock.GetUtcNow().AddDays(-1), None);
        Assert.Equal((1, 0, 0), (figures.Approved, figures.Unread, figures.Unedited));
    }

    [Fact]
    public async Task The_same_answer_raises_one_alert_and_one_play_however_often_it_is_looked_at()
    {
        await DetractorAsync();
        await RaisedAsync();
        for (var day = 0; day < 4; day++)
        {
            await MoveAsync(TimeSpan.FromDays(1));
            await Send(Line($"login-{day}", "acme", "usage", "login", Clock.GetUtcNow(), "u1"));
        }
        Assert.Equal(1, (await Host.ListAlertsAsync(new AlertQuery(), None)).Total);
        Assert.Equal(1, (await Host.Desks.ListPlaysAsync(new WorkQuery(), None)).Total);
    }

    [Fact]
    public async Task An_alert_of_a_trigger_is_acknowledged_snoozed_assigned_and_resolved_as_any_other()
    {
        await DetractorAsync();
        var id = (await RaisedAsync()).Id;
        var until = Clock.GetUtcNow().AddHours(2);
        var snoozed = await Host.ActOnAlertAsync(new AlertAct(id, "dana", AlertDeed.Snooze, until.ToUnixTimeMilliseconds()), None);
        Assert.Equal((AlertState.Snoozed, until), (snoozed!.State, snoozed.SnoozedUntil));
        await MoveAsync(TimeSpan.FromHours(3));
        await UntilAsync(async () => (await Host.ListAlertsAsync(new AlertQuery(State: AlertState.Open), None)).Total == 1);
        Assert.Equal("bo", (await Host.ActOnAlertAsync(new AlertAct(id, "dana", AlertDeed.Assign, To: "bo"), None))!.Owner);
        Assert.Equal(AlertState.Acknowledged, (await Host.AcknowledgeAlertAsync(id, "bo", None))!.State);
        Assert.Equal("bo", (await Host.ResolveAlertAsync(id, "bo", "talked", None))!.ResolvedBy);
        await Assert.ThrowsAsync<InvalidTransitionException>(async () => await Host.ResolveAlertAsync(id, "bo", null, None));
        await Assert.ThrowsAsync<InvalidQueryException>(
            async () => await Host.ActOnAlertAsync(new AlertAct(id, "bo", AlertDeed.Snooze, 1), None));
    }

    [Fact]
    public async Task A_churn_risk_that_is_snoozed_is_open_again_when_the_time_is_up()
    {
        await Send(Usage("acme", 400) + Line("c", "acme", "billing", "cancelRequested", ContractClock.Noon));
        var id = (await RaisedAsync()).Id;
        var until = Clock.GetUtcNow().AddHours(2);
        var snoozed = await Host.ActOnAlertAsync(new AlertAct(id, "dana", AlertDeed.Snooze, until.ToUnixTimeMilliseconds()), None);
        Assert.Equal((AlertState.Snoozed, until), (snoozed!.State, snoozed.SnoozedUntil));
        await MoveAsync(TimeSpan.FromHours(3));
        await UntilAsync(async () => (await Host.ListAlertsAsync(new AlertQuery(State: AlertState.Open), None)).Total == 1);
    }

    [Fact]
    public async Task A_file_with_a_mistake_is_refused_with_its_line_and_what_was_there_goes_on()
    {
        await PractiseAsync(DetractorPractice);
        var bad = DetractorPractice[1] with { Content = DetractorPractice[1].Content.Replace("\"task\", \"title\": \"Ask", "\"taks\", \"title\": \"Ask") };
        var change = await Host.Desks.ChangePracticeAsync(new PracticeEdit([bad], []), "dana", None);
        var problem = Assert.Single(change.Problems);
        Assert.Equal(("playbooks/followUp.json", 6), (problem.File, problem.Line));
        Assert.Equal("Detractor follow-up", (await Host.Desks.GetPracticeAsync(None)).Practice.Find("followUp")!.Title);
        var next = DetractorPractice[1] with { Content = DetractorPractice[1].Content.Replace("\"version\": 1", "\"version\": 2") };
        Assert.Empty((await Host.Desks.ChangePracticeAsync(new PracticeEdit([next], []), "dana", None)).Problems);
        Assert.Equal(2, (await Host.Desks.GetPracticeAsync(None)).Practice.Find("followUp")!.Version);
    }

    [Fact]
    public async Task A_practice_that_is_added_while_accounts_live_finds_what_is_true_of_them()
    {
        await Host.PutProfileAsync(Customer(), "test", None);
        await Send(Usage("acme", 60) + Nps(3));
        Assert.Equal(0, (await Host.ListAlertsAsync(new AlertQuery(), None)).Total);
        await PractiseAsync(DetractorPractice);
        await MoveAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("detractor", (await RaisedAsync()).Rule);
    }

    [Fact]
    public async Task A_play_is_stopped_with_a_reason_and_what_hung_on_it_is_over()
    {
        await DetractorAsync();
        await RaisedAsync();
        var play = await OneAsync(Host.Desks.ListPlaysAsync);
        Assert.True(DeskIds.TryReadPlay(play.Id, out _, out var number));
        Assert.Equal(DeskRefusal.Invalid, (await Host.Desks.DoAsync("acme", new StopPlay("dana", number, " "), None))!.Refusal);
        Assert.Equal(DeskRefusal.None, (await Host.Desks.DoAsync("acme", new StopPlay("dana", number, "by phone"), None))!.Refusal);
        Assert.Equal("stopped", (await Host.Desks.GetPlayAsync(play.Id, None))!.Exit);
        Assert.Equal(0, (await Host.Desks.ListTasksAsync(new WorkQuery(), None)).Total);
        Assert.Equal("stopped", (await Host.Desks.GetDeskAsync("acme", None))!.Past.Single().Exit);
        Assert.Equal(DeskRefusal.NotFound, (await Host.Desks.DoAsync("acme", new StopPlay("dana", number, "again"), None))!.Refusal);
        Assert.Null(await Host.Desks.DoAsync("nobody", new StopPlay("dana", 1, "x"), None));
        Assert.Null(await Host.Desks.GetDeskAsync("nobody", None));
        Assert.Contains((await Host.ListAuditAsync(new AuditQuery(Account: "acme"), None)).Items, entry => entry.Action == "play.ended");
    }

    [Fact]
    public async Task What_is_over_leaves_the_lists_after_its_time_and_what_was_tried_before_is_still_known()
    {
        await DetractorAsync();
        await RaisedAsync();
        var play = await OneAsync(Host.Desks.ListPlaysAsync);
        Assert.True(DeskIds.TryReadPlay(play.Id, out _, out var number));
        await Host.Desks.DoAsync("acme", new AddTask("dana", "Call them some day", null, null), None);
        await UntilAsync(async () => (await Host.Desks.ListTasksAsync(new WorkQuery(), None)).Total == 2);
        var open = (await Host.Desks.ListTasksAsync(new WorkQuery(), None)).Items.Single(task => task.Play is null);
        await UntilAsync(async () => (await Host.Desks.Deliveries.ListAsync(new DeliveryQuery(), None)).Total > 0);
        var told = (await Host.Desks.Deliveries.ListAsync(new DeliveryQuery(), None)).Items[^1].Dispatch.Id;
        await Host.Desks.Deliveries.CancelAsync(told, "by phone", Clock.GetUtcNow().ToUnixTimeMilliseconds(), None);
        await Host.Desks.DoAsync("acme", new StopPlay("dana", number, "by phone"), None);
        await UntilAsync(async () => (await Host.Desks.GetPlayAsync(play.Id, None))!.State == PlayState.Ended);

        await MoveAsync(TimeSpan.FromDays(29));
        Assert.Contains(told, await DeliveredIdsAsync());
        await MoveAsync(TimeSpan.FromDays(2));
        await UntilAsync(async () => !(await DeliveredIdsAsync()).Contains(told));
        Assert.Equal("stopped", (await Host.Desks.GetPlayAsync(play.Id, None))!.Exit);

        await MoveAsync(TimeSpan.FromDays(370));
        await UntilAsync(async () => await Host.Desks.GetPlayAsync(play.Id, None) is null);
        await UntilAsync(async () => (await Host.Desks.ListTasksAsync(new WorkQuery(State: "cancelled"), None)).Total == 0);
        Assert.Equal(open.Id, (await Host.Desks.ListTasksAsync(new WorkQuery(), None)).Items.Single().Id);
        Assert.Equal("stopped", (await Host.Desks.GetDeskAsync("acme", None))!.Past.Single().Exit);
    }

    private async Task<IEnumerable<string>> DeliveredIdsAsync() =>
        (await Host.Desks.Deliveries.ListAsync(new DeliveryQuery(Limit: 500), None)).Items.Select(row => row.Dispatch.Id);

    [Fact]
    public async Task An_override_is_shown_beside_the_score_and_ends_by_itself()
    {
        await Send(Usage("acme", 60));
        var score = (await Account("acme")).Health.Score;
        var until = Clock.GetUtcNow().AddDays(2).ToUnixTimeMilliseconds();
        Assert.Equal(DeskRefusal.None,
            (await Host.Desks.DoAsync("acme", new SetOverride("dana", Health.Band.Red, null, "their sponsor told me", until), None))!.Refusal);
        var seen = await Account("acme");
        Assert.Equal((Health.Band.Red, "dana"), (seen.Desk!.Override!.Band!.Value, seen.Desk.Override.By));
        Assert.Equal(score, seen.Health.Score, 1e-9);
        await MoveAsync(TimeSpan.FromDays(3));
        await UntilAsync(async () => (await Host.Desks.GetDeskAsync("acme", None))!.Override is null);
    }

    [Fact]
    public async Task What_lies_on_an_erased_accounts_desk_is_erased_with_it()
    {
        await DetractorAsync();
        await RaisedAsync();
        await UntilAsync(async () => (await DispatchedAsync(ReceiverKeys.Chat)).Count == 1);
        Assert.NotNull(await Host.EraseAsync("acme", "test", None));
        Assert.Null(await Host.Desks.GetDeskAsync("acme", None));
        Assert.Equal(0, (await Host.Desks.ListPlaysAsync(new WorkQuery(), None)).Total);
        Assert.Equal(0, (await Host.Desks.ListTasksAsync(new WorkQuery(), None)).Total);
        Assert.Equal(0, (await Host.ListAlertsAsync(new AlertQuery(), None)).Total);
        Assert.Empty(await DispatchedAsync(ReceiverKeys.Chat));
    }

    private async Task DetractorAsync()
    {
        await PractiseAsync(DetractorPractice);
        await Host.PutProfileAsync(Customer(), "test", None);
        await Send(Usage("acme", 60) + Nps(3));
    }

    private async Task PractiseAsync(IReadOnlyList<PracticeFile> files) =>
        Assert.Empty((await Host.Desks.ChangePracticeAsync(new PracticeEdit(files, []), "test", None)).Problems);

    private static AccountProfile Customer() => Profile("acme") with
    {
        Owner = "dana", Contacts = [new Contact("kim", "Kim", "kim@acme.example", "champion", Consent: true, TimeZone: "Europe/Berlin")],
    };

    private static string Nps(int answer) => Line("nps", "acme", "engagement", "npsAnswered", ContractClock.Noon.AddHours(-1), "kim")
        .Replace("}", $",\"value\":{answer}}}", StringComparison.Ordinal);

    private async Task<T> OneAsync<T>(Func<WorkQuery, CancellationToken, ValueTask<Page<T>>> list)
    {
        await UntilAsync(async () => (await list(new WorkQuery(Account: "acme"), None)).Items.Count == 1);
        return (await list(new WorkQuery(Owner: "dana"), None)).Items.Single();
    }

    private async Task<IReadOnlyList<DeliveryRecord>> DispatchedAsync(string receiver) =>
        (await Host.Desks.Deliveries.ListAsync(new DeliveryQuery(Receiver: receiver), None)).Items;

    /// <summary>Moves the clock on; the host takes what falls due in between.</summary>
    private Task MoveAsync(TimeSpan by)
    {
        Clock.MoveTo(Clock.GetUtcNow() + by);
        return Task.CompletedTask;
    }

    // Desks are looked at a moment after what they look at; the contract is that they are.
    private async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        // Its clock goes on, for some things are looked at once an hour or a day: by seconds at first, and faster the longer it takes.
        var step = TimeSpan.FromSeconds(1);
        using var wall = new PeriodicTimer(BetweenLooks);
        while (!await holds())
        {
            Clock.MoveTo(Clock.GetUtcNow() + step);
            if (step < TimeSpan.FromMinutes(10)) step *= 1.007;
            await wall.WaitForNextTickAsync(patience.Token);
        }
    }
}
