using System.Diagnostics;
using HealthGrains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Tenants;

namespace HealthGrains.Embedded;

/// <summary>
/// The count over all accounts, on the turn thread: in slices, as everything, and journaled as a turn, so that a replay goes by what was
/// counted then.
/// </summary>
internal sealed partial class TurnThread
{
    // A clock that runs so fast that counts would follow each other without a pause gets a tenth of the thread for them.
    private const int CountShare = 9;

    // After a jump of the clock, such as a start, nothing is decided by a count from before it.
    private const long OldCount = 6 * 60 * 60_000;

    private readonly AccountPulse _pulse = new();
    private readonly Queue<AccountSlot> _uncounted = new();
    private TenantCount? _count;
    private long _countedFor;
    private long _countBegan;
    private long _nextCount;

    private bool IsCounting => _count is not null;

    private long CountDueAt => _book.Count == 0 ? long.MaxValue : _ruling.Facts.Pulse.DueAt;

    private bool IsCountDue => _now >= CountDueAt && Stopwatch.GetTimestamp() >= _nextCount;

    private bool IsCountOld => (IsCounting || IsCountDue) && _now - _ruling.Facts.Pulse.CountedAt > OldCount;

    private bool Count()
    {
        if (Full()) return false;
        var start = Stopwatch.GetTimestamp();
        if (_count is null)
        {
            if (!IsCountDue) return false;
            (_count, _countedFor, _countBegan) = (new TenantCount(_now), _now, start);
            foreach (var slot in _book.All()) _uncounted.Enqueue(slot);
        }

        while (_uncounted.TryDequeue(out var slot))
        {
            if (slot.Gone) continue;
            _pulse.Take(slot.State, _ruling.Facts, _countedFor);
            _count.Add(_pulse);
            if (Stopwatch.GetTimestamp() - start >= Slice) return true;
        }

        Counted(TenantTurns.Close(_count, _ruling.Facts, _ruling.Policy, Ways));
        _count = null;
        var now = Stopwatch.GetTimestamp();
        _nextCount = now + CountShare * (now - _countBegan);
        return true;
    }

    private void Counted(TenantTurn turn)
    {
        Rule(_ruling.With(turn.Pulse));
        Turns++;
        if (Output.Turns.Count == 0) Output.FirstTurn = Turns;
        Output.Turns.Add(new TurnRecord(Applied, 0, _countedFor, TurnKind.Tenant));
        Output.Pulses.Add(new CountedTenant(Turns, turn.Pulse));
        foreach (var dispatch in turn.Dispatches) Output.Desks.Dispatches.Add((0, dispatch));
        foreach (var (key, entry) in turn.Audit) Output.Desks.Audit.Add((0, key, entry));
        Output.Sources.AddRange(turn.Changed);
        if (!turn.TouchesScores) return;
        foreach (var slot in _book.All())
        {
            slot.Calls = 0;
            _book.Due.SetEarlier(slot.Number, _now);
        }
    }
}
