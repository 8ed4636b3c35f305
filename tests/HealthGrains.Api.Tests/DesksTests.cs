using HealthGrains.Accounts;
using HealthGrains.Delivery;
using HealthGrains.Hosting;
using HealthGrains.Plays;

namespace HealthGrains.Api.Tests;

public sealed class DesksTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    private static async Task<TestApi> WithDeskAsync()
    {
        var api = await TestApi.StartAsync();
        api.Host.Plays["acme:play:1"] = new PlayView
        {
            Id = "acme:play:1", Account = "acme", AccountName = "Acme", Playbook = "save", Version = 2, Title = "At-risk save",
            State = PlayState.Running, Reason = "churn risk", StartedAt = At, StartedBy = "trigger churnRisk 1", ScoreAtStart = 41, Steps = [],
        };
        api.Host.Drafts["acme:draft:3"] = new DraftView
        {
            Id = "acme:draft:3", Account = "acme", AccountName = "Acme", Play = "acme:play:1", PlayTitle = "At-risk save", PlayReason = "churn risk",
            Step = "mail", Kind = StepKind.Email, Title = "Write", Subject = "Hello", Text = "Hello, Kim.",
            Facts = new Dictionary<string, object> { ["score"] = 41.0, ["band"] = "yellow", ["atRisk"] = true }, Marks = [], State = DraftState.Pending,
            Needs = "owner", CreatedAt = At, ExpiresAt = At.AddDays(3), Edited = false,
        };
        api.Host.Tasks["acme:task:2"] = new TaskView
        {
            Id = "acme:task:2", Account = "acme", AccountName = "Acme", Title = "Call", DueAt = At, CreatedAt = At, State = TaskState.Open, Outcomes = [],
        };
        return api;
    }

    [Theory]
    [InlineData("plays", "running")]
    [InlineData("drafts", "pending")]
    [InlineData("tasks", "open")]
    public async Task Work_is_listed_by_state_owner_and_account(string list, string state)
    {
        await using var api = await WithDeskAsync();
        var page = await (await api.GetAsync($"/v1/{list}?state={state}&owner=dana&account=acme&limit=10")).JsonAsync();
        Assert.Equal(("acme", state), (page.GetProperty("items")[0].Str("account"), page.GetProperty("items")[0].Str("state")));
        Assert.Equal(new WorkQuery(state, "dana", "acme", 10), api.Host.LastWorkQuery);
        await (await api.GetAsync($"/v1/{list}?state=loud")).ProblemAsync(400, "invalid-query", "state");
    }

    [Fact]
    public async Task A_play_is_started_and_a_refusal_of_the_desk_is_told_in_its_words()
    {
        await using var api = await WithDeskAsync();
        var play = await (await api.PostAsync("/v1/plays", """{"account":"acme","playbook":"save"}""", ("X-HealthGrains-Actor", "dana"))).JsonAsync();
        Assert.Equal("acme:play:1", play.Str("id"));
        Assert.Equal(("acme", new StartPlay("dana", "save")), api.Host.LastCommand);
        api.Host.Reply = (_, _) => DeskReply.Refused(DeskRefusal.Conflict, "Three plays at once (three 1)");
        var refused = await (await api.PostAsync("/v1/plays", """{"account":"acme","playbook":"save"}""")).ProblemAsync(409, "invalid-transition");
        Assert.Contains("Three plays at once (three 1)", refused.Detail());
        api.Host.Reply = (_, _) => null;
        await (await api.PostAsync("/v1/plays", """{"account":"nobody","playbook":"save"}""")).ProblemAsync(404, "not-found");
        await (await api.PostAsync("/v1/plays", """{"account":"acme"}""")).ProblemAsync(400, "invalid-body", "playbook");
    }

    [Theory]
    [InlineData("steps/2/complete", """{"outcome":"listened","notes":"n","actions":["a"]}""", typeof(EndStep))]
    [InlineData("steps/2/skip", """{"reason":"not needed"}""", typeof(EndStep))]
    [InlineData("stop", """{"reason":"by phone"}""", typeof(StopPlay))]
    [InlineData("pause", null, typeof(HoldPlay))]
    [InlineData("resume", null, typeof(HoldPlay))]
    public async Task Plays_are_moved_on(string deed, string? body, Type command)
    {
        await using var api = await WithDeskAsync();
        await (await api.PostAsync($"/v1/plays/acme:play:1/{deed}", body)).JsonAsync();
        Assert.Equal(command, api.Host.LastCommand!.Value.Command.GetType());
        await (await api.PostAsync($"/v1/plays/acme:draft:1/{deed}", body)).ProblemAsync(404, "not-found");
    }

    [Theory]
    [InlineData("steps/2/skip")]
    [InlineData("stop")]
    public async Task What_needs_a_reason_is_refused_without_one(string deed)
    {
        await using var api = await WithDeskAsync();
        await (await api.PostAsync($"/v1/plays/acme:play:1/{deed}", "{}")).ProblemAsync(400, "invalid-body", "reason");
    }

    [Fact]
    public async Task A_draft_is_read_edited_and_decided_and_who_may_not_is_told_the_rule()
    {
        await using var api = await WithDeskAsync();
        var draft = await (await api.GetAsync("/v1/drafts/acme:draft:3")).JsonAsync();
        Assert.Equal((41, "yellow"), (draft.GetProperty("facts").GetProperty("score").GetDouble(), draft.GetProperty("facts").Str("band")));
        await (await api.PostAsync("/v1/drafts/acme:draft:3/read")).JsonAsync();
        Assert.Equal(("acme", new ReadDraft("local", 3)), api.Host.LastCommand);
        await (await api.PostAsync("/v1/drafts/acme:draft:3/edit", """{"text":"Hi","subject":"Hello again"}""")).JsonAsync();
        Assert.Equal(("acme", new EditDraft("local", 3, "Hello again", "Hi")), api.Host.LastCommand);
        await (await api.PostAsync("/v1/drafts/acme:draft:3/edit", "{}")).ProblemAsync(400, "invalid-body", "text");
        await (await api.PostAsync("/v1/drafts/acme:draft:3/reject", "{}")).ProblemAsync(400, "invalid-body", "reason");
        await (await api.PostAsync("/v1/drafts/acme:draft:3/approve")).JsonAsync();
        Assert.Equal(("acme", new DecideDraft("local", 3, true, null)), api.Host.LastCommand);
        api.Host.Reply = (_, _) => DeskReply.Refused(DeskRefusal.Forbidden, "tom may not decide on it: Large accounts (large 1); maria may");
        var refused = await (await api.PostAsync("/v1/drafts/acme:draft:3/approve", null, ("X-HealthGrains-Actor", "tom"))).ProblemAsync(403, "not-allowed");
        Assert.Contains("Large accounts (large 1); maria may", refused.Detail());
    }

    [Fact]
    public async Task Tasks_are_added_done_and_cancelled()
    {
        await using var api = await WithDeskAsync();
        api.Host.Reply = (_, _) => DeskReply.Done("acme:task:2");
        await (await api.PostAsync("/v1/tasks", """{"account":"acme","title":"Send the roadmap","dueAt":"2026-12-01"}""")).JsonAsync();
        Assert.Equal(("acme", new AddTask("local", "Send the roadmap", null, new DateTimeOffset(2026, 12, 1, 23, 59, 59, TimeSpan.Zero).ToUnixTimeMilliseconds())),
            api.Host.LastCommand);
        await (await api.PostAsync("/v1/tasks/acme:task:2/complete")).JsonAsync();
        await (await api.PostAsync("/v1/tasks/acme:task:2/cancel", """{"reason":"done by mail"}""")).JsonAsync();
        Assert.True(Assert.IsType<EndTask>(api.Host.LastCommand!.Value.Command).Cancel);
    }

    [Fact]
    public async Task A_book_is_handed_over_account_by_account()
    {
        await using var api = await WithDeskAsync();
        api.Host.Accounts["acme"] = Samples.View(AccountProfile.Unknown("acme"), 1, At);
        api.Host.Accounts["beta"] = Samples.View(AccountProfile.Unknown("beta"), 1, At);
        var answer = await (await api.PostAsync("/v1/plays/handover", """{"from":"kim","to":"bo"}""")).JsonAsync();
        Assert.Equal(4, answer.GetProperty("accounts").GetInt32());
        Assert.Equal(["acme", "beta"], api.Host.Commands.Select(asked => asked.Account).Distinct().Order());
        Assert.All(api.Host.Commands, asked => Assert.Equal(new HandOver("local", "bo", "kim"), asked.Command));
        await (await api.PostAsync("/v1/plays/handover", """{"to":"bo"}""")).ProblemAsync(400, "invalid-body", "account");
        await (await api.PostAsync("/v1/plays/handover", """{"to":"bo","from":"bo"}""")).ProblemAsync(400, "invalid-body", "to");
        await (await api.PostAsync("/v1/plays/handover", """{"to":"bo","from":"kim","withAccounts":"perhaps"}"""))
            .ProblemAsync(400, "invalid-body", "withAccounts");
        api.Host.Reply = (_, _) => DeskReply.Refused(DeskRefusal.Forbidden, "tom may not hand it over: it needs the manager; maria may");
        await (await api.PostAsync("/v1/plays/handover", """{"to":"bo","from":"kim"}""")).ProblemAsync(403, "not-allowed");
        api.Host.Reply = (_, _) => null;
        await (await api.PostAsync("/v1/plays/handover", """{"to":"bo","account":"nobody"}""")).ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task What_would_change_hands_is_told_by_account_before_it_does()
    {
        await using var api = await WithDeskAsync();
        api.Host.Accounts["acme"] = Samples.View(AccountProfile.Unknown("acme"), 1, At);
        var plan = await (await api.GetAsync("/v1/plays/handover?account=acme")).JsonAsync();
        Assert.Equal((1, 1, 1, 1), (plan.GetProperty("accounts").GetInt32(), plan.GetProperty("plays").GetInt32(),
            plan.GetProperty("tasks").GetInt32(), plan.GetProperty("drafts").GetInt32()));
        Assert.Equal("acme", plan.GetProperty("items")[0].Str("account"));
        Assert.Empty(api.Host.Commands);
        await (await api.GetAsync("/v1/plays/handover?account=nobody")).ProblemAsync(404, "not-found");
        await (await api.GetAsync("/v1/plays/handover")).ProblemAsync(400, "invalid-query", "account");
        await (await api.GetAsync("/v1/plays/handover?account=acme&from=kim")).ProblemAsync(400, "invalid-query", "account");
    }

    [Fact]
    public async Task A_note_is_written_and_a_day_to_follow_it_up_is_meant_until_its_end()
    {
        await using var api = await WithDeskAsync();
        api.Host.Accounts["acme"] = Samples.View(AccountProfile.Unknown("acme"), 1, At);
        api.Host.Notes["acme:note:4"] = new NoteView
        {
            Id = "acme:note:4", Account = "acme", AccountName = "Acme", Kind = NoteKind.Call, Text = "They merge two teams.", At = At, By = "dana",
        };
        api.Host.Reply = (_, _) => DeskReply.Done("acme:note:4");
        const string body = """{"text":" They merge two teams. ","kind":"call","followUpOn":"2026-12-01","followUp":"Ask again","followUpBy":"bo"}""";
        var note = await (await api.PostAsync("/v1/accounts/acme/notes", body, ("X-HealthGrains-Actor", "dana"))).JsonAsync();
        Assert.Equal(("acme:note:4", "call", "dana"), (note.Str("id"), note.Str("kind"), note.Str("by")));
        var due = new DateTimeOffset(2026, 12, 1, 23, 59, 59, TimeSpan.Zero).ToUnixTimeMilliseconds();
        Assert.Equal(("acme", new AddNote("dana", NoteKind.Call, "They merge two teams.", due, "Ask again", "bo")), api.Host.LastCommand);
        await (await api.PostAsync("/v1/accounts/acme/notes", """{"text":"Short."}""")).JsonAsync();
        Assert.Equal(("acme", new AddNote("local", NoteKind.Note, "Short.", null, null, null)), api.Host.LastCommand);
        Assert.Equal("acme:note:4", (await (await api.GetAsync("/v1/accounts/acme/notes?limit=5")).JsonAsync()).GetProperty("items")[0].Str("id"));
    }

    [Theory]
    [InlineData("""{}""", "text")]
    [InlineData("""{"text":5}""", null)]
    [InlineData("""{"text":"x","kind":"rumour"}""", "kind")]
    [InlineData("""{"text":"x","followUpOn":"tomorrow"}""", "followUpOn")]
    [InlineData("""{"text":["x"]}""", "text")]
    public async Task A_note_that_cannot_be_read_is_refused_by_its_field(string body, string? field)
    {
        await using var api = await WithDeskAsync();
        api.Host.Notes["acme:play:1"] = new NoteView
        {
            Id = "acme:play:1", Account = "acme", AccountName = "Acme", Kind = NoteKind.Note, Text = "5", At = At, By = "local",
        };
        var answer = await api.PostAsync("/v1/accounts/acme/notes", body);
        if (field is null) await answer.JsonAsync();
        else await answer.ProblemAsync(400, "invalid-body", field);
    }

    [Fact]
    public async Task A_note_is_at_most_so_long_and_once_under_a_key()
    {
        await using var api = await WithDeskAsync();
        api.Host.Notes["acme:play:1"] = new NoteView
        {
            Id = "acme:play:1", Account = "acme", AccountName = "Acme", Kind = NoteKind.Note, Text = "x", At = At, By = "local",
        };
        var longest = $$"""{"text":"{{new string('x', NoteView.MostText)}}"}""";
        await (await api.PostAsync("/v1/accounts/acme/notes", longest.Replace("x\"", "xx\"", StringComparison.Ordinal)))
            .ProblemAsync(400, "invalid-body", "text");
        await (await api.PostAsync("/v1/accounts/acme/notes", longest, ("Idempotency-Key", "one"))).JsonAsync();
        await (await api.PostAsync("/v1/accounts/acme/notes", longest, ("Idempotency-Key", "one"))).JsonAsync();
        Assert.Single(api.Host.Commands);
        api.Host.Reply = (_, _) => null;
        await (await api.PostAsync("/v1/accounts/nobody/notes", """{"text":"x"}""")).ProblemAsync(404, "not-found");
        api.Host.Notes.Clear();
        await (await api.GetAsync("/v1/accounts/nobody/notes")).ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task A_task_is_put_off_until_the_end_of_a_day_or_a_moment_and_with_a_reason()
    {
        await using var api = await WithDeskAsync();
        await (await api.PostAsync("/v1/tasks/acme:task:2/postpone", """{"until":"2026-12-01","reason":"They are away"}""")).JsonAsync();
        var end = new DateTimeOffset(2026, 12, 1, 23, 59, 59, TimeSpan.Zero).ToUnixTimeMilliseconds();
        Assert.Equal(("acme", new PostponeTask("local", 2, end, "They are away")), api.Host.LastCommand);
        await (await api.PostAsync("/v1/tasks/acme:task:2/postpone", """{"until":"2026-12-01T08:00:00Z","reason":"x"}""")).JsonAsync();
        Assert.Equal(8, DateTimeOffset.FromUnixTimeMilliseconds(((PostponeTask)api.Host.LastCommand!.Value.Command).Until).Hour);
        await (await api.PostAsync("/v1/tasks/acme:task:2/postpone", """{"until":"2026-12-01"}""")).ProblemAsync(400, "invalid-body", "reason");
        await (await api.PostAsync("/v1/tasks/acme:task:2/postpone", """{"reason":"x"}""")).ProblemAsync(400, "invalid-body", "until");
        api.Host.Reply = (_, _) => DeskReply.Refused(DeskRefusal.Invalid, "until: 2026-01-01 23:59 is past; give today or a later day");
        var past = await (await api.PostAsync("/v1/tasks/acme:task:2/postpone", """{"until":"2026-01-01","reason":"x"}"""))
            .ProblemAsync(400, "invalid-body");
        Assert.Contains("is past", past.Detail());
    }

    [Fact]
    public async Task An_override_needs_a_reason_a_time_and_something_to_say()
    {
        await using var api = await WithDeskAsync();
        api.Host.Accounts["acme"] = Samples.View(AccountProfile.Unknown("acme"), 1, At);
        await (await api.PutAsync("/v1/accounts/acme/override", """{"band":"red","reason":"sponsor told me","until":"2027-01-01"}""")).JsonAsync();
        Assert.Equal(Health.Band.Red, Assert.IsType<SetOverride>(api.Host.LastCommand!.Value.Command).Band);
        await (await api.PutAsync("/v1/accounts/acme/override", """{"reason":"x","until":"2027-01-01"}""")).ProblemAsync(400, "invalid-body", "band");
        await (await api.PutAsync("/v1/accounts/acme/override", """{"band":"red","until":"2027-01-01"}""")).ProblemAsync(400, "invalid-body", "reason");
        await (await api.PutAsync("/v1/accounts/acme/override", """{"band":"red","reason":"x"}""")).ProblemAsync(400, "invalid-body", "until");
    }

    [Fact]
    public async Task A_file_of_the_practice_is_taken_or_refused_with_its_line()
    {
        await using var api = await WithDeskAsync();
        const string good = """{"with":[{"path":"guardrails/two.json","content":"{\"id\":\"two\",\"version\":1,\"title\":\"Two\",\"kind\":\"messagesPerContact\",\"most\":2,\"days\":7}"}]}""";
        Assert.Equal(0, (await (await api.PostAsync("/v1/practice/files", good)).JsonAsync()).GetProperty("refused").GetArrayLength());
        var practice = await (await api.GetAsync("/v1/practice")).JsonAsync();
        Assert.Equal("two", practice.GetProperty("guardrails")[0].Str("id"));
        Assert.Contains(practice.GetProperty("facts").EnumerateArray(), fact => (fact.Str("key"), fact.Str("title")) == ("score", "Health score"));
        Assert.Equal("guardrails/two.json", (await (await api.GetAsync("/v1/practice/files")).JsonAsync()).GetProperty("files")[0].Str("path"));
        var bad = good.Replace("messagesPerContact", "messagesPerContract").Replace("\\\"version\\\":1", "\\\"version\\\":2");
        var refused = await (await api.PostAsync("/v1/practice/files", bad)).ProblemAsync(400, "invalid-body", "guardrails/two.json");
        Assert.Contains("messagesPerContact", refused.Detail());
    }

    [Fact]
    public async Task Deliveries_are_listed_and_a_dead_one_is_tried_again()
    {
        await using var api = await WithDeskAsync();
        var now = api.Host.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        api.Host.DeliveryStore.Add(new Dispatch("acme:3", "acme", "dana", ReceiverKeys.Email, now, now, new EmailBody("kim@acme.example", "Kim", null, "Hello", "Hi")));
        var claimed = await api.Host.Deliveries.ClaimAsync(new DeliveryClaim(ReceiverKeys.Email, 1, now, now + 1), CancellationToken.None);
        await api.Host.Deliveries.SettleAsync("acme:3", claimed.Single().Attempt, Settlement.Dead(now, "no such mailbox"), CancellationToken.None);
        var dead = (await (await api.GetAsync("/v1/deliveries?state=dead&receiver=email")).JsonAsync()).GetProperty("items")[0];
        Assert.Equal(("dead", "no such mailbox"), (dead.Str("state"), dead.Str("error")));
        Assert.Equal("pending", (await (await api.PostAsync("/v1/deliveries/acme:3/retry")).JsonAsync()).Str("state"));
        await (await api.PostAsync("/v1/deliveries/acme:3/retry")).ProblemAsync(409, "invalid-transition");
        await (await api.PostAsync("/v1/deliveries/acme:9/retry")).ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task An_alert_is_put_off_and_given_to_somebody()
    {
        await using var api = await WithDeskAsync();
        api.Host.Alerts["al-1"] = Samples.Alert("al-1", "acme");
        Assert.Equal("snoozed", (await (await api.PostAsync("/v1/alerts/al-1/snooze", """{"until":"2099-01-01"}""")).JsonAsync()).Str("state"));
        await (await api.PostAsync("/v1/alerts/al-1/snooze", """{"until":"2001-01-01"}""")).ProblemAsync(400, "invalid-query", "until");
        Assert.Equal("bo", (await (await api.PostAsync("/v1/alerts/al-1/assign", """{"to":"bo"}""")).JsonAsync()).Str("assignedTo"));
        await (await api.PostAsync("/v1/alerts/al-1/assign", "{}")).ProblemAsync(400, "invalid-query", "to");
    }
}
