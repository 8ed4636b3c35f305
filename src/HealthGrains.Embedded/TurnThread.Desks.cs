using HealthGrains.Accounts;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;
using HealthGrains.Situations;

namespace HealthGrains.Embedded;

/// <summary>Desks, on the turn thread.</summary>
internal sealed partial class TurnThread
{
    // What only creeps (use, silence) is looked at once in so long; what happens (an answer, a payment) at once.
    private const long LookAfter = 60 * 60_000;

    private readonly DeskOutbox _deskOutbox = new();
    private PracticeBook _practices;

    /// <summary>The practice that decides.</summary>
    public PracticeBook Practice => Volatile.Read(ref _practices);

    private Practice Ways => _practices.Practice;

    /// <summary>Asks the desk to look when there is something for it.</summary>
    private void Look(AccountSlot slot, in Turn turn, bool isDue)
    {
        if (!isDue && !slot.Notable && _now - slot.LookedAt < LookAfter && _now >= slot.LookedAt) return;
        slot.Notable = false;
        slot.LookedAt = _now;
        if (slot.Desk is null && Ways.Triggers.Count == 0) return;
        var situation = Situation.Of(slot.State, turn);
        var calls = DeskTurns.Calls(situation, Ways);
        if (calls == slot.Calls && (slot.Desk is null || slot.Desk.WakeAt > _now)) return;
        slot.Calls = calls;
        var desk = slot.Desk ?? new DeskState();
        if (!DeskTurns.Look(desk, Turn(situation, _now, _deskOutbox))) return;
        slot.Desk = desk;
        slot.DeskDirty = true;
        Record(slot, TurnKind.Desk);
    }

    /// <summary>A person asks something of a desk; null without such an account.</summary>
    public DeskReply? Do(int account, DeskCommand command, long now)
    {
        if (_book.Find(account) is not { } slot) return null;
        slot.Desk ??= new DeskState();
        slot.DeskDirty = true;
        var reply = DeskTurns.Do(slot.Desk, command, Turn(Situation.Of(slot.State, Turn(now)), now, _deskOutbox));
        // It may have to be woken sooner than the account.
        _book.Due.SetEarlier(account, slot.Desk.WakeAt);
        Changed(slot);
        return reply;
    }

    /// <summary>Another practice decides from now on. Every account is looked at anew.</summary>
    public void Practise(PracticeBook practice)
    {
        Volatile.Write(ref _practices, practice);
        foreach (var slot in _book.All())
        {
            slot.Calls = 0;
            _book.Due.SetEarlier(slot.Number, _now);
        }
    }

    /// <summary>A copy of an account, with its desk as people see it where there is one; null without such an account.</summary>
    public (AccountState State, DeskView? Desk)? Copy(int account, bool withDesk) => _book.Find(account) is not { } slot ? null
        : (slot.State.Clone(), withDesk && slot.Desk is not null ? Desk(account) : null);

    /// <summary>The desk as people see it; null without such an account.</summary>
    public DeskView? Desk(int account)
    {
        if (_book.Find(account) is not { } slot) return null;
        return DeskTurns.View(slot.Desk ?? new DeskState(), Turn(Situation.Of(slot.State, Turn(_now)), _now, new DeskOutbox()));
    }

    private DeskTurn Turn(Situation situation, long now, DeskOutbox outbox) => new(now, situation, Ways, _options.Writer, outbox);
}
