using FsCheck;
using FsCheck.Fluent;
using HealthGrains.Accounts;
using HealthGrains.Core.Tests.Accounts;
using HealthGrains.Delivery;
using HealthGrains.Plays;

namespace HealthGrains.Core.Tests.Plays;

/// <summary>What holds of a desk whatever happens to it.</summary>
public sealed class DeskProperties
{
    private const int Turns = 120;

    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(40).WithReplay(20261121, 7);

    private static void ForAnyLife(Action<ulong> judge) =>
        Check.One(Runs, Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => judge((ulong)seed)));

    [Fact]
    public void No_guardrail_is_ever_exceeded() => ForAnyLife(seed =>
    {
        // Consent, suppression, quiet hours and plays at once are judged after every turn; here the windows are counted again.
        var scene = new DeskLife(seed, restarts: true).Live(Turns).Scene;
        var mails = scene.Outbox.Dispatches.Where(sent => sent.Body is EmailBody).ToArray();
        foreach (var (last, k) in mails.Select((sent, k) => (sent, k)))
        {
            Assert.True(mails.Take(k + 1).Count(sent => sent.At > last.At - 5 * Days.Millis) <= 3, "too many messages to the account");
            var contact = scene.Outbox.Drafts.Last(draft => draft.Id == DraftOf(last)).ContactName;
            Assert.True(mails.Take(k + 1).Count(sent => sent.At > last.At - 7 * Days.Millis
                && scene.Outbox.Drafts.Last(draft => draft.Id == DraftOf(sent)).ContactName == contact) <= 2, "too many messages to the contact");
        }
    });

    [Fact]
    public void A_trigger_never_starts_a_play_again_within_its_cooldown_however_much_of_the_past_is_forgotten() => ForAnyLife(seed =>
    {
        var dice = new Dice(seed);
        var cooldown = 20 + dice.Below(60);
        Playbook[] others = [.. Enumerable.Range(0, 3).Select(k => Made.Book($"other{k}", Made.Notice("n", 0)))];
        var scene = new Scene([Made.Book("save", Made.Task("a", 0)) with { Trigger = Made.Trouble, CooldownDays = cooldown }, .. others]);
        for (var turn = 0; turn < 400; turn++)
        {
            if (dice.Below(3) == 0) scene.InTrouble = dice.Below(2) == 0;
            if (dice.Below(2) == 0) scene.Do(new StartPlay("dana", others[dice.Below(3)].Id));
            if (dice.Below(3) == 0 && scene.State.Plays.Find(play => play.Playbook == "save") is { } play)
                scene.Do(new StopPlay("dana", play.Number, "enough"));
            if (dice.Below(9) == 0) scene.Restart();
            scene.Live(dice.Below(24) / 12.0);
            Assert.True(scene.State.Past.Count <= DeskState.MostPast, "more of the past is kept than is needed");
        }
        var told = scene.Outbox.Plays.Where(play => play.Playbook == "save").GroupBy(play => play.Id).Select(views => views.Last())
            .OrderBy(play => play.StartedAt).ToArray();
        Assert.True(told.Length > 1, "it was never played again");
        foreach (var (before, after) in told.Zip(told.Skip(1)))
            Assert.True(after.StartedAt >= before.EndedAt!.Value.AddDays(cooldown), "it was played again too soon");
    });

    [Fact]
    public void A_draft_leaves_at_most_once_and_only_after_an_approval_by_one_who_may() => ForAnyLife(seed =>
    {
        var scene = new DeskLife(seed, restarts: true).Live(Turns).Finish().Scene;
        Assert.Equal(scene.Outbox.Dispatches.Count, scene.Outbox.Dispatches.Select(sent => sent.Id).Distinct().Count());
        foreach (var sent in scene.Outbox.Dispatches.Where(sent => sent.Body is EmailBody))
        {
            var id = DraftOf(sent);
            var draft = scene.Outbox.Drafts.Last(draft => draft.Id == id);
            Assert.Equal(DraftState.Sent, draft.State);
            var approved = Assert.Single(scene.Outbox.Audit, line => line.Action == "draft.approved" && line.Detail == id);
            Assert.True(approved.At.ToUnixTimeMilliseconds() <= sent.At);
            var step = scene.Books.Single(book => book.Title == draft.PlayTitle).Steps.Single(step => step.Id == draft.Step);
            if (approved.Actor == "playbook") Assert.True(step.Automatic.Count > 0 && step.Marks.Count == 0, "it went by itself and must not");
            if (step.Marks.Count > 0) Assert.Equal("maria", approved.Actor);
        }
    });

    [Fact]
    public void Every_step_happens_at_most_once_and_at_least_once_unless_it_was_left_out() => ForAnyLife(seed =>
    {
        var scene = new DeskLife(seed, restarts: true).Live(Turns).Finish().Scene;
        Assert.Empty(scene.State.Plays);
        var plays = scene.Outbox.Plays.GroupBy(play => play.Id).Select(told => told.Last()).ToArray();
        var hooks = scene.Outbox.Dispatches.Select(sent => sent.Body).OfType<NoticeBody>()
            .ToLookup(notice => ((string)notice.Data["play"]!, (string)notice.Data["text"]!));
        foreach (var play in plays)
        {
            Assert.Equal(PlayState.Ended, play.State);
            foreach (var step in play.Steps)
            {
                Assert.True(step.State is StepState.Done or StepState.Skipped);
                var tasks = scene.Outbox.Tasks.Where(task => task.Play == play.Id && task.Step == step.Number)
                    .DistinctBy(task => task.Id).Count();
                var drafts = scene.Outbox.Drafts.Where(draft => draft.Play == play.Id && draft.Step == step.Id)
                    .DistinctBy(draft => draft.Id).Count();
                var notices = hooks[(play.Id, step.Title)].Count();
                Assert.True(tasks + drafts + notices <= 1, $"{play.Id} {step.Id} happened twice");
                if (step.State == StepState.Skipped) Assert.NotNull(step.Reason);
                else if (step.Kind is not StepKind.Wait) Assert.True(tasks + drafts + notices == 1, $"{play.Id} {step.Id} never happened");
                if (step is { State: StepState.Done, Kind: StepKind.Email, Outcome: "sent" })
                    Assert.Single(scene.Outbox.Dispatches, sent => sent.Body is EmailBody && DraftOf(sent) == step.Draft);
            }
            if (play.Exit == "completed") Assert.All(play.Steps, step => Assert.True(step.OpenedAt is not null || step.By is not "playbook"));
        }
    });

    [Fact]
    public void The_same_inputs_give_the_same_state_and_effects_with_restarts_at_any_moment_and_without() => ForAnyLife(seed =>
    {
        var (one, other) = (new DeskLife(seed, restarts: true).Live(Turns).Scene, new DeskLife(seed, restarts: false).Live(Turns).Scene);
        Assert.Equal(one.Json, other.Json);
        Assert.Equal(Scene.JsonOf(one.Outbox), Scene.JsonOf(other.Outbox));
        Assert.Equal(Scene.JsonOf(one.View), Scene.JsonOf(other.View));
    });

    [Fact]
    public void To_look_only_when_asked_to_does_the_same_as_to_look_every_hour() => ForAnyLife(seed =>
    {
        var (asked, hourly) = (Hours(seed, hourly: false), Hours(seed, hourly: true));
        Assert.Equal(Scene.JsonOf(asked.Outbox), Scene.JsonOf(hourly.Outbox));
        // What guardrails no longer count is forgotten whenever somebody looks.
        asked.State.Sent.Clear();
        hourly.State.Sent.Clear();
        asked.State.Version = hourly.State.Version = 0;
        Assert.Equal(asked.Json, hourly.Json);
    });

    // All that happens happens on the hour, so that both may see it at the same moment.
    private static Scene Hours(ulong seed, bool hourly)
    {
        var life = new DeskLife(seed, restarts: false);
        var dice = new Dice(seed);
        var scene = life.Scene;
        for (var day = 0; day < 40; day++)
        {
            if (dice.Below(4) == 0) scene.InTrouble = dice.Below(2) == 0;
            if (dice.Below(8) == 0) scene.Happens(Made.Nps(dice.Below(11), scene.Now));
            if (dice.Below(5) == 0) scene.Do(new StartPlay("dana", scene.Books[dice.Below(scene.Books.Count)].Id));
            if (dice.Below(5) == 0 && scene.State.Drafts.FirstOrDefault() is { } draft) scene.Do(new DecideDraft("maria", draft.Number, true, null));
            if (dice.Below(8) == 0 && scene.State.Plays.FirstOrDefault() is { } play)
                scene.Do(new HoldPlay("dana", play.Number, play.State != PlayState.Paused));
            scene.Look();
            var hours = 1 + dice.Below(40);
            if (!hourly) scene.Live(hours / 24.0);
            else
                for (var hour = 0; hour < hours; hour++)
                {
                    scene.Now += 3_600_000;
                    scene.Look();
                }
        }
        return scene;
    }

    private static string DraftOf(Dispatch sent) => DeskIds.Draft("acme", int.Parse(sent.Id["acme:".Length..], System.Globalization.CultureInfo.InvariantCulture));
}
