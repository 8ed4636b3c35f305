using HealthGrains.Accounts;
using HealthGrains.Delivery;
using HealthGrains.Plays;

namespace HealthGrains.Core.Tests.Plays;

/// <summary>What guardrails put off or refuse, each with its name and version.</summary>
public sealed class GuardrailTests
{
    private static Scene Sending(int mails, params Guardrail[] rules)
    {
        var scene = new Scene(Made.Book("letters", [.. Enumerable.Range(0, mails).Select(k => Made.Mail($"m{k}", 0) with
        {
            Automatic = [Tier.Enterprise], WithinDays = 99, To = [k % 2 == 0 ? "champion" : "user"],
        })])) { Rules = [.. rules] };
        scene.Begin("letters");
        return scene;
    }

    private static double[] DaysSent(Scene scene, string? to = null) =>
        [.. scene.Outbox.Dispatches.Where(sent => sent.Body is EmailBody mail && (to is null || mail.To == to))
            .Select(sent => (sent.At - Scene.Monday) / (double)Days.Millis)];

    [Fact]
    public void No_more_messages_to_a_contact_than_so_many_in_so_many_days()
    {
        var scene = Sending(6, Made.Rule(GuardrailKind.MessagesPerContact, "aWeek") with { Most = 2, Days = 7, Title = "Two a week" });
        Assert.Equal(4, scene.Outbox.Dispatches.Count);
        var waiting = scene.State.Drafts[0];
        Assert.Equal("Two a week (aWeek 4)", waiting.Delay);
        Assert.Equal(Scene.Monday + 7 * Days.Millis, waiting.SendAt);
        scene.Live(30);
        Assert.Equal([0, 0, 7], DaysSent(scene, "ada@acme.example"));
    }

    [Fact]
    public void No_more_messages_to_an_account_than_so_many_in_so_many_days()
    {
        var scene = Sending(5, Made.Rule(GuardrailKind.MessagesPerAccount) with { Most = 2, Days = 3 });
        scene.Live(30);
        Assert.Equal([0, 0, 3, 3, 6], DaysSent(scene));
    }

    [Fact]
    public void A_limit_longer_than_four_weeks_is_kept_as_well()
    {
        var scene = Sending(2, Made.Rule(GuardrailKind.MessagesPerAccount) with { Most = 1, Days = 60 });
        scene.Live(100);
        Assert.Equal([0, 60], DaysSent(scene));
    }

    [Fact]
    public void The_moment_that_is_told_is_the_one_at_which_all_rules_let_it_leave()
    {
        // Free again on Monday at 11:00 in Berlin, within quiet hours that end at 18:00.
        var scene = Sending(3, Made.Rule(GuardrailKind.MessagesPerContact) with { Most = 1, Days = 7 });
        scene.Rules.Add(Made.Quiet("08:00", "18:00"));
        scene.Look();
        Assert.Equal(Made.At("2026-11-23T17:00:00Z"), Assert.Single(scene.State.Drafts).SendAt);
        scene.Live(30);
        Assert.Equal(Made.At("2026-11-23T17:00:00Z"), scene.Outbox.Dispatches[^1].At);
    }

    [Fact]
    public void A_limit_of_none_lets_nothing_leave()
    {
        var scene = Sending(1, Made.Rule(GuardrailKind.MessagesPerAccount) with { Most = 0 });
        scene.Live(60);
        Assert.Empty(scene.Mails);
        Assert.Equal("The rule rule (rule 4)", scene.Outbox.Plays[^1].Steps[0].Reason);
    }

    [Theory]
    [InlineData(true, 0, true)]
    [InlineData(false, 0, false)]
    [InlineData(null, 0, false)]
    [InlineData(true, 1, true)]
    [InlineData(false, 1, false)]
    [InlineData(null, 1, true)]
    public void Nobody_is_written_to_who_did_not_agree(bool? consent, int most, bool sends)
    {
        var scene = new Scene(Made.Book("letter", Made.Mail("m", 0) with { Automatic = [Tier.Enterprise] }))
        {
            Rules = { Made.Rule(GuardrailKind.Consent, "consent") with { Most = most } },
        };
        scene.Profile = scene.Profile with { Contacts = [scene.Profile.Contacts[0] with { Consent = consent }] };
        scene.Begin("letter");
        Assert.Equal(sends ? 1 : 0, scene.Mails.Count());
        if (!sends) Assert.Equal("The rule consent (consent 4)", scene.Outbox.Plays[^1].Steps[0].Reason);
    }

    [Fact]
    public void A_consent_that_is_withdrawn_before_the_letter_leaves_keeps_it_here()
    {
        var scene = new Scene(Made.Book("letter", Made.Mail("m", 0))) { Rules = { Made.Rule(GuardrailKind.Consent) } };
        scene.Start("letter");
        var draft = scene.State.Drafts[0].Number;
        scene.Profile = scene.Profile with { Contacts = [scene.Profile.Contacts[0] with { Consent = false }] };
        scene.Done(new DecideDraft("dana", draft, true, null));
        Assert.Empty(scene.Mails);
        Assert.Equal((DraftState.Rejected, "The rule rule (rule 4)"), (scene.ToldDraft(draft).State, scene.ToldDraft(draft).Reason));
        Assert.Contains(scene.Outbox.Audit, line => line.Action == "draft.refused");
    }

    [Theory]
    [InlineData("ADA@acme.example", true)]
    [InlineData("@acme.example", true)]
    [InlineData("@Acme.Example", true)]
    [InlineData("acme", true)]
    [InlineData("@me.example", false)]
    [InlineData("acme.example", false)]
    [InlineData("other@acme.example", false)]
    public void Addresses_domains_and_accounts_are_suppressed(string name, bool suppressed)
    {
        var scene = new Scene(Made.Book("letter", Made.Mail("m", 0) with { Automatic = [Tier.Enterprise], To = ["champion"] }))
        {
            Rules = { Made.Rule(GuardrailKind.Suppression) with { Names = ["nobody@else.example", name] } },
        };
        scene.Begin("letter");
        Assert.Equal(suppressed ? 0 : 1, scene.Mails.Count());
    }

    [Fact]
    public void A_contact_who_may_not_be_written_to_is_passed_over_for_the_next()
    {
        var scene = new Scene(Made.Book("letter", Made.Mail("m", 0)))
        {
            Rules = { Made.Rule(GuardrailKind.Suppression) with { Names = ["ada@acme.example"] } },
        };
        scene.Start("letter");
        Assert.Equal("Tim", Assert.Single(scene.State.Drafts).ContactName);
    }

    [Fact]
    public void The_holdout_is_a_stable_share_of_accounts()
    {
        var rule = Made.Rule(GuardrailKind.Holdout, "tenPercent") with { Percent = 10 };
        var held = Enumerable.Range(0, 20_000).Where(k => Desk.IsHeldOut($"account{k}", rule)).ToArray();
        Assert.InRange(held.Length, 1_850, 2_150);
        Assert.All(held, k => Assert.True(Desk.IsHeldOut($"account{k}", rule with { Version = 9, Percent = 20 })));
        Assert.NotEqual(held, Enumerable.Range(0, 20_000).Where(k => Desk.IsHeldOut($"account{k}", rule with { Id = "another" })));
        Assert.DoesNotContain(Enumerable.Range(0, 1000), k => Desk.IsHeldOut($"account{k}", rule with { Percent = 0 }));
        Assert.All(Enumerable.Range(0, 1000), k => Assert.True(Desk.IsHeldOut($"account{k}", rule with { Percent = 100 })));
    }

    [Fact]
    public void An_account_that_is_held_out_gets_alerts_and_no_plays()
    {
        var scene = new Scene(Made.Book("save", Made.Task("a", 0)) with { Trigger = Made.Trouble })
        {
            Rules = { Made.Rule(GuardrailKind.Holdout) with { Percent = 100 } }, InTrouble = true,
        };
        scene.Live(3);
        Assert.Single(scene.State.Alerts);
        Assert.Empty(scene.State.Plays);
        Assert.Equal((DeskRefusal.Conflict, "The rule rule (rule 4)"), (scene.Do(new StartPlay("dana", "save")).Refusal, scene.Do(new StartPlay("dana", "save")).Reason));
    }

    [Fact]
    public void A_guardrail_is_only_for_the_accounts_that_it_names()
    {
        var rule = Made.Rule(GuardrailKind.MessagesPerAccount) with { Most = 1, When = Made.Word("tier", "smb") };
        Assert.Equal(3, Sending(3, rule).Mails.Count());
    }

    [Fact]
    public void A_guardrail_of_today_holds_for_what_was_approved_yesterday()
    {
        var scene = new Scene(Made.Book("letter", Made.Mail("m", 0))) { Rules = { Made.Quiet("08:00", "18:00") } };
        scene.Start("letter");
        scene.Done(new DecideDraft("dana", scene.State.Drafts[0].Number, true, null));
        scene.Rules.Add(Made.Rule(GuardrailKind.Suppression) with { Names = ["acme"] });
        scene.Live(2);
        Assert.Empty(scene.Mails);
    }
}
