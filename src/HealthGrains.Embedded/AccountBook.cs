using HealthGrains.Accounts;
using HealthGrains.Hosting;
using HealthGrains.Portfolio;

namespace HealthGrains.Embedded;

/// <summary>All accounts in memory, by number, with the orders that the turn thread works in. Only the turn thread changes it.</summary>
internal sealed class AccountBook(TenantKeys keys)
{
    private readonly EvaluationOrder _byEvaluation = new();
    private AccountSlot?[] _slots = new AccountSlot?[1024];
    private int _end;
    private long _stamp;

    /// <summary>Rows for lists and totals; readers ask it on their own threads.</summary>
    public PortfolioIndex Index { get; } = new(keys);

    /// <summary>When each account next needs a wake-up.</summary>
    public DueQueue Due { get; } = new();

    public int Count { get; private set; }

    /// <summary>The account whose row was evaluated longest ago.</summary>
    public AccountSlot? Stalest => Find(_byEvaluation.Oldest);

    /// <summary>A number that no slot bears yet, for grouping signals by account.</summary>
    public long NextStamp() => ++_stamp;

    public AccountSlot? Find(int number) => (uint)number < (uint)_slots.Length ? _slots[number] : null;

    public AccountSlot Add(int number, string id, AccountState state)
    {
        if (number >= _slots.Length) Array.Resize(ref _slots, Math.Max(number + 1, _slots.Length * 2));
        var slot = new AccountSlot(number, id, state);
        _slots[number] = slot;
        _end = Math.Max(_end, number + 1);
        Count++;
        return slot;
    }

    public void Remove(AccountSlot slot)
    {
        slot.Gone = true;
        _slots[slot.Number] = null;
        Count--;
        Due.Remove(slot.Number);
        _byEvaluation.Remove(slot.Number);
        Index.Remove(slot.Id);
    }

    /// <summary>Notes a fresh evaluation. True when it says something else than the last one, beyond the moment.</summary>
    public bool Evaluated(AccountSlot slot, in AccountFigures figures, string model, long now)
    {
        var said = new Said(figures.Version, Math.Round(figures.Score, 1), figures.Band, model);
        var changed = slot.Said != said;
        slot.Said = said;
        slot.EvaluatedAt = now;
        _byEvaluation.Touch(slot.Number);
        Index.Upsert(slot.State.Profile, figures, model);
        return changed;
    }

    /// <summary>All accounts, in the order of their numbers.</summary>
    public IEnumerable<AccountSlot> All()
    {
        for (var i = 0; i < _end; i++)
            if (_slots[i] is { } slot) yield return slot;
    }
}
