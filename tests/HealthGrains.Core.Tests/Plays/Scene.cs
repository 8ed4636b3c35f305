using System.Text.Json;
using System.Text.Json.Serialization;
using HealthGrains.Accounts;
using HealthGrains.Core.Tests.Accounts;
using HealthGrains.Delivery;
using HealthGrains.Plays;
using HealthGrains.Signals;
using HealthGrains.Situations;

namespace HealthGrains.Core.Tests.Plays;

/// <summary>An account with its desk, and a clock that the test moves. Every effect is kept.</summary>
internal sealed class Scene
{
    /// <summary>10:00 UTC of a Monday.</summary>
    public static readonly long Monday = Made.At("2026-11-16T10:00:00Z");

    private static readonly JsonSerializerOptions AsHostsDo =
        new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public Scene(params Playbook[] books) => Books = [.. books];

    public long Now { get; set; } = Monday;

    public DeskState State { get; set; } = new();

    public AccountState Account { get; } = new(Made.Acme);

    public DeskOutbox Outbox { get; } = new();

    public List<TriggerRule> Triggers { get; init; } = [Made.DetractorRule, Made.TroubleRule];

    public List<Playbook> Books { get; init; }

    public List<Guardrail> Rules { get; init; } = [];

    public List<TextTemplate> Templates { get; init; } = [Made.Letter];

    public List<Team> Teams { get; init; } = [Made.Team];

    public AccountProfile Profile
    {
        get => Account.Profile;
        set => Account.Profile = value;
    }

    /// <summary>Whether the account is of the segment that the trigger <c>trouble</c> is about.</summary>
    public bool InTrouble { set => Profile = Profile with { Segment = value ? "trouble" : "calm" }; }

    public PlayRun Play => Assert.Single(State.Plays);

    public IEnumerable<EmailBody> Mails => Outbox.Dispatches.Select(sent => sent.Body).OfType<EmailBody>();

    public IEnumerable<ChatBody> Chats => Outbox.Dispatches.Select(sent => sent.Body).OfType<ChatBody>();

    public IEnumerable<CrmBody> Crm => Outbox.Dispatches.Select(sent => sent.Body).OfType<CrmBody>();

    /// <summary>The last that was told of a play.</summary>
    public PlayView Told(int play) => Outbox.Plays.Last(view => view.Id == DeskIds.Play("acme", play));

    /// <summary>The last that was told of a draft.</summary>
    public DraftView ToldDraft(int draft) => Outbox.Drafts.Last(view => view.Id == DeskIds.Draft("acme", draft));

    public void Happens(SignalKind kind, uint name = 0, float value = float.NaN) =>
        Happens(new Signal((ulong)Now, Now, kind, 9ul << 32, name, value));

    public void Happens(Signal signal) => AccountTurns.Take(Account, [signal], Lives.Turn(Now));

    public Situation Situation => Situation.Of(Account, Lives.Turn(Now));

    public Practice Practice => new(Triggers, Books, Rules, Templates, Teams);

    private DeskTurn Turn => new(Now, Situation, Practice, new LetterWriter(), Outbox);

    public bool Look() => DeskTurns.Look(State, Turn);

    public DeskReply Do(DeskCommand command) => DeskTurns.Do(State, command, Turn);

    /// <summary>Does it and expects that it is not refused.</summary>
    public DeskReply Done(DeskCommand command)
    {
        var reply = Do(command);
        Assert.True(reply.Refusal == DeskRefusal.None, reply.Reason);
        return reply;
    }

    /// <summary>Starts a playbook that may be over at once.</summary>
    public void Begin(string book) => Done(new StartPlay("dana", book));

    public DeskView View => DeskTurns.View(State, Turn);

    /// <summary>Starts a playbook by hand.</summary>
    public PlayRun Start(string book)
    {
        Done(new StartPlay("dana", book));
        return State.Plays.Single(play => play.Playbook == book);
    }

    /// <summary>The machine was down, or nothing happened: time passes and nobody looks.</summary>
    public void Sleep(double days) => Now += (long)(days * Days.Millis);

    /// <summary>Time passes as a host lets it: the desk is woken when it asked for it.</summary>
    public void Live(double days)
    {
        var until = Now + (long)(days * Days.Millis);
        while (State.WakeAt <= until)
        {
            Now = Math.Max(Now, State.WakeAt);
            Look();
            Assert.True(State.WakeAt > Now, "a desk is to be woken in the past");
        }
        Now = until;
        Look();
    }

    /// <summary>The state is stored and read again, as hosts do.</summary>
    public void Restart() => State = JsonSerializer.Deserialize<DeskState>(Json, AsHostsDo)!;

    public static DeskState Read(string json) => JsonSerializer.Deserialize<DeskState>(json, AsHostsDo)!;

    public string Json => JsonSerializer.Serialize(State, AsHostsDo);

    public static string JsonOf(object? value) => JsonSerializer.Serialize(value, AsHostsDo);

    public StepState[] Steps(int play = 0) => [.. State.Plays[play].Steps.Select(step => step.State)];
}
