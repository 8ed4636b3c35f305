using HealthGrains.Accounts;
using HealthGrains.Alerts;
using HealthGrains.Core.Tests.Accounts;
using HealthGrains.Delivery;
using HealthGrains.Health;
using HealthGrains.Plays;
using HealthGrains.Signals;
using HealthGrains.Situations;

namespace HealthGrains.Core.Tests.Plays;

/// <summary>
/// A desk to which anything happens in any order, drawn from a seed; and what must hold all the while. Seeded choices do not depend on
/// restarts, so that the same life may be lived with and without them.
/// </summary>
internal sealed class DeskLife
{
    private static readonly string[] People = ["dana", "eve", "maria", "stranger"];

    private static readonly Playbook[] Library =
    [
        Made.Book("save", Made.Task("call", 0), Automatic("m1", 1), Made.Mail("m2", 1),
            Made.WaitFor("w", 3, Made.Flag("milestone:firstValue"), 4), Hook("n", 4), Automatic("m3", 5))
            with { Trigger = Made.Trouble, CooldownDays = 5 },
        Made.Book("sorry", Hook("n", 0), Made.Mail("m", 0), Made.Task("t", 2) with { After = ["m"] })
            with { Trigger = Made.Detractor, Replaces = ["daily"], NotDuring = ["offer"], Exits = new PlayExits(Recovered: false) },
        Made.Book("daily", [.. Enumerable.Range(0, 8).Select(day => Automatic($"m{day}", day))]) with { Then = "save" },
        Made.Book("offer", Made.Approval("ok", 1), Automatic("m", 1), Automatic("special", 2) with { Marks = ["concession"] }, Hook("n", 9))
            with { Exits = new PlayExits(Renewed: true), Then = "daily" },
        Made.Book("left", Made.Task("why", 0), Hook("n", 1)) with { Trigger = "left" },
    ];

    private readonly Dice _dice;
    private readonly bool _restarts;
    private int _judged;

    public DeskLife(ulong seed, bool restarts)
    {
        _dice = new Dice(seed);
        _restarts = restarts;
        Scene = new Scene(Library)
        {
            Triggers = { new TriggerRule { Id = "left", Version = 1, Title = "Has left", When = Made.Flag("churned") } },
            Rules =
            {
                Made.Rule(GuardrailKind.MessagesPerContact, "contact") with { Most = 2, Days = 7 },
                Made.Rule(GuardrailKind.MessagesPerAccount, "account") with { Most = 3, Days = 5 },
                Made.Quiet("18:00", "08:00", weekends: true),
                Made.Rule(GuardrailKind.Consent, "consent"),
                Made.Rule(GuardrailKind.Suppression, "never") with { Names = ["@never.example"] },
                Made.Rule(GuardrailKind.PlaysAtOnce, "atOnce") with { Most = 3 },
                Made.Rule(GuardrailKind.Approval, "offers") with { Marks = ["concession"] },
                Made.Rule(GuardrailKind.Escalation, "tell") with { Hours = 20 },
            },
        };
        Scene.Profile = Scene.Profile with { Contacts = [.. Scene.Profile.Contacts, new Contact("c3", "Nev", "nev@never.example", "admin", true)] };
    }

    public Scene Scene { get; }

    private static PlayStep Automatic(string id, int day) => Made.Mail(id, day) with { Automatic = [Tier.Enterprise] };

    private static PlayStep Hook(string id, int day) => Made.Notice(id, day) with { Receiver = "hook" };

    public DeskLife Live(int turns)
    {
        for (var k = 0; k < turns; k++)
        {
            Happen();
            Judge();
        }
        return this;
    }

    /// <summary>Nothing more happens, and people do what is asked of them until all is over.</summary>
    public DeskLife Finish()
    {
        for (var day = 0; day < 150 && (Scene.State.Plays.Count > 0 || day < 2); day++)
        {
            foreach (var play in Scene.State.Plays.Where(play => play.State == PlayState.Paused).ToArray())
                Scene.Do(new HoldPlay("maria", play.Number, false));
            foreach (var draft in Scene.State.Drafts.Where(draft => draft.State == DraftState.Pending).ToArray())
                Scene.Do(new DecideDraft("maria", draft.Number, true, null));
            foreach (var task in Scene.State.Tasks.ToArray()) Scene.Do(new EndTask("dana", task.Number, false, null, null, []));
            Scene.Live(1);
            Judge();
        }
        return this;
    }

    private void Happen()
    {
        switch (_dice.Below(12))
        {
            case 0: Scene.Sleep(_dice.Below(100) / 1440.0); break;
            case 1: Scene.Live(_dice.Below(48) / 24.0); break;
            case 2: Scene.Sleep(_dice.Below(20) == 0 ? 20 : _dice.Below(72) / 24.0); break;
            case 3: Scene.InTrouble = _dice.Below(2) == 0; break;
            case 4: Signal(); break;
            case 5: Profile(); break;
            default: Scene.Do(Command()); break;
        }
        Scene.Look();
        if (_restarts && _dice.Next() % 3 == 0) Scene.Restart();
        else if (!_restarts) _dice.Next();
    }

    private void Signal()
    {
        switch (_dice.Below(8))
        {
            case 0: Scene.Happens(SignalKind.Churned); break;
            case 1 or 2: Scene.Happens(SignalKind.Renewed); break;
            case 3: Scene.Happens(SignalKind.MilestoneReached, NameId.Of("firstValue")); break;
            case 4: Scene.Happens(SignalKind.CancelRequested); break;
            default: Scene.Happens(Made.Nps(_dice.Below(10), Scene.Now - _dice.Below(5) * Days.Millis)); break;
        }
    }

    private void Profile()
    {
        var contacts = Scene.Profile.Contacts.ToArray();
        var k = _dice.Below(2);
        contacts[k] = _dice.Below(3) switch
        {
            0 => contacts[k] with { Consent = _dice.Below(3) > 0 },
            1 => contacts[k] with { TimeZone = _dice.Below(2) == 0 ? "Asia/Tokyo" : "Europe/Berlin" },
            _ => contacts[k] with { Email = _dice.Below(4) == 0 ? null : $"{contacts[k].Id}@acme.example" },
        };
        if (_dice.Below(4) == 0) (contacts[0], contacts[2]) = (contacts[2], contacts[0]);
        Scene.Profile = Scene.Profile with { Contacts = contacts };
    }

    private DeskCommand Command()
    {
        var who = People[_dice.Below(People.Length)];
        // Numbers that are there, mostly; sometimes none that ever was.
        var (play, step) = (One(Scene.State.Plays, play => play.Number), 1 + _dice.Below(8));
        var (draft, task) = (One(Scene.State.Drafts, draft => draft.Number), One(Scene.State.Tasks, task => task.Number));
        var yes = _dice.Below(3) > 0;
        return _dice.Below(16) switch
        {
            0 or 1 or 2 => new StartPlay(who, Library[_dice.Below(Library.Length)].Id),
            3 => new StopPlay(who, play, _dice.Below(4) == 0 ? "enough" : ""),
            4 or 5 => new HoldPlay(who, play, _dice.Below(3) == 0),
            6 => new EndStep(who, play, step, yes, null, "noted", yes ? [] : ["next"]),
            7 => new EditDraft(who, draft, null, "Edited"),
            8 or 9 or 10 => new DecideDraft(who, draft, yes, "why"),
            11 => new ReadDraft(who, draft),
            12 => new EndTask(who, task, !yes, null, "noted", yes ? ["next"] : []),
            13 => _dice.Below(4) switch
            {
                0 => new HandOver(who, "eve", yes ? null : "dana"),
                1 => new AddNote(who, NoteKind.Call, "Learned", yes ? Scene.Now + _dice.Below(9) * Days.Millis : null, null, null),
                2 => new PostponeTask(who, task, Scene.Now + _dice.Below(9) * Days.Millis, "away"),
                _ => new AddTask(who, "Own", null, null),
            },
            14 => new ActOnDeskAlert(who, yes ? Made.Trouble : Made.Detractor, 1 + _dice.Below(3), (AlertDeed)_dice.Below(4),
                Scene.Now + _dice.Below(90) * 3_600_000L, "eve", "why"),
            _ => new SetOverride(who, yes ? Band.Red : null, null, "why", Scene.Now + _dice.Below(100) * 3_600_000L),
        };
    }

    private int One<T>(List<T> all, Func<T, int> number) =>
        _dice.Below(10) == 0 || all.Count == 0 ? _dice.Below(50) : number(all[_dice.Below(all.Count)]);

    private void Judge()
    {
        var state = Scene.State;
        var json = Scene.Json;
        Assert.False(Scene.Look(), "a second look changed something");
        Assert.Equal(json, Scene.Json);
        Assert.True(state.WakeAt > Scene.Now, "it is to be woken in the past");
        Assert.Equal(state.Plays.Count, state.Plays.Select(play => play.Playbook).Distinct().Count());
        Assert.True(state.Plays.Count <= 3, "more plays at once than the guardrail lets");
        foreach (var sent in Scene.Outbox.Dispatches.Skip(_judged))
        {
            if (sent.Body is not EmailBody mail) continue;
            var contact = Scene.Profile.Contacts.Single(contact => contact.Email == mail.To);
            Assert.True(contact.Consent, "a letter to somebody who did not agree");
            Assert.False(mail.To.EndsWith("@never.example", StringComparison.Ordinal), "a letter to a suppressed address");
            foreach (var rule in Scene.Rules.Where(rule => rule.Kind == GuardrailKind.QuietHours))
                Assert.Equal(sent.At, QuietHours.EndAt(rule, contact.TimeZone, sent.At));
        }
        _judged = Scene.Outbox.Dispatches.Count;
    }
}
