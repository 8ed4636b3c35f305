namespace HealthGrains.Embedded;

/// <summary>
/// Accounts in the order in which they were last evaluated: a doubly linked list laid in arrays of numbers. A list of nodes would
/// do, but moving nodes that live long makes the garbage collector look at each of them again.
/// </summary>
internal sealed class EvaluationOrder
{
    // Number 0 is no account: it is the ring's head.
    private int[] _older = [0];
    private int[] _newer = [0];

    /// <summary>The account that was evaluated longest ago; 0 when there is none.</summary>
    public int Oldest => _newer[0];

    /// <summary>Moves an account to the end, or adds it there.</summary>
    public void Touch(int account)
    {
        Reserve(account);
        Remove(account);
        var last = _older[0];
        (_newer[last], _older[account]) = (account, last);
        (_newer[account], _older[0]) = (0, account);
    }

    /// <summary>Takes an account out; nothing happens when it is not there.</summary>
    public void Remove(int account)
    {
        if (account >= _older.Length) return;
        // One that is not in the ring points at itself.
        (_newer[_older[account]], _older[_newer[account]]) = (_newer[account], _older[account]);
        (_newer[account], _older[account]) = (account, account);
    }

    private void Reserve(int account)
    {
        if (account < _older.Length) return;
        var before = _older.Length;
        var size = Math.Max(account + 1, before * 2);
        Array.Resize(ref _older, size);
        Array.Resize(ref _newer, size);
        for (var i = before; i < size; i++) _older[i] = _newer[i] = i;
    }
}
