using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Core.Tests.Plays;
using HealthGrains.Delivery;
using HealthGrains.Health;
using HealthGrains.Plays;

namespace HealthGrains.Core.Tests.Alerts;

/// <summary>What an owner is told, when, and how.</summary>
public sealed class OwnerTests
{
    [Fact]
    public void What_the_budget_chooses_is_pushed_once_and_the_rest_when_there_is_room()
    {
        var scene = new OwnerScene();
        foreach (var k in Enumerable.Range(0, 5)) scene.Raise($"a{k}", 70 - k);
        Assert.True(scene.Look());
        Assert.Equal(["a0", "a1"], scene.Told);
        Assert.Equal("dana: Acme: Reason a0. Call", scene.Chats.First().Text);
        Assert.False(scene.Look());
        scene.Live(6.99);
        Assert.Equal(["a0", "a1"], scene.Told);
        scene.Live(0.02);
        Assert.Equal(["a0", "a1", "a2", "a3"], scene.Told);
    }

    [Fact]
    public void An_urgent_one_is_pushed_at_once_and_a_red_one_again_when_the_last_place_is_left()
    {
        var scene = new OwnerScene();
        foreach (var id in (string[])["a", "b", "c"]) scene.Raise(id, 90);
        scene.Look();
        scene.Raise("u", 1, urgent: true);
        scene.Raise("d", 95);
        scene.Look();
        Assert.Equal(["a", "b", "c", "u"], scene.Told);
        scene.Live(6);
        scene.Change("a", alert => alert with { Severity = Band.Red, EscalatedAt = Days.Time(scene.Now), Rank = 100 });
        scene.Look();
        Assert.Equal(4, scene.Told.Count());
        scene.Live(1.1);
        Assert.Equal(["a", "b", "c", "u", "a:red", "d"], scene.Told);
        Assert.Equal(6, scene.Outbox.Dispatches.Where(sent => sent.Account == "acme").Select(sent => sent.Id).Distinct().Count());
    }

    [Fact]
    public void Every_push_is_audited_with_the_rule_that_let_it()
    {
        var scene = new OwnerScene();
        scene.Raise("a");
        scene.Raise("u", urgent: true);
        scene.Look();
        Assert.Equal([("acme", "u (urgent)"), ("acme", "a (budget 4)")], scene.Outbox.Audit.Select(entry => (entry.Subject, entry.Detail)));
    }

    [Fact]
    public void Who_wants_letters_gets_letters_and_who_is_told_nothing_of_is_found_in_the_chat()
    {
        var scene = new OwnerScene
        {
            Teams = [new Team("maria", ["dana"]) { People = [new TeamPerson("dana") { By = TeamPerson.Mail, Email = "dana@us.example" }] }],
        };
        scene.Raise("a");
        scene.Look();
        var mail = Assert.IsType<EmailBody>(Assert.Single(scene.Outbox.Dispatches).Body);
        Assert.Equal(("dana@us.example", "dana", "Acme: Reason a"), (mail.To, mail.ToName, mail.Subject));
        Assert.Equal(ReceiverKeys.Email, scene.Outbox.Dispatches[0].Receiver);
    }

    [Fact]
    public void Of_nobodys_accounts_the_manager_who_answers_for_them_is_told_and_else_only_the_urgent_is_in_the_chat()
    {
        var scene = new OwnerScene(OwnerTurns.Nobody);
        scene.Raise("a", 95);
        scene.Raise("u", urgent: true);
        scene.Look();
        Assert.Equal(["u"], scene.Told);
        Assert.Equal("Nobody's account: Acme: Reason u. Call", Assert.Single(scene.Chats).Text);
        scene = new OwnerScene(OwnerTurns.Nobody) { Teams = [Made.Team with { Unowned = true }] };
        scene.Raise("a", 95);
        scene.Look();
        Assert.Equal("maria: nobody's account: Acme: Reason a. Call", Assert.Single(scene.Chats).Text);
        scene.Live(1);
        Assert.StartsWith("maria: maria on 2026-11-17", Assert.Single(scene.Digests).Body is ChatBody chat ? chat.Text : "");
    }

    [Fact]
    public void On_a_working_morning_the_digest_says_what_there_is_and_on_others_nothing_is_sent()
    {
        var scene = new OwnerScene();
        foreach (var id in (string[])["a", "b", "c"]) scene.Raise(id);
        scene.Raise("u", urgent: true);
        scene.Look();
        scene.Change("b", alert => alert with { State = AlertState.Acknowledged });
        scene.Resolve("u");
        scene.Tasks.Add(OwnerScene.Task("today", Made.At("2026-11-17T15:00:00Z")));
        scene.Tasks.Add(OwnerScene.Task("late", Made.At("2026-11-15T15:00:00Z")));
        scene.Tasks.Add(OwnerScene.Task("tomorrow", Made.At("2026-11-18T15:00:00Z")));
        Assert.Empty(scene.Digests);
        scene.Live(0.99);
        var sent = Assert.Single(scene.Digests);
        Assert.Equal(Made.At("2026-11-17T08:00:00Z"), sent.At);
        Assert.Equal("dana", sent.Owner);
        Assert.Equal(["acme"], sent.Names);
        Assert.True(Dispatch.IsValidId(sent.Id));
        var lines = ((ChatBody)sent.Body).Text.Split('\n');
        Assert.Equal(
            [
                "dana: dana on 2026-11-17", "pushed Acme: Reason a", "pushed Acme: Reason b (acknowledged)",
                "listed Acme: Reason c (The rule budget)", "task Acme: today", "task Acme: late (late)", "ended Acme: talked",
            ], lines);
        foreach (var id in (string[])["a", "b", "c"]) scene.Resolve(id);
        scene.Tasks.Clear();
        scene.Live(1);
        Assert.Equal(2, scene.Digests.Count());
        scene.Live(20);
        Assert.Equal(2, scene.Digests.Count());
    }

    [Fact]
    public void It_comes_at_the_hour_of_the_owners_own_clock_from_Monday_to_Friday()
    {
        var madrid = new TeamPerson("dana") { TimeZone = "Europe/Madrid" };
        var scene = new OwnerScene { Teams = [new Team("maria", ["dana"]) { People = [madrid], TimeZone = "America/New_York" }] };
        scene.Raise("a");
        scene.Look();
        scene.Live(7);
        string[] expected = ["11-17", "11-18", "11-19", "11-20", "11-23"];
        Assert.Equal(expected.Select(day => Made.At($"2026-{day}T07:00:00Z")), scene.Digests.Select(sent => sent.At));
        var team = new OwnerScene { Teams = [new Team("maria", ["dana"]) { TimeZone = "America/New_York" }] };
        team.Raise("a");
        team.Look();
        team.Live(1.5);
        Assert.Equal(Made.At("2026-11-16T13:00:00Z"), team.Digests.First().At);
    }

    [Fact]
    public void Who_was_away_gets_one_digest_and_who_wants_none_gets_none()
    {
        var scene = new OwnerScene();
        scene.Raise("a");
        scene.Look();
        scene.Now = Made.At("2026-11-19T11:00:00Z");
        scene.Look();
        scene.Look();
        Assert.Single(scene.Digests);
        scene.Now = Made.At("2026-11-21T11:00:00Z");
        scene.Look();
        Assert.Single(scene.Digests);
        var none = new OwnerScene { Teams = [Made.Team with { People = [new TeamPerson("dana") { Digest = false }] }] };
        none.Raise("a");
        none.Look();
        none.Live(10);
        Assert.Empty(none.Digests);
        Assert.Single(none.Told);
    }

    [Fact]
    public void A_digest_that_is_put_to_another_hour_comes_once_that_day()
    {
        var scene = new OwnerScene();
        scene.Raise("a");
        scene.Look();
        scene.Live(0.95);
        Assert.Single(scene.Digests);
        scene.Rules[1] = OwnerScene.AtEight with { From = new TimeOnly(9, 0) };
        scene.Look();
        scene.Live(0.2);
        Assert.Single(scene.Digests);
        scene.Live(1);
        Assert.Equal(Made.At("2026-11-18T09:00:00Z"), scene.Digests.Last().At);
    }

    [Fact]
    public void The_id_of_a_push_is_the_same_every_time_another_for_another_owner_and_never_too_long()
    {
        Assert.Equal(OwnerTurns.IdOf("acme:churnRisk:1", "dana"), OwnerTurns.IdOf("acme:churnRisk:1", "dana"));
        Assert.NotEqual(OwnerTurns.IdOf("acme:churnRisk:1", "dana"), OwnerTurns.IdOf("acme:churnRisk:1", "Zoë Ångström"));
        var longest = $"{new string('a', AccountId.MaxLength)}:{new string('r', 64)}:1234567:red";
        Assert.True(Dispatch.IsValidId(OwnerTurns.IdOf(longest, "dana")));
        Assert.NotEqual(OwnerTurns.IdOf(longest, "dana"), OwnerTurns.IdOf(longest, "eve"));
    }
}
