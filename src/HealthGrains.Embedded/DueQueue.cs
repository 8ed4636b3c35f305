namespace HealthGrains.Embedded;

/// <summary>
/// When each account next falls due: an indexed binary heap with exactly one entry an account, so that moving an account to
/// another time leaves nothing behind. One thread at a time.
/// </summary>
internal sealed class DueQueue
{
    private const int Absent = -1;

    private int[] _heap = new int[64];
    private int[] _position = [];
    private long[] _due = [];

    /// <summary>How many accounts wait.</summary>
    public int Count { get; private set; }

    /// <summary>The earliest time, Unix milliseconds; <see cref="long.MaxValue"/> when nothing waits.</summary>
    public long Next => Count == 0 ? long.MaxValue : _due[_heap[0]];

    /// <summary>Sets the time of an account, whether it waits already or not.</summary>
    public void Set(int account, long due)
    {
        Reserve(account);
        var at = _position[account];
        if (at == Absent)
        {
            if (Count == _heap.Length) Array.Resize(ref _heap, Count * 2);
            at = Count++;
            _due[account] = due;
            Put(at, account);
            Rise(at);
            return;
        }

        var before = _due[account];
        _due[account] = due;
        if (due < before) Rise(at);
        else if (due > before) Sink(at);
    }

    /// <summary>Sets the time of an account unless it waits for an earlier one.</summary>
    public void SetEarlier(int account, long due)
    {
        Reserve(account);
        if (_position[account] == Absent || due < _due[account]) Set(account, due);
    }

    /// <summary>Takes an account out; nothing happens when it does not wait.</summary>
    public void Remove(int account)
    {
        if (account >= _position.Length || _position[account] == Absent) return;
        var at = _position[account];
        _position[account] = Absent;
        Count--;
        if (at == Count) return;
        Put(at, _heap[Count]);
        Rise(at);
        Sink(at);
    }

    /// <summary>Takes the earliest account out when it is due.</summary>
    public bool TryTake(long now, out int account)
    {
        account = Absent;
        if (Next > now || Count == 0) return false;
        account = _heap[0];
        Remove(account);
        return true;
    }

    private void Put(int at, int account)
    {
        _heap[at] = account;
        _position[account] = at;
    }

    private void Rise(int at)
    {
        var account = _heap[at];
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (_due[_heap[parent]] <= _due[account]) break;
            Put(at, _heap[parent]);
            at = parent;
        }

        Put(at, account);
    }

    private void Sink(int at)
    {
        var account = _heap[at];
        while (true)
        {
            var child = at * 2 + 1;
            if (child >= Count) break;
            if (child + 1 < Count && _due[_heap[child + 1]] < _due[_heap[child]]) child++;
            if (_due[_heap[child]] >= _due[account]) break;
            Put(at, _heap[child]);
            at = child;
        }

        Put(at, account);
    }

    private void Reserve(int account)
    {
        if (account < _position.Length) return;
        var before = _position.Length;
        var size = Math.Max(64, Math.Max(account + 1, before * 2));
        Array.Resize(ref _position, size);
        Array.Resize(ref _due, size);
        Array.Fill(_position, Absent, before, size - before);
    }
}
