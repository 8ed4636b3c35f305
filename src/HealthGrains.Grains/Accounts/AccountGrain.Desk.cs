using HealthGrains.Accounts;
using HealthGrains.Grains.Desks;
using HealthGrains.Grains.Storage;
using HealthGrains.Hosting;
using HealthGrains.Plays;
using HealthGrains.Plays.Files;
using HealthGrains.Situations;

namespace HealthGrains.Grains.Accounts;

/// <content>
/// What the account has its desk look at. No message lies between the two: the account says that there is something, and the desk asks
/// for all that it needs. What was said is remembered here only, so a new activation says it once more, and that is harmless.
/// </content>
internal sealed partial class AccountGrain
{
    // What only creeps (use, silence) is looked at once in so long; what happens (an answer, a payment) at once.
    private const long LookAfter = 60 * 60_000;

    private PracticeBook? _practice;
    private long _consideredAt;
    private ulong _calls;
    private ulong _told;
    private bool _notable;
    private bool _isTold;

    private bool HasUseForDesk => tenant.Practice.Practice.Triggers.Count > 0 || Record.Desk.Exists;

    public async Task<AccountCopy?> CopyStoredAsync()
    {
        // Not the desk's turn to look: it is looking.
        if (Record.Exists && !_erased) await WriteAsync();
        return await CopyAsync();
    }

    public async Task DeskChangedAsync(DeskHead head)
    {
        if (!Record.Exists || _closing || head.Version <= Record.Desk.Version) return;
        var isShown = head.OpenAlerts != Record.Desk.OpenAlerts;
        Record.Desk = head;
        if (!isShown) return;
        // The row of lists tells how many alerts are open.
        Evaluate(Begin());
        Record.Changes++;
        await WriteAsync();
    }

    /// <summary>Stores the account, then has the desk look if there is something for it. Throws where either cannot be.</summary>
    private async Task SaveAsync()
    {
        if (_closing) return;
        Consider();
        await WriteAsync();
        await TellAsync();
    }

    /// <summary>The same for what is not done twice: a desk that cannot be reached is told with the next turn.</summary>
    private async Task StoreAsync()
    {
        if (_closing) return;
        Consider();
        await WriteAsync();
        try
        {
            await TellAsync();
        }
        catch (Exception fault)
        {
            Log.DeskNotTold(logger, Id, fault.Message);
        }
    }

    /// <summary>Whether there is something for the desk: before the write, after which the account may be at rest.</summary>
    private void Consider()
    {
        if (!_notable && !Record.IsDirty) return;
        var now = Now();
        if (!ReferenceEquals(_practice, tenant.Practice)) (_practice, _isTold) = (tenant.Practice, false);
        else if (!_notable && now - _consideredAt < LookAfter && now >= _consideredAt) return;
        if (Record.State is not { } state) return;
        (_notable, _consideredAt) = (false, now);
        if (!HasUseForDesk)
        {
            (_told, _isTold) = (_calls, true);
            return;
        }
        var practice = _practice!.Practice;
        var turn = Begin();
        var situation = Situation.Of(state, turn);
        _calls = DeskTurns.Calls(situation, practice);
        if (_isTold && _told == _calls) return;
        // Most accounts have nothing on their desk, and need none.
        var trial = new DeskTurn(turn.Now, situation, practice, options.Writer, new DeskOutbox());
        if (!Record.Desk.Exists && !DeskTurns.Look(new DeskState(), trial)) (_told, _isTold) = (_calls, true);
    }

    private async Task TellAsync()
    {
        if (_practice is null || (_isTold && _told == _calls)) return;
        var calls = _calls;
        try
        {
            await GrainFactory.GetGrain<IDeskGrain>(Id).LookAsync();
        }
        catch (InvalidDataException damaged)
        {
            // It would be no better the next time, and the log must go on.
            Log.DeskDamaged(logger, Id, damaged.Message, damaged);
        }
        (_told, _isTold) = (calls, true);
    }

    private AccountFigures WithDesk(in AccountFigures figures) => !Record.Desk.Exists ? figures : figures with
    {
        OpenAlerts = figures.OpenAlerts + Record.Desk.OpenAlerts,
    };
}
