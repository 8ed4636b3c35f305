using HealthGrains.Signals;

namespace HealthGrains.Embedded;

/// <summary>Sorts a commit's signals by account, keeping their order within it, in two passes and without a comparison.</summary>
internal sealed class SignalGroups(AccountBook book)
{
    private readonly List<AccountSlot> _accounts = [];
    private Signal[] _signals = new Signal[1024];
    private int[] _requests = new int[1024];

    /// <summary>The accounts that have signals, in the order of their first.</summary>
    public List<AccountSlot> Accounts => _accounts;

    /// <summary>An account's signals.</summary>
    public ReadOnlySpan<Signal> SignalsOf(AccountSlot slot) => _signals.AsSpan(slot.Offset - slot.Count, slot.Count);

    /// <summary>For each of an account's signals, the index of its request.</summary>
    public ReadOnlySpan<int> RequestsOf(AccountSlot slot) => _requests.AsSpan(slot.Offset - slot.Count, slot.Count);

    public void Sort(CommitGroup group)
    {
        var signals = group.Signals;
        var requests = group.RequestOf;
        if (_signals.Length < signals.Length)
        {
            _signals = new Signal[signals.Length + signals.Length / 2];
            _requests = new int[_signals.Length];
        }

        var stamp = book.NextStamp();
        _accounts.Clear();
        foreach (ref readonly var entry in signals)
        {
            var slot = book.Find(entry.Account)!;
            if (slot.Stamp != stamp)
            {
                slot.Stamp = stamp;
                slot.Count = 0;
                _accounts.Add(slot);
            }

            slot.Count++;
        }

        var offset = 0;
        foreach (var slot in _accounts)
        {
            slot.Offset = offset;
            offset += slot.Count;
        }

        // Afterwards Offset is the end of the account's signals.
        for (var i = 0; i < signals.Length; i++)
        {
            var to = book.Find(signals[i].Account)!.Offset++;
            _signals[to] = signals[i].Signal;
            _requests[to] = requests[i];
        }
    }
}
