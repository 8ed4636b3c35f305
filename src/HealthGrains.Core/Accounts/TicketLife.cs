using HealthGrains.Signals;

namespace HealthGrains.Accounts;

/// <summary>
/// How a ticket stands, from its events in the order of their times. Each opening begins a life of its own, which its solving ends: a
/// ticket opened again is as old as its reopening.
/// </summary>
internal struct TicketLife
{
    /// <summary>
    /// An opening dated so long after a solving still belongs to it: clocks of two systems differ, and some tell twice. After that
    /// the number is used for another ticket. No longer than signals may be late, so that it is settled when the solving leaves.
    /// </summary>
    public const long SameTicketMillis = Calendar.OpenDays * Days.Millis;

    private long _lastSolvedAt;

    public bool IsOpen { get; private set; }

    public bool IsSolved { get; private set; }

    /// <summary>Whether the opening of the life that was solved is known.</summary>
    public bool HasOpening { get; private set; }

    /// <summary>When its present or last life began.</summary>
    public long OpenedAt { get; private set; }

    /// <summary>When its last life ended; solving it once more changes nothing.</summary>
    public long SolvedAt { get; private set; }

    /// <summary>Goes on with the next event; true when that opened the ticket.</summary>
    public bool Take(SignalKind kind, long at)
    {
        switch (kind)
        {
            case SignalKind.TicketOpened when !IsOpen && !(IsSolved && at - _lastSolvedAt <= SameTicketMillis):
            case SignalKind.TicketReopened when !IsOpen:
                (IsOpen, IsSolved, HasOpening, OpenedAt) = (true, false, true, at);
                return true;
            case SignalKind.TicketSolved:
                if (!IsSolved) SolvedAt = at;
                (IsOpen, IsSolved, _lastSolvedAt) = (false, true, at);
                break;
        }
        return false;
    }
}
