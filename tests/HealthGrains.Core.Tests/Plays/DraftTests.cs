using HealthGrains.Accounts;
using HealthGrains.Delivery;
using HealthGrains.Plays;
using HealthGrains.Situations;

namespace HealthGrains.Core.Tests.Plays;

/// <summary>What could reach a customer waits for a person, and what becomes of it.</summary>
public sealed class DraftTests
{
    private static readonly Playbook Letter = Made.Book("letter", Made.Mail("m", 0), Made.Task("t", 30));

    private static (Scene Scene, int Draft) Waiting(PlayStep? step = null, params Guardrail[] rules)
    {
        var scene = new Scene(Made.Book("letter", step ?? Made.Mail("m", 0), Made.Task("t", 30))) { Rules = [.. rules] };
        scene.Start("letter");
        return (scene, Assert.Single(scene.State.Drafts).Number);
    }

    [Fact]
    public void A_letter_waits_for_a_person_with_its_facts_beside_it_and_leaves_once()
    {
        var (scene, draft) = Waiting();
        scene.Live(1);
        Assert.Empty(scene.Mails);
        var told = scene.ToldDraft(draft);
        Assert.Equal(("Ada", "ada@acme.example", "About Acme", "Dear Ada"), (told.ContactName, told.Email, told.Subject, told.Text));
        Assert.Equal(("letter 2", "dana", "dana", DraftState.Pending), (told.Template, told.Owner, told.Reviewer, told.State));
        Assert.Equal(120_000.0, told.Facts["arr"]);
        scene.Done(new DecideDraft("dana", draft, true, null));
        scene.Live(10);
        var sent = Assert.Single(scene.Outbox.Dispatches);
        Assert.Equal(($"acme:{draft}", ReceiverKeys.Email), (sent.Id, sent.Receiver));
        Assert.Equal(new EmailBody("ada@acme.example", "Ada", "dana@us.example", "About Acme", "Dear Ada"), sent.Body);
        Assert.Equal((DraftState.Sent, "dana", false), (scene.ToldDraft(draft).State, scene.ToldDraft(draft).DecidedBy!, scene.ToldDraft(draft).Edited));
        Assert.Equal(("sent", "dana"), (scene.Play.Steps[0].Outcome, scene.Play.Steps[0].By));
        Assert.Equal(DeskRefusal.NotFound, scene.Do(new DecideDraft("dana", draft, true, null)).Refusal);
    }

    [Fact]
    public void An_edited_draft_leaves_as_edited_and_its_subject_stays_one_line()
    {
        var (scene, draft) = Waiting();
        Assert.Equal(DeskRefusal.Invalid, scene.Do(new EditDraft("dana", draft, null, " ")).Refusal);
        scene.Done(new EditDraft("dana", draft, "Hello\r\nBcc: all@acme.example", "Dear Ada, it is Dana."));
        scene.Done(new DecideDraft("dana", draft, true, null));
        var mail = Assert.Single(scene.Mails);
        Assert.Equal(("Hello Bcc: all@acme.example", "Dear Ada, it is Dana."), (mail.Subject, mail.Text));
        Assert.True(scene.ToldDraft(draft).Edited);
        Assert.NotNull(scene.ToldDraft(draft).ReadAt);
    }

    [Fact]
    public void A_draft_in_which_something_is_missing_is_not_approved_until_it_is_filled_in()
    {
        var (scene, draft) = Waiting();
        scene.Done(new EditDraft("dana", draft, null, "Done: \u27E6what, by when\u27E7."));
        var reply = scene.Do(new DecideDraft("dana", draft, true, null));
        Assert.Equal((DeskRefusal.Invalid, DraftState.Pending), (reply.Refusal, scene.ToldDraft(draft).State));
        Assert.Contains("what, by when", reply.Reason, StringComparison.Ordinal);
        scene.Done(new EditDraft("dana", draft, null, "Done: the import, today."));
        scene.Done(new DecideDraft("dana", draft, true, null));
        Assert.Equal("Done: the import, today.", Assert.Single(scene.Mails).Text);
    }

    [Fact]
    public void A_text_in_which_something_is_missing_does_not_go_out_by_itself()
    {
        var scene = new Scene(Made.Book("letter", Made.Mail("m", 0) with { Automatic = [Tier.Enterprise] }));
        scene.Profile = scene.Profile with { Contacts = [.. scene.Profile.Contacts.Select(contact => contact with { Name = "\u27E6who\u27E7" })] };
        scene.Start("letter");
        scene.Live(1);
        Assert.Empty(scene.Mails);
        Assert.Equal(DraftState.Pending, Assert.Single(scene.State.Drafts).State);
    }

    [Fact]
    public void To_open_a_draft_is_remembered_the_first_time()
    {
        var (scene, draft) = Waiting();
        scene.Done(new ReadDraft("dana", draft));
        scene.Sleep(0.1);
        scene.Done(new ReadDraft("eve", draft));
        Assert.Equal(Scene.Monday, scene.ToldDraft(draft).ReadAt!.Value.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void A_rejected_draft_never_leaves_and_says_why()
    {
        var (scene, draft) = Waiting();
        Assert.Equal(DeskRefusal.Invalid, scene.Do(new DecideDraft("dana", draft, false, null)).Refusal);
        scene.Done(new DecideDraft("dana", draft, false, "they have left"));
        scene.Live(10);
        Assert.Empty(scene.Mails);
        Assert.Equal((DraftState.Rejected, "they have left"), (scene.ToldDraft(draft).State, scene.ToldDraft(draft).Reason));
        Assert.Equal((StepState.Skipped, "rejected: they have left"), (scene.Play.Steps[0].State, scene.Play.Steps[0].Reason));
    }

    [Fact]
    public void A_draft_that_nobody_approves_expires_on_time_and_cannot_be_approved_after()
    {
        var (scene, draft) = Waiting();
        scene.Sleep(3);
        var late = scene.Do(new DecideDraft("dana", draft, true, null));
        Assert.Equal((DeskRefusal.Conflict, "the draft is expired already"), (late.Refusal, late.Reason));
        Assert.Equal((DraftState.Expired, "nobody approved it in time"), (scene.ToldDraft(draft).State, scene.ToldDraft(draft).Reason));
        Assert.Equal(StepState.Skipped, scene.Steps()[0]);
        Assert.Empty(scene.Mails);
    }

    [Fact]
    public void An_approved_draft_that_waits_can_still_be_rejected_but_neither_edited_nor_approved_again()
    {
        var (scene, draft) = Waiting(null, Made.Quiet("08:00", "18:00"));
        scene.Done(new DecideDraft("dana", draft, true, null));
        Assert.Empty(scene.Mails);
        Assert.Equal(DeskRefusal.Conflict, scene.Do(new DecideDraft("dana", draft, true, null)).Refusal);
        Assert.Equal(DeskRefusal.Conflict, scene.Do(new EditDraft("dana", draft, null, "x")).Refusal);
        scene.Done(new DecideDraft("dana", draft, false, "not today"));
        scene.Live(3);
        Assert.Empty(scene.Mails);
    }

    [Fact]
    public void Low_touch_accounts_get_automatic_steps_at_once_and_others_wait_for_a_person()
    {
        var step = Made.Mail("m", 0) with { Automatic = [Tier.Smb] };
        var (scene, _) = Waiting(step);
        Assert.Empty(scene.Mails);
        scene = new Scene(Made.Book("letter", step, Made.Task("t", 30)));
        scene.Profile = scene.Profile with { Tier = Tier.Smb };
        scene.Start("letter");
        Assert.Single(scene.Mails);
        Assert.Equal("playbook", scene.Outbox.Drafts[^1].DecidedBy);
    }

    [Fact]
    public void An_automatic_step_whose_template_is_gone_waits_for_a_person()
    {
        var (scene, draft) = Waiting(Made.Mail("m", 0) with { Automatic = [Tier.Enterprise], Template = "gone" });
        Assert.Empty(scene.Mails);
        Assert.Equal("Write m", scene.ToldDraft(draft).Text);
    }

    [Fact]
    public void A_message_inside_the_product_needs_no_address()
    {
        var scene = new Scene(Made.Book("hint", Made.Mail("m", 0) with { Kind = StepKind.InApp }));
        scene.Profile = scene.Profile with { Contacts = [new Contact("c9", "Pat")] };
        scene.Start("hint");
        scene.Done(new DecideDraft("dana", scene.State.Drafts[0].Number, true, null));
        var body = Assert.IsType<NoticeBody>(Assert.Single(scene.Outbox.Dispatches).Body);
        Assert.Equal(("message.inApp", "c9"), (body.Event, (string?)body.Data["contact"]));
    }

    [Fact]
    public void A_letter_goes_to_the_first_role_that_can_be_reached()
    {
        var (scene, draft) = Waiting(Made.Mail("m", 0) with { To = ["executive", "user", "champion"] });
        Assert.Equal("Tim", scene.ToldDraft(draft).ContactName);
    }

    [Fact]
    public void Where_there_is_nobody_to_write_to_a_person_gets_a_task()
    {
        var scene = new Scene(Made.Book("letter", Made.Mail("m", 0) with { To = ["executive", "admin"] }));
        var play = scene.Start("letter").Number;
        var task = Assert.Single(scene.State.Tasks);
        Assert.Equal("Write m: the profile names no executive or admin with an address", task.Title);
        scene.Done(new EndTask("dana", task.Number, false, null, "found one", []));
        Assert.Equal("completed", scene.Told(play).Exit);
    }

    [Theory]
    [InlineData(true, "the profile no longer names the contact")]
    [InlineData(false, "the contact no longer has an address")]
    public void A_draft_whose_contact_or_address_has_gone_does_not_leave(bool contact, string why)
    {
        var (scene, draft) = Waiting();
        scene.Profile = scene.Profile with
        {
            Contacts = contact ? [scene.Profile.Contacts[1]] : [scene.Profile.Contacts[0] with { Email = null }, scene.Profile.Contacts[1]],
        };
        scene.Done(new DecideDraft("dana", draft, true, null));
        Assert.Empty(scene.Mails);
        Assert.Equal((DraftState.Rejected, why), (scene.ToldDraft(draft).State, scene.ToldDraft(draft).Reason));
    }

    [Fact]
    public void A_letter_goes_to_the_contacts_address_of_now_and_says_so()
    {
        var (scene, draft) = Waiting();
        scene.Profile = scene.Profile with { Contacts = [scene.Profile.Contacts[0] with { Email = "ada@new.example" }] };
        scene.Done(new DecideDraft("dana", draft, true, null));
        Assert.Equal("ada@new.example", Assert.Single(scene.Mails).To);
        Assert.Equal("ada@new.example", scene.ToldDraft(draft).Email);
    }

    [Fact]
    public void To_skip_a_step_takes_its_draft_away()
    {
        var (scene, draft) = Waiting();
        Assert.Equal(DeskRefusal.Conflict, scene.Do(new EndStep("dana", scene.Play.Number, 1, false, null, null, [])).Refusal);
        scene.Done(new EndStep("dana", scene.Play.Number, 1, true, null, "I called instead", []));
        Assert.Equal((DraftState.Expired, "the step was skipped by dana"), (scene.ToldDraft(draft).State, scene.ToldDraft(draft).Reason));
        Assert.Empty(scene.State.Drafts);
    }

    [Fact]
    public void Marks_that_need_the_manager_are_approved_by_no_one_else()
    {
        var rule = Made.Rule(GuardrailKind.Approval, "offers") with { Marks = ["concession"], Title = "Concessions are the manager's" };
        var (scene, draft) = Waiting(Made.Mail("m", 0) with { Marks = ["concession"], Automatic = [Tier.Enterprise] }, rule);
        Assert.Equal(("manager", "maria"), (scene.ToldDraft(draft).Needs, scene.ToldDraft(draft).Reviewer));
        foreach (var approve in (bool[])[true, false])
        {
            var reply = scene.Do(new DecideDraft("dana", draft, approve, "why not"));
            Assert.Equal(DeskRefusal.Forbidden, reply.Refusal);
            Assert.Equal("dana may not decide on it: Concessions are the manager's (offers 4); maria may", reply.Reason);
        }
        Assert.Empty(scene.Mails);
        scene.Done(new DecideDraft("maria", draft, true, null));
        Assert.Single(scene.Mails);
    }

    [Theory]
    [InlineData(99_999, false)]
    [InlineData(100_001, true)]
    public void Large_accounts_need_the_manager(int arr, bool manager)
    {
        var rule = Made.Rule(GuardrailKind.Approval) with { When = Made.Number("arr", Comparison.Above, 100_000) };
        var scene = new Scene(Letter) { Rules = { rule } };
        scene.Profile = scene.Profile with { Arr = arr };
        scene.Start("letter");
        var reply = scene.Do(new DecideDraft("eve", scene.State.Drafts[0].Number, true, null));
        Assert.Equal(manager ? DeskRefusal.Forbidden : DeskRefusal.None, reply.Refusal);
    }

    [Fact]
    public void Another_teams_manager_may_not_and_without_teams_nobody_is_told_apart()
    {
        var rule = Made.Rule(GuardrailKind.Approval);
        var scene = new Scene(Letter) { Rules = { rule }, Teams = { new Team("otto", ["olga"]) } };
        scene.Start("letter");
        Assert.Equal(DeskRefusal.Forbidden, scene.Do(new DecideDraft("otto", scene.State.Drafts[0].Number, true, null)).Refusal);
        scene.Teams.Clear();
        Assert.Equal(DeskRefusal.None, scene.Do(new DecideDraft("anyone", scene.State.Drafts[0].Number, true, null)).Refusal);
    }
}
